//! Query parameters.

use std::marker::PhantomData;
use std::num::NonZeroU32;
use std::str::FromStr;

use axum::extract::FromRequestParts;
use http::request::Parts;

use daftari_domain::views::{AccountTypes, ListFilter, account_type_of_filter};
use daftari_domain::{Currency, InstitutionId, TimeRange, Timestamp};

use super::institutions::read_institution;
use super::object::{NoFields, Object};
use super::parameters::{self, Parameters};
use crate::code::Code;
use crate::error::{Error, FieldError, check_range};
use crate::shown;
use crate::wording::ForClients;

/// Most parameters in one query.
const MAX_PARAMETERS: usize = 100;
/// Longest value, in bytes.
const MAX_VALUE_BYTES: usize = 2_048;
/// The rule for parameters that are times.
const BAD_TIME: &str = "must be a date and time such as 2021-10-08T10:41:25Z, or a date such as 2021-10-08";

/// The parameters of a query string, in order: those that `P` declares, and no others. A request with an unknown
/// parameter is refused, because ignoring a filter would return figures that nobody requested. `B` is the body of the
/// route: if the query has one of its fields, the refusal says where the field belongs.
pub struct Query<P = (), B = NoFields> {
    pairs: Vec<(String, String)>,
    /// The faults that do not depend on the handler.
    faults: Vec<FieldError>,
    declared: PhantomData<fn() -> (P, B)>,
}

impl<P: Parameters, B: Object> Query<P, B> {
    /// Parses a query string, within limits.
    pub fn parse(query: &str) -> Result<Self, Error> {
        let (known, of_body) = (P::names(), B::fields());
        let mut pairs: Vec<(String, String)> = Vec::new();
        let mut faults = Vec::new();
        for (number, (name, value)) in form_urlencoded::parse(query.as_bytes()).enumerate() {
            if number == MAX_PARAMETERS {
                return Err(Error::invalid(
                    "query",
                    shown!("must have at most {} parameters", MAX_PARAMETERS),
                ));
            }
            match fault_of(&name, &value, &known, of_body) {
                Some(fault) if faults.contains(&fault) => {}
                Some(fault) => faults.push(fault),
                None => pairs.push((name.into_owned(), value.into_owned())),
            }
        }
        Ok(Self {
            pairs,
            faults,
            declared: PhantomData,
        })
    }

    /// Reads the values with `read`. Fails with every fault of the query: those of `read`, unknown parameters, and
    /// values that no parameter accepts. [`all`] collects the faults of several values.
    pub fn read<'q, T>(&'q self, read: impl FnOnce(&Values<'q, P>) -> Result<T, Error>) -> Result<T, Error> {
        let read = read(&Values {
            pairs: &self.pairs,
            declared: PhantomData,
        });
        if self.faults.is_empty() {
            return read;
        }
        let faults = Error::invalid_fields(Code::InvalidRequest, self.faults.clone());
        Err(match read {
            Ok(_) => faults,
            Err(more) => faults.and(more),
        })
    }
}

/// The fault of a parameter that does not depend on the handler.
fn fault_of(name: &str, value: &str, known: &[&'static str], of_body: &[&str]) -> Option<FieldError> {
    if value.len() > MAX_VALUE_BYTES || name.len() > MAX_VALUE_BYTES {
        let detail = shown!("must be at most {} bytes long", MAX_VALUE_BYTES);
        return Some(FieldError::new(name, detail));
    }
    if value.chars().any(char::is_control) {
        return Some(FieldError::new(name, "must not hold control characters"));
    }
    (!known.contains(&name)).then(|| parameters::unknown(name, known, of_body))
}

/// The values of a query while [`Query::read`] reads it.
pub struct Values<'q, P> {
    pairs: &'q [(String, String)],
    declared: PhantomData<fn() -> P>,
}

