//! Query parameters.

use std::marker::PhantomData;
use std::num::NonZeroU32;
use std::str::FromStr;

use axum::extract::FromRequestParts;
use http::request::Parts;

use daftari_domain::views::{AccountTypes, ListFilter, account_type_of_filter};
use daftari_domain::{Currency, TimeRange, Timestamp};

use super::parameters::{self, Parameters};
use crate::code::Code;
use crate::error::{Error, FieldError, check_range};
use crate::wording::ForClients;

/// Most parameters in one query.
const MAX_PARAMETERS: usize = 100;
/// Longest value, in bytes.
const MAX_VALUE_BYTES: usize = 2_048;
/// The rule of parameters that are times.
const BAD_TIME: &str = "must be a date and time such as 2021-10-08T10:41:25Z, or a date such as 2021-10-08";

/// The parameters of a query string, in order: those that `P` declares, and no others. A request with an unknown
/// parameter is refused, because ignoring a filter would return figures that nobody requested.
pub struct Query<P = ()> {
    pairs: Vec<(String, String)>,
    declared: PhantomData<fn() -> P>,
}

impl<P: Parameters> Query<P> {
    /// Parses a query string, within limits.
    pub fn parse(query: &str) -> Result<Self, Error> {
        let known = P::names();
        let mut pairs: Vec<(String, String)> = Vec::new();
        let mut unknown = Vec::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            if pairs.len() + unknown.len() == MAX_PARAMETERS {
                return Err(Error::invalid(
                    "query",
                    format!("must have at most {MAX_PARAMETERS} parameters"),
                ));
            }
            if value.len() > MAX_VALUE_BYTES || name.len() > MAX_VALUE_BYTES {
                return Err(Error::invalid(
                    name,
                    format!("must be at most {MAX_VALUE_BYTES} bytes long"),
                ));
            }
            if value.chars().any(char::is_control) {
                return Err(Error::invalid(name, "must not hold control characters"));
            }
            if !known.contains(&name.as_ref()) {
                let fault = parameters::unknown(&name, &known);
                if !unknown.contains(&fault) {
                    unknown.push(fault);
                }
                continue;
            }
            pairs.push((name.into_owned(), value.into_owned()));
        }
        if !unknown.is_empty() {
            return Err(Error::invalid_fields(Code::InvalidRequest, unknown));
        }
        Ok(Self {
            pairs,
            declared: PhantomData,
        })
    }

    /// The values of a parameter that `P` declares; one that it does not declare is a defect of the handler.
    fn values(&self, name: &str) -> Result<impl Iterator<Item = &str>, Error> {
        if !P::names().contains(&name) {
            return Err(Error::internal(format!("{name} is read but not declared")));
        }
        let values = self.pairs.iter().filter(move |(key, _)| key == name);
        Ok(values.map(|(_, value)| value.as_str()))
    }

    /// A parameter that may occur once; `None` if it is absent or empty, since clients send empty ones for "any".
    pub fn one(&self, name: &str) -> Result<Option<&str>, Error> {
        let mut values = self.values(name)?;
        let first = values.next();
        if values.next().is_some() {
            return Err(Error::invalid(name, "must be given once"));
        }
        Ok(first.filter(|value| !value.is_empty()))
    }

    /// A parameter that may occur once, parsed.
    pub fn parsed<T: FromStr>(&self, name: &str) -> Result<Option<T>, Error>
    where
        T::Err: ForClients,
    {
        let value = self.one(name)?;
        value
            .map(|value| value.parse().map_err(|error: T::Err| Error::invalid(name, error)))
            .transpose()
    }

    /// A parameter that is a whole number within the limits of its declaration; `None` if it is absent.
    pub fn number(&self, name: &str) -> Result<Option<usize>, Error> {
        let within = P::limits(name);
        let within = within.ok_or_else(|| Error::internal(format!("{name} is declared without limits")))?;
        let Some(text) = self.one(name)? else {
            return Ok(None);
        };
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse().ok().filter(|number| digits && within.contains(number));
        number.map(Some).ok_or_else(|| {
            let (least, most) = (within.start(), within.end());
            Error::invalid(name, format!("must be a number from {least} to {most}"))
        })
    }

    /// A parameter that is `true` or `false`; false if it is absent.
    pub fn flag(&self, name: &str) -> Result<bool, Error> {
        match self.one(name)? {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(Error::invalid(name, "must be true or false")),
        }
    }

    /// A parameter that may occur several times, parsed by `parse`; empty values are skipped.
    pub fn list<T, E: ForClients>(&self, name: &str, parse: impl Fn(&str) -> Result<T, E>) -> Result<Vec<T>, Error> {
        parse_all(name, self.values(name)?, parse)
    }

    /// A parameter that may occur once, with words separated by commas, parsed by `parse`; empty words are skipped.
    pub fn words<T, E: ForClients>(&self, name: &str, parse: impl Fn(&str) -> Result<T, E>) -> Result<Vec<T>, Error> {
        parse_all(name, self.one(name)?.unwrap_or_default().split(','), parse)
    }

    /// The words of a parameter that may be repeated, each time with words separated by commas. Skips empty words.
    pub fn all_words(&self, name: &str) -> Result<Vec<&str>, Error> {
        let words = self.values(name)?.flat_map(|value| value.split(','));
        Ok(words.filter(|word| !word.is_empty()).collect())
    }

    /// A range of time from two parameters; both ends are inside it.
    pub fn range(&self, start: &str, end: &str) -> Result<TimeRange, Error> {
        let bound = |name: &str, parse: fn(&str) -> Result<Timestamp, _>| {
            let value = self.one(name)?;
            value
                .map(|value| parse(value).map_err(|_| Error::invalid(name, BAD_TIME)))
                .transpose()
        };
        let range = TimeRange {
            start: bound(start, Timestamp::parse_range_start)?,
            end: bound(end, Timestamp::parse_range_end)?,
        };
        check_range(range.start, range.end, (start, end))?;
        Ok(range)
    }

    /// `utc_starttime` and `utc_endtime`.
    pub fn utc_range(&self) -> Result<TimeRange, Error> {
        self.range("utc_starttime", "utc_endtime")
    }

    /// `utc_time`, an instant up to which records count; a date alone means its last second.
    pub fn utc_time(&self) -> Result<Option<Timestamp>, Error> {
        let parse = |text| Timestamp::parse_range_end(text).map_err(|_| Error::invalid("utc_time", BAD_TIME));
        self.one("utc_time")?.map(parse).transpose()
    }

    /// `currency`, an ISO 4217 code.
    pub fn currency(&self) -> Result<Option<Currency>, Error> {
        self.parsed("currency")
    }

    /// The records that a list shows: `utc_starttime`, `utc_endtime`, `labels`, `account_types`.
    pub fn list_filter(&self) -> Result<ListFilter, Error> {
        let account_types = self.list("account_types", account_type_of_filter)?;
        Ok(ListFilter {
            account_types: account_types.into_iter().collect(),
            ..self.alert_filter()?
        })
    }

    /// The records that a list of alerts shows: `utc_starttime`, `utc_endtime`, `labels`.
    pub fn alert_filter(&self) -> Result<ListFilter, Error> {
        Ok(ListFilter {
            range: self.utc_range()?,
            labels: self.list("labels", str::parse)?.into_iter().collect(),
            account_types: AccountTypes::EMPTY,
        })
    }

    /// `page`: a number from 1; 1 if it is absent.
    pub fn page(&self) -> Result<NonZeroU32, Error> {
        let Some(text) = self.one("page")? else {
            return Ok(NonZeroU32::MIN);
        };
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        // A number too large to parse is past any end, so the largest `u32` stands for it.
        let number = digits.then(|| text.parse().unwrap_or(u32::MAX));
        number
            .and_then(NonZeroU32::new)
            .ok_or_else(|| Error::invalid("page", "must be a number from 1"))
    }
}

