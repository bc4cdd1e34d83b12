//! Errors of a request, independent of HTTP.

use std::borrow::Cow;
use std::fmt;

use daftari_domain::Timestamp;

use crate::code::Code;
use crate::identity::{Scope, TokenFault};
use crate::shown;
use crate::store::StoreError;
use crate::wording::{ForClients, Logged, Quoted, Shown, cut_at};

/// A value of the request that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct FieldError {
    /// The place: a JSON pointer into the body (`/records/0/amount`; empty for the body itself), or the name of a query
    /// parameter.
    pub pointer: String,
    /// The broken rule.
    #[schema(value_type = String)]
    pub detail: Shown,
}

/// Longest quotation of a client's own text, in characters.
const MAX_ECHO_CHARS: usize = 64;
/// Most parts of a pointer in an answer: no body is nested deeper.
const MAX_POINTER_PARTS: usize = 8;
/// Longest detail, in characters: a detail may list every allowed word.
const MAX_DETAIL_CHARS: usize = 1_000;

/// A client's text as an answer quotes it: cut to length, with a mark at the cut.
pub(crate) fn cut(text: &str) -> Cow<'_, str> {
    cut_at(text, MAX_ECHO_CHARS)
}

impl FieldError {
    /// A rule broken at `pointer`. Both texts may come from the client, so they are cut to the length limits of an
    /// answer.
    pub fn new(pointer: impl AsRef<str>, detail: impl ForClients) -> Self {
        let parts = pointer.as_ref().split('/').take(MAX_POINTER_PARTS);
        let parts: Vec<_> = parts.map(cut).collect();
        Self {
            pointer: parts.join("/"),
            detail: Shown::new(detail).cut_at(MAX_DETAIL_CHARS),
        }
    }

    /// A sentence about the value.
    fn sentence(&self) -> Shown {
        match self.pointer.as_str() {
            // The root of a body.
            "" => shown!("the body {}", self.detail),
            pointer => shown!("{} {}", Quoted(pointer), self.detail),
        }
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sentence().fmt(f)
    }
}

/// Why a request is refused; becomes a problem document at the last step.
///
/// It has no `Display`: [`Error::logged`] is for the log, and only `http/problem.rs` makes the text that a client
/// reads.
#[derive(Debug)]
pub enum Error {
    /// The token is missing or does not verify.
    Unauthenticated(TokenFault),
    /// A sign-in without email and password in the form of HTTP Basic authentication.
    NoCredentials,
    /// Email and password do not match a login.
    WrongCredentials,
    /// The token does not have the scope.
    Forbidden {
        /// The scope that the route needs.
        needed: Scope,
    },
    /// Every organization of the login is disabled.
    OrganizationDisabled,
    /// The resource does not exist for this tenant; `what` names it to the client.
    NotFound {
        /// The kind of resource.
        what: &'static str,
    },
    /// A user is named by other means than a uuid.
    NoUuid,
    /// No function serves the path.
    NoSuchPath {
        /// The paths that the client most likely means.
        nearest: Vec<&'static str>,
    },
    /// The path does not take this method.
    MethodNotAllowed {
        /// The methods that it takes.
        allowed: Vec<&'static str>,
    },
    /// Values of the query or body break rules.
    Invalid {
        /// The kind of rule.
        code: Code,
        /// The fault, in a sentence.
        detail: Shown,
        /// The values.
        errors: Vec<FieldError>,
    },
    /// The body is larger than the limit.
    TooLarge {
        /// The limit.
        limit_bytes: usize,
    },
    /// The body is not declared as JSON.
    UnsupportedMediaType,
    /// The body has a compression other than gzip.
    UnsupportedEncoding,
    /// Too many attempts.
    TooManyRequests {
        /// The time until a further attempt makes sense, in seconds.
        retry_after_seconds: u32,
    },
    /// The organization has reached a limit of a minute.
    OrganizationLimit {
        /// The exhausted limit.
        of: &'static str,
        /// The rest of the minute, in seconds.
        retry_after_seconds: u32,
    },
    /// The time budget of the request ran out.
    TimedOut,
    /// The store failed; its messages are for the log only.
    Store(StoreError),
    /// Anything else.
    Internal(Logged),
}

impl Error {
    /// One value that breaks a rule.
    pub fn invalid(pointer: impl AsRef<str>, detail: impl ForClients) -> Self {
        Self::invalid_fields(Code::InvalidRequest, vec![FieldError::new(pointer, detail)])
    }

    /// Values that break rules, at least one; the detail states the first.
    pub fn invalid_fields(code: Code, errors: Vec<FieldError>) -> Self {
        let detail = errors
            .first()
            .map_or_else(|| Shown::new(code.meaning()), FieldError::sentence);
        Self::Invalid { code, detail, errors }
    }

    /// A request that breaks a rule as a whole.
    pub fn refused(code: Code, detail: impl ForClients) -> Self {
        Self::Invalid {
            code,
            detail: Shown::new(detail),
            errors: Vec::new(),
        }
    }

