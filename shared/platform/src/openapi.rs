//! Parameters of paths and problem codes that functions share, for the OpenAPI document.

use std::borrow::Cow;

use serde_json::Value;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{IntoParams, PartialSchema, ToSchema};
use uuid::Uuid;

/// Every code that a problem document can carry, with its status and meaning.
pub const PROBLEM_CODES: &[(&str, u16, &str)] = &[
    ("invalid_request", 400, "a parameter breaks a rule"),
    ("invalid_body", 400, "a field of the body breaks a rule"),
    ("malformed_json", 400, "the body is not JSON"),
    (
        "malformed_request",
        400,
        "the request cannot be read: its query is not encoded, or a header is malformed",
    ),
    (
        "too_many_users",
        400,
        "more users match than can be listed by page",
    ),
    (
        "answer_too_large",
        400,
        "the answer would be too large: ask for a shorter time",
    ),
    (
        "unauthenticated",
        401,
        "no token, or one that does not verify",
    ),
    ("wrong_credentials", 401, "wrong email or password"),
    ("forbidden", 403, "the token does not carry the scope"),
    (
        "organization_disabled",
        403,
        "every organization of the login is disabled",
    ),
    ("not_found", 404, "there is no such thing for this tenant"),
    (
        "method_not_allowed",
        405,
        "the path does not take the method",
    ),
    ("body_too_large", 413, "the body is larger than 1 MiB"),
    (
        "unsupported_media_type",
        415,
        "the body is not declared as JSON",
    ),
    ("too_many_requests", 429, "too many attempts to sign in"),
    ("internal_error", 500, "something went wrong here"),
    ("unavailable", 503, "busy: repeat the request"),
];

/// The code of a problem document.
pub struct ProblemCode;

impl PartialSchema for ProblemCode {
    fn schema() -> RefOr<Schema> {
        let meanings = PROBLEM_CODES
            .iter()
            .map(|(code, status, meaning)| format!("- `{code}` ({status}): {meaning}"));
        let meanings: Vec<String> = meanings.collect();
        let codes = PROBLEM_CODES.iter().map(|(code, ..)| Value::from(*code));
        let text = ObjectBuilder::new().schema_type(Type::String);
        let text = text.description(Some(meanings.join("\n")));
        RefOr::T(Schema::Object(text.enum_values(Some(codes)).build()))
    }
}

impl ToSchema for ProblemCode {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("ProblemCode")
    }
}

/// The user that a path names.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub struct UserPath {
    /// The user. A uuid of another tenant is answered as an unknown one is.
    #[param(example = "958a5ae8-f3a3-41d5-ae48-177fdc19e3f4")]
    pub user_uuid: Uuid,
}
