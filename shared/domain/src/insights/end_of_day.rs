//! End-of-day balances: what the accounts of one type hold at the end of each date.
//!
//! | step | rule |
//! |---|---|
//! | dates | every UTC date from that of the window's start to that of its end, both included: 31 for 30 days |
//! | account | (institution, account id) of the type; its balance of a date is the last one stated up to the end of that date and of the window |
//! | carry | a balance holds for [`CARRY_DAYS`] days after its date; those of the 10 days before the window count too |
//! | total | the sum over the accounts that have a balance; none where no account has one |
//! | active | the window has a balance of the type on that date, or a transaction on it: for type `depository` of an institution that has an account of the type, else of any institution |
//!
//! Balances and transactions are those that count in one currency. "Last" is by timestamp, then record id. The definition
//! follows the end-of-day features of the public feature library, which means to carry balances of 10 days into the
//! window, but drops those from before it.

use crate::reports::survey::Survey;
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
    /// What the accounts hold together; none without a balance.
    pub(crate) total: Option<Total>,
    /// Whether anything happened.
    pub(crate) active: bool,
}

/// The dates of a window, oldest first.
pub(crate) fn end_of_day(
    survey: &Survey<'_>,
    kind: AccountType,
    currency: Option<Currency>,
    window: Window,
) -> Vec<Day> {
    let (first, last) = (window.after.day(), window.until.day());
    let grid = first..=last;
    let mut days: Vec<Day> = grid
        .map(|number| Day {
            number,
            total: None,
            active: false,
        })
        .collect();
    let place = |number: i64| usize::try_from(number - first).ok();
    let watched = watched_accounts(survey, kind);
    let mut balances: Vec<(usize, &Record, Total)> = Vec::new();
    for entry in survey.entries() {
        let record = entry.record;
        if entry.currency != currency || record.timestamp > window.until {
            continue;
        }
        let number = record.timestamp.day();
        let balance = record.balance.filter(|_| record.account_type == kind);
        if let Some(balance) = balance.filter(|_| number >= first - CARRY_DAYS) {
            balances.push((entry.account, record, balance.into()));
        }
        let counts = balance.is_some() || (record.is_transaction() && watched[entry.account]);
        if counts
            && window.contains(record.timestamp)
            && let Some(place) = place(number)
        {
            days[place].active = true;
        }
    }
    let holdings = Holdings::of(balances, first, days.len());
    for (day, total) in days.iter_mut().zip(holdings.totals()) {
        day.total = total;
    }
    days
}

/// For each account, whether its transactions make a date active.
fn watched_accounts(survey: &Survey<'_>, kind: AccountType) -> Vec<bool> {
    let accounts = &survey.accounts;
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

/// Changes of the total and of the number of accounts with a balance, by date; the last element is beyond the grid.
struct Holdings {
    changes: Vec<(Total, i64)>,
}

impl Holdings {
    fn of(mut balances: Vec<(usize, &Record, Total)>, first: i64, dates: usize) -> Self {
        balances.sort_by(|(a, one, _), (b, other, _)| a.cmp(b).then_with(|| one.position().cmp(&other.position())));
        let mut changes = vec![(Total::ZERO, 0); dates + 1];
        let place = |number: i64| usize::try_from(number - first).unwrap_or(0).min(dates);
        for (index, (account, record, balance)) in balances.iter().enumerate() {
            let day = record.timestamp.day();
            let next = balances.get(index + 1).filter(|(other, ..)| other == account);
            let until = next.map_or(i64::MAX, |(_, record, _)| record.timestamp.day());
            let (start, end) = (place(day), place(until.min(day + CARRY_DAYS + 1)));
            changes[start].0 += *balance;
            changes[start].1 += 1;
            changes[end].0 += -*balance;
            changes[end].1 -= 1;
        }
        Self { changes }
    }

    fn totals(self) -> impl Iterator<Item = Option<Total>> {
        self.changes
            .into_iter()
            .scan((Total::ZERO, 0), |(total, count), (change, accounts)| {
                *total += change;
                *count += accounts;
                Some((*count > 0).then_some(*total))
            })
    }
}
