//! Records of the same second: a phone that was off receives them all at once.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value;

use crate::reports::credit_report::{Person, credit_report};
use crate::reports::tests::loan_status::event;
use crate::reports::tests::records::{at, json, kenyan};
use crate::{Record, RecordId};

const NOON: &str = "2021-10-08T12:00:00";

fn with_ids(records: &[Record], ids: &[usize]) -> Vec<Record> {
    let renamed = records.iter().zip(ids).map(|(record, id)| Record {
        id: RecordId::from_bytes([u8::try_from(*id).expect("few"); 16]),
        ..record.clone()
    });
    renamed.collect()
}

/// The loans of the report, without the ids of their records.
fn loans(records: &[Record]) -> Value {
    let as_of = at("2021-11-08T12:00:00");
    let report = credit_report(records, &kenyan(), Person::default(), as_of, None);
    let mut loans = serde_json::json!([json(&report.loan), json(&report.tradelines)]);
    strip_ids(&mut loans);
    loans
}

fn strip_ids(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|name, _| !name.ends_with("record_id"));
            members.values_mut().for_each(strip_ids);
        }
        Value::Array(elements) => elements.iter_mut().for_each(strip_ids),
        _ => {}
    }
}

#[test]
fn events_of_one_second_count_by_their_rank_with_any_ids() {
    for (events, status) in [
        (["missed", "repayment 200"], "open"),
        (["missed", "repaid"], "closed"),
        (["missed", "credit 200"], "open"),
        (["defaulted", "repaid"], "closed"),
        (["missed", "balance 0"], "closed"),
        (["debit 500", "repaid"], "closed"),
        (["debit 500", "missed"], "nonperforming"),
        (["defaulted", "missed"], "defaulted"),
        (["balance 300", "repaid"], "closed"),
    ] {
        for ids in [[1, 2], [2, 1]] {
            let records = with_ids(&events.map(|text| event(NOON, text)), &ids);
            let account = &loans(&records)[0]["accounts"][0];
            assert_eq!(account["status"], status, "{events:?} {ids:?}");
        }
    }
}

#[test]
fn of_two_payments_of_one_second_the_lower_balance_is_the_later() {
    let paid = |balance: &str| Record {
        balance: Some(crate::reports::tests::records::money(balance)),
        ..event(NOON, "credit 100")
    };
    for ids in [[1, 2], [2, 1]] {
        let records = with_ids(&[paid("300"), paid("200")], &ids);
        let account = &loans(&records)[0]["accounts"][0];
        assert_eq!(account["balance"], 200.0, "{ids:?}");
    }
}

const EVENTS: [&str; 14] = [
    "debit",
    "debit 500",
    "debit 300",
    "credit 200",
    "credit 500",
    "balance 100",
    "balance 0",
    "approved",
    "disbursed",
    "missed",
    "defaulted",
    "repaid",
    "reminder",
    "repayment 50",
];

const TIMES: [&str; 3] = [NOON, "2021-10-08T12:00:01", "2021-10-20T12:00:00"];

proptest! {
    #[test]
    fn ids_change_no_figure_of_a_loan(
        events in proptest::collection::vec((select(EVENTS.to_vec()), any::<Index>()), 1..9),
        ids in Just((0..9).collect::<Vec<usize>>()).prop_shuffle(),
    ) {
        let records: Vec<Record> = events.iter().map(|(text, time)| event(TIMES[time.index(3)], text)).collect();
        let in_order: Vec<usize> = (0..records.len()).collect();
        prop_assert_eq!(loans(&with_ids(&records, &in_order)), loans(&with_ids(&records, &ids)));
    }
}
