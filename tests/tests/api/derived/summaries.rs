//! The summaries of transactions and alerts.

use daftari_tests::TestApp;
use daftari_tests::records::{bare, record};
use serde_json::json;

use super::{client, wallet};

#[tokio::test]
async fn the_transactions_summary_counts_and_adds_up() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254700000001").await;
    lender.append(&user, &wallet()).await;
    let answer = lender.get(&format!("/users/{user}/transactions-summary")).await;
    let credit = json!({"count": 3, "total": 7795.0, "average": 2_598.333_333, "median": 3000.0, "largest": 4359.0});
    let debit = json!({"count": 1, "total": 6800.0, "average": 6800.0, "median": 6800.0, "largest": 6800.0});
    let flow = |count: u64, total: f64| json!({"count": count, "total": total});
    let expected = json!({
        "_meta": {"user_uuid": user, "client_uuid": client(&lender), "utc_starttime": null, "utc_endtime": null,
            "latest_record_at": "2021-10-08T10:41:25+00:00", "unrecognized_loan_messages": 0},
        "currency": "KES", "total_transactions_count": 4, "credit": credit, "debit": debit, "net": 995.0,
        "by_currency": [{"currency": "KES", "credit": credit, "debit": debit, "net": 995.0}],
        "by_account": [{"institution_id": "mpesa", "account_id": "default", "account_type": "depository",
            "currency": "KES", "credit": flow(3, 7795.0), "debit": flow(1, 6800.0), "net": 995.0,
            "first_timestamp": "2021-09-24T06:31:23+00:00", "last_timestamp": "2021-10-08T10:41:25+00:00"}],
        "by_month": [
            {"month": "2021-09", "currency": "KES", "credit": flow(1, 4359.0), "debit": flow(0, 0.0), "net": 4359.0},
            {"month": "2021-10", "currency": "KES", "credit": flow(2, 3436.0), "debit": flow(1, 6800.0),
             "net": -3364.0}],
        "by_label": [{"label": "POS", "currency": "KES", "credit": flow(0, 0.0), "debit": flow(1, 6800.0)}],
    });
    assert_eq!(answer.expect_status(200).json(), expected);
}

#[tokio::test]
async fn a_summary_without_records_is_empty_and_not_an_error() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254700000001").await;
    let none = json!({"count": 0, "total": 0.0, "average": null, "median": null, "largest": null});
    let answer = lender
        .get(&format!("/users/{user}/transactions-summary"))
        .await
        .expect_status(200);
    assert_eq!(answer.at("/credit"), none);
    assert_eq!(answer.at("/debit"), none);
    for list in ["/by_currency", "/by_account", "/by_month", "/by_label"] {
        assert_eq!(answer.at(list), json!([]), "{list}");
    }
    let answer = lender.get(&format!("/users/{user}/alerts-summary")).await;
    let expected = json!({
        "_meta": {"user_uuid": user, "client_uuid": client(&lender), "utc_starttime": null, "utc_endtime": null,
            "latest_record_at": null, "unrecognized_loan_messages": 0},
        "total_alerts_count": 0, "by_label": [], "by_institution": [], "by_month": [],
    });
    assert_eq!(answer.expect_status(200).json(), expected);
}

#[tokio::test]
async fn the_alerts_summary_counts_an_alert_once_under_each_label() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254700000001").await;
    let records = [
        bare(
            "mpesa",
            "2021-08-01T00:00:00",
            &json!({"labels": ["InsufficientFunds"]}),
        ),
        bare(
            "mpesa",
            "2021-10-01T00:00:00",
            &json!({"labels": ["InsufficientFunds", "POS"]}),
        ),
        bare("kcb", "2021-10-02T00:00:00", &json!({"labels": ["POS"]})),
        record("no-alert", "2021-10-03T00:00:00"),
    ];
    lender.append(&user, &records).await;
    let answer = lender
        .get(&format!("/users/{user}/alerts-summary"))
        .await
        .expect_status(200);
    assert_eq!(answer.at("/total_alerts_count"), json!(3));
    assert_eq!(
        answer.at("/by_label"),
        json!([
            {"label": "InsufficientFunds", "count": 2, "first_timestamp": "2021-08-01T00:00:00+00:00",
             "last_timestamp": "2021-10-01T00:00:00+00:00", "institution_ids": ["mpesa"]},
            {"label": "POS", "count": 2, "first_timestamp": "2021-10-01T00:00:00+00:00",
             "last_timestamp": "2021-10-02T00:00:00+00:00", "institution_ids": ["kcb", "mpesa"]},
        ])
    );
    assert_eq!(
        answer.at("/by_institution"),
        json!([
            {"institution_id": "kcb", "count": 1, "labels": {"POS": 1}},
            {"institution_id": "mpesa", "count": 2, "labels": {"InsufficientFunds": 2, "POS": 1}},
        ])
    );
    assert_eq!(
        answer.at("/by_month"),
        json!([
            {"month": "2021-08", "count": 1, "labels": {"InsufficientFunds": 1}},
            {"month": "2021-09", "count": 0, "labels": {}},
            {"month": "2021-10", "count": 2, "labels": {"InsufficientFunds": 1, "POS": 2}},
        ])
    );
}
