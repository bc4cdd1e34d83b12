//! Completeness, income, recurring payments, cash flow and affordability over HTTP.

use daftari_tests::records::bare;
use daftari_tests::{Lender, TestApp};
use serde_json::{Value, json};

const AT: &str = "utc_time=2021-11-16T00:00:00Z";

/// Four wages and four rents of a bank account.
fn wages() -> Vec<Value> {
    let mut records = Vec::new();
    for (paid, rented, balance) in [
        ("2021-07-31T08:00:00Z", "2021-08-02T08:00:00Z", 30_000),
        ("2021-08-31T08:00:00Z", "2021-09-02T08:00:00Z", 60_000),
        ("2021-09-30T08:00:00Z", "2021-10-02T08:00:00Z", 90_000),
        ("2021-10-30T08:00:00Z", "2021-11-02T08:00:00Z", 120_000),
    ] {
        let movement = |impact: &str, amount: u32, balance: u32, kind: &str| {
            json!({"impact": impact, "amount": amount, "balance": balance, "currency": "KES",
                "counterparty": {"token": "9f2c64d1a0b3e857", "kind": kind}})
        };
        records.push(bare(
            "equitybank",
            paid,
            &movement("CREDIT", 45_000, balance + 15_000, "business"),
        ));
        records.push(bare(
            "equitybank",
            rented,
            &movement("DEBIT", 15_000, balance, "business"),
        ));
    }
    records
}

async fn user_with(app: &TestApp, records: &[Value]) -> (Lender, String) {
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    lender.append(&user, records).await;
    (lender, user)
}

#[tokio::test]
async fn completeness_is_told_by_account_and_currency() {
    let app = TestApp::start().await;
    let (lender, user) = user_with(&app, &wages()).await;
    let path = format!("/users/{user}/completeness");
    let answer = lender.get(&path).await.expect_status(200);
    assert_eq!(answer.at("/completeness"), 1.0);
    assert_eq!(answer.at("/by_account/0/steps"), 7);
    assert_eq!(answer.at("/_meta/latest_record_at"), "2021-11-02T08:00:00+00:00");
    let range = "utc_starttime=2021-09-01&utc_endtime=2021-09-30";
    let answer = lender.get(&format!("{path}?{range}")).await.expect_status(200);
    assert_eq!(answer.at("/by_currency/0/told_in"), 45_000.0);
    assert_eq!(answer.at("/_meta/utc_starttime"), "2021-09-01T00:00:00+00:00");
    lender
        .get(&format!("{path}?currency=KES"))
        .await
        .expect_problem(400, "invalid_request");
    let report = lender
        .get(&format!("/users/{user}/creditreport"))
        .await
        .expect_status(200);
    assert_eq!(report.at("/meta/completeness"), 1.0);
    for product in ["income", "cash-flow", "features"] {
        let answer = lender
            .get(&format!("/users/{user}/{product}?{AT}"))
            .await
            .expect_status(200);
        assert_eq!(answer.at("/_meta/completeness"), 1.0, "{product}");
    }
}

#[tokio::test]
async fn income_and_recurring_payments_have_the_same_streams() {
    let app = TestApp::start().await;
    let (lender, user) = user_with(&app, &wages()).await;
    let income = lender
        .get(&format!("/users/{user}/income?{AT}"))
        .await
        .expect_status(200);
    assert_eq!(income.at("/status"), "ok");
    assert_eq!(income.at("/summary/expected_monthly"), 45_000.0);
    assert_eq!(income.at("/streams/0/frequency"), "MONTHLY");
    assert_eq!(income.at("/streams/0/predicted_next_date"), "2021-11-30");
    let recurring = lender
        .get(&format!("/users/{user}/recurring?{AT}&direction=inflow"))
        .await
        .expect_status(200);
    assert_eq!(recurring.at("/streams"), income.at("/streams"));
    let outflow = lender
        .get(&format!("/users/{user}/recurring?{AT}&direction=outflow"))
        .await
        .expect_status(200);
    assert_eq!(outflow.at("/streams/0/median_amount"), 15_000.0);
    let high = lender
        .get(&format!("/users/{user}/income?{AT}&minimum_confidence=HIGH"))
        .await
        .expect_status(200);
    assert_eq!(high.at("/status"), "no_income");
    for query in [
        "income?minimum_confidence=high",
        "recurring?direction=in",
        "income?direction=inflow",
    ] {
        lender
            .get(&format!("/users/{user}/{query}"))
            .await
            .expect_problem(400, "invalid_request");
    }
}

