//! How often and how long a loan was late.
//!
//! A loan is *late* while its status is nonperforming or defaulted. Each stretch of it is an *episode*:
//!
//! - It begins with the record that makes the loan late: a missed payment or a default on a loan that was open or unknown
//!   until then. The news may come later than the due date, which no record states.
//! - It ends with the record that leaves the loan open or closed: a payment ends nonperforming, only repayment in full
//!   (`LoanRepaid`, or a balance of 0 or below) ends a default. A default within an episode prolongs it, and begins none. A
//!   payment that no record tells of ends nothing.
//! - A loan that is still late at the instant of the report is late until that instant, and the episode is `ongoing`.
//! - Its days are those of the calendar, in UTC: the date of its end less the date of its beginning. An episode that ends
//!   on the day it began has 0.
//!
//! Statuses are those between two records: a record that says of a missed payment and of its settlement at once begins no
//! episode. The records of an account are taken by time, those of one instant by the rank of their event
//! ([`super::loan_order`]), whatever order they are given in.

use serde::Serialize;

use super::status::{LoanStatus, StatusReason};
use crate::{Label, Record, Timestamp};

/// A stretch of time in which a loan was late.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct LateEpisode {
    /// The record that tells of the missed payment or default that began it. The due date may have been earlier.
    pub from: Timestamp,
    /// The record that ended it; while it is ongoing, the instant of the report.
    pub to: Timestamp,
    /// Whether the loan is still late at the instant of the report.
    pub ongoing: bool,
    /// Calendar days in UTC from `from` to `to`; 0 where both are on one date.
    pub days: i64,
    /// The evidence, oldest first: the record that began it, the one that told of a default later, the one that ended it.
    pub records: Vec<StatusReason>,
}

/// What an account's records tell of lateness so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lateness<'a> {
    episodes: Vec<Episode<'a>>,
    /// The worst status the loan had while anything was owed.
    worst: Option<LoanStatus>,
}

#[derive(Clone, Debug, Default)]
struct Episode<'a> {
    /// The changes of status from its beginning to its end, oldest first; never empty.
    changes: Vec<(&'a Record, Option<Label>)>,
    ended: bool,
}

impl<'a> Lateness<'a> {
    /// Takes note of the status after a record that changed it.
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

    /// The worst status the loan had while anything was owed: defaulted, then nonperforming, then open. None where nothing
    /// tells of the loan before it was closed.
    pub(crate) const fn worst(&self) -> Option<LoanStatus> {
        self.worst
    }

    /// The days of all episodes together; none where nothing tells of the loan before it was closed: it may have been late,
    /// and nobody knows.
    pub(crate) fn days(&self, episodes: &[LateEpisode]) -> Option<i64> {
        self.worst.map(|_| episodes.iter().map(|episode| episode.days).sum())
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
