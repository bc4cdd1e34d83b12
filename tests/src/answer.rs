//! A response.

use http::{HeaderMap, StatusCode};
use serde_json::Value;

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as text, decompressed.
    pub text: String,
    /// The length of the body as it was sent, in bytes.
    pub sent_bytes: usize,
}

impl Answer {
    /// The body as JSON; null if it is not JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    /// The value at a JSON pointer of the body.
    pub fn at(&self, pointer: &str) -> Value {
        self.json().pointer(pointer).cloned().unwrap_or_default()
    }

    /// A header as text; empty if it is absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// Fails the test unless the status is as expected. Also checks the form of problem documents.
    #[track_caller]
    #[must_use]
    pub fn expect_status(self, expected: u16) -> Self {
        assert_eq!(self.status.as_u16(), expected, "{}", self.text);
        if self.status.as_u16() >= 400 {
            self.check_problem();
        }
        self
    }

    /// Fails the test unless the answer is a problem with this status and code.
    #[track_caller]
    #[allow(clippy::return_self_not_must_use)]
    pub fn expect_problem(self, status: u16, code: &str) -> Self {
        let answer = self.expect_status(status);
        assert_eq!(answer.at("/code"), code, "{}", answer.text);
        answer
    }

    #[track_caller]
    fn check_problem(&self) {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text);
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16());
        for member in ["type", "title", "detail", "code", "request_id"] {
            assert!(
                problem[member].as_str().is_some_and(|text| !text.is_empty()),
                "{member}: {}",
                self.text
            );
        }
        assert_eq!(problem["request_id"], self.header("x-request-id"));
    }
}
