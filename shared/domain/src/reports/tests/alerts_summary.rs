use serde_json::{Value, json};

use crate::reports::alerts_summary;
use crate::reports::tests::records::{Build, at, json, kenyan, loan, record};
use crate::{Label, Record, TimeRange};

fn all(records: &[Record]) -> Value {
    json(&alerts_summary(records, &kenyan(), TimeRange::ALL))
}

#[test]
fn the_report_has_the_shape_of_the_contract_and_counts_each_alert_once() {
    let records = [
        record("mpesa", "2021-10-01T08:00:00").label(Label::InsufficientFunds),
        record("mpesa", "2021-12-05T08:00:00")
            .label(Label::InsufficientFunds)
            .label(Label::Overdraft),
        loan("okash", "2021-10-02T08:00:00")
            .label(Label::InsufficientFunds)
            .debit("4"),
        // Not an alert, but the newest record considered.
        record("mpesa", "2021-12-31T08:00:00").credit("4"),
    ];
    let expected = json!({
        "_meta": {
            "user_uuid": "958a5ae8-f3a3-41d5-ae48-177fdc19e3f4",
            "client_uuid": "00000000-0000-0000-0000-000000000001",
            "utc_starttime": null, "utc_endtime": null, "latest_record_at": "2021-12-31T08:00:00+00:00",
            "unrecognized_loan_messages": 0,
        },
        "total_alerts_count": 3,
        "by_label": [
            {"label": "InsufficientFunds", "count": 3, "first_timestamp": "2021-10-01T08:00:00+00:00",
             "last_timestamp": "2021-12-05T08:00:00+00:00", "institution_ids": ["mpesa", "okash"]},
            {"label": "Overdraft", "count": 1, "first_timestamp": "2021-12-05T08:00:00+00:00",
             "last_timestamp": "2021-12-05T08:00:00+00:00", "institution_ids": ["mpesa"]},
        ],
        "by_institution": [
            {"institution_id": "mpesa", "count": 2, "labels": {"InsufficientFunds": 2, "Overdraft": 1}},
            {"institution_id": "okash", "count": 1, "labels": {"InsufficientFunds": 1}},
        ],
        "by_month": [
            {"month": "2021-10", "count": 2, "labels": {"InsufficientFunds": 2}},
            {"month": "2021-11", "count": 0, "labels": {}},
            {"month": "2021-12", "count": 1, "labels": {"InsufficientFunds": 1, "Overdraft": 1}},
        ],
    });
    assert_eq!(all(&records), expected);
}

#[test]
fn without_alerts_the_lists_are_empty() {
    let report = all(&[record("mpesa", "2021-10-01T08:00:00").credit("4")]);
    assert_eq!(report["total_alerts_count"], json!(0));
    for list in ["by_label", "by_institution", "by_month"] {
        assert_eq!(report[list], json!([]), "{list}");
    }
}

#[test]
fn alerts_outside_the_range_are_not_counted() {
    let records = [
        record("mpesa", "2021-10-01T08:00:00").label(Label::Pos),
        record("mpesa", "2021-10-02T08:00:00").label(Label::Pos),
    ];
    let range = TimeRange {
        start: Some(at("2021-10-02T00:00:00")),
        end: None,
    };
    assert_eq!(alerts_summary(&records, &kenyan(), range).total_alerts_count, 1);
}

#[test]
fn nine_alerts_of_a_wallet_come_out_as_the_contract_shows_them() {
    let mut records = Vec::new();
    for (day, label) in [
        ("2021-10-03", Label::InsufficientFunds),
        ("2021-10-19", Label::InsufficientFunds),
        ("2021-11-01", Label::InsufficientFunds),
        ("2021-11-08", Label::InsufficientFunds),
        ("2021-11-15", Label::InsufficientFunds),
        ("2021-11-22", Label::InsufficientFunds),
        ("2021-11-23", Label::BettingAndLottery),
        ("2021-11-24", Label::BettingAndLottery),
        ("2021-11-25", Label::AirtimePurchase),
    ] {
        records.push(record("mpesa", &format!("{day}T10:00:00")).label(label));
    }
    let report = all(&records);
    assert_eq!(report["total_alerts_count"], json!(9));
    assert_eq!(
        report["by_label"][2],
        json!({"label": "InsufficientFunds", "count": 6, "first_timestamp": "2021-10-03T10:00:00+00:00",
               "last_timestamp": "2021-11-22T10:00:00+00:00", "institution_ids": ["mpesa"]})
    );
    assert_eq!(
        report["by_month"][0],
        json!({"month": "2021-10", "count": 2, "labels": {"InsufficientFunds": 2}})
    );
}
