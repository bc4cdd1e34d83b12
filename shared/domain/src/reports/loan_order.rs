//! The order in which the records of a loan take effect.
//!
//! A phone that was off receives the messages of days within one second, and their ids are hashes. So records of one
//! second take effect by the rank of their event, in the order of a loan's life: approval, disbursement, reminder,
//! missed payment, default, repayment, repayment in full. A record with several events has the highest rank of them. A
//! balance of 0 or below is a repayment in full. A balance above 0 alone ranks as a reminder, because something is
//! owed.
//!
//! Within a rank the stated figures decide. Records without a balance come first. Up to reminders, debts grow: the
//! higher balance is the later one. From missed payments on, debts fall: the lower balance is the later one. Then
//! amount, currency, impact, labels and due date decide. Records that are equal in all of these have the same effect;
//! their ids only decide which of them is named as evidence.

use std::cmp::Ordering;

use crate::{Impact, Label, Money, Record};

/// Whether a record is a payment towards a loan (event 2 of [`super::loan_status`]).
pub(crate) fn is_repayment(record: &Record) -> bool {
    record.impact == Some(Impact::Credit) || record.labels.contains(Label::LoanRepayment)
}

/// The rank of a record's event among those of one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// No event, or `LoanApproved`.
    Approval,
    /// Impact `DEBIT`, or `LoanDisbursed`.
    Disbursement,
    /// `LoanRepaymentReminder`, or a balance above 0.
    Reminder,
    /// `LoanMissedPayment`.
    MissedPayment,
    /// `LoanDefaulted`.
    Default,
    /// Impact `CREDIT`, or `LoanRepayment`.
    Repayment,
    /// `LoanRepaid`, or a balance of 0 or below.
    FullRepayment,
}

impl Rank {
    fn of(record: &Record) -> Self {
        let has = |label| record.labels.contains(label);
        if has(Label::LoanRepaid) || record.balance.is_some_and(|balance| balance <= Money::ZERO) {
            Self::FullRepayment
        } else if is_repayment(record) {
            Self::Repayment
        } else if has(Label::LoanDefaulted) {
            Self::Default
        } else if has(Label::LoanMissedPayment) {
            Self::MissedPayment
        } else if record.impact == Some(Impact::Debit) || has(Label::LoanDisbursed) {
            Self::Disbursement
        } else if has(Label::LoanRepaymentReminder) || (record.balance.is_some() && !has(Label::LoanApproved)) {
            Self::Reminder
        } else {
            Self::Approval
        }
    }
}

/// Compares two records of one loan account by the order in which they take effect.
pub(crate) fn by_effect(a: &Record, b: &Record) -> Ordering {
    let instants = a.timestamp.cmp(&b.timestamp);
    instants
        .then_with(|| within_instant(a, b))
        .then_with(|| a.position().cmp(&b.position()))
}

fn within_instant(a: &Record, b: &Record) -> Ordering {
    let rank = Rank::of(a);
    let balances = match a.balance.cmp(&b.balance) {
        order if a.balance.is_none() || b.balance.is_none() => order,
        order if rank >= Rank::MissedPayment => order.reverse(),
        order => order,
    };
    let stated = |record: &Record| {
        let currency = record.currency.map(crate::Currency::code);
        let credit = record.impact.map(|impact| impact == Impact::Credit);
        (record.amount, currency, credit, record.labels, record.details.due_date)
    };
    let ranks = rank.cmp(&Rank::of(b));
    ranks.then(balances).then_with(|| stated(a).cmp(&stated(b)))
}
