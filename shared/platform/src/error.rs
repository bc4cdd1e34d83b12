//! What can go wrong with a request, before it becomes HTTP.

use daftari_domain::Timestamp;

use crate::store::StoreError;

/// A value of the request that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// Where: a JSON pointer into the body (`/records/0/amount`), or the name of a query parameter.
    pub pointer: String,
    /// Which rule.
    pub detail: String,
}

impl FieldError {
    /// A rule broken at `pointer`.
    pub fn new(pointer: impl Into<String>, detail: impl ToString) -> Self {
        Self {
            pointer: pointer.into(),
            detail: detail.to_string(),
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
    pub fn invalid(pointer: impl Into<String>, detail: impl ToString) -> Self {
        let error = FieldError::new(pointer, detail);
        let detail = format!("{} {}", error.pointer, error.detail);
        Self::Invalid {
            code: "invalid_request",
            detail,
            errors: vec![error],
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
