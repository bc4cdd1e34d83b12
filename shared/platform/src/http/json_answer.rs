//! Answers whose size depends on the data.

use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::CONTENT_TYPE;
use serde::Serialize;

use crate::answer_budget::Budget;
use crate::error::Error;

/// A JSON answer, or an error if it exceeds the size of one answer.
pub fn json_answer(value: &impl Serialize) -> Result<Response, Error> {
    let json =
        serde_json::to_string(value).map_err(|error| Error::internal(format!("rendering an answer: {error}")))?;
    if !Budget::default().takes(&json) {
        return Err(Error::answer_too_large());
    }
    let content_type = HeaderValue::from_static("application/json");
    Ok(([(CONTENT_TYPE, content_type)], json).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer_budget::MAX_ANSWER_BYTES;
    use crate::code::Code;

    #[test]
    fn an_answer_beyond_the_limit_is_an_error() {
        assert!(json_answer(&"x".repeat(MAX_ANSWER_BYTES - 10)).is_ok());
        for text in ["x".repeat(MAX_ANSWER_BYTES), "\"".repeat(MAX_ANSWER_BYTES / 3)] {
            let error = json_answer(&text).expect_err("too large");
            assert!(matches!(error, Error::Invalid { code, .. } if code == Code::AnswerTooLarge));
        }
    }
}
