//! What can go wrong in the store.

use std::fmt;
use std::str::FromStr;

use aws_sdk_dynamodb::config::http::HttpResponse as Response;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use sha2::{Digest, Sha256};

/// Why the store did not do what was asked. Messages are for the log, never for clients.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Others kept changing the same thing for as long as it made sense to try.
    #[error("gave up after too many conflicting writes")]
    Contended,
    /// Throttled, failing, unreachable or too slow, after bounded retries.
    #[error("store unavailable: {0}")]
    Unavailable(String),
    /// An item does not read as what it should be.
    #[error("corrupt {kind} item {key_hash}: {reason}")]
    Corrupt {
        /// The item's type.
        kind: String,
        /// Finds the item without showing its key.
        key_hash: KeyHash,
        /// What is wrong with it.
        reason: String,
    },
    /// Refused by the store for a reason that is ours: a wrong request, missing permissions, no such table.
    #[error("store refused: {0}")]
    Refused(String),
}

impl StoreError {
    /// An item of a type and with a primary key that does not read as what it should be.
    pub(super) fn corrupt(kind: &str, pk: &str, sk: &str, reason: impl ToString) -> Self {
        Self::Corrupt {
            kind: kind.to_owned(),
            key_hash: KeyHash::of(pk, sk),
            reason: reason.to_string(),
        }
    }
}

/// A hash of an item's primary key, for the log: keys hold emails, phone numbers and names.
///
/// It is the first 16 hexadecimal digits of the SHA-256 of the partition key and the sort key, each followed by a line
/// break, so that an operator can compute it for any item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyHash([u8; 8]);

impl KeyHash {
    /// Of a partition and a sort key.
    pub(super) fn of(pk: &str, sk: &str) -> Self {
        let digest: [u8; 32] = Sha256::digest(format!("{pk}\n{sk}\n")).into();
        Self(std::array::from_fn(|at| digest[at]))
    }
}

impl FromStr for KeyHash {
    type Err = BadKeyHash;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u64::from_str_radix(text, 16).ok().filter(|_| digits);
        Ok(Self(number.ok_or(BadKeyHash)?.to_be_bytes()))
    }
}

/// A text is no [`KeyHash`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must have 16 hexadecimal digits, as in the log: corrupt page item 0123456789abcdef")]
pub struct BadKeyHash;

impl fmt::Display for KeyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The outcome of a failed call, by what the caller can do about it.
#[derive(Debug)]
pub(super) enum Fault {
    /// A condition did not hold.
    Condition,
    /// Somebody else's write was in the way; the same request may work next time.
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
    /// Sorts the error of a call that is no transaction.
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
            // No response at all: the kind of failure says more than the missing code.
            (true, SdkError::TimeoutError(_)) => StoreError::Unavailable("timed out".to_owned()),
            (true, SdkError::DispatchFailure(_)) => StoreError::Unavailable("not reachable".to_owned()),
            // It has the status of a success, but its body was cut on the way.
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
    /// For calls that set no condition, or after whose conditions nothing is left to try.
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
