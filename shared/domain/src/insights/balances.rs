//! Balances at the end of each day.

use std::collections::HashSet;

use super::view::View;
use super::window::{Window, date_of};
use crate::reports::total::Total;
use crate::{AccountType, InstitutionId};

/// Days for which a balance stands, if no later one is stated.
pub(super) const STANDS_DAYS: i64 = 10;

/// The dates of a window, from that of its start to that of its end, both included, each with the total of the accounts
/// that have a balance then.
pub(super) struct EndOfDay {
    days: Vec<Day>,
}

#[derive(Clone, Copy, Default)]
struct Day {
    total: Total,
    /// Accounts with a balance.
    accounts: usize,
    is_active: bool,
}

impl EndOfDay {
    /// The last balance of each account of the type, in the report currency, with a date at or before each date, and not
    /// more than [`STANDS_DAYS`] earlier. Balances of the days before the window stand too.
    ///
    /// A date is active if the window has a balance of the type then, or a transaction of an institution where the user
    /// has an account of the type. For loans, a transaction of any institution.
    pub(super) fn of(view: &View<'_>, window: Window, account_type: AccountType) -> Self {
        let (first, last) = (date_of(window.after), date_of(window.until));
        let mut totals = Totals {
            first,
            days: vec![Day::default(); usize::try_from(last - first + 1).unwrap_or(0)],
        };
        let items = view.from_date(first - STANDS_DAYS, window.until);
        let mut standing: Vec<Option<(i64, Total)>> = vec![None; view.survey.accounts.len()];
        let mut institutions: HashSet<&InstitutionId> = HashSet::new();
        let mut known = None;
        for item in items {
            if item.record.account_type != account_type {
                continue;
            }
            if known != Some(item.account) {
                institutions.insert(&item.record.institution_id);
                known = Some(item.account);
            }
            if let Some(balance) = item.balance_of(account_type) {
                let date = item.date();
                if let Some((since, before)) = standing[item.account].replace((date, balance)) {
                    totals.add(before, since, (date - 1).min(since + STANDS_DAYS));
                }
            }
        }
        for (since, balance) in standing.into_iter().flatten() {
            totals.add(balance, since, since + STANDS_DAYS);
        }
        let is_loan = account_type == AccountType::Loan;
        let has_kind: Vec<bool> = view
            .survey
            .accounts
            .iter()
            .map(|account| is_loan || institutions.contains(account.key.institution_id))
            .collect();
        for item in view.within(window) {
            let moves = has_kind[item.account] && item.movement().is_some();
            if moves || item.balance_of(account_type).is_some() {
                totals.activate(item.date());
            }
        }
        Self { days: totals.days }
    }

    /// The totals of the active dates that have one.
    pub(super) fn active(&self) -> Vec<Total> {
        let active = self.days.iter().filter(|day| day.accounts > 0 && day.is_active);
        active.map(|day| day.total).collect()
    }

    /// The totals of all dates that have one, each with the number of days since the first of them.
    pub(super) fn all(&self) -> Vec<(i64, Total)> {
        let mut all: Vec<(i64, Total)> = Vec::new();
        let mut first = None;
        for (index, day) in (0_i64..).zip(&self.days).filter(|(_, day)| day.accounts > 0) {
            all.push((index - *first.get_or_insert(index), day.total));
        }
        all
    }
}

struct Totals {
    first: i64,
    days: Vec<Day>,
}

impl Totals {
    fn index(&self, date: i64) -> usize {
        usize::try_from(date - self.first).unwrap_or(0).min(self.days.len())
    }

    /// Adds a balance to the dates from one to another, both included.
    fn add(&mut self, balance: Total, from: i64, to: i64) {
        let (start, end) = (self.index(from), self.index(to + 1));
        for day in self.days.get_mut(start..end).unwrap_or_default() {
            day.total += balance;
            day.accounts += 1;
        }
    }

    fn activate(&mut self, date: i64) {
        let index = self.index(date);
        if let Some(day) = self.days.get_mut(index) {
            day.is_active = true;
        }
    }
}
