//! The outcome of appending records.

use daftari_domain::Record;
use daftari_domain::ledger::{Full, Outcome};

/// Why a record was not stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// The ledger has reached the limit of records of this second.
    InstantFull,
    /// The ledger has reached the limit of records of this month.
    MonthFull,
    /// The ledger has reached its limit of records.
    LedgerFull,
}

impl From<Full> for Rejection {
    fn from(full: Full) -> Self {
        match full {
            Full::Instant => Self::InstantFull,
            Full::Month => Self::MonthFull,
            Full::Ledger => Self::LedgerFull,
        }
    }
}

/// The outcome of a batch of records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appended {
    /// The outcome of each record, in the order of the batch.
    pub outcomes: Vec<Result<Outcome, Rejection>>,
    /// The records of the batch's months before the write, in no order. A write reads them anyway.
    pub before: Vec<Record>,
}
