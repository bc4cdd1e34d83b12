//! The outcome of appending records.

use daftari_domain::Record;
use daftari_domain::ledger::{Full, Outcome};

/// Why a record was not stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// The ledger holds as many records of this second as it can.
    InstantFull,
    /// The ledger holds as many records of this month as it can.
    MonthFull,
    /// The ledger holds as many records as it can.
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
    /// That of each record, in the order of the batch.
    pub outcomes: Vec<Result<Outcome, Rejection>>,
    /// The records of the months that the batch is of, as they were before it, in no order. A write reads them anyway.
    pub before: Vec<Record>,
}
