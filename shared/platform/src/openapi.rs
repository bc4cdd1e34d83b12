//! Parameters of paths and codes that functions share, for the OpenAPI document.

use std::borrow::Cow;

use serde_json::Value;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{IntoParams, PartialSchema, ToSchema};
use uuid::Uuid;

use crate::code::Code;

/// The schema of some codes, with a line for each.
fn codes(codes: impl Iterator<Item = Code> + Clone, line: fn(Code) -> String) -> ObjectBuilder {
    let lines: Vec<String> = codes.clone().map(line).collect();
    let codes = codes.map(|code| Value::from(code.as_str()));
    let text = ObjectBuilder::new().schema_type(Type::String);
    let text = text.description(Some(lines.join("\n")));
    text.enum_values(Some(codes))
}

/// The code of a problem document.
pub struct ProblemCode;

impl PartialSchema for ProblemCode {
    fn schema() -> RefOr<Schema> {
        let schema = codes(Code::of_problems(), |code| {
            let (text, status) = (code.as_str(), code.status().as_u16());
            format!("- `{text}` ({status}): {}", code.meaning())
        });
        RefOr::T(Schema::Object(schema.build()))
    }
}

impl ToSchema for ProblemCode {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("ProblemCode")
    }
}

/// The code of an element of a batch that was not stored.
pub struct RejectionCode;

impl PartialSchema for RejectionCode {
    fn schema() -> RefOr<Schema> {
        let schema = codes(Code::of_rejections(), |code| {
            format!("- `{}`: {}", code.as_str(), code.meaning())
        });
        let example = Code::NegativeAmount.as_str();
        RefOr::T(Schema::Object(schema.examples([example]).build()))
    }
}

impl ToSchema for RejectionCode {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("RejectionCode")
    }
}

/// The user that a path names.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub struct UserPath {
    /// The user. 404 if the user is not yours.
    #[param(example = "958a5ae8-f3a3-41d5-ae48-177fdc19e3f4")]
    pub user_uuid: Uuid,
}
