//! Sums of the movements of a window or month.

use std::collections::HashSet;

use crate::insights::movements::Movement;
use crate::insights::scope::Scope;
use crate::reports::survey::Entry;
use crate::reports::total::Total;
use crate::{AccountType, Currency, Impact, Label, RecordId, Timestamp};

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
    /// The sums of one span.
    pub(crate) fn of(scope: &Scope<'a>, currency: Option<Currency>, contains: impl Fn(Timestamp) -> bool) -> Self {
        let mut sums = Self::default();
        for movement in scope.movements_in(currency).filter(|movement| contains(movement.at())) {
            sums.add_movement(movement);
        }
        for entry in scope
            .entries_in(currency)
            .filter(|entry| contains(entry.record.timestamp))
        {
            sums.add_entry(entry);
        }
        sums
    }

    /// Adds a movement of a depository account.
    pub(crate) fn add_movement(&mut self, movement: &Movement<'a>) {
        if movement.is_own_transfer() {
            return;
        }
        let has = |label| movement.record.labels.contains(label);
        match movement.impact {
            Impact::Credit => {
                self.inflow += movement.amount;
                self.credit_count += 1;
                if has(Label::LoanDisbursed) {
                    self.loan_disbursed += movement.amount;
                }
            }
            Impact::Debit => {
                self.outflow += movement.amount;
                self.debit_count += 1;
                if has(Label::BettingAndLottery) {
                    self.betting += movement.amount;
                }
            }
        }
    }

    /// Adds what a record of any account says beside the movements of depository accounts.
    pub(crate) fn add_entry(&mut self, entry: Entry<'a>) {
        let record = entry.record;
        if crate::insights::activity::is_short_of_money(record) {
            self.short_of_money.insert(&record.id);
        }
        let is_owed = matches!(record.account_type, AccountType::Loan | AccountType::RevolvingLoan);
        if let Some(amount) = record
            .amount
            .filter(|_| is_owed && record.impact == Some(Impact::Credit))
        {
            self.loan_repaid += amount.into();
        }
    }

    pub(crate) fn net(&self) -> Total {
        self.inflow - self.outflow
    }

    pub(crate) fn nsf_overdraft_count(&self) -> u64 {
        self.short_of_money.len() as u64
    }
}
