//! Debt to income.

use daftari_tests::TestApp;
use serde_json::{Value, json};

use crate::{client, wallet};

#[tokio::test]
async fn dti_is_the_quotient_of_debits_to_credits() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254700000001").await;
    lender.append(&user, &wallet()).await;
    let answer = lender.get(&format!("/users/{user}/dti")).await;
    let currency = json!({"currency": "KES", "dti": 0.872_354, "status": "ok", "debit_cashflow": 6800.0,
        "credit_cashflow": 7795.0, "debit_count": 1, "credit_count": 3});
    let mut expected = currency.clone();
    expected["_meta"] = json!({"user_uuid": user, "client_uuid": client(&lender), "utc_starttime": null,
        "utc_endtime": null, "latest_record_at": "2021-10-08T10:41:25+00:00"});
    expected["by_currency"] = json!([currency]);
    expected["by_account"] = json!([{"institution_id": "mpesa", "account_id": "default",
        "account_type": "depository", "currency": "KES", "debit_cashflow": 6800.0, "credit_cashflow": 7795.0,
        "debit_count": 1, "credit_count": 3}]);
    assert_eq!(answer.expect_status(200).json(), expected);
}

#[tokio::test]
async fn dti_without_credit_or_data_is_null_and_says_so() {
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
        (
            &october["dti"],
            &october["status"],
            &october["debit_cashflow"]
        ),
        (&Value::Null, &json!("no_credit"), &json!(6800.0))
    );
    assert_eq!(
        october["_meta"]["utc_endtime"],
        json!("2021-10-08T23:59:59+00:00")
    );
    let dollars = dti("?currency=USD").await;
    assert_eq!(
        (&dollars["currency"], &dollars["status"]),
        (&json!("USD"), &json!("no_data"))
    );
    assert_eq!(dollars["by_currency"][0]["currency"], json!("KES"));
}
