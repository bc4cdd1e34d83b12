//! Sums of the movements of a window or month.

use crate::hash::HashSet;
use crate::insights::activity::is_short_of_money;
use crate::insights::movements::{Movement, received_by_lender};
use crate::insights::scope::Scope;
use crate::reports::survey::Entry;
use crate::reports::total::Total;
use crate::{Currency, Impact, Label, RecordId, Timestamp};

/// Sums of the movements of a span of time in one currency.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sums<'a> {
    pub(crate) inflow: Total,
    pub(crate) outflow: Total,
    pub(crate) credit_count: u64,
    pub(crate) debit_count: u64,
    pub(crate) loan_disbursed: Total,
    pub(crate) loan_repaid: Total,
    pub(crate) betting: Total,
    short_of_money: HashSet<&'a RecordId>,
}

impl<'a> Sums<'a> {
    /// The sums of one span. `others` is the result of [`counted`], so that several spans share one search.
    pub(crate) fn of<'m>(
        movements: impl Iterator<Item = &'m Movement<'a>>,
        others: &[Entry<'a>],
        contains: impl Fn(Timestamp) -> bool,
    ) -> Self
    where
        'a: 'm,
    {
        let mut sums = Self::default();
        for movement in movements.filter(|movement| contains(movement.at())) {
            sums.add_movement(movement);
        }
        for entry in others.iter().filter(|entry| contains(entry.record.timestamp)) {
            sums.add_entry(*entry);
        }
        sums
    }

    /// Adds a movement of a depository account.
    pub(crate) fn add_movement(&mut self, movement: &Movement<'a>) {
        if movement.is_own_transfer() {
            return;
        }
        match movement.impact {
            Impact::Credit => {
                self.inflow += movement.amount;
                self.credit_count += 1;
                if movement.is_loan_received() {
                    self.loan_disbursed += movement.amount;
                }
            }
            Impact::Debit => {
                self.outflow += movement.amount;
                self.debit_count += 1;
                if movement.record.labels.contains(Label::BettingAndLottery) {
                    self.betting += movement.amount;
                }
                if movement.is_repayment_told_once() {
                    self.loan_repaid += movement.amount;
                }
            }
        }
    }

    /// Adds a record of any account. Movements of depository accounts are added by another function.
    pub(crate) fn add_entry(&mut self, entry: Entry<'a>) {
        if is_short_of_money(entry.record) {
            self.short_of_money.insert(&entry.record.id);
        }
        self.loan_repaid += received_by_lender(entry.record).unwrap_or_default();
    }

    pub(crate) fn net(&self) -> Total {
        self.inflow - self.outflow
    }

    pub(crate) fn nsf_overdraft_count(&self) -> u64 {
        self.short_of_money.len() as u64
    }
}

/// The records in a currency that contain more than movements of depository accounts.
pub(super) fn counted<'a>(scope: &Scope<'a>, currency: Option<Currency>) -> Vec<Entry<'a>> {
    let entries = scope.entries_in(currency);
    let counts = |entry: &Entry<'_>| is_short_of_money(entry.record) || received_by_lender(entry.record).is_some();
    entries.filter(counts).collect()
}
