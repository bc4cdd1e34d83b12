//! What can go wrong with a request, before it becomes HTTP.

use std::borrow::Cow;
use std::fmt;

use daftari_domain::Timestamp;

use crate::store::StoreError;

/// A value of the request that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct FieldError {
    /// Where: a JSON pointer into the body (`/records/0/amount`; empty for the body itself), or the name of a query
    /// parameter.
    pub pointer: String,
    /// Which rule.
    pub detail: String,
}

/// Longest part of a client's own text that is told back to it, in characters.
const MAX_ECHO_CHARS: usize = 64;
/// Most parts of a pointer that are told: no body is nested deeper.
const MAX_POINTER_PARTS: usize = 8;
/// Longest detail, in characters: a rule may list every word that it knows.
const MAX_DETAIL_CHARS: usize = 1_000;

/// A text of a client as it is told back: cut, with a sign where it is.
pub(crate) fn cut(text: &str) -> Cow<'_, str> {
    cut_at(text, MAX_ECHO_CHARS)
}

fn cut_at(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        None => Cow::Borrowed(text),
        Some(_) => Cow::Owned(text.chars().take(most - 1).chain(['…']).collect()),
    }
}

impl FieldError {
    /// A rule broken at `pointer`. Both are cut to what an answer has room for, since a client may have made them up.
    pub fn new(pointer: impl AsRef<str>, detail: impl ToString) -> Self {
        let parts = pointer.as_ref().split('/').take(MAX_POINTER_PARTS);
        let parts: Vec<_> = parts.map(cut).collect();
        Self {
            pointer: parts.join("/"),
            detail: cut_at(&detail.to_string(), MAX_DETAIL_CHARS).into_owned(),
        }
    }
}

/// As a sentence about the value.
impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pointer, detail } = self;
        match pointer.as_str() {
            // The root of a body.
            "" => write!(f, "the body {detail}"),
            _ => write!(f, "{pointer} {detail}"),
        }
    }
}

/// Why a request is not answered as asked. Says nothing of HTTP; becomes a problem document at the last step.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No token, or one that does not verify.
    #[error("not authenticated")]
    Unauthenticated,
    /// Email and password do not match a login.
    #[error("wrong email or password")]
    WrongCredentials,
    /// The token does not carry the scope.
    #[error("not allowed")]
    Forbidden,
    /// Every organization of the login is disabled.
    #[error("organization disabled")]
    OrganizationDisabled,
    /// There is no such thing for this tenant; `what` is told to the client.
    #[error("{what} not found")]
    NotFound {
        /// The kind of thing.
        what: &'static str,
    },
    /// No function serves the path.
    #[error("path not found")]
    NoSuchPath,
    /// The route does not take this method.
    #[error("method not allowed")]
    MethodNotAllowed,
    /// Values of the query or body break rules.
    #[error("invalid request")]
    Invalid {
        /// A stable code.
        code: &'static str,
        /// What is wrong, in a sentence.
        detail: String,
        /// Which values.
        errors: Vec<FieldError>,
    },
    /// The body is larger than the limit.
    #[error("body too large")]
    TooLarge {
        /// The limit.
        limit_bytes: usize,
    },
    /// The body is not declared as JSON.
    #[error("unsupported media type")]
    UnsupportedMediaType,
    /// Too many attempts.
    #[error("too many requests")]
    TooManyRequests {
        /// From when on a further attempt makes sense, in seconds.
        retry_after_seconds: u32,
    },
    /// The time budget of the request ran out.
    #[error("time budget exceeded")]
    TimedOut,
    /// The store failed; the message is for the log only.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Anything else; the message is for the log only.
    #[error("{0}")]
    Internal(String),
}

impl Error {
    /// One value that breaks a rule.
    pub fn invalid(pointer: impl AsRef<str>, detail: impl ToString) -> Self {
        Self::invalid_fields("invalid_request", vec![FieldError::new(pointer, detail)])
    }

    /// Values that break rules, at least one; the first is told in the detail.
    pub fn invalid_fields(code: &'static str, errors: Vec<FieldError>) -> Self {
        Self::Invalid {
            code,
            detail: errors.first().map(ToString::to_string).unwrap_or_default(),
            errors,
        }
    }

    /// What was asked for does not fit into one answer.
    pub fn answer_too_large() -> Self {
        Self::Invalid {
            code: "answer_too_large",
            detail: "the answer would be too large: ask for a shorter time".to_owned(),
            errors: Vec::new(),
        }
    }

    /// An unknown user, or one of another tenant: the two are not told apart.
    pub const fn user_not_found() -> Self {
        Self::NotFound { what: "user" }
    }
}

/// Fails for a range that ends before it starts.
pub fn check_range(
    start: Option<Timestamp>,
    end: Option<Timestamp>,
    names: (&str, &str),
) -> Result<(), Error> {
    match (start, end) {
        (Some(start), Some(end)) if start > end => Err(Error::invalid(
            names.0,
            format!("must not be after {}", names.1),
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_client_made_up_is_cut() {
        let long = "é".repeat(100);
        let error = FieldError::new(format!("/{long}/0/{long}"), long.repeat(100));
        assert_eq!(error.pointer.chars().count(), 2 * MAX_ECHO_CHARS + 4);
        assert!(error.pointer.ends_with("é…"), "{}", error.pointer);
        assert_eq!(error.detail.chars().count(), MAX_DETAIL_CHARS);
        let error = FieldError::new("/".repeat(10_000), "x");
        assert!(error.pointer.len() < 20, "{}", error.pointer);
        let whole = "x".repeat(MAX_ECHO_CHARS);
        assert_eq!(FieldError::new(&whole, "x").pointer, whole);
    }
}
