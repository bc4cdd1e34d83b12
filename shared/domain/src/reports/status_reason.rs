//! The status of a loan, and its evidence.

use serde::Serialize;

use crate::{Label, Record, RecordId, Timestamp};

crate::described! { "LoanStatus";
    /// The status of a loan.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
    #[serde(rename_all = "lowercase")]
    pub enum LoanStatus {
        /// Owed, and not known to be late.
        Open,
        /// A payment was missed, and none has come since.
        Nonperforming,
        /// The lender has given up on it, or reported it to a credit bureau. Until it is repaid.
        Defaulted,
        /// Nothing is owed.
        Closed,
    }
}

/// The evidence of a status: the record that last changed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct StatusReason {
    /// The record.
    pub record_id: RecordId,
    /// The label that changed the status; null if a movement or a balance changed it.
    pub label: Option<Label>,
    /// When.
    pub timestamp: Timestamp,
}

impl StatusReason {
    pub(crate) fn new(record: &Record, label: Option<Label>) -> Self {
        Self {
            record_id: record.id.clone(),
            label,
            timestamp: record.timestamp,
        }
    }
}