/// Every value that is not empty, parsed, or every fault.
fn parse_all<'a, T, E: ForClients>(
    name: &str,
    values: impl Iterator<Item = &'a str>,
    parse: impl Fn(&str) -> Result<T, E>,
) -> Result<Vec<T>, Error> {
    let mut parsed = Vec::new();
    let mut errors = Vec::new();
    for value in values.filter(|value| !value.is_empty()) {
        match parse(value) {
            Ok(value) => parsed.push(value),
            Err(error) => errors.push(FieldError::new(name, error)),
        }
    }
    if errors.is_empty() {
        Ok(parsed)
    } else {
        Err(Error::invalid_fields(Code::InvalidRequest, errors))
    }
}

impl<P: Parameters, S: Sync> FromRequestParts<S> for Query<P> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        Self::parse(parts.uri.query().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use daftari_domain::{AccountType, Label};

    use super::*;

    use crate::query_parameters;

    use crate::http::{AccountTypesQuery, CurrencyQuery, LabelsQuery, PageQuery, RangeQuery};

    type Everything = (RangeQuery, LabelsQuery, AccountTypesQuery, PageQuery, CurrencyQuery);

    query_parameters! {
        /// A number within limits.
        struct DaysQuery {
            /// So many days.
            #[within(1..=31)]
            days: Option<u32>,
        }
    }

    fn query(text: &str) -> Query<Everything> {
        Query::parse(text).expect("query")
    }

    #[test]
    fn numbers_and_flags_are_within_their_limits() {
        let number = |text: &str| Query::<DaysQuery>::parse(text).expect("query").number("days");
        assert_eq!(number("").expect("absent"), None);
        assert_eq!(number("days=31").expect("number"), Some(31));
        for text in [
            "days=0",
            "days=32",
            "days=+3",
            "days=-1",
            "days=x",
            "days=3.0",
            "days=99999999999999999999",
        ] {
            let fault = detail(number(text).map(|_| ()));
            assert_eq!(fault, "days must be a number from 1 to 31", "{text}");
        }
        assert!(matches!(query("").number("page"), Err(Error::Internal(_))));
        let flag = |text: &str| query(text).flag("currency");
        assert!(
            !flag("").expect("absent") && !flag("currency=false").expect("false") && !flag("currency=").expect("empty")
        );
        assert!(flag("currency=true").expect("true"));
        for text in ["currency=yes", "currency=1", "currency=True"] {
            assert_eq!(
                detail(flag(text).map(|_| ())),
                "currency must be true or false",
                "{text}"
            );
        }
    }

    #[test]
    fn unknown_parameters_are_refused_and_undeclared_ones_cannot_be_read() {
        let fault = |text: &str| detail(Query::<PageQuery>::parse(text).map(|_| ()));
        assert_eq!(
            fault("pgae=1"),
            "pgae is unknown: did you mean `page`? This route takes page"
        );
        assert_eq!(fault("x=1"), "x is unknown: this route takes page");
        assert_eq!(
            detail(Query::<()>::parse("page=1").map(|_| ())),
            "page is unknown: this route takes no parameters"
        );
        for text in ["=x", "page=1&=x&", "=", "page=1&&="] {
            assert_eq!(
                fault(text),
                "query has a parameter without a name: this route takes page",
                "{text}"
            );
        }
        let query = Query::<PageQuery>::parse("&page=1&&").expect("query");
        assert!(query.page().is_ok());
        assert!(matches!(query.currency(), Err(Error::Internal(_))));
        assert!(matches!(query.list_filter(), Err(Error::Internal(_))));
    }

    fn detail(result: Result<impl std::fmt::Debug, Error>) -> String {
        match result {
            Err(Error::Invalid { detail, .. }) => detail.as_str().to_owned(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn pages_start_at_1_and_have_no_end() {
        for (text, number) in [
            ("", 1),
            ("page=", 1),
            ("page=7", 7),
            ("page=1000000000", 1_000_000_000),
            ("page=99999999999999999999999", u32::MAX),
        ] {
            assert_eq!(query(text).page().expect("page").get(), number, "{text}");
        }
        for text in ["page=0", "page=-1", "page=x", "page=1.5", "page=%2B1", "page=1&page=2"] {
            assert!(detail(query(text).page()).starts_with("page must be"), "{text}");
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
    fn words_are_separated_by_commas_and_the_key_stands_once() {
        let words = |text: &str| query(text).words("labels", str::parse::<Label>);
        assert_eq!(words("labels=POS,,ATM,").expect("words"), [Label::Pos, Label::Atm]);
        assert!(words("labels=").expect("words").is_empty());
        assert_eq!(detail(words("labels=POS&labels=ATM")), "labels must be given once");
        assert!(detail(words("labels=POS,Nope")).starts_with("labels must be one of"));
    }

    #[test]
    fn all_words_may_be_repeated_and_separated() {
        let query = query("labels=POS,,ATM&labels=&labels=Salary");
        assert_eq!(query.all_words("labels").expect("words"), ["POS", "ATM", "Salary"]);
        assert!(query.all_words("page").expect("words").is_empty());
    }

    #[test]
    fn reversed_ranges_are_refused_and_single_instants_are_not() {
        let range = |text: &str| query(text).utc_range();
        assert!(range("utc_starttime=2021-01-01T00:00:00&utc_endtime=2021-01-01T00:00:00Z").is_ok());
        let reversed = range("utc_starttime=2021-01-02T00:00:00&utc_endtime=2021-01-01T23:59:59");
        assert_eq!(detail(reversed), "utc_starttime must not be after utc_endtime");
        assert!(detail(range("utc_starttime=soon")).starts_with("utc_starttime must be a date"));
    }

    #[test]
    fn filters_of_alerts_have_no_account_types() {
        let text = "labels=POS&utc_endtime=2021-10-18";
        let filter = query(&format!("{text}&account_types=mobilemoney")).list_filter();
        let filter = filter.expect("filter");
        let alerts = Query::<(RangeQuery, LabelsQuery)>::parse(text).expect("query");
        let alerts = alerts.alert_filter().expect("filter");
        assert!(filter.account_types.contains(AccountType::Depository));
        assert!(alerts.account_types.is_empty());
        assert!(filter.labels.contains(Label::Pos) && alerts.labels.contains(Label::Pos));
        let end = filter.range.end.map(|end| end.to_string());
        assert_eq!(end.as_deref(), Some("2021-10-18T23:59:59+00:00"));
        assert!(query("account_types=x").list_filter().is_err());
    }

    #[test]
    fn currencies_are_codes_of_iso_4217() {
        let kes = query("currency=KES").currency().expect("currency");
        assert_eq!(kes.map(Currency::code), Some("KES"));
        assert_eq!(query("currency=").currency().expect("currency"), None);
        assert_eq!(
            detail(query("currency=KSH").currency()),
            "currency is not an ISO 4217 currency code: three letters, such as KES"
        );
    }

    #[test]
    fn queries_beyond_a_limit_are_refused() {
        let parse = |text: &str| detail(Query::<PageQuery>::parse(text).map(|_| ()));
        assert!(parse(&"page=1&".repeat(101)).contains("at most 100 parameters"));
        assert!(parse(&"a=1&".repeat(101)).contains("is unknown"));
        assert!(parse(&format!("page={}", "x".repeat(2_049))).contains("bytes long"));
        assert!(parse("page=%00").contains("control characters"));
    }
}
