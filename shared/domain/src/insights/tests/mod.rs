//! Tests of the insights.

mod affordability;
mod cash_flow;
mod end_of_day;
mod false_alarms;
mod feature_properties;
mod feature_range;
mod golden;
mod hand_computed;
mod income;
mod notation;
mod one_second;
mod properties;
mod reasons;
mod requests;
mod rules;
mod transfers;
mod untold_transfers;

use crate::details::{Counterparty, Details};
use crate::reports::tests::records::{Build, record};
use crate::{CounterpartyKind, Record};

/// Sets the counterparty of a record.
fn with(record: Record, kind: CounterpartyKind, token: Option<&str>) -> Record {
    let counterparty = Counterparty {
        token: token.map(|token| token.parse().expect("token")),
        kind,
    };
    let details = Details {
        counterparty: Some(counterparty),
        ..Details::default()
    };
    Record {
        details: details.into(),
        ..record
    }
}

const EMPLOYER: &str = "9f2c64d1a0b3e857";

/// A credit of a payer with a token, in the morning.
fn paid(date: &str, amount: &str) -> Record {
    let credit = record("equitybank", &format!("{date}T07:00:00"))
        .credit(amount)
        .currency("KES");
    with(credit, CounterpartyKind::Business, Some(EMPLOYER))
}
