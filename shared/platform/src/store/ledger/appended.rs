//! The outcome of appending records.

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

/// The outcome of each record of a batch, in the order of the batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appended(pub Vec<Result<Outcome, Rejection>>);
