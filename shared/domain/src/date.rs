//! Calendar dates.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};

use crate::ids::written_as_text;
use crate::time::{DAY_SECONDS, parse_date};
use crate::{Country, Timestamp};

/// The first year that a written date may have.
const FIRST_YEAR: i32 = 1970;

/// The text is not a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a date of the years {FIRST_YEAR} to 9999, such as `2026-11-30`")]
pub struct BadDate;

/// A calendar date in the years 1 to 9999, or one day outside. Prints as `2026-11-30`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(NaiveDate);

impl Date {
    /// The date of an instant in a country; the UTC date if the country is not known.
    pub fn local(at: Timestamp, country: Option<Country>) -> Self {
        let offset = country.map_or(0, Country::utc_offset_minutes);
        Self::from_day((at.unix_seconds() + 60 * offset).div_euclid(DAY_SECONDS))
    }

    /// The date of an instant in UTC.
    pub fn utc(at: Timestamp) -> Self {
        Self::local(at, None)
    }

    /// A day of a month. `None` if no calendar has it, or if it is outside the years that a written date may have.
    pub fn of_calendar(year: i32, month: u32, day: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, day)
            .map(Self)
            .filter(|date| date.is_writable())
    }

    /// Whether the date is within the years that a written date may have.
    pub(crate) fn is_writable(self) -> bool {
        (FIRST_YEAR..=9999).contains(&self.0.year())
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

impl FromStr for Date {
    type Err = BadDate;

    fn from_str(text: &str) -> Result<Self, BadDate> {
        parse_date(text)
            .map(Self)
            .filter(|date| date.is_writable())
            .ok_or(BadDate)
    }
}

written_as_text!(Date);

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
    fn dates_are_written_with_year_month_and_day() {
        for text in ["1970-01-01", "2028-02-29", "9999-12-31"] {
            assert_eq!(text.parse::<Date>().expect("date").to_string(), text);
        }
        for text in [
            "",
            "1969-12-31",
            "2026-02-29",
            "2026-2-09",
            "2026-11-30T00:00:00",
            "30-11-2026",
            "+026-11-30",
        ] {
            assert_eq!(text.parse::<Date>(), Err(BadDate), "{text:?}");
        }
        assert_eq!(Date::of_calendar(2026, 2, 29), None);
        assert_eq!(Date::of_calendar(26, 2, 28), None);
        assert_eq!(Date::of_calendar(2026, 2, 28), "2026-02-28".parse().ok());
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
