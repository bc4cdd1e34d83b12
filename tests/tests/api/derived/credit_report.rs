//! Credit reports, computed at once.

use daftari_tests::records::bare;
use daftari_tests::{NOW, TestApp};
use serde_json::{Value, json};

use super::{client, mercy};

#[tokio::test]
async fn the_report_of_the_public_reference_comes_out_on_every_route() {
    let app = TestApp::start().await;
    let (lender, user) = mercy(&app).await;
    let report = lender
        .get(&format!("/users/{user}/creditreport"))
        .await
        .expect_status(200)
        .json();
    assert_eq!(
        report["meta"],
        json!({"created_at": NOW, "user_uuid": user, "client_uuid": client(&lender), "currency": "KES",
            "latest_record_at": "2021-10-18T20:27:29+00:00", "completeness": 1.0,
            "unrecognized_loan_messages": 0})
    );
    assert_eq!(
        report["user"],
        json!({"first_name": "Mercy", "last_name": "Otieno", "phone_number": "254123456789"})
    );
    assert_eq!(
        report["depository"],
        json!({"total_balances": 13404.0, "total_accounts": 1, "accounts": [{"institution_id": "mpesa",
            "account_id": "default", "balance": 13404.0, "iso_currency_code": "KES",
            "updated_at": "2021-10-18T20:27:29+00:00"}]})
    );
    let loan = &report["loan"];
    for (field, value) in [
        ("open_accounts", json!(2)),
        ("open_balances", json!(9300.0)),
        ("nonperforming_accounts", json!(0)),
        ("nonperforming_balances", json!(0.0)),
        ("defaulted_accounts", json!(0)),
        ("defaulted_balances", json!(0.0)),
        ("closed_accounts", json!(2)),
    ] {
        assert_eq!(loan[field], value, "{field}");
    }
    assert_eq!(
        loan["accounts"][0],
        json!({"institution_id": "credithela", "account_id": "5755581653", "account_type": "loan",
            "status": "open", "principal": 500.0, "balance": 500.0, "iso_currency_code": "KES",
            "updated_at": "2021-10-18T08:23:08+00:00", "status_reason": {
                "record_id": "credithela@2021-10-18T08:23:08", "label": "LoanDisbursed",
                "timestamp": "2021-10-18T08:23:08+00:00"},
            "opened_at": "2021-10-18T08:23:08+00:00", "opened_record_id": "credithela@2021-10-18T08:23:08",
            "due_date": null, "due_record_id": null, "late_episodes": [], "days_late": 0, "worst_status": "open"})
    );
    assert_eq!(report["tradelines"]["open"][0]["date"], json!("2021-10-18T08:23:08"));
    assert_eq!(report["loan_repayments"].as_array().map(Vec::len), Some(1));
    let alternative = lender.get(&format!("/creditreport/alternative?user_uuid={user}")).await;
    assert_eq!(alternative.expect_status(200).json(), report);
    let created = lender
        .post_nothing(&format!("/users/{user}/creditreport"))
        .await
        .expect_status(201);
    let frozen = lender.get(created.header("location")).await.expect_status(200);
    assert_eq!(
        frozen.json(),
        json!({"credit_report_status": "SUCCEEDED", "credit_report": report})
    );
}

#[tokio::test]
async fn lateness_of_a_repaid_loan_stays_and_follows_the_instant_of_the_report() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254700000001").await;
    let label = |labels: &[&str]| json!({"account_type": "loan", "labels": labels});
    let lent = json!({"account_type": "loan", "impact": "DEBIT", "amount": 500.0, "currency": "KES",
        "labels": ["LoanDisbursed"]});
    let records = [
        bare("tala_ke", "2021-09-01T08:00:00", &label(&["LoanRepaymentReminder"])),
        bare("tala_ke", "2021-10-01T08:00:00", &lent),
        bare("tala_ke", "2021-10-21T08:00:00", &label(&["LoanMissedPayment"])),
        bare("tala_ke", "2021-10-25T09:00:00", &label(&["LoanRepaid"])),
    ];
    lender.append(&user, &records).await;
    let account = |query: &str| {
        let path = format!("/users/{user}/creditreport{query}");
        let lender = lender.clone();
        async move {
            let report = lender.get(&path).await.expect_status(200);
            report.at("/loan/accounts/0")
        }
    };
    let now = account("").await;
    assert_eq!(now["status"], json!("closed"));
    assert_eq!(
        (&now["opened_at"], &now["opened_record_id"]),
        (
            &json!("2021-10-01T08:00:00+00:00"),
            &json!("tala_ke@2021-10-01T08:00:00")
        )
    );
    assert_eq!(
        (&now["days_late"], &now["worst_status"]),
        (&json!(4), &json!("nonperforming"))
    );
    assert_eq!(now["late_episodes"][0]["ongoing"], json!(false));
    assert_eq!(
        now["late_episodes"][0]["records"][1]["record_id"],
        json!("tala_ke@2021-10-25T09:00:00")
    );
    let then = account("?utc_time=2021-10-23T08:00:00").await;
    assert_eq!(
        (
            &then["days_late"],
            &then["late_episodes"][0]["to"],
            &then["late_episodes"][0]["ongoing"]
        ),
        (&json!(2), &json!("2021-10-23T08:00:00+00:00"), &json!(true))
    );
    let before = account("?utc_time=2021-09-15T08:00:00").await;
    assert_eq!(
        (&before["status"], &before["opened_at"], &before["late_episodes"]),
        (&json!("open"), &Value::Null, &json!([]))
    );
}

