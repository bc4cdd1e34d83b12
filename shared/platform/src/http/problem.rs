//! Problem documents of RFC 9457.

use std::sync::Arc;

use ::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::error::{Error, FieldError};
use crate::openapi::ProblemCode;
use crate::store::StoreError;

/// The body of every answer that is not a success.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// A URI of the kind of problem: `urn:daftari:problem:` and the code.
    pub r#type: String,
    /// The kind of problem, for people.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong in this case.
    pub detail: String,
    /// The kind of problem, for programs.
    #[schema(value_type = ProblemCode)]
    pub code: &'static str,
    /// The request's id, as in the log.
    pub request_id: String,
    /// Which values break which rules.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

/// An error on its way to the layer that knows the request id, which writes the log line and the document. It travels in
/// the extensions of a response, or of a request that only says why it is none.
#[derive(Clone)]
pub(crate) struct Pending(pub(super) Arc<Error>);

impl Pending {
    pub(crate) fn new(error: Error) -> Self {
        Self(Arc::new(error))
    }
}

impl IntoResponse for Pending {
    fn into_response(self) -> Response {
        let mut response = status_of(&self.0).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        Pending::new(self).into_response()
    }
}

/// The status policy: what each kind of error is to a client.
pub(super) const fn status_of(error: &Error) -> StatusCode {
    match error {
        Error::Unauthenticated | Error::WrongCredentials => StatusCode::UNAUTHORIZED,
        Error::Forbidden | Error::OrganizationDisabled => StatusCode::FORBIDDEN,
        Error::NotFound { .. } | Error::NoSuchPath => StatusCode::NOT_FOUND,
        Error::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        Error::Invalid { .. } => StatusCode::BAD_REQUEST,
        Error::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        Error::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Error::TooManyRequests { .. } => StatusCode::TOO_MANY_REQUESTS,
        Error::TimedOut | Error::Store(StoreError::Contended | StoreError::Unavailable(_)) => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        Error::Store(_) | Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Code, title and detail. Details are written here, so that no internal message gets into one.
fn describe(error: &Error) -> (&'static str, &'static str, String) {
    match error {
        Error::Unauthenticated => (
            "unauthenticated",
            "Not authenticated",
            "send a valid token as Authorization: Bearer; GET /auth gives one".to_owned(),
        ),
        Error::WrongCredentials => (
            "wrong_credentials",
            "Wrong credentials",
            "wrong email or password".to_owned(),
        ),
        Error::Forbidden => (
            "forbidden",
            "Not allowed",
            "the token does not carry the scope".to_owned(),
        ),
        Error::OrganizationDisabled => (
            "organization_disabled",
            "Organization disabled",
            "the organization is disabled: ask those who run this service".to_owned(),
        ),
        Error::NotFound { what } => ("not_found", "Not found", format!("{what} not found")),
        Error::NoSuchPath => (
            "not_found",
            "Not found",
            "path not found: GET /docs shows the paths there are".to_owned(),
        ),
        Error::MethodNotAllowed => (
            "method_not_allowed",
            "Method not allowed",
            "this path does not take this method".to_owned(),
        ),
        Error::Invalid { code, detail, .. } => (code, "Invalid request", detail.clone()),
        Error::TooLarge { limit_bytes } => (
            "body_too_large",
            "Body too large",
            format!("the body may have at most {limit_bytes} bytes"),
        ),
        Error::UnsupportedMediaType => (
            "unsupported_media_type",
            "Unsupported media type",
            "send the body as Content-Type: application/json".to_owned(),
        ),
        Error::TooManyRequests {
            retry_after_seconds,
        } => (
            "too_many_requests",
            "Too many requests",
            format!("too many attempts: try again in {retry_after_seconds} seconds"),
        ),
        Error::TimedOut | Error::Store(StoreError::Contended | StoreError::Unavailable(_)) => (
            "unavailable",
            "Service unavailable",
            "the service is busy: repeat the request; what was stored already is not stored twice"
                .to_owned(),
        ),
        Error::Store(_) | Error::Internal(_) => (
            "internal_error",
            "Internal error",
            "something went wrong here; quote the request id when you report it".to_owned(),
        ),
    }
}

/// The problem document of an error.
pub fn into_problem(error: &Error, request_id: &str) -> Problem {
    let (code, title, detail) = describe(error);
    let errors = match error {
        Error::Invalid { errors, .. } => errors.clone(),
        _ => Vec::new(),
    };
    Problem {
        r#type: format!("urn:daftari:problem:{code}"),
        title,
        status: status_of(error).as_u16(),
        detail,
        code,
        request_id: request_id.to_owned(),
        errors,
    }
}

/// The headers an error's answer carries beside the document.
fn extra_header(error: &Error) -> Option<(HeaderName, HeaderValue)> {
    match error {
        Error::Unauthenticated => {
            Some((header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")))
        }
        Error::WrongCredentials => {
            let value = r#"Basic realm="daftari", charset="UTF-8""#;
            Some((header::WWW_AUTHENTICATE, HeaderValue::from_static(value)))
        }
        Error::TooManyRequests {
            retry_after_seconds,
        } => Some((header::RETRY_AFTER, HeaderValue::from(*retry_after_seconds))),
        Error::TimedOut | Error::Store(StoreError::Contended | StoreError::Unavailable(_)) => {
            Some((header::RETRY_AFTER, HeaderValue::from_static("1")))
        }
        _ => None,
    }
}

/// Writes the document of `error` over a response that holds nothing yet but headers.
pub(super) fn render(error: &Error, request_id: &str, response: Response) -> Response {
    let problem = into_problem(error, request_id);
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    let (mut parts, _) = response.into_parts();
    parts.status = status_of(error);
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    if let Some((name, value)) = extra_header(error) {
        parts.headers.insert(name, value);
    }
    Response::from_parts(parts, body.into())
}
