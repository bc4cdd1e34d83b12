//! Faults of DynamoDB, sorted by how the caller can react.

use aws_sdk_dynamodb::config::http::HttpResponse as Response;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;

use super::error::StoreError;

/// The outcome of a failed call, sorted by how the caller can react.
#[derive(Debug)]
pub(super) enum Fault {
    /// A condition did not hold.
    Condition,
    /// Another write conflicted; the same request may succeed on a retry.
    Conflict,
    /// Anything else.
    Error(StoreError),
}

const THROTTLED: [&str; 5] = [
    "ProvisionedThroughputExceededException",
    "ProvisionedThroughputExceeded",
    "ThrottlingException",
    "ThrottlingError",
    "RequestLimitExceeded",
];

impl Fault {
    /// Sorts the error of a single call, not of a transaction.
    pub(super) fn of<E: ProvideErrorMetadata>(error: SdkError<E, Response>) -> Self {
        match error.code() {
            Some("ConditionalCheckFailedException") => return Self::Condition,
            Some("TransactionConflictException" | "TransactionInProgressException") => {
                return Self::Conflict;
            }
            _ => {}
        }
        let status = error.raw_response().map(|response| response.status().as_u16());
        let said = format!(
            "{} {}",
            error.code().unwrap_or("no code"),
            error.message().unwrap_or_default()
        );
        let throttled = error.code().is_some_and(|code| THROTTLED.contains(&code));
        let unavailable = throttled || status.is_none_or(|status| status >= 500);
        Self::Error(match (unavailable, &error) {
            // Without a response there is no error code, so the kind of failure is reported.
            (true, SdkError::TimeoutError(_)) => StoreError::Unavailable("timed out".to_owned()),
            (true, SdkError::DispatchFailure(_)) => StoreError::Unavailable("not reachable".to_owned()),
            // The status was a success, but the body was cut off.
            (_, SdkError::ResponseError(_)) => StoreError::Unavailable("the answer could not be read".to_owned()),
            (_, SdkError::ConstructionFailure(_)) => StoreError::Refused("request could not be built".to_owned()),
            (true, _) => StoreError::Unavailable(said),
            (false, _) => StoreError::Refused(said),
        })
    }

    /// Sorts the error of a transaction. `Condition` means that the condition of the item at `decisive` did not hold;
    /// any other failed condition is a conflict.
    pub(super) fn of_transaction(error: SdkError<TransactWriteItemsError, Response>, decisive: Option<usize>) -> Self {
        let reasons: Vec<String> = match error.as_service_error() {
            Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => cancelled
                .cancellation_reasons()
                .iter()
                .map(|reason| reason.code().unwrap_or("None").to_owned())
                .collect(),
            _ => return Self::of(error),
        };
        let is = |at: usize, code: &str| reasons.get(at).is_some_and(|reason| reason == code);
        if decisive.is_some_and(|at| is(at, "ConditionalCheckFailed")) {
            return Self::Condition;
        }
        if reasons.iter().any(|reason| THROTTLED.contains(&reason.as_str())) {
            return Self::Error(StoreError::Unavailable(format!("transaction cancelled: {reasons:?}")));
        }
        let conflict = ["ConditionalCheckFailed", "TransactionConflict"];
        if reasons.iter().any(|reason| conflict.contains(&reason.as_str())) {
            return Self::Conflict;
        }
        Self::Error(StoreError::Refused(format!("transaction cancelled: {reasons:?}")))
    }
}

impl From<Fault> for StoreError {
    /// For calls without a condition, and for callers that do not retry.
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Condition | Fault::Conflict => Self::Contended,
            Fault::Error(error) => error,
        }
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Error(error)
    }
}
