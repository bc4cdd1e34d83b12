//! Times in whole seconds of UTC, ranges of them, and months.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A time in whole seconds of UTC, in the years 1 to 9999.
///
/// Prints as RFC 3339 with the offset `+00:00`, which old Python versions can parse and which sorts as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// The text is not a date and time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a date and time such as 2021-10-08T10:41:25+00:00")]
pub struct BadTimestamp;

/// As seconds, numbers from here on would be after the year 5138; as milliseconds they begin in March 1973.
const FIRST_MILLISECONDS: i64 = 100_000_000_000;

/// Seconds of a day.
pub const DAY_SECONDS: i64 = 24 * 60 * 60;
const YEAR_MIN: i32 = 1;
const YEAR_MAX: i32 = 9999;

impl Timestamp {
    /// 1970-01-01T00:00:00+00:00.
    pub const EPOCH: Self = Self(0);

    /// From seconds since the epoch; `None` outside the years 1 to 9999.
    pub fn from_unix_seconds(seconds: i64) -> Option<Self> {
        let year = DateTime::<Utc>::from_timestamp(seconds, 0)?.year();
        (YEAR_MIN..=YEAR_MAX).contains(&year).then_some(Self(seconds))
    }

    /// From seconds or milliseconds since the epoch, as phones and apps write them: numbers from
    /// [`FIRST_MILLISECONDS`] on are milliseconds. `None` outside the years 1 to 9999.
    pub fn from_unix(number: i64) -> Option<Self> {
        let seconds = if number < FIRST_MILLISECONDS {
            number
        } else {
            number / 1_000
        };
        Self::from_unix_seconds(seconds)
    }

    /// Seconds since the epoch.
    pub const fn unix_seconds(self) -> i64 {
        self.0
    }

    /// The UTC date as the number of days since 1970-01-01.
    pub(crate) const fn day(self) -> i64 {
        self.0.div_euclid(DAY_SECONDS)
    }

    /// Days from the UTC date of `earlier` to this one's; negative if `earlier` is later.
    pub const fn days_since(self, earlier: Self) -> i64 {
        self.day() - earlier.day()
    }

    /// The month of the time.
    pub fn month(self) -> Month {
        let date = self.datetime().date_naive();
        Month {
            first: date - Days::new(u64::from(date.day0())),
        }
    }

    /// The time `seconds` later (earlier if negative), clamped to the years 1 to 9999.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        let limit = if seconds < 0 { FIRST } else { LAST };
        self.0
            .checked_add(seconds)
            .and_then(Self::from_unix_seconds)
            .unwrap_or(limit)
    }

    /// The time in the format of the older API generation, without an offset: `2021-10-08T10:41:25`.
    pub fn naive_iso(self) -> String {
        self.datetime().format("%Y-%m-%dT%H:%M:%S").to_string()
    }

    fn datetime(self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.0, 0).expect("chrono has the years 1 to 10,000")
    }

    fn from_naive(value: NaiveDateTime) -> Option<Self> {
        Self::from_unix_seconds(value.and_utc().timestamp())
    }

    /// Parses the end of a range: like [`FromStr`], but a date alone means its last second.
    pub fn parse_range_end(text: &str) -> Result<Self, BadTimestamp> {
        match parse_date(text) {
            Some(date) => {
                let midnight = date.and_time(NaiveTime::MIN) + TimeDelta::days(1) - TimeDelta::seconds(1);
                Self::from_naive(midnight).ok_or(BadTimestamp)
            }
            None => text.parse(),
        }
    }

    /// Parses the start of a range: like [`FromStr`], but a date alone means its first second.
    pub fn parse_range_start(text: &str) -> Result<Self, BadTimestamp> {
        match parse_date(text) {
            Some(date) => Self::from_naive(date.and_time(NaiveTime::MIN)).ok_or(BadTimestamp),
            None => text.parse(),
        }
    }
}

const FIRST: Timestamp = Timestamp(-62_135_596_800);
const LAST: Timestamp = Timestamp(253_402_300_799);

/// A date such as `2026-11-30`.
pub(crate) fn parse_date(text: &str) -> Option<NaiveDate> {
    (text.len() == 10 && text.starts_with(|first: char| first.is_ascii_digit()))
        .then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())
        .flatten()
}

impl FromStr for Timestamp {
    type Err = BadTimestamp;

    /// Parses an ISO 8601 date and time. Without an offset it is UTC. Fractions of a second are truncated.
    ///
    /// In a query string, an unencoded `+03:00` arrives as ` 03:00`, which is accepted as the intended offset.
    fn from_str(text: &str) -> Result<Self, BadTimestamp> {
        if !text.is_ascii() || text.len() > 40 {
            return Err(BadTimestamp);
        }
        let mut text = text.to_owned();
        if let Some(space) = text.rfind(' ').filter(|at| *at > "2021-10-08T00:00".len() - 1) {
            text.replace_range(space..=space, "+");
        }
        for format in [
            "%Y-%m-%dT%H:%M:%S%.f%#z",
            "%Y-%m-%d %H:%M:%S%.f%#z",
            "%Y-%m-%dT%H:%M%#z",
        ] {
            if let Ok(value) = DateTime::parse_from_str(&text, format) {
                return Self::from_unix_seconds(value.timestamp()).ok_or(BadTimestamp);
            }
        }
        for format in ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M"] {
            if let Ok(value) = NaiveDateTime::parse_from_str(&text, format) {
                return Self::from_naive(value).ok_or(BadTimestamp);
            }
        }
        Err(BadTimestamp)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+00:00", self.datetime().format("%Y-%m-%dT%H:%M:%S"))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(FromText)
    }
}

