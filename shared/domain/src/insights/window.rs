//! Spans of days up to an instant.

use crate::Timestamp;

pub(super) const DAY_SECONDS: i64 = 24 * 60 * 60;

/// The instants after `after`, up to and including `until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The last instant before the window.
    pub after: Timestamp,
    /// The last instant of the window.
    pub until: Timestamp,
}

impl Window {
    /// From `first` days before `at` to `last` days before it.
    pub fn days(at: Timestamp, first: u32, last: u32) -> Self {
        let before = |days: u32| at.plus_seconds(-DAY_SECONDS * i64::from(days));
        Self {
            after: before(first),
            until: before(last),
        }
    }

    /// Whether the window includes the instant.
    pub fn contains(self, at: Timestamp) -> bool {
        self.after < at && at <= self.until
    }
}

/// The number of the UTC date of an instant, from that of the epoch.
pub(super) const fn date_of(at: Timestamp) -> i64 {
    at.days_since(Timestamp::EPOCH)
}