impl<'q, P: Parameters> Values<'q, P> {
    /// The values of a parameter that `P` declares. An undeclared name is a defect of the handler.
    fn values(&self, name: &str) -> Result<impl Iterator<Item = &'q str>, Error> {
        if !P::names().contains(&name) {
            return Err(Error::internal(format!("{name} is read but not declared")));
        }
        let values = self.pairs.iter().filter(move |(key, _)| key == name);
        Ok(values.map(|(_, value)| value.as_str()))
    }

    /// A parameter that may occur once; `None` if it is absent or empty, because clients send empty ones for "any".
    pub fn one(&self, name: &str) -> Result<Option<&'q str>, Error> {
        let mut values = self.values(name)?;
        let first = values.next();
        if values.next().is_some() {
            return Err(refused(FieldError::repeated(name)));
        }
        Ok(first.filter(|value| !value.is_empty()))
    }

    /// A parameter that must occur once.
    pub fn required(&self, name: &str) -> Result<&'q str, Error> {
        self.one(name)?.ok_or_else(|| refused(FieldError::missing(name)))
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
            Error::invalid(name, shown!("must be a number from {} to {}", *least, *most))
        })
    }

    /// A parameter that is a boolean; false if it is absent. Clients of the hosted service write `True` and `Yes`.
    pub fn flag(&self, name: &str) -> Result<bool, Error> {
        let text = self.one(name)?.unwrap_or_default().to_ascii_lowercase();
        match text.as_str() {
            "" | "false" | "no" | "0" => Ok(false),
            "true" | "yes" | "1" => Ok(true),
            _ => Err(Error::invalid(name, "must be true or false")),
        }
    }

    /// A parameter that may occur several times, parsed by `parse`; empty values are skipped.
    pub fn list<T, E: ForClients>(&self, name: &str, parse: impl Fn(&str) -> Result<T, E>) -> Result<Vec<T>, Error> {
        parse_all(name, self.values(name)?, parse)
    }

    /// The words of [`Self::all_words`], parsed by `parse`.
    pub fn words<T, E: ForClients>(&self, name: &str, parse: impl Fn(&str) -> Result<T, E>) -> Result<Vec<T>, Error> {
        parse_all(name, self.all_words(name)?.into_iter(), parse)
    }

    /// The words of a parameter that may be repeated, each time with words separated by commas. Skips empty words.
    pub fn all_words(&self, name: &str) -> Result<Vec<&'q str>, Error> {
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
        let bounds = (
            bound(start, Timestamp::parse_range_start),
            bound(end, Timestamp::parse_range_end),
        );
        let (first, last) = all(bounds)?;
        check_range(first, last, (start, end))?;
        Ok(TimeRange {
            start: first,
            end: last,
        })
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

    /// `institution_id`, which may occur once.
    pub fn institution(&self) -> Result<Option<InstitutionId>, Error> {
        let id = self.one("institution_id")?.map(read_institution).transpose();
        id.map_err(|fault| Error::invalid("institution_id", fault))
    }

    /// The records that a list shows: `utc_starttime`, `utc_endtime`, `labels`, `account_types`.
    pub fn list_filter(&self) -> Result<ListFilter, Error> {
        let (filter, account_types) = all((self.alert_filter(), self.list("account_types", account_type_of_filter)))?;
        Ok(ListFilter {
            account_types: account_types.into_iter().collect(),
            ..filter
        })
    }

    /// The records that a list of alerts shows: `utc_starttime`, `utc_endtime`, `labels`.
    pub fn alert_filter(&self) -> Result<ListFilter, Error> {
        let (range, labels) = all((self.utc_range(), self.list("labels", str::parse)))?;
        Ok(ListFilter {
            range,
            labels: labels.into_iter().collect(),
            account_types: AccountTypes::EMPTY,
        })
    }

    /// `page`: a number within the limits of [`PageQuery`](super::PageQuery); 1 if it is absent.
    pub fn page(&self) -> Result<NonZeroU32, Error> {
        let number = self.number("page")?.unwrap_or(1);
        let number = u32::try_from(number).ok().and_then(NonZeroU32::new);
        number.ok_or_else(|| Error::internal("page is declared with limits that no page has"))
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

fn refused(fault: FieldError) -> Error {
    Error::invalid_fields(Code::InvalidRequest, vec![fault])
}

/// Results that are read together.
pub trait Results {
    /// Their values.
    type Values;

    /// See [`all`].
    fn all(self) -> Result<Self::Values, Error>;
}

/// The values of several results, or the faults of all of them.
pub fn all<R: Results>(results: R) -> Result<R::Values, Error> {
    results.all()
}

macro_rules! results {
    ($($name:ident)*) => {
        impl<$($name),*> Results for ($(Result<$name, Error>,)*) {
            type Values = ($($name,)*);

            #[allow(non_snake_case, reason = "types and values have the same names")]
            fn all(self) -> Result<Self::Values, Error> {
                let ($($name,)*) = self;
                let mut errors = None;
                $(let $name = value_or_error($name, &mut errors);)*
                match (($($name,)*), errors) {
                    (($(Some($name),)*), None) => Ok(($($name,)*)),
                    (_, error) => Err(error.unwrap_or_else(|| Error::internal("neither a value nor an error"))),
                }
            }
        }
    };
}

results!(A B);
results!(A B C);
results!(A B C D);
results!(A B C D E);
results!(A B C D E F);
results!(A B C D E F G);

/// The value; or `None`, with the error added to the earlier ones.
fn value_or_error<T>(result: Result<T, Error>, errors: &mut Option<Error>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(error) => {
            *errors = Some(match errors.take() {
                Some(earlier) => earlier.and(error),
                None => error,
            });
            None
        }
    }
}

