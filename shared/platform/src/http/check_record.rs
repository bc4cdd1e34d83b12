//! Records as clients write them: for the API, and for the operator's files.

use daftari_domain::{NewRecord, Record, Timestamp};

use super::object::{Broken, Object};
use crate::wording::Shown;

impl Object for NewRecord {
    const REQUIRED: &'static [(&'static str, &'static str)] = &[
        ("id", r#""1""#),
        ("timestamp", r#""1970-01-01T00:00:00Z""#),
        ("institution_id", r#""mpesa""#),
        ("account_type", r#""depository""#),
    ];
}

/// The record, and every rule of the ledger that it breaks. `latest` is the last acceptable time.
pub fn check_record(new: NewRecord, latest: Timestamp) -> (Record, Vec<Broken>) {
    let record = Record::from(new);
    let faults = record.faults(latest).into_iter();
    let broken = faults.map(|fault| Broken {
        code: fault.into(),
        field: fault.field().map(str::to_owned),
        detail: Shown::new(fault),
        alone: fault.is_of_one_field(),
    });
    let broken = broken.collect();
    (record, broken)
}
