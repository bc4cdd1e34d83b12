//! Problem documents of RFC 9457.

use std::sync::Arc;

use ::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::RequestContext;
use super::routes::{GET_PAGE, GET_TOKENS, GET_USERS};
use crate::code::Code;
use crate::error::{Error, FieldError};
use crate::identity::{Environment, Tenant, TokenFault};
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
    /// The fault of this request.
    pub detail: String,
    /// The kind of problem, for programs.
    #[schema(value_type = ProblemCode)]
    pub code: Code,
    /// The request's id, as in the log.
    pub request_id: String,
    /// The values at fault, each with the broken rule.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

/// An error on its way to the layer that knows the request id and writes the log line and the document. It travels in
/// the extensions of a response; or in those of a request, if no valid request could be made.
#[derive(Clone)]
pub(crate) struct Pending(pub(super) Arc<Error>);

impl Pending {
    pub(crate) fn new(error: Error) -> Self {
        Self(Arc::new(error))
    }
}

impl IntoResponse for Pending {
    fn into_response(self) -> Response {
        let mut response = self.0.code().status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        Pending::new(self).into_response()
    }
}

/// The text that the client reads: of this file, the meaning of a code, or a text typed for clients
/// ([`crate::wording`]).
/// `environment` is that of the token, if the request has one.
fn detail(error: &Error, environment: Option<Environment>) -> String {
    match error {
        Error::Unauthenticated(fault) => token_fault(*fault),
        Error::NoCredentials => {
            "send the email and password of a login as Authorization: Basic, in base64 and with a colon between"
                .to_owned()
        }
        Error::WrongCredentials => error.code().meaning().to_owned(),
        Error::Forbidden { needed } => format!(
            "the token lacks the scope `{}`: the token of a phone can only send the messages of its user",
            needed.as_str()
        ),
        Error::OrganizationDisabled => "the organization is disabled: ask those who run this service".to_owned(),
        Error::NotFound { what } => match environment {
            Some(environment) => format!("{what} not found in `{environment}`, the environment of the token"),
            None => format!("{what} not found"),
        },
        Error::NoUuid => {
            format!("user not found: a user is named by uuid, which {GET_USERS}?phone_number=… or search=… finds")
        }
        Error::NoSuchPath { nearest } if nearest.is_empty() => {
            format!("path not found: {GET_PAGE} shows the paths there are")
        }
        Error::NoSuchPath { nearest } => {
            let nearest = nearest.join(" or ");
            format!("path not found: did you mean {nearest}? {GET_PAGE} shows the paths there are")
        }
        Error::MethodNotAllowed { allowed } => format!("this path takes {}", allowed.join(", ")),
        Error::Invalid { detail, .. } => detail.as_str().to_owned(),
        Error::TooLarge { limit_bytes } => {
            format!("the body may have at most {limit_bytes} bytes, measured without compression")
        }
        Error::UnsupportedMediaType => "send the body as Content-Type: application/json".to_owned(),
        Error::UnsupportedEncoding => "send the body plain, or with Content-Encoding: gzip".to_owned(),
        Error::TooManyRequests { retry_after_seconds } => {
            format!("too many attempts: try again in {retry_after_seconds} seconds")
        }
        Error::OrganizationLimit {
            of,
            retry_after_seconds,
        } => {
            format!("the organization has used up its {of} of this minute: try again in {retry_after_seconds} seconds")
        }
        Error::TimedOut | Error::Store(StoreError::Contended | StoreError::Unavailable(_)) => {
            let busy = error.code().meaning();
            format!("the service is {busy}; records that are stored already are not stored twice")
        }
        Error::Store(_) | Error::Internal(_) => {
            let wrong = error.code().meaning();
            format!("{wrong}; quote the request id when you report it")
        }
    }
}

fn token_fault(fault: TokenFault) -> String {
    match fault {
        TokenFault::Missing => format!("send a token as Authorization: Bearer; {GET_TOKENS} gives one"),
        TokenFault::NotBearer => format!(
            "the header Authorization must be, once, Bearer and a token: only {GET_TOKENS} takes email and password"
        ),
        TokenFault::Expired => format!("the token has expired: {GET_TOKENS} gives another"),
        TokenFault::Revoked => format!("the token has been invalidated: {GET_TOKENS} gives another"),
        TokenFault::Invalid => format!("the token is damaged, or is of another service: {GET_TOKENS} gives one"),
    }
}

/// The problem document of an error. `environment` is that of the token, if the request has one.
pub fn into_problem(error: &Error, request_id: &str, environment: Option<Environment>) -> Problem {
    let code = error.code();
    let errors = match error {
        Error::Invalid { errors, .. } => errors.clone(),
        _ => Vec::new(),
    };
    Problem {
        r#type: format!("urn:daftari:problem:{}", code.as_str()),
        title: code.title(),
        status: code.status().as_u16(),
        detail: detail(error, environment),
        code,
        request_id: request_id.to_owned(),
        errors,
    }
}

/// The headers of an error's answer, beside the document.
fn extra_header(error: &Error) -> Option<(HeaderName, HeaderValue)> {
    match error {
        Error::Unauthenticated(_) => Some((header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))),
        Error::NoCredentials | Error::WrongCredentials => {
            let value = r#"Basic realm="daftari", charset="UTF-8""#;
            Some((header::WWW_AUTHENTICATE, HeaderValue::from_static(value)))
        }
        Error::MethodNotAllowed { allowed } => {
            let value = HeaderValue::try_from(allowed.join(",")).ok()?;
            Some((header::ALLOW, value))
        }
        // Only for a coding: RFC 7694, section 3.
        Error::UnsupportedEncoding => Some((header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"))),
        Error::TooManyRequests { retry_after_seconds }
        | Error::OrganizationLimit {
            retry_after_seconds, ..
        } => Some((header::RETRY_AFTER, HeaderValue::from(*retry_after_seconds))),
        Error::TimedOut | Error::Store(StoreError::Contended | StoreError::Unavailable(_)) => {
            Some((header::RETRY_AFTER, HeaderValue::from_static("1")))
        }
        _ => None,
    }
}

/// Writes the document of `error` over a response that has only headers so far.
pub(super) fn render(error: &Error, context: &RequestContext, response: Response) -> Response {
    let problem = into_problem(error, context.id(), context.tenant().map(Tenant::environment));
    let body = serde_json::to_vec(&problem).expect("texts and numbers have a form in JSON");
    let (mut parts, _) = response.into_parts();
    parts.status = error.code().status();
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
