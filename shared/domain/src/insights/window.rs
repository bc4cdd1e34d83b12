//! Windows of days before a time, and rolling periods of 30 days.

use crate::Timestamp;
use crate::time::DAY_SECONDS;

/// Days of a rolling period.
pub(crate) const PERIOD_DAYS: i64 = 30;

/// A half-open window: `after` < timestamp ≤ `until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    /// The last instant before the window.
    pub(crate) after: Timestamp,
    /// The last instant of the window.
    pub(crate) until: Timestamp,
}

impl Window {
    /// T − `from` days < timestamp ≤ T − `to` days.
    pub(crate) fn between(as_of: Timestamp, from: i64, to: i64) -> Self {
        Self {
            after: as_of.plus_seconds(-from * DAY_SECONDS),
            until: as_of.plus_seconds(-to * DAY_SECONDS),
        }
    }

    /// The last `days` days up to T.
    pub(crate) fn last(as_of: Timestamp, days: i64) -> Self {
        Self::between(as_of, days, 0)
    }

    /// Whether the window includes the time.
    pub(crate) fn contains(self, at: Timestamp) -> bool {
        self.after < at && at <= self.until
    }
}

/// The reason why averages over [`Periods::full`] periods exist.
pub(crate) const ONE_PERIOD: &str = "there is at least one period";

/// Rolling periods of 30 days back from T: period 0 is T − 30 days < timestamp ≤ T, and so on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Periods {
    as_of: Timestamp,
    /// The whole periods since the user's oldest depository record, at least 1.
    pub(crate) full: u32,
}

impl Periods {
    /// `oldest` is the oldest depository record of the lookback.
    pub(crate) fn new(as_of: Timestamp, oldest: Option<Timestamp>) -> Self {
        let covered = oldest.map_or(0, |oldest| as_of.unix_seconds() - oldest.unix_seconds());
        let full = u32::try_from(covered / (PERIOD_DAYS * DAY_SECONDS)).unwrap_or(0);
        Self {
            as_of,
            full: full.max(1),
        }
    }

    /// The window of one period; 0 is the newest.
    pub(crate) fn window(self, period: u32) -> Window {
        let start = i64::from(period) * PERIOD_DAYS;
        Window::between(self.as_of, start + PERIOD_DAYS, start)
    }

    /// The window of the newest `count` periods.
    pub(crate) fn newest(self, count: u32) -> Window {
        Window::last(self.as_of, i64::from(count) * PERIOD_DAYS)
    }

    /// The window of all full periods.
    pub(crate) fn covered(self) -> Window {
        self.newest(self.full)
    }
}
