//! End-of-day balances: the money of the accounts of one type at the end of each date.
//!
//! | step | rule |
//! |---|---|
//! | dates | every UTC date from that of the window's start to that of its end, both included: 31 for 30 days |
//! | account | (institution, account id) of the type; its balance of a date is the last one stated up to the end of that date and of the window |
//! | carry | a balance holds for [`CARRY_DAYS`] days after its date; those of the 10 days before the window count too |
//! | total | the sum over the accounts that have a balance; none where no account has one |
//! | active | the window has a balance of the type on that date, or a transaction on it: for type `depository` of an institution that has an account of the type, else of any institution |
//!
//! Balances and transactions are those that count in one currency. "Last" is by timestamp; within a second, balances
//! are in the order that they prove ([`balance_order`](crate::reports::balance_order)). The definition follows the
//! end-of-day features of the public feature library, which means to carry balances of 10 days into the window, but
//! drops those from before it.

use crate::reports::balance_order::oldest_first;
use crate::reports::survey::{Account, Entry, Survey};
use crate::reports::total::Total;
use crate::{AccountType, Currency, Record};

use super::window::Window;

/// Days for which a stated balance holds.
pub(crate) const CARRY_DAYS: i64 = 10;

/// One date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Day {
    /// Days since 1970-01-01.
    pub(crate) number: i64,
    /// The sum of the accounts' balances; `None` without a balance.
    pub(crate) total: Option<Total>,
    /// Whether the date has any activity.
    pub(crate) active: bool,
}

/// The dates of a window, oldest first. The records of the survey may be in any order.
pub(crate) fn end_of_day(
    survey: &Survey<'_>,
    kind: AccountType,
    currency: Option<Currency>,
    window: Window,
) -> Vec<Day> {
    let counts = |entry: &Entry<'_>| entry.currency == currency && entry.record.timestamp <= window.until;
    let entries = oldest_first(survey.entries().filter(counts));
    let earliest = window.after.day() - CARRY_DAYS;
    let records = entries
        .into_iter()
        .filter(|entry| earliest <= entry.record.timestamp.day());
    end_of_day_of(
        records.map(|entry| (entry.holder(), entry.record)),
        &survey.accounts,
        kind,
        window,
    )
}

/// The same for records that count in the currency, each with the index of its account, oldest first: those from
/// [`CARRY_DAYS`] before the window's first date to its end.
pub(crate) fn end_of_day_of<'a>(
    records: impl Iterator<Item = (usize, &'a Record)>,
    accounts: &[Account<'_>],
    kind: AccountType,
    window: Window,
) -> Vec<Day> {
    let (first, last) = (window.after.day(), window.until.day());
    let mut totals = Totals::new(first, last);
    let watched = watched_accounts(accounts, kind);
    let mut standing: Vec<Option<(i64, Total)>> = vec![None; accounts.len()];
    for (account, record) in records {
        let number = record.timestamp.day();
        let balance = record.balance.filter(|_| record.account_type == kind);
        if let Some(balance) = balance
            && let Some((since, before)) = standing[account].replace((number, balance.into()))
        {
            totals.hold(before, since, (number - 1).min(since + CARRY_DAYS));
        }
        let counts = balance.is_some() || (record.is_transaction() && watched[account]);
        if counts && window.contains(record.timestamp) {
            totals.activate(number);
        }
    }
    for (since, balance) in standing.into_iter().flatten() {
        totals.hold(balance, since, since + CARRY_DAYS);
    }
    totals.days
}

/// For each account, whether its transactions make a date active.
fn watched_accounts(accounts: &[Account<'_>], kind: AccountType) -> Vec<bool> {
    if kind != AccountType::Depository {
        return vec![true; accounts.len()];
    }
    let of_kind = accounts.iter().filter(|account| account.key.account_type == kind);
    let institutions: std::collections::HashSet<_> = of_kind.map(|account| account.key.institution_id).collect();
    let watched = accounts.iter();
    watched
        .map(|account| institutions.contains(account.key.institution_id))
        .collect()
}

/// The dates of a window. Balances are added later.
struct Totals {
    first: i64,
    days: Vec<Day>,
}

impl Totals {
    fn new(first: i64, last: i64) -> Self {
        let day = |number| Day {
            number,
            total: None,
            active: false,
        };
        Self {
            first,
            days: (first..=last).map(day).collect(),
        }
    }

    fn place(&self, number: i64) -> usize {
        usize::try_from(number - self.first).unwrap_or(0).min(self.days.len())
    }

    /// Adds a balance to the dates from one to another, both included.
    fn hold(&mut self, balance: Total, from: i64, to: i64) {
        let (start, end) = (self.place(from), self.place(to + 1));
        for day in self.days.get_mut(start..end).unwrap_or_default() {
            day.total = Some(day.total.unwrap_or(Total::ZERO) + balance);
        }
    }

    fn activate(&mut self, number: i64) {
        let place = self.place(number);
        if let Some(day) = self.days.get_mut(place) {
            day.active = true;
        }
    }
}
