//! OpenAPI schemas of types that serialize as a single JSON value.

use std::borrow::Cow;

use serde_json::json;
use utoipa::openapi::schema::{ArrayBuilder, KnownFormat, Object, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::Date;
use crate::details::REFERENCE_CHARS;
use crate::ids::{MAX_ACCOUNT_ID_CHARS, MAX_INSTITUTION_ID_CHARS, MAX_RECORD_ID_CHARS};
use crate::money::{DecimalNumber, MAX_INTEGER_DIGITS, MAX_SCALE};
use crate::views::AccountTypes;
use crate::{
    AccountId, CounterpartyToken, Country, Currency, InstitutionId, LabelSet, Money, Month, RecordId, Reference,
    Timestamp,
};

/// Declares a type that serializes as a single JSON value, under its own name.
macro_rules! schema {
    ($type:ty, $name:literal, $schema:expr) => {
        impl PartialSchema for $type {
            fn schema() -> RefOr<Schema> {
                RefOr::T(Schema::from($schema))
            }
        }

        impl ToSchema for $type {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed($name)
            }
        }
    };
}

fn text(description: &str, example: &str) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(description))
        .examples([example])
}

fn id(description: &str, example: &str, pattern: &str, most: usize) -> Object {
    let text = text(description, example);
    let text = text.pattern(Some(pattern)).min_length(Some(1));
    text.max_length(Some(most)).build()
}

fn number(description: &str) -> Object {
    let number = ObjectBuilder::new().schema_type(Type::Number);
    let number = number.description(Some(description));
    number.examples([json!(6324.13)]).build()
}

schema!(
    Timestamp,
    "Timestamp",
    text(
        "An instant of UTC in whole seconds. Answers always write the offset `+00:00`. Requests may have any offset; \
         without one, a time is UTC.",
        "2021-10-08T10:41:25+00:00"
    )
    .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
    .build()
);
schema!(
    Date,
    "Date",
    text("A calendar date.", "2026-11-30")
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)))
        .build()
);
schema!(
    Month,
    "Month",
    text("A month of UTC.", "2021-10")
        .pattern(Some("^[0-9]{4}-[0-9]{2}$"))
        .build()
);
schema!(
    Currency,
    "Currency",
    text("An ISO 4217 currency code. Requests may write it in lower case.", "KES")
        .pattern(Some("^[A-Z]{3}$"))
        .build()
);
schema!(
    Country,
    "Country",
    text(
        "An ISO 3166-1 alpha-2 country code. Requests may write it in lower case.",
        "KE"
    )
    .pattern(Some("^[A-Z]{2}$"))
    .build()
);
schema!(
    RecordId,
    "RecordId",
    id(
        "The id of a record in the source it comes from: visible ASCII.",
        "dd9bfad8a88f838d53f63b85c109dcf1",
        "^[!-~]+$",
        MAX_RECORD_ID_CHARS
    )
);
schema!(
    InstitutionId,
    "InstitutionId",
    id(
        "The id of an institution: lower-case letters, digits, `_`, `-`.",
        "mpesa",
        "^[a-z0-9_-]+$",
        MAX_INSTITUTION_ID_CHARS
    )
);
schema!(
    AccountId,
    "AccountId",
    id(
        "The account inside the institution; `default` where it is not known.",
        "default",
        "^[!-~]+$",
        MAX_ACCOUNT_ID_CHARS
    )
);
schema!(
    Reference,
    "Reference",
    text(
        "The code that an institution gave a transaction: visible ASCII.",
        "QJ912ABCDE"
    )
    .pattern(Some("^[!-~]+$"))
    .min_length(Some(*REFERENCE_CHARS.start()))
    .max_length(Some(*REFERENCE_CHARS.end()))
    .build()
);
schema!(
    CounterpartyToken,
    "CounterpartyToken",
    text(
        "A pseudonym of a counterparty: the same in all records of one user, and another for every other user.",
        "9f2c64d1a0b3e857"
    )
    .pattern(Some("^[0-9a-f]{16}$"))
    .build()
);
schema!(
    Money,
    "Money",
    number(&format!(
        "An exact amount, with at most {MAX_INTEGER_DIGITS} digits before the point and {MAX_SCALE} after it. Read it as \
         a decimal, not as a float, where the last digit matters."
    ))
);
schema!(
    DecimalNumber,
    "DecimalNumber",
    number("An exact sum of amounts, or a quotient of sums rounded half to even to 6 decimals.")
);
schema!(
    LabelSet,
    "Labels",
    ArrayBuilder::new()
        .items(Ref::from_schema_name("Label"))
        .unique_items(true)
        .description(Some("The labels of the message behind a record; may be empty."))
        .build()
);
schema!(
    AccountTypes,
    "AccountTypes",
    ArrayBuilder::new()
        .items(Ref::from_schema_name("AccountType"))
        .unique_items(true)
        .description(Some("A set of account types."))
        .build()
);