/// Deserializes a [`Timestamp`]. For other types than a string, the error describes the format.
struct FromText;

impl serde::de::Visitor<'_> for FromText {
    type Value = Timestamp;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date and time such as 2021-10-08T10:41:25+00:00")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Timestamp, E> {
        text.parse().map_err(E::custom)
    }
}

/// A range of time, including both ends. An open end is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimeRange {
    /// The first included time.
    pub start: Option<Timestamp>,
    /// The last included time.
    pub end: Option<Timestamp>,
}

impl TimeRange {
    /// All times.
    pub const ALL: Self = Self { start: None, end: None };

    /// All times up to and including `as_of`.
    pub const fn up_to(as_of: Timestamp) -> Self {
        Self {
            start: None,
            end: Some(as_of),
        }
    }

    /// Whether the range includes the time.
    pub fn contains(self, at: Timestamp) -> bool {
        self.start.is_none_or(|start| start <= at) && self.end.is_none_or(|end| at <= end)
    }

    /// Whether the start is after the end, so that the range is empty.
    pub fn is_reversed(self) -> bool {
        matches!((self.start, self.end), (Some(start), Some(end)) if start > end)
    }
}

/// A calendar month of UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    first: NaiveDate,
}

impl Month {
    /// The first second of the month.
    pub fn start(self) -> Timestamp {
        Timestamp(self.first.and_time(NaiveTime::MIN).and_utc().timestamp())
    }

    /// The first second of the next month.
    pub fn end(self) -> Timestamp {
        self.next().start()
    }

    /// The next month.
    #[must_use]
    pub fn next(self) -> Self {
        Self {
            first: self.first + Months::new(1),
        }
    }
}

impl fmt::Display for Month {
    /// `2021-10`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.first.year(), self.first.month())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("timestamp")
    }

    #[test]
    fn offsets_become_utc_and_naive_means_utc() {
        let expected = "2021-10-08T10:41:25+00:00";
        for text in [
            "2021-10-08T10:41:25Z",
            "2021-10-08T10:41:25",
            "2021-10-08 10:41:25",
            "2021-10-08T10:41:25.999Z",
            "2021-10-08T10:41:25.123456",
            "2021-10-08T13:41:25+03:00",
            "2021-10-08T13:41:25+0300",
            "2021-10-08T05:41:25-05:00",
            "2021-10-08T13:41:25 03:00",
            "2021-10-08 13:41:25 03:00",
        ] {
            assert_eq!(at(text).to_string(), expected, "{text}");
        }
        assert_eq!(at("2021-10-08T10:41").to_string(), "2021-10-08T10:41:00+00:00");
    }

    #[test]
    fn a_text_that_is_not_a_time_is_refused() {
        for text in [
            "",
            "yesterday",
            "2021-13-01T00:00:00",
            "2021-02-30T00:00:00Z",
            "2021-10-08",
            "1633689685",
            "2021-10-08T25:00:00",
            "10000-01-01T00:00:00Z",
            "-0001-01-01T00:00:00Z",
            "２０２１-10-08T10:41:25",
        ] {
            assert_eq!(text.parse::<Timestamp>(), Err(BadTimestamp), "{text:?}");
        }
    }

    #[test]
    fn a_date_alone_covers_its_day_as_a_bound() {
        assert_eq!(
            Timestamp::parse_range_start("2021-10-08"),
            Ok(at("2021-10-08T00:00:00"))
        );
        assert_eq!(Timestamp::parse_range_end("2021-10-08"), Ok(at("2021-10-08T23:59:59")));
    }

    #[test]
    fn a_range_includes_both_ends() {
        let (start, end) = (at("2021-10-01T00:00:00"), at("2021-10-31T23:59:59"));
        let range = TimeRange {
            start: Some(start),
            end: Some(end),
        };
        assert!(range.contains(start) && range.contains(end) && !range.is_reversed());
        assert!(!range.contains(start.plus_seconds(-1)) && !range.contains(end.plus_seconds(1)));
        assert!(
            TimeRange {
                start: Some(end),
                end: Some(start)
            }
            .is_reversed()
        );
        assert!(TimeRange::ALL.contains(FIRST) && TimeRange::ALL.contains(LAST));
    }

    #[test]
    fn months_follow_one_another() {
        let december = at("2021-12-31T23:59:59").month();
        assert_eq!(december.to_string(), "2021-12");
        assert_eq!(december.end(), at("2022-01-01T00:00:00"));
        assert_eq!(december.next().start(), december.end());
    }

    #[test]
    fn instants_stay_within_four_digit_years() {
        assert_eq!(LAST.plus_seconds(1), LAST);
        assert_eq!(FIRST.plus_seconds(-1), FIRST);
        assert_eq!(Timestamp::from_unix_seconds(LAST.0 + 1), None);
        assert_eq!(LAST.to_string(), "9999-12-31T23:59:59+00:00");
    }
}
