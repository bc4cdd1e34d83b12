//! How often and how long a loan was late.
//!
//! A loan is *late* while its status is nonperforming or defaulted. Each such period is an *episode*:
//!
//! - It begins with the record that makes the loan late: a missed payment or a default on a loan that was open or had
//!   no status.
//! - Its *due date* is the one that this record states, or else the one that was stated before, if it is at most
//!   [`NOTICE_DAYS`] before the record. It is not after the record, and not before the loan was opened or the loan
//!   before it was closed. A later notice of the episode may state it too, if it states a date before the episode. Due
//!   dates are dates of the user's country, so one may be a day after the record's date of UTC.
//! - It ends with the record that leaves the loan open or closed: a payment ends nonperforming, only repayment in full
//!   (`LoanRepaid`, or a balance of 0 or below) ends a default. A default within an episode prolongs it. A payment
//!   without a record ends nothing.
//! - A loan that is still late at the time of the report is late until that time, and the episode is `ongoing`.
//! - Its days are calendar days in UTC: the date of its end minus its due date, or minus the date of its beginning if
//!   the due date is not known. An episode that ends on the day it began has 0. Days of an earlier episode do not count
//!   again.
//!
//! A stated due date is that of the *next payment* until a payment follows, unless the record of the payment states the
//! next one. It is forgotten when another loan begins and when the loan is closed.
//!
//! Only the status after a record counts, so a record with a missed payment and its settlement begins no episode. The
//! records of an account are ordered by time, and those of one second by the rank of their event
//! ([`super::loan_order`]); the order in which they are given does not matter.

use serde::Serialize;

use super::status_reason::{LoanStatus, StatusReason};
use crate::{Date, Label, Record, RecordId, Timestamp};

/// Days between a due date that was stated before and the notice of the late payment. If there are more, the notice
/// may be about a later instalment.
const NOTICE_DAYS: i64 = 31;

/// A period in which a loan was late.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct LateEpisode {
    /// Time of the record with the missed payment or default that began it. The due date may be earlier.
    pub from: Timestamp,
    /// The date by which the lender wanted the payment, if a message states it. Null if it is not known.
    pub due_date: Option<Date>,
    /// The record that states the due date. Null if `due_date` is null.
    pub due_record_id: Option<RecordId>,
    /// Time of the record that ended it. For an ongoing episode, the time of the report.
    pub to: Timestamp,
    /// Whether the loan is still late at the time of the report.
    pub ongoing: bool,
    /// Calendar days in UTC from `due_date` to `to`, or from `from` if the due date is not known. 0 if both are on one
    /// date. Days of an earlier period do not count again.
    pub days: i64,
    /// The evidence, oldest first: the record that began it, the record of a later default, the record that ended it.
    pub records: Vec<StatusReason>,
}

/// A due date and the record that states it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Due<'a> {
    pub(crate) date: Date,
    pub(crate) record: &'a Record,
}

/// The lateness in an account's records so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lateness<'a> {
    episodes: Vec<Episode<'a>>,
    /// The worst status while anything was owed.
    worst: Option<LoanStatus>,
    /// Whether a record of a late payment belongs to no known loan.
    doubtful: bool,
    /// Of the next payment.
    due: Option<Due<'a>>,
    /// The date of the latest opening or closing. Earlier due dates belong to an earlier loan.
    begun: Option<Date>,
}

#[derive(Clone, Debug, Default)]
struct Episode<'a> {
    /// The changes of status from its beginning to its end, oldest first; never empty.
    changes: Vec<(&'a Record, Option<Label>)>,
    due: Option<Due<'a>>,
    ended: bool,
}

impl<'a> Lateness<'a> {
    /// Records the status after a record that changed it.
    pub(crate) fn change(&mut self, status: LoanStatus, record: &'a Record, label: Option<Label>) {
        if status != LoanStatus::Closed {
            self.worst = self.worst.max(Some(status));
        }
        let late = is_late(status);
        let mut due = None;
        if late {
            self.notice(record);
            due = self.due_of_late(record);
        }
        match self.episodes.last_mut().filter(|episode| !episode.ended) {
            Some(episode) => {
                episode.changes.push((record, label));
                episode.ended = !late;
            }
            None if late => self.episodes.push(Episode {
                changes: vec![(record, label)],
                due,
                ended: false,
            }),
            None => {}
        }
    }

