//! The change of an account's money by one record.

use super::total::Total;
use crate::{Impact, Record};

/// The movement of a record, if it is a transaction.
pub(crate) fn movement(record: &Record) -> Option<(Impact, Total)> {
    Some((record.impact?, record.amount?.into()))
}

/// The change by the movement alone. A disbursement raises the balance of a loan.
pub(crate) fn moved(record: &Record) -> Total {
    let raises = if record.account_type.is_debt() {
        Impact::Debit
    } else {
        Impact::Credit
    };
    match movement(record) {
        Some((impact, amount)) if impact == raises => amount,
        Some((_, amount)) => -amount,
        None => Total::ZERO,
    }
}

/// The stated fee of a movement, which is paid in addition to the amount. Fees of loans are part of the stated debt.
pub(crate) fn fee(record: &Record) -> Total {
    let is_paid = record.is_transaction() && !record.account_type.is_debt();
    record.details.fee.filter(|_| is_paid).map_or(Total::ZERO, Total::from)
}

/// The change of a balance by a record: its movement less its stated fee, with the overdraft `drawn` that completed it.
pub(crate) fn change(record: &Record, drawn: Total) -> Total {
    moved(record) - fee(record) + drawn
}
