//! Days, counted from 1970-01-01.

use daftari_domain::Timestamp;
use daftari_domain::time::DAY_SECONDS;

/// A day of a life.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Day {
    /// Counted from 1970-01-01.
    pub(crate) number: i64,
    /// 1 to 31.
    pub(crate) of_month: i64,
    /// Whether it is a January.
    pub(crate) is_january: bool,
}

impl Day {
    pub(crate) fn new(number: i64) -> Self {
        let midnight = Timestamp::from_unix_seconds(number * DAY_SECONDS).expect("days of the calendar");
        let month = midnight.month();
        Self {
            number,
            of_month: midnight.days_since(month.start()) + 1,
            is_january: month.to_string().ends_with("-01"),
        }
    }

    /// Whether it is a Sunday.
    pub(crate) const fn is_sunday(self) -> bool {
        self.of_week() == 0
    }

    /// 0 to 6, from Sunday on.
    pub(crate) const fn of_week(self) -> i64 {
        // 1970-01-01 was a Thursday.
        (self.number + 4).rem_euclid(7)
    }
}

/// The UTC date as the number of days since 1970-01-01.
pub(crate) const fn number_of(at: Timestamp) -> i64 {
    at.unix_seconds().div_euclid(DAY_SECONDS)
}
