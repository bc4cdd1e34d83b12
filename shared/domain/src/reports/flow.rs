//! Money in and money out.

use serde::Serialize;

use super::change::movement;
use super::survey::{AccountKey, ByCurrency, Survey};
use super::total::Total;
use crate::money::DecimalNumber;
use crate::{Currency, Impact, Timestamp};

/// The sum of transactions of one direction in one currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Side {
    pub(crate) count: u64,
    pub(crate) total: Total,
}

impl Side {
    pub(crate) fn add(&mut self, amount: Total) {
        self.count += 1;
        self.total += amount;
    }

    fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.total += other.total;
    }
}

/// The sums of transactions of both directions in one currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cashflow {
    pub(crate) credit: Side,
    pub(crate) debit: Side,
}

impl Cashflow {
    pub(crate) fn add(&mut self, (impact, amount): (Impact, Total)) {
        match impact {
            Impact::Credit => self.credit.add(amount),
            Impact::Debit => self.debit.add(amount),
        }
    }

    pub(crate) fn merge(&mut self, other: Self) {
        self.credit.merge(other.credit);
        self.debit.merge(other.debit);
    }

    pub(crate) const fn count(&self) -> u64 {
        self.credit.count + self.debit.count
    }

    pub(crate) fn net(&self) -> Total {
        self.credit.total - self.debit.total
    }
}

/// The transactions of one account in one currency.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Activity<'a> {
    pub(crate) account: AccountKey<'a>,
    pub(crate) currency: Option<Currency>,
    pub(crate) cashflow: Cashflow,
    pub(crate) first: Timestamp,
    pub(crate) last: Timestamp,
}

/// The transactions of every account in each of its currencies, by account, then currency.
pub(crate) fn by_account<'a>(survey: &Survey<'a>) -> Vec<Activity<'a>> {
    let mut folds: Vec<ByCurrency<Option<Activity<'a>>>> = Vec::new();
    folds.resize_with(survey.accounts.len(), ByCurrency::default);
    for entry in survey.entries() {
        let Some(movement) = movement(entry.record) else {
            continue;
        };
        let at = entry.record.timestamp;
        let activity = folds[entry.account]
            .entry(entry.currency)
            .get_or_insert_with(|| Activity {
                account: AccountKey::of(entry.record),
                currency: entry.currency,
                cashflow: Cashflow::default(),
                first: at,
                last: at,
            });
        activity.cashflow.add(movement);
        activity.first = activity.first.min(at);
        activity.last = activity.last.max(at);
    }
    let mut rows = Vec::new();
    for account in survey.accounts_in_order() {
        let fold = std::mem::take(&mut folds[account]);
        rows.extend(fold.into_sorted().filter_map(|(_, activity)| activity));
    }
    rows
}

/// Adds up accounts, separately for each currency.
pub(crate) fn by_currency(accounts: &[Activity<'_>]) -> ByCurrency<Cashflow> {
    let mut sums = ByCurrency::<Cashflow>::default();
    for account in accounts {
        sums.entry(account.currency).merge(account.cashflow);
    }
    sums
}

/// Count and sum of the transactions of one direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Flow {
    /// Number of transactions.
    pub count: u64,
    /// Their sum, in the currency of the row.
    pub total: DecimalNumber,
}

impl From<Side> for Flow {
    fn from(side: Side) -> Self {
        Self {
            count: side.count,
            total: side.total.number(),
        }
    }
}
