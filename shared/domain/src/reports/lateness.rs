//! How often and how long a loan was late.
//!
//! A loan is *late* while its status is nonperforming or defaulted. Each such period is an *episode*:
//!
//! - It begins with the record that makes the loan late: a missed payment or a default on a loan that was open or had
//!   no status. The due date may be earlier; no record states it.
//! - It ends with the record that leaves the loan open or closed: a payment ends nonperforming, only repayment in full
//!   (`LoanRepaid`, or a balance of 0 or below) ends a default. A default within an episode prolongs it. A payment
//!   without a record ends nothing.
//! - A loan that is still late at the time of the report is late until that time, and the episode is `ongoing`.
//! - Its days are calendar days in UTC: the date of its end minus the date of its beginning. An episode that ends on
//!   the day it began has 0.
//!
//! Only the status after a record counts, so a record with a missed payment and its settlement begins no episode. The
//! records of an account are ordered by time, and those of one second by the rank of their event
//! ([`super::loan_order`]); the order in which they are given does not matter.

use serde::Serialize;

use super::status_reason::{LoanStatus, StatusReason};
use crate::{Label, Record, Timestamp};

/// A period in which a loan was late.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct LateEpisode {
    /// Time of the record with the missed payment or default that began it. The due date may be earlier.
    pub from: Timestamp,
    /// Time of the record that ended it. For an ongoing episode, the time of the report.
    pub to: Timestamp,
    /// Whether the loan is still late at the time of the report.
    pub ongoing: bool,
    /// Calendar days in UTC from `from` to `to`. 0 if both are on one date.
    pub days: i64,
    /// The evidence, oldest first: the record that began it, the record of a later default, the record that ended it.
    pub records: Vec<StatusReason>,
}

/// The lateness in an account's records so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lateness<'a> {
    episodes: Vec<Episode<'a>>,
    /// The worst status while anything was owed.
    worst: Option<LoanStatus>,
    /// Whether a record of a late payment belongs to no known loan.
    doubtful: bool,
}

#[derive(Clone, Debug, Default)]
struct Episode<'a> {
    /// The changes of status from its beginning to its end, oldest first; never empty.
    changes: Vec<(&'a Record, Option<Label>)>,
    ended: bool,
}

impl<'a> Lateness<'a> {
    /// Records the status after a record that changed it.
    pub(crate) fn change(&mut self, status: LoanStatus, record: &'a Record, label: Option<Label>) {
        if status != LoanStatus::Closed {
            self.worst = self.worst.max(Some(status));
        }
        let late = is_late(status);
        match self.episodes.last_mut().filter(|episode| !episode.ended) {
            Some(episode) => {
                episode.changes.push((record, label));
                episode.ended = !late;
            }
            None if late => self.episodes.push(Episode {
                changes: vec![(record, label)],
                ended: false,
            }),
            None => {}
        }
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
        let episodes = self.episodes.iter();
        episodes.map(|episode| episode.report(as_of)).collect()
    }
}

impl Episode<'_> {
    fn report(&self, as_of: Timestamp) -> LateEpisode {
        let reason = |(record, label): &(&Record, Option<Label>)| StatusReason::new(record, *label);
        let records: Vec<StatusReason> = self.changes.iter().map(reason).collect();
        let at = |change: Option<&StatusReason>| change.map_or(as_of, |change| change.timestamp);
        let from = at(records.first());
        let to = at(records.last().filter(|_| self.ended));
        LateEpisode {
            from,
            to,
            ongoing: !self.ended,
            days: to.days_since(from),
            records,
        }
    }
}

const fn is_late(status: LoanStatus) -> bool {
    matches!(status, LoanStatus::Nonperforming | LoanStatus::Defaulted)
}
