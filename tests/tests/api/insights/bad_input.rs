//! Input at and beyond the limits, over HTTP: every answer is defined.

use daftari_tests::records::bare;
use daftari_tests::{Lender, TestApp};
use serde_json::{Value, json};

const AT: &str = "utc_time=2021-11-16T00:00:00Z";

async fn user_with(app: &TestApp, records: &[Value]) -> (Lender, String) {
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    lender.append(&user, records).await;
    (lender, user)
}

fn credit(time: &str, currency: &str) -> Value {
    let members = json!({"impact": "CREDIT", "amount": 900, "balance": 1000, "currency": currency});
    bare("mpesa", time, &members)
}

fn loan(members: &Value) -> Value {
    let usual = json!({"principal": 30_000, "interest_rate": 0.6, "term": 6, "utc_time": "2021-11-16T00:00:00Z"});
    daftari_tests::records::with(usual, members)
}

#[tokio::test]
async fn a_ledger_in_another_currency_has_answers_without_its_money() {
    let app = TestApp::start().await;
    let dollars = [
        credit("2021-08-01T08:00:00Z", "USD"),
        credit("2021-11-10T08:00:00Z", "USD"),
    ];
    let (lender, user) = user_with(&app, &dollars).await;
    let get = async |product: &str| {
        let answer = lender.get(&format!("/users/{user}/{product}{AT}&currency=KES")).await;
        answer.expect_status(200).json()
    };
    let income = get("income?").await;
    assert_eq!(
        (&income["status"], &income["currency"]),
        (&json!("no_data"), &json!("KES"))
    );
    assert_eq!(income["summary"]["monthly_average"], 0.0);
    assert_eq!(income["by_currency"][0]["currency"], "USD");
    assert_eq!(get("recurring?").await["streams"], json!([]));
    let flow = get("cash-flow?").await;
    assert_eq!((&flow["status"], &flow["threshold"]), (&json!("no_data"), &Value::Null));
    assert_eq!(flow["windows"]["30d"]["inflow"], 0.0);
    assert_eq!(flow["windows"]["30d"]["min_balance"], Value::Null);
    let features = get("features?").await;
    assert_eq!(features["features"]["sum_of_credits_0_30"], Value::Null);
    assert_eq!(features["features"]["count_transactions_depository_0_30"], 1);
    assert_eq!(features["insights"]["total_inflow_amount_30d"], Value::Null);
    assert_eq!(features["_meta"]["other_currencies"], json!(["USD"]));
    let path = format!("/users/{user}/affordability");
    let answer = lender
        .post(&path, &loan(&json!({"currency": "KES"})))
        .await
        .expect_status(200);
    assert_eq!(answer.at("/status"), "mixed_currency");
    assert_eq!(answer.at("/room"), Value::Null);
    assert_eq!(answer.at("/reasons"), json!([]));
    // Without a currency, the report currency is that of the money.
    let answer = lender.post(&path, &loan(&json!({}))).await.expect_status(200);
    assert_eq!(answer.at("/currency"), "USD");
}

#[tokio::test]
async fn loans_at_the_limits_have_figures() {
    let app = TestApp::start().await;
    let (lender, user) = user_with(&app, &[credit("2021-11-10T08:00:00Z", "KES")]).await;
    let path = format!("/users/{user}/affordability");
    for (members, instalment, cost) in [
        (json!({"interest_rate": 0}), 5_000.0, 0.0),
        (
            json!({"interest_rate": 0, "rate_type": "flat", "term": 7}),
            4_285.72,
            0.04,
        ),
        (json!({"interest_rate": 10}), 25_676.22, 124_057.32),
        (json!({"term": 1}), 31_500.0, 1_500.0),
        (json!({"term": 10_000}), 1_500.01, 14_970_100.0),
        (json!({"principal": 0.0001}), 0.01, 0.0599),
        (
            json!({"principal": 30_000, "term": 10_000, "interest_rate": 0, "term_unit": "day"}),
            3.0,
            0.0,
        ),
    ] {
        let answer = lender.post(&path, &loan(&members)).await.expect_status(200);
        assert_eq!(answer.at("/instalment"), instalment, "{members}");
        assert_eq!(answer.at("/total_cost_of_credit"), cost, "{members}");
    }
    let most = r#"{"principal":999999999999999.9999,"interest_rate":10,"term":10000,"fees":999999999999999.9999}"#;
    let answer = lender.post_text(&path, most.to_owned()).await.expect_status(200);
    assert_eq!(answer.at("/can_afford"), Value::Null);
}

