//! The time when a message arrived, as clients write it.

use std::borrow::Cow;
use std::fmt;

use daftari_domain::Timestamp;
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use utoipa::openapi::schema::{AnyOfBuilder, ObjectBuilder, Schema, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

const EXPECTED: &str = "a date and time such as 2021-10-08T10:41:25+00:00, or whole seconds or milliseconds since 1970";

/// A time, in JSON a text in ISO 8601 or a whole number of seconds or milliseconds since 1970. Phones have
/// milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ReceivedAt(pub(crate) Timestamp);

impl<'de> Deserialize<'de> for ReceivedAt {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextOrNumber)
    }
}

struct TextOrNumber;

impl Visitor<'_> for TextOrNumber {
    type Value = ReceivedAt;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(EXPECTED)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<ReceivedAt, E> {
        let time = text.parse::<Timestamp>().map(ReceivedAt);
        time.map_err(|_| E::custom(format_args!("must be {EXPECTED}")))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<ReceivedAt, E> {
        let time = Timestamp::from_unix(number).map(ReceivedAt);
        time.ok_or_else(|| E::custom("must be in seconds or milliseconds since 1970"))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<ReceivedAt, E> {
        self.visit_i64(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl PartialSchema for ReceivedAt {
    fn schema() -> RefOr<Schema> {
        let number = ObjectBuilder::new().schema_type(Type::Integer);
        let number = number.description(Some(
            "Seconds or milliseconds since 1970. Numbers from 100,000,000,000 on are milliseconds.",
        ));
        let either = AnyOfBuilder::new()
            .item(Ref::from_schema_name("Timestamp"))
            .item(number)
            .description(Some(
                "A date and time, or whole seconds or milliseconds since 1970, as phones have them.",
            ))
            .examples(["2021-10-08T10:41:25+00:00"]);
        RefOr::T(Schema::AnyOf(either.build()))
    }
}

impl ToSchema for ReceivedAt {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("ReceivedAt")
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((Timestamp::name().into_owned(), Timestamp::schema()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<String, serde_json::Error> {
        serde_json::from_str(json).map(|ReceivedAt(time)| time.to_string())
    }

    #[test]
    fn seconds_milliseconds_and_texts_are_the_same_time() {
        for json in [
            "1633689685",
            "1633689685000",
            "1633689685999",
            r#""2021-10-08T10:41:25Z""#,
            r#""2021-10-08T13:41:25.999+03:00""#,
        ] {
            assert_eq!(read(json).expect(json), "2021-10-08T10:41:25+00:00", "{json}");
        }
        assert_eq!(read("0").expect("seconds"), "1970-01-01T00:00:00+00:00");
        assert_eq!(read("100000000000").expect("milliseconds"), "1973-03-03T09:46:40+00:00");
        assert_eq!(read("99999999999").expect("seconds"), "5138-11-16T09:46:39+00:00");
        assert_eq!(read("-1").expect("seconds"), "1969-12-31T23:59:59+00:00");
    }

    #[test]
    fn other_values_are_refused() {
        for json in [
            "1633689685.5",
            "1e9",
            "true",
            "null",
            r#""1633689685""#,
            "[]",
            "18446744073709551615",
            "-9223372036854775808",
        ] {
            assert!(read(json).is_err(), "{json}");
        }
        // Phones have numbers, so the error for a text mentions them too.
        let fault = read(r#""1633689685""#).expect_err("a text").to_string();
        assert!(fault.starts_with(&format!("must be {EXPECTED}")), "{fault}");
    }
}
