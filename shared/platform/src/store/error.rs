//! Errors of the store.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

/// Why a call of the store failed. Messages are for the log, never for clients.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Conflicting writes won every time until the retries ran out.
    #[error("gave up after too many conflicting writes")]
    Contended,
    /// Throttled, failing, unreachable or too slow, after bounded retries.
    #[error("store unavailable: {0}")]
    Unavailable(String),
    /// A stored item cannot be read as an item of its type.
    #[error("corrupt {kind} item {key_hash}: {reason}")]
    Corrupt {
        /// The item's type.
        kind: String,
        /// Identifies the item without showing its key.
        key_hash: KeyHash,
        /// The fault in the item.
        reason: String,
    },
    /// Refused by the store because of our request or setup: a wrong request, missing permissions, no such table.
    #[error("store refused: {0}")]
    Refused(String),
}

impl StoreError {
    /// The error for an item of a type, identified by its primary key.
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

/// The text is not a [`KeyHash`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must have 16 hexadecimal digits, as in the log: corrupt page item 0123456789abcdef")]
pub struct BadKeyHash;

impl fmt::Display for KeyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
