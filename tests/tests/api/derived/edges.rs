//! Parameters, currencies, users and tenants, for all derived products.

use daftari_platform::identity::Environment;
use daftari_tests::TestApp;
use daftari_tests::records::bare;
use serde_json::json;

use super::{NOBODY, mercy};

const NOT_FOUND: &str = "user not found in `production`, the environment of the token";

#[tokio::test]
async fn parameters_are_checked_and_named() {
    let app = TestApp::start().await;
    let (lender, user) = mercy(&app).await;
    for (path, pointer) in [
        ("dti?currency=KSH", "currency"),
        ("dti?utc_starttime=2021-10-02&utc_endtime=2021-10-01", "utc_starttime"),
        ("dti?utc_endtime=soon", "utc_endtime"),
        ("transactions-summary?currency=XXXX", "currency"),
        ("transactions-summary?currency=KES&currency=USD", "currency"),
        ("alerts-summary?utc_starttime=x", "utc_starttime"),
        ("creditreport?utc_time=yesterday", "utc_time"),
        ("creditreport?currency=1", "currency"),
    ] {
        let answer = lender.get(&format!("/users/{user}/{path}")).await;
        let answer = answer.expect_problem(400, "invalid_request");
        assert_eq!(answer.at("/errors/0/pointer"), json!(pointer), "{path}");
    }
    let answer = lender.get("/creditreport/alternative").await;
    let answer = answer.expect_problem(400, "invalid_request");
    assert_eq!(answer.at("/errors/0/pointer"), json!("user_uuid"));
    for (unknown, is_named_by_uuid) in [
        ("x", false),
        (NOBODY, true),
        ("958a5ae8f3a341d5ae48177fdc19e3f4", false),
    ] {
        let path = format!("/creditreport/alternative?user_uuid={unknown}");
        let answer = lender.get(&path).await.expect_problem(404, "not_found");
        let detail = answer.at("/detail");
        assert_eq!(detail == json!(NOT_FOUND), is_named_by_uuid, "{detail}");
    }
}

#[tokio::test]
async fn twenty_currencies_are_reported_separately() {
    const CODES: [&str; 20] = [
        "AED", "BWP", "CDF", "DZD", "EGP", "ETB", "EUR", "GBP", "GHS", "KES", "MAD", "MZN", "NGN", "RWF", "TZS", "UGX",
        "USD", "XAF", "XOF", "ZAR",
    ];
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254700000001").await;
    let records: Vec<_> = (1_u32..)
        .zip(CODES)
        .map(|(amount, code)| {
            let members = json!({"impact": "CREDIT", "amount": amount, "balance": amount, "currency": code});
            bare(&format!("bank-{amount}"), "2021-10-01T00:00:00", &members)
        })
        .collect();
    lender.append(&user, &records).await;
    let answers = [
        ("dti", "/by_currency", "credit_cashflow"),
        ("transactions-summary", "/by_currency", "net"),
        ("creditreport", "/totals_by_currency", "depository_balances"),
    ];
    for (path, list, figure) in answers {
        let answer = lender.get(&format!("/users/{user}/{path}")).await;
        let rows = answer.expect_status(200).at(list);
        let rows = rows.as_array().expect("rows");
        let seen: Vec<_> = rows
            .iter()
            .map(|row| (row["currency"].as_str().unwrap_or_default(), row[figure].clone()))
            .collect();
        let expected: Vec<_> = (1_u32..)
            .zip(CODES)
            .map(|(amount, code)| (code, json!(f64::from(amount))))
            .collect();
        assert_eq!(seen, expected, "{path}");
    }
}

#[tokio::test]
async fn unknown_reports_and_users_are_not_found() {
    let app = TestApp::start().await;
    let (lender, user) = mercy(&app).await;
    let path = format!("/users/{user}/creditreport");
    let created = lender.post_nothing(&path).await.expect_status(201);
    let id = created.at("/credit_report_id").as_str().expect("id").to_owned();
    for unknown in ["x", NOBODY, &id.replace('-', ""), "REPORT"] {
        let answer = lender.get(&format!("{path}/{unknown}")).await;
        let answer = answer.expect_problem(404, "not_found");
        assert_eq!(
            answer.at("/detail"),
            json!("credit report not found in `production`, the environment of the token"),
            "{unknown}"
        );
    }
    let other = lender.register("254700000009").await;
    let answer = lender.get(&format!("/users/{other}/creditreport/{id}")).await;
    answer.expect_problem(404, "not_found");
    for path in ["dti", "transactions-summary", "alerts-summary", "creditreport"] {
        let answer = lender.get(&format!("/users/{NOBODY}/{path}")).await;
        assert_eq!(answer.expect_problem(404, "not_found").at("/detail"), json!(NOT_FOUND));
    }
    let answer = lender.post_nothing(&format!("/users/{NOBODY}/creditreport")).await;
    answer.expect_problem(404, "not_found");
}

#[tokio::test]
async fn tenants_see_nothing_of_each_other() {
    let app = TestApp::start().await;
    let (lender, user) = mercy(&app).await;
    let path = format!("/users/{user}/creditreport");
    let created = lender.post_nothing(&path).await.expect_status(201);
    let frozen = created.header("location");
    let organization = lender.tenant.organization();
    let strangers = [app.lender().await, app.lender_of(organization, Environment::Test)];
    for stranger in strangers {
        for path in [
            frozen.to_owned(),
            path.clone(),
            format!("/users/{user}/dti"),
            format!("/users/{user}/transactions-summary"),
            format!("/users/{user}/alerts-summary"),
            format!("/users/{user}/institutions"),
            format!("/users/{user}/institutions/mpesa/transactions"),
            format!("/users/{user}/accounts"),
            format!("/creditreport/alternative?user_uuid={user}"),
        ] {
            let answer = stranger.get(&path).await.expect_problem(404, "not_found");
            let detail = answer.at("/detail");
            let environment = stranger.tenant.environment();
            assert_eq!(detail, NOT_FOUND.replace("production", environment.as_str()), "{path}");
        }
        let answer = stranger.post_nothing(&path).await;
        answer.expect_problem(404, "not_found");
    }
}
