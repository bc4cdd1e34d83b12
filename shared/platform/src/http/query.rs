//! Query parameters.

use std::str::FromStr;

use axum::extract::FromRequestParts;
use http::request::Parts;

use daftari_domain::{TimeRange, Timestamp};

use crate::error::{Error, FieldError, check_range};

/// Most parameters in one query.
const MAX_PARAMETERS: usize = 100;
/// Longest value, in bytes.
const MAX_VALUE_BYTES: usize = 2_048;
/// Largest page number that is understood; larger ones are past any end anyway.
const MAX_PAGE: u64 = u32::MAX as u64;

/// The parameters of a query string, in order. Unknown ones are ignored, since clients send their own.
#[derive(Clone, Debug, Default)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Parses a query string, within limits.
    pub fn parse(query: &str) -> Result<Self, Error> {
        let mut pairs = Vec::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            if pairs.len() == MAX_PARAMETERS {
                return Err(Error::invalid(
                    "query",
                    format!("must have at most {MAX_PARAMETERS} parameters"),
                ));
            }
            if value.len() > MAX_VALUE_BYTES || name.len() > MAX_VALUE_BYTES {
                let name: String = name.chars().take(64).collect();
                return Err(Error::invalid(
                    name,
                    format!("must be at most {MAX_VALUE_BYTES} bytes long"),
                ));
            }
            if value.chars().any(char::is_control) {
                return Err(Error::invalid(
                    name.into_owned(),
                    "must not hold control characters",
                ));
            }
            pairs.push((name.into_owned(), value.into_owned()));
        }
        Ok(Self(pairs))
    }

    /// A parameter that may stand once; `None` where it is absent or empty, since clients send empty ones for "any".
    pub fn one(&self, name: &str) -> Result<Option<&str>, Error> {
        let mut values = self
            .0
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.as_str());
        let first = values.next();
        if values.next().is_some() {
            return Err(Error::invalid(name, "must be given once"));
        }
        Ok(first.filter(|value| !value.is_empty()))
    }

    /// A parameter that may stand once, parsed.
    pub fn parsed<T: FromStr>(&self, name: &str) -> Result<Option<T>, Error>
    where
        T::Err: ToString,
    {
        let value = self.one(name)?;
        value
            .map(|value| {
                value
                    .parse()
                    .map_err(|error: T::Err| Error::invalid(name, error))
            })
            .transpose()
    }

    /// A parameter that may stand several times, parsed by `parse`; empty values are passed over.
    pub fn list<T, E: ToString>(
        &self,
        name: &str,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Result<Vec<T>, Error> {
        let mut parsed = Vec::new();
        let mut errors = Vec::new();
        for (_, value) in self
            .0
            .iter()
            .filter(|(key, value)| key == name && !value.is_empty())
        {
            match parse(value) {
                Ok(value) => parsed.push(value),
                Err(error) => errors.push(FieldError::new(name, error)),
            }
        }
        match errors.first() {
            None => Ok(parsed),
            Some(first) => {
                let detail = format!("{name} {}", first.detail);
                Err(Error::Invalid {
                    code: "invalid_request",
                    detail,
                    errors,
                })
            }
        }
    }

    /// A range of time from two parameters; both ends are inside it.
    pub fn range(&self, start: &str, end: &str) -> Result<TimeRange, Error> {
        let bound = |name: &str, parse: fn(&str) -> Result<Timestamp, _>| {
            let value = self.one(name)?;
            value
                .map(|value| parse(value).map_err(|error| Error::invalid(name, error)))
                .transpose()
        };
        let range = TimeRange {
            start: bound(start, Timestamp::parse_range_start)?,
            end: bound(end, Timestamp::parse_range_end)?,
        };
        check_range(range.start, range.end, (start, end))?;
        Ok(range)
    }

    /// The parameter `page`: a number from 1, and 1 where it is absent.
    pub fn page(&self) -> Result<u32, Error> {
        let Some(text) = self.one("page")? else {
            return Ok(1);
        };
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse::<u64>() {
            Ok(page) if digits && page >= 1 => {
                Ok(u32::try_from(page.min(MAX_PAGE)).unwrap_or(u32::MAX))
            }
            Err(error) if digits && *error.kind() == std::num::IntErrorKind::PosOverflow => {
                Ok(u32::MAX)
            }
            _ => Err(Error::invalid("page", "must be a number from 1")),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        Self::parse(parts.uri.query().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use daftari_domain::Label;

    use super::*;

    fn query(text: &str) -> Query {
        Query::parse(text).expect("query")
    }

    fn detail(result: Result<impl std::fmt::Debug, Error>) -> String {
        match result {
            Err(Error::Invalid { detail, .. }) => detail,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn pages_start_at_1_and_have_no_end() {
        assert_eq!(query("").page().expect("page"), 1);
        assert_eq!(query("page=7").page().expect("page"), 7);
        assert_eq!(
            query("page=1000000000").page().expect("page"),
            1_000_000_000
        );
        assert_eq!(
            query("page=99999999999999999999999").page().expect("page"),
            u32::MAX
        );
        for text in [
            "page=0",
            "page=-1",
            "page=x",
            "page=1.5",
            "page=%2B1",
            "page=1&page=2",
        ] {
            assert!(
                detail(query(text).page()).starts_with("page must be"),
                "{text}"
            );
        }
    }

    #[test]
    fn repeated_keys_are_a_list_and_unknown_words_name_the_known_ones() {
        let labels = query("labels=POS&labels=ATM&labels=").list("labels", str::parse::<Label>);
        assert_eq!(labels.expect("labels"), [Label::Pos, Label::Atm]);
        let detail = detail(query("labels=Nope").list("labels", str::parse::<Label>));
        assert!(
            detail.starts_with("labels must be one of: BettingAndLottery, ATM"),
            "{detail}"
        );
    }

    #[test]
    fn reversed_ranges_are_refused_and_single_instants_are_not() {
        let range = |text: &str| query(text).range("utc_starttime", "utc_endtime");
        assert!(
            range("utc_starttime=2021-01-01T00:00:00&utc_endtime=2021-01-01T00:00:00Z").is_ok()
        );
        let reversed = range("utc_starttime=2021-01-02T00:00:00&utc_endtime=2021-01-01T23:59:59");
        assert_eq!(
            detail(reversed),
            "utc_starttime must not be after utc_endtime"
        );
        assert!(detail(range("utc_starttime=soon")).starts_with("utc_starttime must be a date"));
    }

    #[test]
    fn limits_hold() {
        assert!(Query::parse(&"a=1&".repeat(101)).is_err());
        assert!(Query::parse(&format!("a={}", "x".repeat(2_049))).is_err());
        assert!(Query::parse("search=%00").is_err());
    }
}
