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
        // No alert, but the newest record considered.
        record("mpesa", "2021-12-31T08:00:00").credit("4"),
    ];
    let expected = json!({
        "_meta": {
            "user_uuid": "958a5ae8-f3a3-41d5-ae48-177fdc19e3f4",
            "client_uuid": "00000000-0000-0000-0000-000000000001",
            "utc_starttime": null, "utc_endtime": null, "latest_record_at": "2021-12-31T08:00:00+00:00",
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
    assert_eq!(
        alerts_summary(&records, &kenyan(), range).total_alerts_count,
        1
    );
}
