//! The codes by which programs distinguish problems and rejections.

use ::http::StatusCode;
use daftari_domain::RecordFault;
use serde::{Serialize, Serializer};

use crate::store::Rejection;

/// Declares the codes: text, status of the answer that carries it, title and meaning.
macro_rules! codes {
    ($($code:ident = $text:literal, $status:ident, $title:literal, $meaning:literal;)*) => {
        /// The reason why a request, or one element of a batch, was refused. Programs rely on the codes: a published
        /// code does not change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code {
            $(#[doc = $meaning] $code,)*
        }

        impl Code {
            /// All codes, in the order of the OpenAPI document.
            pub const ALL: &[Self] = &[$(Self::$code),*];

            /// The code as programs read it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$code => $text,)* }
            }

            /// The status of the answer that carries the code: that of the problem document, or 200 for a rejected
            /// element of a batch, whose other elements are stored.
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$code => StatusCode::$status,)* }
            }

            /// The kind of problem, for people.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$code => $title,)* }
            }

            /// The broken rule, for the OpenAPI document.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$code => $meaning,)* }
            }
        }
    };
}

codes! {
    InvalidRequest = "invalid_request", BAD_REQUEST, "Invalid request", "a parameter breaks a rule";
    InvalidBody = "invalid_body", BAD_REQUEST, "Invalid request", "a field of the body breaks a rule";
    MalformedJson = "malformed_json", BAD_REQUEST, "Invalid request", "the body is not JSON";
    MalformedRequest = "malformed_request", BAD_REQUEST, "Invalid request",
        "the request cannot be read: its query is not encoded, a header is malformed, or its gzip is damaged";
    OneUserIdentifier = "one_user_identifier", BAD_REQUEST, "Invalid request",
        "the query must name the user in exactly one way";
    UnknownFeature = "unknown_feature", BAD_REQUEST, "Invalid request", "the feature does not exist";
    TooManyUsers = "too_many_users", BAD_REQUEST, "Invalid request", "more users match the search than can be listed";
    AnswerTooLarge = "answer_too_large", BAD_REQUEST, "Invalid request",
        "the answer would be too large: ask for a shorter time";
    Unauthenticated = "unauthenticated", UNAUTHORIZED, "Not authenticated", "no token or credentials, or a token that does not verify";
    WrongCredentials = "wrong_credentials", UNAUTHORIZED, "Wrong credentials", "wrong email or password";
    Forbidden = "forbidden", FORBIDDEN, "Not allowed", "the token does not carry the scope";
    OrganizationDisabled = "organization_disabled", FORBIDDEN, "Organization disabled",
        "every organization of the login is disabled";
    NotFound = "not_found", NOT_FOUND, "Not found", "the resource does not exist for this tenant";
    UnknownGroup = "unknown_group", NOT_FOUND, "Not found", "the group of features does not exist";
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED, "Method not allowed",
        "the path does not take the method";
    BodyTooLarge = "body_too_large", PAYLOAD_TOO_LARGE, "Body too large",
        "the body is larger than 1 MiB, as it is without compression";
    UnsupportedMediaType = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE, "Unsupported media type",
        "the body is not declared as JSON, or is compressed otherwise than by gzip";
    TooManyRequests = "too_many_requests", TOO_MANY_REQUESTS, "Too many requests", "too many attempts to sign in";
    OrganizationLimit = "organization_limit", TOO_MANY_REQUESTS, "Too many requests",
        "the organization has used up its requests or write units of this minute";
    InternalError = "internal_error", INTERNAL_SERVER_ERROR, "Internal error", "something went wrong here";
    Unavailable = "unavailable", SERVICE_UNAVAILABLE, "Service unavailable", "busy: repeat the request";

    InvalidRecord = "invalid_record", OK, "Not stored", "a field of the record is missing, unknown or malformed";
    InvalidMessage = "invalid_message", OK, "Not stored",
        "a field of the message is missing, empty, unknown, malformed or too long";
    NegativeAmount = "negative_amount", OK, "Not stored", "the amount is negative";
    NegativeFee = "negative_fee", OK, "Not stored", "the fee is negative";
    EmptyRecord = "empty_record", OK, "Not stored",
        "the record has no amount with an impact, no balance and no label";
    BodyWithoutLabel = "body_without_label", OK, "Not stored", "the record has a body and no label";
    BodyTooLong = "body_too_long", OK, "Not stored", "the body of the record is too long";
    BodyControlCharacter = "body_control_character", OK, "Not stored",
        "the body of the record has control characters other than line breaks and tabs";
    TimestampTooEarly = "timestamp_too_early", OK, "Not stored", "the instant is before 1970";
    TimestampInFuture = "timestamp_in_future", OK, "Not stored", "the instant is more than a day from now";
    InstantFull = "instant_full", OK, "Not stored", "the ledger holds as many records of this second as it can";
    MonthFull = "month_full", OK, "Not stored", "the ledger holds as many records of this month as it can";
    LedgerFull = "ledger_full", OK, "Not stored", "the ledger holds as many records as it can";
}

impl Code {
    /// The codes of problem documents.
    pub fn of_problems() -> impl Iterator<Item = Self> + Clone {
        let all = Self::ALL.iter().copied();
        all.filter(|code| !code.status().is_success())
    }

    /// The codes of rejected elements of a batch, whose answer is a 200.
    pub fn of_rejections() -> impl Iterator<Item = Self> + Clone {
        let all = Self::ALL.iter().copied();
        all.filter(|code| code.status().is_success())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl From<RecordFault> for Code {
    fn from(fault: RecordFault) -> Self {
        match fault {
            RecordFault::NegativeAmount => Self::NegativeAmount,
            RecordFault::NegativeFee => Self::NegativeFee,
            RecordFault::Empty => Self::EmptyRecord,
            RecordFault::BodyWithoutLabel => Self::BodyWithoutLabel,
            RecordFault::BodyTooLong => Self::BodyTooLong,
            RecordFault::BodyControlCharacter => Self::BodyControlCharacter,
            RecordFault::TooEarly => Self::TimestampTooEarly,
            RecordFault::InFuture => Self::TimestampInFuture,
        }
    }
}

impl From<Rejection> for Code {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::InstantFull => Self::InstantFull,
            Rejection::MonthFull => Self::MonthFull,
            Rejection::LedgerFull => Self::LedgerFull,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_the_name_of_its_variant_in_snake_case() {
        for code in Code::ALL {
            let mut snake = String::new();
            for letter in format!("{code:?}").chars() {
                if letter.is_ascii_uppercase() && !snake.is_empty() {
                    snake.push('_');
                }
                snake.push(letter.to_ascii_lowercase());
            }
            assert_eq!(code.as_str(), snake);
        }
    }
}
