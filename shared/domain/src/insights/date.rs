//! Calendar dates.

use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Serialize, Serializer};

use crate::time::DAY_SECONDS;
use crate::{Country, Timestamp};

/// A calendar date in the years 1 to 9999, or one day outside. Prints as `2026-11-30`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(NaiveDate);

impl Date {
    /// The date of an instant in a country; the UTC date if the country is not known.
    pub fn local(at: Timestamp, country: Option<Country>) -> Self {
        let offset = country.map_or(0, Country::utc_offset_minutes);
        Self::from_day((at.unix_seconds() + 60 * offset).div_euclid(DAY_SECONDS))
    }

    /// From the days since 1970-01-01, clamped to the days that have a date.
    fn from_day(day: i64) -> Self {
        let date = i32::try_from(day).ok().and_then(NaiveDate::from_epoch_days);
        let limit = if day < 0 { NaiveDate::MIN } else { NaiveDate::MAX };
        Self(date.unwrap_or(limit))
    }

    /// Days since 1970-01-01.
    fn day(self) -> i64 {
        i64::from(self.0.to_epoch_days())
    }

    /// Days from `earlier` to this date; negative if `earlier` is later.
    pub fn days_since(self, earlier: Self) -> i64 {
        self.day() - earlier.day()
    }

    /// The date a number of days later.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        Self::from_day(self.day().saturating_add(days))
    }

    pub(crate) fn day_of_month(self) -> i64 {
        i64::from(self.0.day())
    }

    pub(crate) fn days_in_month(self) -> i64 {
        i64::from(self.0.num_days_in_month())
    }

    /// The date of a day of the month that lies `months` after this date's; clamped to the month.
    pub(crate) fn in_month(self, months: i64, day_of: impl Fn(Self) -> i64) -> Self {
        let first = (0..months).fold(self.first_of_month(), |first, _| first.plus_days(first.days_in_month()));
        let day = day_of(first).clamp(1, first.days_in_month());
        first.plus_days(day - 1)
    }

    fn first_of_month(self) -> Self {
        self.plus_days(1 - self.day_of_month())
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m-%d"))
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(at: &str, country: Option<&str>) -> String {
        let country = country.map(|code| code.parse().expect("country"));
        Date::local(at.parse().expect("timestamp"), country).to_string()
    }

    #[test]
    fn the_date_is_that_of_the_country() {
        assert_eq!(local("2026-11-19T20:59:59", Some("KE")), "2026-11-19");
        assert_eq!(local("2026-11-19T21:00:00", Some("KE")), "2026-11-20");
        assert_eq!(local("2026-11-19T21:00:00", Some("GH")), "2026-11-19");
        assert_eq!(local("2026-11-19T23:59:59", None), "2026-11-19");
        assert_eq!(local("1969-12-31T23:00:00", Some("NG")), "1970-01-01");
    }

    #[test]
    fn days_of_months_are_clamped() {
        let january = Date::local("2027-01-31T12:00:00".parse().expect("timestamp"), None);
        assert_eq!(january.in_month(1, |_| 31).to_string(), "2027-02-28");
        assert_eq!(january.in_month(13, |_| 31).to_string(), "2028-02-29");
        assert_eq!(january.in_month(0, |_| 0).to_string(), "2027-01-01");
    }

    #[test]
    fn days_without_a_date_are_clamped() {
        let january = Date::local("2027-01-31T12:00:00".parse().expect("timestamp"), None);
        let (first, last) = (january.plus_days(i64::MIN), january.plus_days(i64::MAX));
        assert!(first < january && january < last);
        assert_eq!((first.plus_days(-1), last.plus_days(1)), (first, last));
    }
}