impl<P: Parameters, B: Object, S: Sync> FromRequestParts<S> for Query<P, B> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let query = Self::parse(parts.uri.query().unwrap_or_default())?;
        // A handler without parameters reads nothing, so the faults are checked here.
        if P::names().is_empty() {
            query.read(|_| Ok(()))?;
        }
        Ok(query)
    }
}

#[cfg(test)]
#[expect(
    clippy::redundant_closure_for_method_calls,
    reason = "a method of a type with a lifetime does not fit a bound for all lifetimes"
)]
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

    /// Reads a query.
    fn read<T>(text: &str, read: impl FnOnce(&Values<'_, Everything>) -> Result<T, Error>) -> Result<T, Error> {
        <Query<Everything>>::parse(text)?.read(read)
    }

    #[test]
    fn numbers_are_within_their_limits() {
        let number = |text: &str| <Query<DaysQuery>>::parse(text)?.read(|values| values.number("days"));
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
            assert_eq!(detail(number(text)), "days must be a number from 1 to 31", "{text}");
        }
    }

    #[test]
    fn booleans_have_one_set_of_words() {
        let flag = |word: &str| read(&format!("currency={word}"), |values| values.flag("currency"));
        assert!(!read("", |values| values.flag("currency")).expect("absent"));
        for (words, value) in [
            (["true", "True", "TRUE", "yes", "Yes", "1"].as_slice(), true),
            (&["false", "False", "no", "NO", "0", ""], false),
        ] {
            for word in words {
                assert_eq!(flag(word).expect(word), value, "{word}");
            }
        }
        for word in ["y", "on", "2", "01", "tru", "true "] {
            assert_eq!(detail(flag(word)), "currency must be true or false", "{word}");
        }
        assert_eq!(detail(flag("true&currency=true")), "currency must be given once");
    }

    #[test]
    fn all_faults_of_a_query_are_told_at_once() {
        let wrong = "zzz=1&page=0&labels=Nope&utc_starttime=x&utc_endtime=y&currency=KES&currency=USD&zzz=2";
        let wrong = read(wrong, |values| {
            all((values.list_filter(), values.page(), values.currency()))
        });
        let Err(Error::Invalid { code, errors, .. }) = wrong else {
            panic!("refused");
        };
        let pointers: Vec<_> = errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(
            pointers,
            ["zzz", "utc_starttime", "utc_endtime", "labels", "page", "currency"]
        );
        assert_eq!(code, Code::InvalidRequest);
        let required = read("", |values| {
            all((values.required("page"), values.required("currency"))).map(|_| ())
        });
        assert_eq!(detail(required), "page is required");
        let (page, currency) = read("page=2", |values| all((values.page(), values.currency()))).expect("values");
        assert_eq!((page.get(), currency), (2, None));
    }

    #[test]
    fn unknown_parameters_are_refused_and_undeclared_ones_cannot_be_read() {
        let fault = |text: &str| detail(parsed::<PageQuery>(text));
        assert_eq!(
            fault("pgae=1"),
            "pgae is unknown: did you mean `page`? This route takes page"
        );
        assert_eq!(fault("x=1"), "x is unknown: this route takes page");
        assert_eq!(
            detail(parsed::<()>("page=1")),
            "page is unknown: this route takes no parameters"
        );
        for text in ["=x", "page=1&=x&", "=", "page=1&&="] {
            assert_eq!(
                fault(text),
                "query has a parameter without a name: this route takes page",
                "{text}"
            );
        }
        let query = <Query<PageQuery>>::parse("&page=1&&").expect("query");
        assert!(query.read(Values::page).is_ok());
        assert!(matches!(query.read(Values::currency), Err(Error::Internal(_))));
        assert!(matches!(query.read(Values::list_filter), Err(Error::Internal(_))));
    }

    /// A query of which nothing is read.
    fn parsed<P: Parameters>(text: &str) -> Result<(), Error> {
        <Query<P>>::parse(text)?.read(|_| Ok(()))
    }

    fn detail(result: Result<impl std::fmt::Debug, Error>) -> String {
        match result {
            Err(Error::Invalid { detail, .. }) => detail.as_str().to_owned(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn pages_start_at_1_and_are_never_another_one_than_asked_for() {
        for (text, number) in [("", 1), ("page=", 1), ("page=7", 7), ("page=2147483647", 2_147_483_647)] {
            assert_eq!(
                read(text, |values| values.page()).expect("page").get(),
                number,
                "{text}"
            );
        }
        for text in [
            "page=0",
            "page=-1",
            "page=x",
            "page=1.5",
            "page=%2B1",
            "page=2147483648",
            "page=99999999999999999999999",
        ] {
            assert_eq!(
                detail(read(text, |values| values.page())),
                "page must be a number from 1 to 2147483647",
                "{text}"
            );
        }
        let twice = detail(read("page=1&page=2", |values| values.page()));
        assert_eq!(twice, "page must be given once");
    }

    #[test]
    fn repeated_keys_are_a_list_and_unknown_words_name_the_known_ones() {
        let labels = |text: &str| read(text, |values| values.list("labels", str::parse::<Label>));
        let known = labels("labels=POS&labels=ATM&labels=");
        assert_eq!(known.expect("labels"), [Label::Pos, Label::Atm]);
        let detail = detail(labels("labels=Nope"));
        assert!(
            detail.starts_with("labels must be one of: BettingAndLottery, ATM"),
            "{detail}"
        );
    }

    #[test]
    fn words_are_separated_by_commas_or_by_the_key() {
        let words = |text: &str| read(text, |values| values.words("labels", str::parse::<Label>));
        assert_eq!(words("labels=POS,,ATM,").expect("words"), [Label::Pos, Label::Atm]);
        assert!(words("labels=").expect("words").is_empty());
        let repeated = words("labels=POS&labels=ATM").expect("words");
        assert_eq!(repeated, [Label::Pos, Label::Atm]);
        assert!(detail(words("labels=POS,Nope")).starts_with("labels must be one of"));
    }

    #[test]
    fn all_words_may_be_repeated_and_separated() {
        let query = <Query<Everything>>::parse("labels=POS,,ATM&labels=&labels=Salary").expect("query");
        let words = |name: &str| query.read(|values| values.all_words(name)).expect("words");
        assert_eq!(words("labels"), ["POS", "ATM", "Salary"]);
        assert!(words("page").is_empty());
    }

    #[test]
    fn reversed_ranges_are_refused_and_single_instants_are_not() {
        let range = |text: &str| read(text, |values| values.utc_range());
        assert!(range("utc_starttime=2021-01-01T00:00:00&utc_endtime=2021-01-01T00:00:00Z").is_ok());
        let reversed = range("utc_starttime=2021-01-02T00:00:00&utc_endtime=2021-01-01T23:59:59");
        assert_eq!(detail(reversed), "utc_starttime must not be after utc_endtime");
        assert!(detail(range("utc_starttime=soon")).starts_with("utc_starttime must be a date"));
    }

    #[test]
    fn filters_of_alerts_have_no_account_types() {
        let text = "labels=POS&utc_endtime=2021-10-18";
        let filter = read(&format!("{text}&account_types=mobilemoney"), |values| {
            values.list_filter()
        });
        let filter = filter.expect("filter");
        let alerts = <Query<(RangeQuery, LabelsQuery)>>::parse(text).expect("query");
        let alerts = alerts.read(Values::alert_filter).expect("filter");
        assert!(filter.account_types.contains(AccountType::Depository));
        assert!(alerts.account_types.is_empty());
        assert!(filter.labels.contains(Label::Pos) && alerts.labels.contains(Label::Pos));
        let end = filter.range.end.map(|end| end.to_string());
        assert_eq!(end.as_deref(), Some("2021-10-18T23:59:59+00:00"));
        assert!(read("account_types=x", |values| values.list_filter()).is_err());
    }

    #[test]
    fn currencies_are_codes_of_iso_4217() {
        let currency = |text: &str| read(text, |values| values.currency());
        let kes = currency("currency=KES").expect("currency");
        assert_eq!(kes.map(Currency::code), Some("KES"));
        assert_eq!(currency("currency=").expect("currency"), None);
        assert_eq!(
            detail(currency("currency=KSH")),
            "currency is not an ISO 4217 currency code: three letters, such as KES"
        );
    }

    #[test]
    fn queries_beyond_a_limit_are_refused() {
        let parse = |text: &str| detail(parsed::<PageQuery>(text));
        assert!(parse(&"page=1&".repeat(101)).contains("at most 100 parameters"));
        assert!(parse(&format!("page={}", "x".repeat(2_049))).contains("bytes long"));
        assert!(parse("page=%00").contains("control characters"));
    }
}