    /// Takes over the due date that a notice of a late payment states, if it is that of the ongoing episode.
    pub(crate) fn notice(&mut self, record: &'a Record) {
        let due = self.stated_due(record);
        if let Some(episode) = self.episodes.last_mut().filter(|episode| !episode.ended)
            && let Some((first, _)) = episode.changes.first()
            && let Some(due) = due.filter(|due| is_before(*due, first))
        {
            episode.due.get_or_insert(due);
        }
    }

    /// Takes over the due date that a record states. A payment settles the one before.
    pub(crate) fn state_due(&mut self, record: &'a Record, is_payment: bool) {
        let before = self.due.filter(|_| !is_payment);
        self.due = self.stated_due(record).or(before);
    }

    /// Forgets the due date, because another loan begins with this record, or the loan is closed by it.
    pub(crate) fn forget_due(&mut self, record: &Record) {
        self.due = None;
        self.begun = Some(Date::utc(record.timestamp));
    }

    /// The due date of the next payment.
    pub(crate) const fn due(&self) -> Option<Due<'a>> {
        self.due
    }

    /// The due date of the payment that a record calls late.
    fn due_of_late(&self, record: &'a Record) -> Option<Due<'a>> {
        let noticed = Date::utc(record.timestamp);
        let before = self.due.filter(|due| noticed.days_since(due.date) <= NOTICE_DAYS);
        let due = self.stated_due(record).or(before);
        due.filter(|due| is_before(*due, record))
    }

    /// The due date that a record states, unless it belongs to an earlier loan.
    fn stated_due(&self, record: &'a Record) -> Option<Due<'a>> {
        let date = record.details.due_date?;
        let is_of_loan = self.begun.is_none_or(|begun| begun <= date);
        is_of_loan.then_some(Due { date, record })
    }

    /// Records a late payment that belongs to no known loan: the days late are unknown.
    pub(crate) const fn doubt(&mut self) {
        self.doubtful = true;
    }

    /// The worst status while anything was owed: defaulted, then nonperforming, then open. `None` if no record mentions
    /// the loan before it was closed.
    pub(crate) const fn worst(&self) -> Option<LoanStatus> {
        self.worst
    }

    /// The days of all episodes together. `None` if no record mentions the loan before it was closed, because it may
    /// have been late, or if a record tells of lateness long after the loan was closed.
    pub(crate) fn days(&self, episodes: &[LateEpisode]) -> Option<i64> {
        let known = self.worst.filter(|_| !self.doubtful);
        known.map(|_| episodes.iter().map(|episode| episode.days).sum())
    }

    /// The episodes up to `as_of`, oldest first.
    pub(crate) fn episodes(&self, as_of: Timestamp) -> Vec<LateEpisode> {
        let mut counted = None;
        let episodes = self.episodes.iter();
        let report = |episode: &Episode<'_>| {
            let report = episode.report(as_of, counted);
            counted = Some(Date::utc(report.to));
            report
        };
        episodes.map(report).collect()
    }
}

/// Whether a record comes on the due date or later. The date is one of the user's country, where the record's date may
/// be a day after that of UTC.
fn is_before(due: Due<'_>, record: &Record) -> bool {
    due.date <= Date::utc(record.timestamp).plus_days(1)
}

impl Episode<'_> {
    /// `counted` is the end of the previous episode, whose days do not count again.
    fn report(&self, as_of: Timestamp, counted: Option<Date>) -> LateEpisode {
        let reason = |(record, label): &(&Record, Option<Label>)| StatusReason::new(record, *label);
        let records: Vec<StatusReason> = self.changes.iter().map(reason).collect();
        let at = |change: Option<&StatusReason>| change.map_or(as_of, |change| change.timestamp);
        let from = at(records.first());
        let to = at(records.last().filter(|_| self.ended));
        let since = self.due.map_or_else(|| Date::utc(from), |due| due.date);
        let since = counted.map_or(since, |counted| since.max(counted));
        LateEpisode {
            from,
            due_date: self.due.map(|due| due.date),
            due_record_id: self.due.map(|due| due.record.id.clone()),
            to,
            ongoing: !self.ended,
            days: Date::utc(to).days_since(since).max(0),
            records,
        }
    }
}

const fn is_late(status: LoanStatus) -> bool {
    matches!(status, LoanStatus::Nonperforming | LoanStatus::Defaulted)
}
