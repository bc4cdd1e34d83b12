//! Debt to income.

use daftari_tests::TestApp;
use daftari_tests::records::bare;
use serde_json::{Value, json};

use super::{client, wallet};

#[tokio::test]
async fn dti_is_the_quotient_of_debits_to_credits() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254700000001").await;
    lender.append(&user, &wallet()).await;
    let answer = lender.get(&format!("/users/{user}/dti")).await;
    let flow = |count: u64, total: f64| json!({"count": count, "total": total});
    let currency = json!({"currency": "KES", "dti": 0.872_354, "status": "ok", "debit_cashflow": 6800.0,
        "credit_cashflow": 7795.0, "debit_count": 1, "credit_count": 3,
        "repayment_to_income": 0.0, "repayment_to_income_status": "ok",
        "repayment_to_income_evidence": {"repayments": flow(0, 0.0), "repayments_told_twice": flow(0, 0.0),
            "income": flow(3, 7795.0), "loans_received": flow(0, 0.0), "own_transfers": flow(0, 0.0)}});
    let mut expected = currency.clone();
    expected["_meta"] = json!({"user_uuid": user, "client_uuid": client(&lender), "utc_starttime": null,
        "utc_endtime": null, "latest_record_at": "2021-10-08T10:41:25+00:00", "unrecognized_loan_messages": 0});
    expected["by_currency"] = json!([currency]);
    expected["by_account"] = json!([{"institution_id": "mpesa", "account_id": "default",
        "account_type": "depository", "currency": "KES", "debit_cashflow": 6800.0, "credit_cashflow": 7795.0,
        "debit_count": 1, "credit_count": 3}]);
    assert_eq!(answer.expect_status(200).json(), expected);
}

/// The answer in the README follows from the ledger and the message there.
#[tokio::test]
async fn the_readme_shows_the_answer_of_the_service() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md");
    let readme = std::fs::read_to_string(path).expect("README.md");
    let line = |start: &str| {
        let found = readme.lines().find(|line| line.starts_with(start));
        found.unwrap_or_else(|| panic!("README.md has no line {start}"))
    };
    let json = |text: &str| -> Value { serde_json::from_str(text).expect("JSON") };
    let ledger = json(line("{\"records\":"));
    let message = readme.split("-d '").find(|part| part.starts_with("{\"messages\""));
    let (message, _) = message.and_then(|part| part.split_once('\'')).expect("a message");

    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let records = ledger["records"].as_array().expect("records");
    lender.append(&user, records).await;
    let path = format!("/users/{user}/messages");
    let sent = lender.post(&path, &json(message)).await.expect_status(200);
    assert_eq!(sent.text, line("{\"recorded\":"));
    let shown = line("{\"_meta\":{\"user_uuid\"");
    let meta = &json(shown)["_meta"];
    let uuid = |name: &str| meta[name].as_str().expect("a uuid").to_owned();
    let expected = shown
        .replace(&uuid("user_uuid"), &user)
        .replace(&uuid("client_uuid"), &client(&lender));
    let asked = readme.split("/dti").find_map(|part| part.strip_prefix('?'));
    let (query, _) = asked.and_then(|part| part.split_once('\'')).expect("a query");
    let answer = lender.get(&format!("/users/{user}/dti?{query}")).await;
    assert_eq!(answer.expect_status(200).text, expected);
}

/// With a loan taken and partly repaid, the public quotient is misleading; repayments to income is not.
#[tokio::test]
async fn repayments_to_income_leave_out_loans_received_and_own_transfers() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254700000001").await;
    let at = |clock: &str| format!("2021-10-08T{clock}");
    let moved = |impact: &str, amount: f64, labels: &[&str]| json!({"impact": impact, "amount": amount, "currency": "KES", "labels": labels});
    let of_loan = |impact: &str, amount: f64| {
        let mut members = moved(impact, amount, &[]);
        members["account_type"] = json!("loan");
        members
    };
    let records = [
        bare("mpesa", &at("08:00:00"), &moved("CREDIT", 10_000.0, &[])),
        bare("tala_ke", &at("09:00:00"), &of_loan("DEBIT", 4_000.0)),
        bare("mpesa", &at("09:01:00"), &moved("CREDIT", 4_000.0, &[])),
        bare("mpesa", &at("10:00:00"), &moved("DEBIT", 2_500.0, &["LoanRepayment"])),
        bare("tala_ke", &at("10:02:00"), &of_loan("CREDIT", 2_500.0)),
        bare("mpesa", &at("11:00:00"), &moved("DEBIT", 1_000.0, &[])),
        bare("equitybank", &at("11:00:30"), &moved("CREDIT", 1_000.0, &[])),
    ];
    lender.append(&user, &records).await;
    let answer = lender.get(&format!("/users/{user}/dti")).await;
    let answer = answer.expect_status(200).json();
    assert_eq!(answer["repayment_to_income"], json!(0.25));
    let flow = |count: u64, total: f64| json!({"count": count, "total": total});
    assert_eq!(
        answer["repayment_to_income_evidence"],
        json!({"repayments": flow(1, 2_500.0), "repayments_told_twice": flow(1, 2_500.0),
            "income": flow(1, 10_000.0), "loans_received": flow(1, 4_000.0), "own_transfers": flow(1, 1_000.0)})
    );
    assert_eq!(
        answer["by_currency"][0]["repayment_to_income_evidence"],
        answer["repayment_to_income_evidence"]
    );
    // (4,000 + 2,500 + 1,000) ÷ (10,000 + 4,000 + 2,500 + 1,000)
    assert_eq!(answer["dti"], json!(0.428_571));
}

#[tokio::test]
async fn without_credit_or_data_dti_is_null_and_its_status_gives_the_reason() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254700000001").await;
    let dti = |query: &str| {
        let path = format!("/users/{user}/dti{query}");
        let lender = lender.clone();
        async move { lender.get(&path).await.expect_status(200).json() }
    };
    let empty = dti("").await;
    assert_eq!(
        (&empty["dti"], &empty["status"], &empty["currency"]),
        (&Value::Null, &json!("no_data"), &json!("KES"))
    );
    assert_eq!(empty["by_currency"], json!([]));
    assert_eq!(empty["_meta"]["latest_record_at"], Value::Null);
    lender.append(&user, &wallet()).await;
    let october = dti("?utc_starttime=2021-10-08&utc_endtime=2021-10-08").await;
    assert_eq!(
        (&october["dti"], &october["status"], &october["debit_cashflow"]),
        (&Value::Null, &json!("no_credit"), &json!(6800.0))
    );
    assert_eq!(october["_meta"]["utc_endtime"], json!("2021-10-08T23:59:59+00:00"));
    let dollars = dti("?currency=USD").await;
    assert_eq!(
        (&dollars["currency"], &dollars["status"]),
        (&json!("USD"), &json!("no_data"))
    );
    assert_eq!(dollars["by_currency"][0]["currency"], json!("KES"));
}
