//! Cash flow: money in and out of depository accounts, balances and idle days, by window and by month.
//!
//! | figure | rule |
//! |---|---|
//! | inflow, outflow, net | CREDIT and DEBIT of depository accounts without own transfers; loans received are in it |
//! | loan_disbursed | CREDIT of depository accounts with the nature loan received, overdraft or lender ([`movements`](super::movements)). These credits do not count as income |
//! | loan_repaid | CREDIT of loan and revolving accounts, and repayments of depository accounts without a matching CREDIT there |
//! | betting | DEBIT of depository accounts labelled `BettingAndLottery` |
//! | nsf_overdraft_count, idle days | [`activity`](super::activity) |
//! | balances | totals of [`end_of_day`](super::end_of_day), the mean and the least of all dates that have one |
//! | days_below_threshold | dates whose total is at most the threshold; the stated one, or else 5 % of the median inflow of the newest full periods of 30 days, 3 at most; null if they have no depository record |
//! | months | calendar months of UTC from that of the oldest depository record to that of T; a month is `partial` unless both its start and its end lie in the history |
//! | trend | slope of the least-squares line through the nets of whole months: money a month, each month; null for fewer than two |
//!
//! Windows are T − n days < timestamp ≤ T. Counts and sums of a window are null where it has no record of the user at
//! all ("unknown"), otherwise 0 if nothing qualifies; balances are null where no date has one.
//!
//! The `by_currency` list has at most [`MAX_CURRENCIES`] rows, those with the most transactions.

mod balances;
mod months;
mod sums;
pub(crate) mod threshold;
mod windows;

use serde::Serialize;

use super::LOOKBACK_DAYS;
use super::meta::InsightsMeta;
use super::scope::Scope;
use super::window::Window;
use crate::money::DecimalNumber;
use crate::reports::list_limits::{self, keep_greatest};
use crate::reports::survey::ByCurrency;
use crate::reports::{Flow, Subject};
use crate::{Currency, Impact, Money, Record, Timestamp};
pub(crate) use balances::Balances;
pub use months::CashFlowMonth;
pub(crate) use sums::Sums;
use sums::counted;
pub use windows::{CashFlowWindow, CashFlowWindows};

/// Most rows of `by_currency`.
pub const MAX_CURRENCIES: usize = 10;

/// The cash flow of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CashFlowReport {
    /// The user, the time and the data behind the figures.
    #[serde(rename = "_meta")]
    pub meta: InsightsMeta,
    /// Whether there are figures.
    pub status: CashFlowStatus,
    /// The figures in the report currency.
    #[serde(flatten)]
    pub flow: CurrencyCashFlow,
    /// The figures of every currency with a depository record, by code. If there are more than 10, those with the most
    /// transactions.
    pub by_currency: Vec<CurrencyCashFlow>,
    /// Number of currencies that `by_currency` omits. Absent if nothing is omitted.
    #[serde(skip_serializing_if = "list_limits::is_none")]
    pub by_currency_omitted: u64,
}

crate::described! { "CashFlowStatus";
    /// Whether there are figures.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    #[serde(rename_all = "snake_case")]
    pub enum CashFlowStatus {
        /// There are figures.
        Ok,
        /// No depository record of the 365 days is in the currency.
        NoData,
        /// The depository records go back less than 30 days. Figures are computed nevertheless.
        ShortHistory,
    }
}

/// The cash flow in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CurrencyCashFlow {
    /// The currency. Null if neither the records nor the country determine it.
    pub currency: Option<Currency>,
    /// The balance up to which a date counts as low. Null if none was given and no period has a record.
    pub threshold: Option<DecimalNumber>,
    /// The last 30, 60 and 90 days.
    pub windows: CashFlowWindows,
    /// The calendar months (UTC), oldest first; at most 13.
    pub months: Vec<CashFlowMonth>,
    /// Change of the monthly net from one whole month to the next. Null for fewer than two whole months.
    pub trend: Option<DecimalNumber>,
    /// Own transfers of the 365 days. No other figure includes them.
    pub own_transfers: OwnTransferFlows,
}

/// Money moved between accounts of the user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct OwnTransferFlows {
    /// Received from own accounts.
    pub credit: Flow,
    /// Sent to own accounts.
    pub debit: Flow,
}

/// The cash flow of a user at `as_of`, in `currency` or otherwise in the report currency. `threshold` is the balance up
/// to which a date counts as low.
pub fn cash_flow(
    records: &[Record],
    subject: &Subject,
    as_of: Timestamp,
    currency: Option<Currency>,
    threshold: Option<Money>,
) -> CashFlowReport {
    let scope = Scope::new(records, subject, as_of, currency);
    let mut counts = ByCurrency::<(u64, u64)>::default();
    for entry in scope.survey.entries() {
        if entry.record.account_type == crate::AccountType::Depository {
            let (transactions, records) = counts.entry(entry.currency);
            *transactions += u64::from(entry.record.is_transaction());
            *records += 1;
        }
    }
    let has_data = counts.get(scope.currency).is_some();
    let mut currencies: Vec<_> = counts.into_sorted().collect();
    let by_currency_omitted = keep_greatest(&mut currencies, MAX_CURRENCIES, |(_, counts)| *counts);
    let flow = flow(&scope, scope.currency, threshold);
    let by_currency = currencies.into_iter().map(|(currency, _)| {
        if currency == flow.currency {
            flow.clone()
        } else {
            self::flow(&scope, currency, threshold)
        }
    });
    let by_currency = by_currency.collect();
    CashFlowReport {
        meta: scope.meta(),
        status: match scope.history_days() {
            _ if !has_data => CashFlowStatus::NoData,
            Some(days) if days >= super::income::SHORT_HISTORY_DAYS => CashFlowStatus::Ok,
            _ => CashFlowStatus::ShortHistory,
        },
        flow,
        by_currency,
        by_currency_omitted,
    }
}

fn flow(scope: &Scope<'_>, currency: Option<Currency>, threshold: Option<Money>) -> CurrencyCashFlow {
    let threshold = match threshold {
        Some(stated) => Some(threshold::Threshold::stated(stated)),
        None => threshold::Threshold::usual(scope, currency),
    };
    let balances = Balances::of(scope, currency, Window::last(scope.as_of, LOOKBACK_DAYS));
    let others = counted(scope, currency);
    let months = months::months(scope, currency, &balances, &others);
    let mut own = OwnTransferFlows::default();
    for movement in scope
        .movements_in(currency)
        .filter(|movement| movement.is_own_transfer())
    {
        let side = match movement.impact {
            Impact::Credit => &mut own.credit,
            Impact::Debit => &mut own.debit,
        };
        side.count += 1;
        side.total.0 += movement.amount.number().0;
    }
    CurrencyCashFlow {
        currency,
        threshold: threshold.map(threshold::Threshold::number),
        windows: windows::windows(scope, currency, &balances, threshold, &others),
        trend: months::trend(&months),
        months: months.into_iter().map(|month| month.row).collect(),
        own_transfers: own,
    }
}
