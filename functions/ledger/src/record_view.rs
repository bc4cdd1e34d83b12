//! A record of the ledger in answers.

use daftari_domain::{Counterparty, Date, Money, Record, Reference, ShownRecord};
use serde::Serialize;

/// A record. `fee`, `reference`, `counterparty` and `due_date` are present only with `include=details`.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = LedgerRecord)]
pub(crate) struct RecordView<'a> {
    #[serde(flatten)]
    record: ShownRecord<'a>,
    /// The institution's fee for the movement, in addition to the amount; null if it is not stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Money>, required = false)]
    fee: Option<Option<Money>>,
    /// The code that the institution gave the transaction; null if it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Reference>, required = false)]
    reference: Option<Option<&'a Reference>>,
    /// The other side of the movement; null if it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Counterparty>, required = false)]
    counterparty: Option<Option<Counterparty>>,
    /// Of a loan: the date by which the lender wants the next payment, or wanted the late one; null if it is not
    /// stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Date>, required = false)]
    due_date: Option<Option<Date>>,
}

impl<'a> RecordView<'a> {
    /// The record in its default shape, or with its details.
    pub(crate) fn new(record: &'a Record, with_details: bool) -> Self {
        let details = with_details.then_some(&*record.details);
        Self {
            record: record.into(),
            fee: details.map(|details| details.fee),
            reference: details.map(|details| details.reference.as_ref()),
            counterparty: details.map(|details| details.counterparty),
            due_date: details.map(|details| details.due_date),
        }
    }
}
