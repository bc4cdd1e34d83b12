use serde_json::{Value, json};

use crate::reports::tests::dti::month_of_mpesa;
use crate::reports::tests::records::{Build, json, kenyan, record};
use crate::reports::transactions_summary;
use crate::{Label, Record, TimeRange};

fn all(records: &[Record]) -> Value {
    json(&transactions_summary(records, &kenyan(), TimeRange::ALL, None))
}

#[test]
fn the_report_has_the_shape_and_the_figures_of_the_contract() {
    let credit = json!({"count": 3, "total": 7795.0, "average": 2_598.333_333, "median": 3000.0, "largest": 4359.0});
    let debit = json!({"count": 1, "total": 6800.0, "average": 6800.0, "median": 6800.0, "largest": 6800.0});
    let flow = |count: u64, total: f64| json!({"count": count, "total": total});
    let expected = json!({
        "_meta": {
            "user_uuid": "958a5ae8-f3a3-41d5-ae48-177fdc19e3f4",
            "client_uuid": "00000000-0000-0000-0000-000000000001",
            "utc_starttime": null, "utc_endtime": null, "latest_record_at": "2021-10-08T10:41:25+00:00",
            "unrecognized_loan_messages": 0,
        },
        "currency": "KES", "total_transactions_count": 4,
        "credit": credit, "debit": debit, "net": 995.0,
        "by_currency": [{"currency": "KES", "credit": credit, "debit": debit, "net": 995.0}],
        "by_account": [{
            "institution_id": "mpesa", "account_id": "default", "account_type": "depository", "currency": "KES",
            "credit": flow(3, 7795.0), "debit": flow(1, 6800.0), "net": 995.0,
            "first_timestamp": "2021-09-24T06:31:23+00:00", "last_timestamp": "2021-10-08T10:41:25+00:00",
        }],
        "by_month": [
            {"month": "2021-09", "currency": "KES", "credit": flow(1, 4359.0), "debit": flow(0, 0.0), "net": 4359.0},
            {"month": "2021-10", "currency": "KES", "credit": flow(2, 3436.0), "debit": flow(1, 6800.0), "net": -3364.0},
        ],
        "by_label": [],
    });
    assert_eq!(all(&month_of_mpesa()), expected);
}

#[test]
fn without_transactions_lists_are_empty_and_means_are_null() {
    let nothing = json!({"count": 0, "total": 0.0, "average": null, "median": null, "largest": null});
    let report = all(&[]);
    assert_eq!((&report["credit"], &report["debit"]), (&nothing, &nothing));
    assert_eq!(
        (&report["net"], &report["total_transactions_count"]),
        (&json!(0.0), &json!(0))
    );
    for list in ["by_currency", "by_account", "by_month", "by_label"] {
        assert_eq!(report[list], json!([]), "{list}");
    }
}

#[test]
fn no_month_between_the_first_and_the_last_is_left_out() {
    let records = [
        record("mpesa", "2020-11-30T23:59:59").credit("10").currency("KES"),
        record("mpesa", "2021-02-01T00:00:00").debit("4").currency("USD"),
    ];
    let report = all(&records);
    let rows = report["by_month"].as_array().expect("months").iter();
    let rows: Vec<String> = rows
        .map(|row| format!("{} {} {}", row["month"], row["currency"], row["net"]).replace('"', ""))
        .collect();
    assert_eq!(
        rows,
        [
            "2020-11 KES 10.0",
            "2020-11 USD 0.0",
            "2020-12 KES 0.0",
            "2020-12 USD 0.0",
            "2021-01 KES 0.0",
            "2021-01 USD 0.0",
            "2021-02 KES 0.0",
            "2021-02 USD -4.0"
        ]
    );
}

#[test]
fn a_transaction_with_two_labels_is_under_both_and_in_the_whole_once() {
    let records = [
        record("equitybank", "2021-10-01T00:00:00")
            .debit("250")
            .currency("KES")
            .label(Label::Pos)
            .label(Label::Overdraft),
        record("equitybank", "2021-10-02T00:00:00")
            .debit("50")
            .currency("KES")
            .label(Label::Pos),
        // An alert without a movement is not a transaction.
        record("equitybank", "2021-10-03T00:00:00").label(Label::Pos),
    ];
    let report = all(&records);
    let nothing = json!({"count": 0, "total": 0.0});
    assert_eq!(report["total_transactions_count"], json!(2));
    assert_eq!(
        report["by_label"],
        json!([
            {"label": "Overdraft", "currency": "KES", "credit": nothing, "debit": {"count": 1, "total": 250.0}},
            {"label": "POS", "currency": "KES", "credit": nothing, "debit": {"count": 2, "total": 300.0}},
        ])
    );
}

#[test]
fn the_median_of_an_even_count_is_the_mean_of_the_middle_two() {
    let mut records = Vec::new();
    for (day, amount) in ["7.25", "1", "3", "1000"].into_iter().enumerate() {
        let day = format!("2021-10-0{}T00:00:00", day + 1);
        records.push(record("mpesa", &day).credit(amount).currency("KES"));
    }
    let credit = &all(&records)["credit"];
    assert_eq!(
        (&credit["median"], &credit["average"]),
        (&json!(5.125), &json!(252.8125))
    );
}

#[test]
fn figures_of_another_currency_are_shown_but_not_in_the_top_level_ones() {
    let mut records = month_of_mpesa();
    records.push(record("mtn_gh", "2021-10-09T00:00:00").credit("77").currency("GHS"));
    let report = all(&records);
    assert_eq!(
        (&report["currency"], &report["credit"]["total"]),
        (&json!("KES"), &json!(7795.0))
    );
    assert_eq!(report["total_transactions_count"], json!(5));
    assert_eq!(report["by_currency"][0]["currency"], json!("GHS"));
    assert_eq!(report["by_currency"][0]["net"], json!(77.0));
}
