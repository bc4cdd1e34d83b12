//! Figures that several products share: idle days, alerts of missing money, active lenders.
//!
//! | figure | rule |
//! |---|---|
//! | idle days | a window of n days is n times 24 hours back from T, in any time zone; a day is idle without a depository transaction, own transfers included. Days before that of the user's first record, of any account, are unknown and not idle |
//! | longest gap | the longest run of idle days within the window |
//! | alerts of missing money | distinct records labelled `InsufficientFunds` or `Overdraft`, on accounts of every type: one message can make records of two accounts with one id |
//! | active lenders | institutions with a record of type `loan` or `revolving_loan` that is a transaction or has a label of a loan's life (a wallet that reports a repayment is not a lender) |

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::window::Window;
use crate::order::sort_by_key;
use crate::reports::survey::Entry;
use crate::time::DAY_SECONDS;
use crate::{InstitutionId, Label, LabelSet, Record, RecordId, Timestamp};

/// Labels of alerts about missing money.
pub(crate) const SHORT_OF_MONEY: LabelSet = LabelSet::EMPTY.with(Label::InsufficientFunds).with(Label::Overdraft);

/// Labels of a loan's life. Offers and refusals are not part of it.
pub(crate) const LOAN_LIFE: LabelSet = LabelSet::EMPTY
    .with(Label::LoanApproved)
    .with(Label::LoanDefaulted)
    .with(Label::LoanDisbursed)
    .with(Label::LoanMissedPayment)
    .with(Label::LoanRepaid)
    .with(Label::LoanRepayment)
    .with(Label::LoanRepaymentReminder);

/// Days without a transaction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Idle {
    pub(crate) days: u64,
    pub(crate) longest: u64,
}

/// The idle days among the last `days` days, by the times of the transactions. `oldest` is the time of the user's first
/// record: nothing is known about the days before its day.
pub(crate) fn idle(
    times: impl Iterator<Item = Timestamp>,
    oldest: Option<Timestamp>,
    as_of: Timestamp,
    days: usize,
) -> Idle {
    // The index of a time's day: 0 is the day that ends at T.
    let day_of =
        |at: Timestamp| usize::try_from((as_of.unix_seconds() - at.unix_seconds()).div_euclid(DAY_SECONDS)).ok();
    let known = oldest.and_then(day_of).map_or(0, |day| day + 1);
    let mut busy = vec![false; days.min(known)];
    for day in times.filter_map(day_of) {
        if let Some(day) = busy.get_mut(day) {
            *day = true;
        }
    }
    let (mut idle, mut run) = (Idle::default(), 0);
    for busy in busy {
        run = if busy { 0 } else { run + 1 };
        idle.days += u64::from(!busy);
        idle.longest = idle.longest.max(run);
    }
    idle
}

/// The records of alerts about missing money, newest first, each id once.
pub(crate) fn short_of_money<'a>(entries: impl Iterator<Item = Entry<'a>>, window: Window) -> Vec<&'a RecordId> {
    let alerts = entries.map(|entry| entry.record);
    newest_ids(alerts.filter(|record| window.contains(record.timestamp) && is_short_of_money(record)))
}

/// Whether a record is an alert about missing money.
pub(crate) const fn is_short_of_money(record: &Record) -> bool {
    record.labels.intersects(SHORT_OF_MONEY)
}

/// The institutions that act as lenders in the window.
pub(crate) fn active_lenders<'a>(
    entries: impl Iterator<Item = Entry<'a>>,
    window: Window,
) -> BTreeSet<&'a InstitutionId> {
    let records = entries.map(|entry| entry.record);
    let active = records.filter(|record| window.contains(record.timestamp) && is_loan_activity(record));
    active.map(|record| &record.institution_id).collect()
}

/// Whether a record shows that a loan is active.
pub(crate) fn is_loan_activity(record: &Record) -> bool {
    record.account_type.is_debt() && (record.is_transaction() || record.labels.intersects(LOAN_LIFE))
}

/// The distinct ids of records, newest first.
pub(crate) fn newest_ids<'a>(records: impl Iterator<Item = &'a Record>) -> Vec<&'a RecordId> {
    let mut records: Vec<&Record> = records.collect();
    sort_by_key(&mut records, |record| Reverse(record.position()));
    let mut seen = crate::hash::HashSet::default();
    let ids = records.into_iter().map(|record| &record.id);
    ids.filter(|id| seen.insert(*id)).collect()
}
