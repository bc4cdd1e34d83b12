//! JSON bodies, within limits, with errors that name the field.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use http::{HeaderMap, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::{DeserializeOwned, IgnoredAny};

use crate::code::Code;
use crate::error::{Error, FieldError};

/// Largest body taken.
pub const MAX_BODY_BYTES: usize = 1 << 20;

/// A JSON body of type `T`. `T` decides whether unknown fields are refused (`deny_unknown_fields`).
#[derive(Clone, Copy, Debug)]
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self, Error> {
        if !is_json(request.headers()) || is_encoded(request.headers()) {
            return Err(Error::UnsupportedMediaType);
        }
        let body = collect(request).await?;
        read_json(&body, "").map(Self)
    }
}

/// An empty body, or an empty JSON object, which some clients send with every POST.
#[derive(Clone, Copy, Debug)]
pub struct EmptyBody;

/// Refuses every field by its name.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct NoFields {}

impl<S: Send + Sync> FromRequest<S> for EmptyBody {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self, Error> {
        let declared = is_json(request.headers());
        let body = collect(request).await?;
        match (body.is_empty(), declared) {
            (true, _) => Ok(Self),
            (false, true) => read_json::<NoFields>(&body, "").map(|_| Self),
            (false, false) => Err(Error::UnsupportedMediaType),
        }
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let essence = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

/// Whether the body is compressed.
fn is_encoded(headers: &HeaderMap) -> bool {
    let mut codings = headers.get_all(header::CONTENT_ENCODING).iter();
    codings.any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

async fn collect(request: Request) -> Result<Bytes, Error> {
    match Limited::new(request.into_body(), MAX_BODY_BYTES).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Error::TooLarge {
            limit_bytes: MAX_BODY_BYTES,
        }),
        Err(_) => Err(Error::invalid("body", "could not be read")),
    }
}

/// Reads JSON; errors point into it, below `prefix`.
pub fn read_json<T: DeserializeOwned>(json: &[u8], prefix: &str) -> Result<T, Error> {
    check_object(json, prefix)?;
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let pointer = format!("{prefix}{}", pointer_of(error.path()));
        data_error(error.inner(), pointer)
    })?;
    deserializer
        .end()
        .map_err(|error| data_error(&error, prefix.to_owned()))?;
    Ok(value)
}

/// Rejects JSON that is not an object: serde would accept an array as a struct, by field order.
fn check_object(json: &[u8], prefix: &str) -> Result<(), Error> {
    let first = json.iter().find(|byte| !byte.is_ascii_whitespace());
    // Invalid JSON passes here: the parser reports it with its position.
    if first == Some(&b'{') || serde_json::from_slice::<IgnoredAny>(json).is_err() {
        return Ok(());
    }
    let error = <serde_json::Error as serde::de::Error>::custom("must be an object");
    Err(data_error(&error, prefix.to_owned()))
}

/// The error for a JSON text that is invalid, or that has a wrong value at `pointer`.
pub fn data_error(error: &serde_json::Error, pointer: String) -> Error {
    if error.is_data() {
        let message = error.to_string();
        // The parser appends line and column; the pointer is more precise.
        let message = message
            .rsplit_once(" at line ")
            .map_or(message.as_str(), |(message, _)| message);
        let fault = FieldError::new(pointer, in_words_of_json(message));
        return Error::invalid_fields(Code::InvalidBody, vec![fault]);
    }
    if error.is_eof() && error.column() == 0 {
        return Error::refused(Code::MalformedJson, "the body is empty: send a JSON object");
    }
    Error::refused(Code::MalformedJson, format!("the body is not JSON: {error}"))
}

/// The fault of an object without a field that it must have.
pub fn lacks_field(name: &str) -> String {
    format!("lacks the field `{name}`")
}

