//! Transactions, balances and alerts, by institution and by account.

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use daftari_tests::records::{record, with};
use daftari_tests::{Lender, TestApp};
use serde_json::{Value, json};

use super::{acct_uuid, mercy};

#[tokio::test]
async fn lists_of_an_institution_have_every_field() {
    let app = TestApp::start().await;
    let (lender, user) = mercy(&app).await;
    let path = format!("/users/{user}/institutions/credithela");
    let transactions = lender.get(&format!("{path}/transactions")).await;
    assert_eq!(
        transactions.expect_status(200).json(),
        json!({"page": 1, "num_pages": 1, "transactions": [{"id": "credithela@2021-10-18T08:23:08",
            "timestamp": "2021-10-18T08:23:08+00:00", "institution_id": "credithela", "account_id": "5755581653",
            "account_type": "loan", "amount": 500.0, "impact": "DEBIT", "currency": "KES", "balance": null,
            "labels": ["LoanDisbursed"]}]})
    );
    let balances = lender.get(&format!("/users/{user}/institutions/okash/balances")).await;
    assert_eq!(
        balances.expect_status(200).json(),
        json!({"page": 1, "num_pages": 1, "balances": [{"id": "okash@2021-10-17T19:52:41",
            "timestamp": "2021-10-17T19:52:41+00:00", "institution_id": "okash", "account_id": "default",
            "account_type": "loan", "balance": 8800.0, "currency": "KES", "labels": []}]})
    );
    let alerts = lender.get(&format!("{path}/alerts")).await;
    let disbursed = "You have received a loan of Ksh 500.";
    assert_eq!(
        alerts.expect_status(200).json(),
        json!({"page": 1, "num_pages": 1, "alerts": [
            {"id": "credithela@2021-10-18T08:23:08", "smslog_id": "credithela@2021-10-18T08:23:08",
             "timestamp": "2021-10-18T08:23:08+00:00", "ts": 1_634_545_388, "institution_id": "credithela",
             "account_id": "5755581653", "account_type": "loan", "body": disbursed, "smslog_body": disbursed,
             "labels": ["LoanDisbursed"]},
            {"id": "credithela@2021-10-18T08:21:21", "smslog_id": "credithela@2021-10-18T08:21:21",
             "timestamp": "2021-10-18T08:21:21+00:00", "ts": 1_634_545_281, "institution_id": "credithela",
             "account_id": "default", "account_type": "loan", "body": "", "smslog_body": "",
             "labels": ["LoanRepaid"]}]})
    );
}

#[tokio::test]
async fn lists_of_an_account_have_every_field() {
    let app = TestApp::start().await;
    let (lender, user) = mercy(&app).await;
    let meta = |institution: &str, count: &str, total: u64| {
        json!({"page": 1, "utc_starttime": null, "utc_endtime": null,
            "acct_uuid": acct_uuid(&user, institution).to_string(), "user_uuid": user, count: total,
            "max_pages": 1, "client_uuid": lender.tenant.organization().to_string()})
    };
    let list = |institution: &str, list: &str| {
        let acct = acct_uuid(&user, institution);
        let path = format!("/users/{user}/accounts/{acct}/{list}");
        let lender = lender.clone();
        async move { lender.get(&path).await.expect_status(200).json() }
    };
    assert_eq!(
        list("credithela", "transactions").await,
        json!({"_meta": meta("credithela", "total_transactions_count", 1), "transactions": [
            {"account_number": "5755581653", "account_type": "loan", "records": [{"ts": 1_634_545_388,
             "description": null, "amount": 500.0, "impact": "DEBIT", "account_number": "5755581653",
             "account_type": "loan", "currency": "KES", "labels": ["LoanDisbursed"]}]}]})
    );
    assert_eq!(
        list("okash", "balances").await,
        json!({"_meta": meta("okash", "total_balances_count", 1), "balances": [
            {"account_number": "default", "account_type": "loan", "records": [{"ts": 1_634_500_361,
             "description": null, "balance": 8800.0, "account_number": "default", "account_type": "loan",
             "currency": "KES", "labels": []}]}]})
    );
    assert_eq!(
        list("okash", "alerts").await,
        json!({"_meta": meta("okash", "total_alerts_count", 1), "alerts": [
            {"smslog_id": "okash@2021-10-10T12:00:00", "ts": 1_633_867_200, "smslog_body": "",
             "labels": ["LoanApproved"]}]})
    );
}