    /// Both reasons for refusing a request: the faults of both, with the code and the detail of this one. A broken rule
    /// about the request as a whole is a fault without a pointer. Any other error, such as a failed read, is answered
    /// alone.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (
                Self::Invalid { code, detail, errors },
                Self::Invalid {
                    detail: more,
                    errors: others,
                    ..
                },
            ) => {
                let mut all = faults(&detail, errors);
                for error in faults(&more, others) {
                    if !all.contains(&error) {
                        all.push(error);
                    }
                }
                Self::Invalid {
                    code,
                    detail,
                    errors: all,
                }
            }
            (Self::Invalid { .. }, other) => other,
            (this, _) => this,
        }
    }

    /// A defect, reported to the log only.
    pub fn internal(message: impl ToString) -> Self {
        Self::Internal(Logged::new(message))
    }

    /// The requested data exceed the size of one answer.
    pub fn answer_too_large() -> Self {
        Self::refused(Code::AnswerTooLarge, Code::AnswerTooLarge.meaning())
    }

    /// An unknown user, or one of another tenant: the answers are identical.
    pub const fn user_not_found() -> Self {
        Self::NotFound { what: "user" }
    }

    /// The code, and with it status and title.
    pub const fn code(&self) -> Code {
        match self {
            Self::Unauthenticated(_) | Self::NoCredentials => Code::Unauthenticated,
            Self::WrongCredentials => Code::WrongCredentials,
            Self::Forbidden { .. } => Code::Forbidden,
            Self::OrganizationDisabled => Code::OrganizationDisabled,
            Self::NotFound { .. } | Self::NoUuid | Self::NoSuchPath { .. } => Code::NotFound,
            Self::MethodNotAllowed { .. } => Code::MethodNotAllowed,
            Self::Invalid { code, .. } => *code,
            Self::TooLarge { .. } => Code::BodyTooLarge,
            Self::UnsupportedMediaType | Self::UnsupportedEncoding => Code::UnsupportedMediaType,
            Self::TooManyRequests { .. } => Code::TooManyRequests,
            Self::OrganizationLimit { .. } => Code::OrganizationLimit,
            Self::TimedOut | Self::Store(StoreError::Contended | StoreError::Unavailable(_)) => Code::Unavailable,
            Self::Store(_) | Self::Internal(_) => Code::InternalError,
        }
    }

    /// The message for the log; `None` for a fault of the client, for which the status is enough.
    pub(crate) fn logged(&self) -> Option<Logged> {
        match self {
            Self::TimedOut => Some(Logged::new("time budget exceeded")),
            Self::Store(error) => Some(Logged::new(error)),
            Self::Internal(message) => Some(message.clone()),
            _ => None,
        }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Fails for a range that ends before it starts.
pub fn check_range(start: Option<Timestamp>, end: Option<Timestamp>, names: (&str, &str)) -> Result<(), Error> {
    match (start, end) {
        (Some(start), Some(end)) if start > end => {
            Err(Error::invalid(names.0, shown!("must not be after {}", Quoted(names.1))))
        }
        _ => Ok(()),
    }
}

/// The faults of a reason for refusing a request; its detail alone, if it has no pointer.
fn faults(detail: &Shown, errors: Vec<FieldError>) -> Vec<FieldError> {
    if errors.is_empty() {
        return vec![FieldError {
            pointer: String::new(),
            detail: detail.clone(),
        }];
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_errors_are_one_with_the_faults_of_both() {
        let unknown = |name: &str| Error::invalid_fields(Code::UnknownFeature, vec![FieldError::new(name, "x")]);
        let both = unknown("a").and(Error::invalid("b", "y")).and(unknown("a"));
        let Error::Invalid { code, detail, errors } = both else {
            panic!("{both:?}");
        };
        assert_eq!((code, detail.as_str()), (Code::UnknownFeature, "a x"));
        let pointers: Vec<_> = errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["a", "b"]);
        for both in [
            unknown("a").and(Error::internal("defect")),
            Error::internal("defect").and(unknown("a")),
        ] {
            assert!(matches!(both, Error::Internal(_)), "{both:?}");
        }
    }

    #[test]
    fn a_clients_text_is_truncated() {
        let long = "é".repeat(100);
        let error = FieldError::new(format!("/{long}/0/{long}"), Quoted(&long.repeat(100)));
        assert_eq!(error.pointer.chars().count(), 2 * MAX_ECHO_CHARS + 4);
        assert!(error.pointer.ends_with("é…"), "{}", error.pointer);
        assert_eq!(error.detail.as_str().chars().count(), MAX_DETAIL_CHARS);
        let error = FieldError::new("/".repeat(10_000), "x");
        assert!(error.pointer.len() < 20, "{}", error.pointer);
        let whole = "x".repeat(MAX_ECHO_CHARS);
        assert_eq!(FieldError::new(&whole, "x").pointer, whole);
    }
}