#[tokio::test]
async fn a_report_is_as_of_a_past_time_but_never_of_the_future() {
    let app = TestApp::start().await;
    let (lender, user) = mercy(&app).await;
    let report = |query: &str| {
        let path = format!("/users/{user}/creditreport{query}");
        let lender = lender.clone();
        async move { lender.get(&path).await.expect_status(200).json() }
    };
    let now = report("").await;
    for future in ["2021-11-17T00:00:00", "2999-01-01", "2021-11-16T21:00:01Z"] {
        assert_eq!(report(&format!("?utc_time={future}")).await, now, "{future}");
    }
    let before = report("?utc_time=2021-10-18T20:27:28").await;
    assert_eq!(before["depository"]["total_balances"], json!(15210.0));
    assert_eq!(before["meta"]["created_at"], json!("2021-10-18T20:27:28+00:00"));
    // A date alone means its last second. Offsets are converted.
    for (text, instant) in [
        ("2021-10-18", "2021-10-18T23:59:59+00:00"),
        ("2021-10-18T23:27:29%2B03:00", "2021-10-18T20:27:29+00:00"),
    ] {
        let at = report(&format!("?utc_time={text}")).await;
        assert_eq!(at["meta"]["created_at"], json!(instant));
        assert_eq!(at["depository"]["total_balances"], json!(13404.0));
    }
    for early in ["2021-10-01T00:00:00", "1969-12-31T23:59:59", "0001-01-01T00:00:00"] {
        let empty = report(&format!("?utc_time={early}")).await;
        assert_eq!(empty["meta"]["latest_record_at"], Value::Null, "{early}");
        assert_eq!(
            empty["depository"],
            json!({"total_balances": 0.0, "total_accounts": 0, "accounts": []})
        );
        assert_eq!(empty["loan"]["accounts"], json!([]));
        assert_eq!(empty["totals_by_currency"], json!([]));
        assert_eq!(
            empty["tradelines"],
            json!({"open": [], "late_payments": [], "default": [], "closed": []})
        );
    }
}

#[tokio::test]
async fn sums_are_in_the_requested_currency() {
    let app = TestApp::start().await;
    let (lender, user) = mercy(&app).await;
    let dollars = json!({"impact": "CREDIT", "amount": 7.25, "balance": 7.25, "currency": "USD"});
    lender
        .append(&user, &[bare("eversend", "2021-10-19T00:00:00", &dollars)])
        .await;
    let report = lender
        .get(&format!("/users/{user}/creditreport?currency=USD"))
        .await
        .expect_status(200);
    assert_eq!(report.at("/meta/currency"), json!("USD"));
    assert_eq!(report.at("/depository/total_balances"), json!(7.25));
    assert_eq!(report.at("/depository/total_accounts"), json!(2));
    assert_eq!(
        report.at("/totals_by_currency"),
        json!([
            {"currency": "KES", "depository_balances": 13404.0, "open_balances": 9300.0,
             "nonperforming_balances": 0.0, "defaulted_balances": 0.0, "unassigned_repayments": 0.0},
            {"currency": "USD", "depository_balances": 7.25, "open_balances": 0.0,
             "nonperforming_balances": 0.0, "defaulted_balances": 0.0, "unassigned_repayments": 0.0},
        ])
    );
}