#[tokio::test]
async fn lists_are_filtered_and_filters_are_checked() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254700000001").await;
    let labelled = |id: &str, day: &str, kind: &str, labels: Value| {
        let at = format!("2021-10-{day}T12:00:00");
        with(record(id, &at), &json!({"account_type": kind, "labels": labels}))
    };
    let records = [
        labelled("a", "01", "depository", json!(["ATM"])),
        labelled("b", "02", "depository", json!(["POS", "ATM"])),
        labelled("c", "03", "revolving_loan", json!(["LoanRepaid"])),
        labelled("d", "04", "airtime", json!([])),
        with(record("e", "2021-09-30T23:59:59"), &json!({"labels": ["POS"]})),
    ];
    lender.append(&user, &records).await;
    let ids = |query: &str| {
        let path = format!("/users/{user}/institutions/mpesa/{query}");
        let lender = lender.clone();
        async move {
            let answer = lender.get(&path).await.expect_status(200).json();
            let list = ["transactions", "balances", "alerts"]
                .into_iter()
                .find_map(|list| answer[list].as_array().cloned())
                .expect("list");
            let ids = list.iter().map(|item| item["id"].as_str().expect("id"));
            ids.collect::<Vec<_>>().concat()
        }
    };
    for (query, expected) in [
        ("transactions", "dcbae"),
        ("transactions?labels=ATM", "ba"),
        ("transactions?labels=POS&labels=LoanRepaid", "cbe"),
        ("transactions?account_types=mobilemoney", "bae"),
        ("transactions?account_types=revolvingloan&account_types=airtime", "dc"),
        ("transactions?utc_starttime=2021-10-02&utc_endtime=2021-10-03", "cb"),
        ("balances?utc_endtime=2021-10-01T00:00:00", "e"),
        ("balances?utc_starttime=2021-10-04T15:00:00%2B03:00", "d"),
        ("alerts", "cbae"),
        ("alerts?labels=POS", "be"),
    ] {
        assert_eq!(ids(query).await, expected, "{query}");
    }
    let acct = acct_uuid(&user, "mpesa");
    for base in ["institutions/mpesa".to_owned(), format!("accounts/{acct}")] {
        for (query, pointer) in [
            ("transactions?labels=Nope", "labels"),
            ("balances?account_types=savings", "account_types"),
            ("alerts?page=0", "page"),
            ("alerts?page=x", "page"),
            ("alerts?account_types=revolving_loan", "account_types"),
            (
                "transactions?utc_starttime=2021-10-02&utc_endtime=2021-10-01",
                "utc_starttime",
            ),
        ] {
            let answer = lender.get(&format!("/users/{user}/{base}/{query}")).await;
            let answer = answer.expect_problem(400, "invalid_request");
            assert_eq!(answer.at("/errors/0/pointer"), json!(pointer), "{query}");
        }
    }
    let answer = lender
        .get(&format!("/users/{user}/institutions/mpesa/alerts?labels=Nope"))
        .await;
    let detail = answer.expect_status(400).at("/detail");
    assert!(detail.as_str().is_some_and(|text| text.contains("BettingAndLottery")));
}