#[tokio::test]
async fn loans_and_policies_out_of_range_are_refused_with_the_range() {
    let app = TestApp::start().await;
    let (lender, user) = user_with(&app, &[credit("2021-11-10T08:00:00Z", "KES")]).await;
    let path = format!("/users/{user}/affordability");
    let rate = "must be a number from 0 to 10 with at most 6 decimals: 0.6 means 60 % a year";
    let share = "must be a number above 0 and up to 1 with at most 6 decimals";
    for (member, value, detail) in [
        ("interest_rate", "60", rate),
        ("interest_rate", "10.000001", rate),
        ("principal", "0", "must be above 0"),
        ("principal", "1e15", "has more than 15 digits before the decimal point"),
        ("term", "0", "must be a whole number from 1 to 10000"),
        ("term", "10001", "must be a whole number from 1 to 10000"),
        ("max_instalment_to_income", "0", share),
        ("max_instalment_to_income", "1e999", share),
        ("disposable_share", "-0.5", share),
        (
            "income_haircut",
            "1",
            "must be a number from 0 to below 1 with at most 6 decimals",
        ),
        ("min_history_days", "366", "must be a whole number from 0 to 365"),
        ("max_age_days", "1e2", "must be a whole number from 0 to 365"),
    ] {
        let mut usual = loan(&json!({}));
        usual.as_object_mut().expect("members").remove(member);
        let body = usual.to_string().replacen('{', &format!("{{\"{member}\":{value},"), 1);
        let answer = lender.post_text(&path, body).await.expect_problem(400, "invalid_body");
        assert_eq!(answer.at("/errors/0/pointer"), format!("/{member}"), "{value}");
        assert_eq!(answer.at("/errors/0/detail"), detail, "{member} {value}");
        assert_eq!(answer.at("/errors/1"), Value::Null);
    }
    let twice = r#"{"principal":30000,"interest_rate":0.6,"term":6,"principal":90000}"#;
    let answer = lender
        .post_text(&path, twice.to_owned())
        .await
        .expect_problem(400, "invalid_body");
    assert_eq!(answer.at("/errors/0/pointer"), "/principal");
    assert_eq!(answer.at("/errors/0/detail"), "must be given once");
}

#[tokio::test]
async fn a_history_of_a_day_is_short_and_has_figures() {
    let app = TestApp::start().await;
    let (lender, user) = user_with(&app, &[credit("2021-11-15T08:00:00Z", "KES")]).await;
    let get = async |product: &str| {
        let answer = lender.get(&format!("/users/{user}/{product}?{AT}")).await;
        answer.expect_status(200).json()
    };
    let income = get("income").await;
    assert_eq!(
        (&income["status"], &income["_meta"]["history_days"]),
        (&json!("short_history"), &json!(1))
    );
    assert_eq!(income["summary"]["monthly_average"], 900.0);
    assert_eq!(income["streams"][0]["frequency"], "UNKNOWN");
    assert_eq!(get("recurring").await["streams"][0]["expected_monthly"], 0.0);
    let flow = get("cash-flow").await;
    assert_eq!(
        (&flow["status"], &flow["windows"]["90d"]["net"]),
        (&json!("short_history"), &json!(900.0))
    );
    assert_eq!((&flow["trend"], &flow["threshold"]), (&Value::Null, &json!(45.0)));
    let features = get("features").await;
    assert_eq!(features["features"]["slope_end_of_day_depository_balance_0_30"], 0.0);
    assert_eq!(
        features["insights"]["average_days_between_transactions_30d"],
        Value::Null
    );
    let completeness = lender
        .get(&format!("/users/{user}/completeness"))
        .await
        .expect_status(200);
    assert_eq!(completeness.at("/completeness"), Value::Null);
    assert_eq!(completeness.at("/by_account"), json!([]));
    let answer = lender
        .post(&format!("/users/{user}/affordability"), &loan(&json!({})))
        .await
        .expect_status(200);
    assert_eq!(answer.at("/status"), "short_history");
    assert_eq!(answer.at("/can_afford"), Value::Null);
    assert_eq!(answer.at("/disposable/monthly"), 900.0);
}
