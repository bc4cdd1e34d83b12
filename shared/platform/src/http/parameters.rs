//! The query parameters of the routes, each declared once.
//!
//! A declaration is a struct with a field for each parameter. The field names decide which parameters are accepted, and
//! which of them a handler can read. The types, texts and limits appear in the OpenAPI document.

use std::ops::RangeInclusive;

use daftari_domain::{AccountType, Currency, Label, Timestamp};
use utoipa::Number;
use utoipa::openapi::RefOr;
use utoipa::openapi::path::Parameter;
use utoipa::openapi::schema::Schema;

use crate::error::FieldError;
use crate::fields::Taker;
use crate::shown;

/// A declaration of query parameters.
pub trait Parameters {
    /// Adds the names, in the order of the documentation.
    fn add_names(names: &mut Vec<&'static str>);

    /// All names.
    fn names() -> Vec<&'static str> {
        let mut names = Vec::new();
        Self::add_names(&mut names);
        names
    }

    /// The limits of a parameter that is declared as a whole number within limits.
    fn limits(name: &str) -> Option<RangeInclusive<usize>>;
}

/// None.
impl Parameters for () {
    fn add_names(_: &mut Vec<&'static str>) {}

    fn limits(_: &str) -> Option<RangeInclusive<usize>> {
        None
    }
}

macro_rules! several {
    ($($one:ident)*) => {
        impl<$($one: Parameters),*> Parameters for ($($one,)*) {
            fn add_names(names: &mut Vec<&'static str>) {
                $($one::add_names(names);)*
            }

            fn limits(name: &str) -> Option<RangeInclusive<usize>> {
                None$(.or_else(|| $one::limits(name)))*
            }
        }
    };
}

several!(A B);
several!(A B C);
several!(A B C D);
several!(A B C D E);
several!(A B C D E F);

/// Declares query parameters as a struct. A field may have `#[param(…)]` with utoipa's syntax, and then `#[within(…)]`
/// with the range of a whole number. The document shows this range, and [`Query::number`](crate::http::Query::number)
/// accepts no other number.
#[macro_export]
macro_rules! query_parameters {
    (
        $(#[doc = $about:literal])*
        $visibility:vis struct $name:ident {
            $(
                $(#[doc = $text:literal])*
                $(#[param($($hint:tt)*)])?
                $(#[within($range:expr)])?
                $field:ident: $kind:ty,
            )*
        }
    ) => {
        $(#[doc = $about])*
        #[allow(dead_code, reason = "a declaration: values are read from the query by name")]
        $visibility struct $name;

        const _: () = {
            #[derive(utoipa::IntoParams)]
            #[into_params(parameter_in = Query)]
            #[allow(dead_code, reason = "a declaration: values are read from the query by name")]
            struct Declared {
                $(
                    $(#[doc = $text])*
                    $(#[param($($hint)*)])?
                    $field: $kind,
                )*
            }

            impl utoipa::IntoParams for $name {
                fn into_params(
                    place: impl Fn() -> Option<utoipa::openapi::path::ParameterIn>,
                ) -> Vec<utoipa::openapi::path::Parameter> {
                    let declared = <Declared as utoipa::IntoParams>::into_params(place);
                    $crate::http::with_limits::<Self>(declared)
                }
            }
        };

        impl $crate::http::Parameters for $name {
            fn add_names(names: &mut Vec<&'static str>) {
                names.extend([$(stringify!($field)),*]);
            }

            fn limits(name: &str) -> Option<::std::ops::RangeInclusive<usize>> {
                let limits: &[(&str, ::std::ops::RangeInclusive<usize>)] = &[$($((stringify!($field), $range),)?)*];
                let of_name = limits.iter().find(|(limited, _)| *limited == name);
                of_name.map(|(_, range)| range.clone())
            }
        }
    };
}

/// Adds the limits of numbers to the parameters of a declaration.
#[doc(hidden)]
pub fn with_limits<P: Parameters>(mut parameters: Vec<Parameter>) -> Vec<Parameter> {
    for parameter in &mut parameters {
        if let (Some(range), Some(RefOr::T(Schema::Object(number)))) =
            (P::limits(&parameter.name), &mut parameter.schema)
        {
            number.minimum = Some(Number::UInt(*range.start()));
            number.maximum = Some(Number::UInt(*range.end()));
        }
    }
    parameters
}

query_parameters! {
    /// A range of time.
    pub struct RangeQuery {
        /// From this time on, inclusive: a date and time such as `2021-09-01T00:00:00Z`, or a date alone, which means
        /// its first second. A time without an offset is UTC. Default: from the first record.
        utc_starttime: Option<Timestamp>,
        /// Up to this time, inclusive: a date and time such as `2021-10-31T23:59:59Z`, or a date alone, which means its
        /// last second. A time without an offset is UTC. Default: to the last record.
        utc_endtime: Option<Timestamp>,
    }
}

query_parameters! {
    /// Labels of records.
    pub struct LabelsQuery {
        /// Records with any of these labels; the key may be repeated.
        labels: Option<Vec<Label>>,
    }
}

query_parameters! {
    /// Account types of records.
    pub struct AccountTypesQuery {
        /// Records of accounts of any of these types; the key may be repeated. `revolvingloan` is read as
        /// `revolving_loan` and `mobilemoney` as `depository`.
        account_types: Option<Vec<AccountType>>,
    }
}

/// The last page that can be asked for. Answers repeat the number, which generated clients hold in 32 bits with a sign.
const MAX_PAGE: usize = i32::MAX as usize;

query_parameters! {
    /// A page of a list.
    pub struct PageQuery {
        /// The page, from 1. Past the end the list is empty.
        #[param(default = 1)]
        #[within(1..=MAX_PAGE)]
        page: Option<u32>,
    }
}

query_parameters! {
    /// The currency of a report.
    pub struct CurrencyQuery {
        /// The currency of the top-level figures. Left out, it is the currency of the user's country if any record has
        /// it, otherwise the most common one.
        currency: Option<Currency>,
    }
}

query_parameters! {
    /// The instant of a report.
    pub struct AsOfQuery {
        /// Show the report as of this time: a date and time such as `2021-10-18T20:27:29Z`, or a date alone, which
        /// means its last second. A time without an offset is UTC. Default: now. A later time counts as now.
        utc_time: Option<Timestamp>,
    }
}

query_parameters! {
    /// A position in a list that takes several answers.
    pub struct CursorQuery {
        /// `next_cursor` of the previous answer. Valid for 24 hours, for the same user and filters.
        cursor: Option<String>,
    }
}

/// The fault of an unknown parameter of a route whose body has the fields `of_body`.
pub(super) fn unknown(name: &str, known: &[&'static str], of_body: &[&str]) -> FieldError {
    if name.is_empty() {
        let detail = shown!("has a parameter without a name: this {}", Taker::Route.takes(known));
        return FieldError::new("query", detail);
    }
    if let Some((base, _)) = name.split_once('[')
        && let Some(known) = known.iter().find(|known| **known == base)
    {
        let detail = shown!(
            "is unknown: did you mean `{}`? Lists have no brackets: `{}=…&{}=…`",
            *known,
            *known,
            *known
        );
        return FieldError::new(name, detail);
    }
    if of_body.contains(&name) {
        return FieldError::misplaced(name, known, Taker::Route);
    }
    FieldError::unknown(name, name, known, Taker::Route)
}

#[cfg(test)]
mod tests {
    use utoipa::IntoParams;

    use super::*;

    #[test]
    fn declarations_add_up_in_their_order() {
        assert!(<()>::names().is_empty());
        assert_eq!(
            <(PageQuery, RangeQuery)>::names(),
            ["page", "utc_starttime", "utc_endtime"]
        );
    }

    query_parameters! {
        /// Numbers.
        struct NumbersQuery {
            /// With limits.
            #[param(default = json!(MOST))]
            #[within(2..=MOST)]
            number: Option<u32>,
            /// Without.
            other: Option<u32>,
        }
    }

    const MOST: usize = 31;

    #[test]
    fn limits_of_numbers_are_declared_once() {
        assert_eq!(<(PageQuery, NumbersQuery)>::limits("number"), Some(2..=31));
        assert_eq!(NumbersQuery::limits("other"), None);
        let parameters = serde_json::to_value(NumbersQuery::into_params(|| None)).expect("json");
        let schema = &parameters[0]["schema"];
        assert_eq!(
            [&schema["minimum"], &schema["maximum"], &schema["default"]],
            [2, 31, 31]
        );
        assert!(parameters[1]["schema"].get("maximum").is_none());
    }
}