/// A message of the parser as a sentence about the value, in the terms of JSON and without texts of the client.
fn in_words_of_json(message: &str) -> String {
    if let Some(name) = message.strip_prefix("missing field ") {
        return lacks_field(name.trim_matches('`'));
    }
    if let Some(name) = message.strip_prefix("duplicate field ") {
        return format!("has the field {name} twice");
    }
    if message.starts_with("unknown field `") && message.ends_with(", there are no fields") {
        return "is unknown: this object takes no fields".to_owned();
    }
    let Some((said, expected)) = message.rsplit_once(", expected ") else {
        return message.to_owned();
    };
    let words = || {
        let words: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
        words.join(", ")
    };
    if said.starts_with("unknown field `") {
        format!("is unknown: this object takes {}", words())
    } else if said.starts_with("unknown variant `") {
        format!("must be one of: {}", words())
    } else if said.starts_with("invalid type: ") || said.starts_with("invalid value: ") {
        format!("must be {}", type_in_json(expected))
    } else {
        message.to_owned()
    }
}

/// The parser's name of a type, as JSON calls it.
fn type_in_json(expected: &str) -> &str {
    match expected {
        "a sequence" => "an array",
        "a map" => "an object",
        "a borrowed string" | "str" | "string or map" => "a string",
        "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number",
        "f32" | "f64" => "a number",
        _ if expected.starts_with("struct ") => "an object",
        _ => expected,
    }
}

/// A path of the parser as an RFC 6901 pointer.
fn pointer_of(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => {
                pointer.push('/');
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            Segment::Enum { variant } => pointer.push_str(&format!("/{variant}")),
            Segment::Unknown => {}
        }
    }
    pointer
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[allow(dead_code)]
        list: Vec<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[allow(dead_code)]
        number: u8,
    }

    fn fault(json: &str) -> (&'static str, String) {
        match read_json::<Sample>(json.as_bytes(), "") {
            Err(Error::Invalid { code, errors, .. }) => (
                code.as_str(),
                errors.first().map(|error| error.pointer.clone()).unwrap_or_default(),
            ),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn faults_point_at_their_field() {
        assert_eq!(
            fault(r#"{"list":[{"number":1},{"number":"x"}]}"#),
            ("invalid_body", "/list/1/number".into())
        );
        assert_eq!(
            fault(r#"{"list":[{"number":300}]}"#),
            ("invalid_body", "/list/0/number".into())
        );
        assert_eq!(
            fault(r#"{"list":[{"numbr":1}]}"#),
            ("invalid_body", "/list/0/numbr".into())
        );
        assert_eq!(fault(r#"{"list":[],"more":1}"#), ("invalid_body", "/more".into()));
        assert_eq!(fault("[]"), ("invalid_body", String::new()));
    }

    #[test]
    fn messages_of_the_parser_are_put_into_words_of_json() {
        for (message, words) in [
            ("invalid type: map, expected a sequence", "must be an array"),
            ("invalid type: integer `1`, expected a string", "must be a string"),
            ("invalid value: integer `300`, expected u8", "must be a whole number"),
            ("invalid type: null, expected struct Sample", "must be an object"),
            (
                "invalid type: string \"a, expected b\", expected a boolean",
                "must be a boolean",
            ),
            ("unknown variant `x`, expected `a`", "must be one of: a"),
            ("unknown variant `x`, expected `a` or `b`", "must be one of: a, b"),
            (
                "unknown variant `x`, expected one of `a`, `b`, `c`",
                "must be one of: a, b, c",
            ),
            (
                "unknown field `x`, expected `a` or `b`",
                "is unknown: this object takes a, b",
            ),
            (
                "unknown field `x`, there are no fields",
                "is unknown: this object takes no fields",
            ),
            ("missing field `x`", "lacks the field `x`"),
            ("duplicate field `x`", "has the field `x` twice"),
            ("must be a number", "must be a number"),
        ] {
            assert_eq!(in_words_of_json(message), words);
        }
    }

    #[test]
    fn text_that_is_not_json_is_reported_as_such() {
        for json in ["", "{", "nope", r#"{"list":[{"number":NaN}]}"#, r#"{"list":[]} x"#] {
            assert_eq!(fault(json).0, "malformed_json", "{json}");
        }
    }

    #[test]
    fn an_empty_body_is_called_empty() {
        let is_called_empty = |json: &str| match read_json::<Sample>(json.as_bytes(), "") {
            Err(Error::Invalid { detail, .. }) => detail.as_str().contains("the body is empty"),
            other => panic!("{other:?}"),
        };
        assert!(is_called_empty(""));
        assert!(!is_called_empty("{"));
    }

    #[test]
    fn deep_nesting_is_an_error_and_not_a_crash() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(fault(&deep).0, "invalid_body");
    }
}