#[tokio::test]
async fn cash_flow_has_windows_and_months() {
    let app = TestApp::start().await;
    let (lender, user) = user_with(&app, &wages()).await;
    let answer = lender
        .get(&format!("/users/{user}/cash-flow?{AT}&threshold=100000"))
        .await
        .expect_status(200);
    assert_eq!(answer.at("/windows/30d/net"), 30_000.0);
    assert_eq!(answer.at("/windows/90d/inflow"), 135_000.0);
    assert_eq!(answer.at("/threshold"), 100_000.0);
    assert_eq!(answer.at("/months").as_array().map(Vec::len), Some(5));
    lender
        .get(&format!("/users/{user}/cash-flow?threshold=much"))
        .await
        .expect_problem(400, "invalid_request");
}

#[tokio::test]
async fn a_loan_that_defaulted_before_the_lookback_is_a_reason() {
    let app = TestApp::start().await;
    let (lender, user) = user_with(&app, &wages()).await;
    let path = format!("/users/{user}/affordability");
    let loan = json!({"principal": 1000, "interest_rate": 0.1, "term": 6, "utc_time": "2021-11-16T00:00:00Z"});
    let answer = lender.post(&path, &loan).await.expect_status(200);
    assert_eq!(answer.at("/reasons"), json!([]));
    let defaulted = json!({"account_type": "loan", "labels": ["LoanDefaulted"]});
    lender
        .append(&user, &[bare("okash", "2020-06-01T08:00:00Z", &defaulted)])
        .await;
    let answer = lender.post(&path, &loan).await.expect_status(200);
    assert_eq!(answer.at("/reasons/0/code"), "DEFAULT_RECENT");
}

#[tokio::test]
async fn affordability_is_arithmetic_with_its_evidence() {
    let app = TestApp::start().await;
    let (lender, user) = user_with(&app, &wages()).await;
    let path = format!("/users/{user}/affordability");
    let loan = json!({"principal": 30_000, "interest_rate": 0.6, "term": 6, "utc_time": "2021-11-10T00:00:00Z"});
    let answer = lender.post(&path, &loan).await.expect_status(200);
    assert_eq!(answer.at("/status"), "ok");
    assert_eq!(answer.at("/instalment"), 5_910.53);
    assert_eq!(answer.at("/can_afford"), true);
    assert_eq!(answer.at("/income/stressed"), 36_000.0);
    assert_eq!(answer.at("/_meta/completeness"), 1.0);
    let faulty = |member: &str, value: Value| {
        let mut loan = loan.clone();
        loan[member] = value;
        loan
    };
    for (member, value) in [
        ("principal", json!(0)),
        ("principal", json!(1_000_000_000_000_000_u64)),
        ("principal", json!("30000")),
        ("term", json!(0)),
        ("term", json!(10_001)),
        ("term", json!(1.5)),
        ("interest_rate", json!(-0.1)),
        ("interest_rate", json!(101)),
        ("max_instalment_to_income", json!(1.01)),
        ("disposable_share", json!(0)),
        ("income_haircut", json!(1)),
        ("min_history_days", json!(366)),
        ("max_age_days", json!(-1)),
        ("income_basis", json!("some")),
        ("rate_type", json!("compound")),
        ("currency", json!("KSH")),
        ("utc_time", json!("soon")),
        ("score", json!(1)),
    ] {
        let answer = lender.post(&path, &faulty(member, value.clone())).await;
        let answer = answer.expect_problem(400, "invalid_body");
        assert_eq!(
            answer.at("/errors/0/pointer").as_str(),
            Some(format!("/{member}").as_str()),
            "{value}"
        );
    }
    for (member, value) in [
        ("term", json!(10_000)),
        ("interest_rate", json!(0)),
        ("principal", json!(999_999_999_999_999.0_f64)),
        ("currency", json!("USD")),
    ] {
        let _ = lender.post(&path, &faulty(member, value)).await.expect_status(200);
    }
    lender.post(&path, &json!([])).await.expect_problem(400, "invalid_body");
    lender
        .post_text(&path, "{".to_owned())
        .await
        .expect_problem(400, "malformed_json");
    let nothing = lender.register("254700000002").await;
    let answer = lender
        .post(&format!("/users/{nothing}/affordability"), &loan)
        .await
        .expect_status(200);
    assert_eq!(answer.at("/status"), "no_data");
    assert_eq!(answer.at("/can_afford"), Value::Null);
}

#[tokio::test]
async fn a_user_without_records_has_answers() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    for product in [
        "features",
        "features?all_time=Yes",
        "completeness",
        "income",
        "recurring",
        "cash-flow",
    ] {
        let _ = lender.get(&format!("/users/{user}/{product}")).await.expect_status(200);
    }
    for product in ["features", "income", "recurring", "cash-flow"] {
        let early = format!("/users/{user}/{product}?utc_time=0001-01-01T00:00:00Z");
        let _ = lender.get(&early).await.expect_status(200);
    }
}