#[tokio::test]
async fn pages_hold_a_thousand_newest_first_and_end_empty() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254700000001").await;
    for batch in 0..3 {
        let count = if batch == 2 { 100 } else { 1_000 };
        let records: Vec<_> = (0..count)
            .map(|n| {
                let number = batch * 1_000 + n;
                let at = format!("2021-10-{:02}T{:02}:{:02}:00", 1 + number / 1_000, n / 60, n % 60);
                let account = format!("{}", number % 3);
                with(
                    record(&format!("{number:05}"), &at),
                    &json!({"account_id": account, "labels": ["ATM"]}),
                )
            })
            .collect();
        lender.append(&user, &records).await;
    }
    let acct = acct_uuid(&user, "mpesa");
    let mut newer = Vec::new();
    let mut older = 0;
    for page in 1..=4 {
        let path = format!("/users/{user}/institutions/mpesa/alerts?page={page}");
        let answer = lender.get(&path).await.expect_status(200);
        assert_eq!((answer.at("/page"), answer.at("/num_pages")), (json!(page), json!(3)));
        let alerts = answer.at("/alerts");
        let ids = alerts.as_array().expect("alerts").iter();
        newer.extend(ids.map(|alert| alert["id"].as_str().expect("id").to_owned()));
        let path = format!("/users/{user}/accounts/{acct}/transactions?page={page}");
        let answer = lender.get(&path).await.expect_status(200);
        assert_eq!(answer.at("/_meta/page"), json!(page));
        assert_eq!(answer.at("/_meta/max_pages"), json!(3));
        assert_eq!(answer.at("/_meta/total_transactions_count"), json!(2_100));
        let groups = answer.at("/transactions");
        for group in groups.as_array().expect("groups") {
            older += group["records"].as_array().expect("records").len();
        }
    }
    let expected: Vec<_> = (0..2_100).rev().map(|n| format!("{n:05}")).collect();
    assert_eq!(newer, expected);
    assert_eq!(older, 2_100);
    let path = format!("/users/{user}/institutions/mpesa/alerts?page=2147483647");
    let answer = lender.get(&path).await.expect_status(200);
    assert_eq!(
        (answer.at("/page"), answer.at("/alerts")),
        (json!(2_147_483_647), json!([]))
    );
}

#[tokio::test]
async fn a_range_reads_the_months_it_spans_and_no_others() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254700000001").await;
    let months = ["2021-08", "2021-09", "2021-10"];
    let records = months.map(|month| {
        let labels = json!({"labels": ["ATM"]});
        with(record(month, &format!("{month}-15T00:00:00")), &labels)
    });
    lender.append(&user, &records).await;
    spoil_page(&app, &lender, &user, "2021-08-01T00:00:00+00:00").await;
    let acct = acct_uuid(&user, "mpesa");
    let range = "utc_starttime=2021-09-01&utc_endtime=2021-09-30";
    for path in [
        "institutions/mpesa/transactions",
        "institutions/mpesa/balances",
        "institutions/mpesa/alerts",
        &format!("accounts/{acct}/transactions"),
        &format!("accounts/{acct}/balances"),
        &format!("accounts/{acct}/alerts"),
        "dti",
        "transactions-summary",
        "alerts-summary",
    ] {
        let path = format!("/users/{user}/{path}");
        let answer = lender.get(&format!("{path}?{range}")).await;
        assert_eq!(answer.status.as_u16(), 200, "{path} {}", answer.text);
        let whole = lender.get(&path).await;
        whole.expect_problem(500, "internal_error");
    }
}

/// Damages the page of a month.
async fn spoil_page(app: &TestApp, lender: &Lender, user: &str, month: &str) {
    let answer = app
        .database
        .client()
        .await
        .update_item()
        .table_name(app.store.table_name())
        .key("PK", AttributeValue::S(format!("{}#USER#{user}", lender.tenant)))
        .key("SK", AttributeValue::S(format!("PAGE#{month}")))
        .condition_expression("attribute_exists(PK)")
        .update_expression("SET #data = :nothing")
        .expression_attribute_names("#data", "data")
        .expression_attribute_values(":nothing", AttributeValue::B(Blob::new([0])))
        .send()
        .await;
    answer.expect("spoiled");
}
