//! The lists of institutions and accounts.

use daftari_tests::TestApp;
use daftari_tests::records::{bare, record};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{acct_uuid, mercy};

#[tokio::test]
async fn institutions_are_those_of_the_records_joined_with_the_directory() {
    let app = TestApp::start().await;
    let (lender, user) = mercy(&app).await;
    let two = [
        record("a", "2021-10-01T00:00:00"),
        bare(
            "acme-bank",
            "2021-10-02T00:00:00",
            &json!({"balance": 5, "account_id": "7"}),
        ),
    ];
    lender.append(&user, &two).await;
    let answer = lender
        .get(&format!("/users/{user}/institutions"))
        .await
        .expect_status(200);
    assert_eq!(
        answer.at("/_meta"),
        json!({"client_uuid": lender.tenant.organization().to_string(), "user_uuid": user})
    );
    assert_eq!(answer.at("/country_currency"), json!("KES"));
    let institutions = answer.at("/institutions");
    let ids: Vec<_> = institutions
        .as_array()
        .expect("institutions")
        .iter()
        .map(|institution| institution["institution_id"].as_str().expect("id"))
        .collect();
    assert_eq!(ids, ["acme-bank", "credithela", "mpesa", "okash", "okoajahazi"]);
    assert_eq!(
        institutions[0],
        json!({"institution_id": "acme-bank", "display_name": "acme-bank", "account_types": ["depository"],
            "account_ids": ["7"], "currency": null})
    );
    assert_eq!(institutions[2]["display_name"], json!("M-PESA"));
    assert_eq!(institutions[2]["currency"], json!("KES"));
    assert_eq!(institutions[1]["account_ids"], json!(["5755581653", "default"]));
}

#[tokio::test]
async fn accounts_are_the_same_in_the_words_of_older_clients() {
    let app = TestApp::start().await;
    let (lender, user) = mercy(&app).await;
    let others = [
        bare(
            "mtn-airtime",
            "2021-10-02T00:00:00",
            &json!({"account_type": "airtime", "impact": "CREDIT", "amount": 5, "currency": "UGX"}),
        ),
        bare(
            "acme-card",
            "2021-10-02T00:00:00",
            &json!({"account_type": "revolving_loan", "impact": "CREDIT", "amount": 5, "currency": "USD"}),
        ),
    ];
    lender.append(&user, &others).await;
    let answer = lender.get(&format!("/users/{user}/accounts")).await.expect_status(200);
    assert_eq!(
        answer.at("/_meta"),
        json!({"user_uuid": user, "client_uuid": lender.tenant.organization().to_string()})
    );
    let account = |institution: &str| {
        let accounts = answer.at("/accounts");
        let accounts = accounts.as_array().expect("accounts").clone();
        let named = |account: &Value| account["institution"]["name"] == institution;
        accounts.into_iter().find(named).expect("account")
    };
    assert_eq!(
        account("acme-card"),
        json!({"acct_uuid": acct_uuid(&user, "acme-card").to_string(),
            "institution": {"name": "acme-card", "display_name": "acme-card"},
            "currency": "USD", "types": ["loan"]})
    );
    assert_eq!(account("mtn-airtime")["currency"], json!("unknown"));
    assert_eq!(account("mtn-airtime")["types"], json!(["mobilemoney"]));
    assert_eq!(account("mpesa")["institution"]["display_name"], json!("M-PESA"));
    assert_eq!(account("okash")["currency"], json!("KES"));
}

#[tokio::test]
async fn institutions_without_records_have_empty_lists() {
    let app = TestApp::start().await;
    let (lender, user) = mercy(&app).await;
    for id in ["equitybank", "never-heard-of", &"x".repeat(64)] {
        for list in ["transactions", "balances", "alerts"] {
            let path = format!("/users/{user}/institutions/{id}/{list}");
            let answer = lender.get(&path).await.expect_status(200);
            let mut listed = answer.json();
            let members = listed.as_object_mut().expect("an object");
            // The hint that the id may be misspelt.
            assert_eq!(members.remove("warnings").is_some(), id != "equitybank", "{path}");
            assert_eq!(listed, json!({"page": 1, "num_pages": 1, list: []}), "{path}");
        }
    }
    let path = "/users/00000000-0000-4000-8000-000000000000/institutions/mpesa/alerts";
    lender.get(path).await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn ids_that_no_institution_can_have_are_refused() {
    let app = TestApp::start().await;
    let (lender, user) = mercy(&app).await;
    for id in ["UPPER", "a%20b", "x%2Fy", &"x".repeat(65)] {
        for list in ["transactions", "balances", "alerts"] {
            // The answer does not reveal whether the user exists.
            for user in [user.as_str(), "00000000-0000-4000-8000-000000000000"] {
                let path = format!("/users/{user}/institutions/{id}/{list}");
                let answer = lender.get(&path).await;
                let answer = answer.expect_problem(400, "invalid_request");
                assert_eq!(answer.at("/errors/0/pointer"), "institution_id", "{path}");
            }
        }
    }
}

#[tokio::test]
async fn accounts_are_those_of_the_records_and_of_the_directory() {
    let app = TestApp::start().await;
    let (lender, user) = mercy(&app).await;
    let acme = bare("acme", "2021-10-02T00:00:00", &json!({"balance": 5}));
    lender.append(&user, &[acme]).await;
    let list = |acct: String, query: &'static str| {
        let path = format!("/users/{user}/accounts/{acct}/balances{query}");
        let lender = lender.clone();
        async move { lender.get(&path).await }
    };
    let of = |institution: &str| acct_uuid(&user, institution).to_string();
    // In the directory, without records.
    let answer = list(of("equitybank"), "").await.expect_status(200);
    assert_eq!(answer.at("/balances"), json!([]));
    assert_eq!(answer.at("/_meta/total_balances_count"), json!(0));
    // Not in the directory; with records, but none in the range.
    let range = "?utc_starttime=2021-10-03T00:00:00&utc_endtime=2021-11-03T00:00:00Z";
    let answer = list(of("acme"), range).await.expect_status(200);
    assert_eq!(answer.at("/balances"), json!([]));
    assert_eq!(answer.at("/_meta/utc_starttime"), json!("2021-10-03T00:00:00+00:00"));
    let upper = list(of("acme").to_uppercase(), "").await.expect_status(200);
    assert_eq!(upper.at("/_meta/total_balances_count"), json!(1));
    for unknown in [
        of("nowhere"),
        Uuid::new_v5(&Uuid::from_u128(1), b"mpesa").to_string(),
        of("acme").replace('-', ""),
        "x".to_owned(),
    ] {
        for query in ["", range] {
            let answer = list(unknown.clone(), query).await;
            let answer = answer.expect_problem(404, "not_found");
            let detail = answer.at("/detail");
            let detail = detail.as_str().expect("detail");
            assert!(
                detail.starts_with("account not found in `production`"),
                "{unknown}: {detail}"
            );
        }
    }
}

#[tokio::test]
async fn forty_institutions_are_listed_and_each_has_its_own_records() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254700000001").await;
    let records: Vec<_> = (0..40)
        .map(|n| {
            let members = json!({"impact": "CREDIT", "amount": n, "currency": "KES"});
            bare(&format!("bank-{n:02}"), "2021-10-01T00:00:00", &members)
        })
        .collect();
    lender.append(&user, &records).await;
    let institutions = lender.get(&format!("/users/{user}/institutions")).await;
    let institutions = institutions.expect_status(200).at("/institutions");
    let accounts = lender.get(&format!("/users/{user}/accounts")).await;
    let accounts = accounts.expect_status(200).at("/accounts");
    assert_eq!(institutions.as_array().map(Vec::len), Some(40));
    assert_eq!(accounts.as_array().map(Vec::len), Some(40));
    for n in 0..40 {
        let acct = accounts[n]["acct_uuid"].as_str().expect("uuid");
        let path = format!("/users/{user}/accounts/{acct}/transactions");
        let answer = lender.get(&path).await.expect_status(200);
        assert_eq!(answer.at("/_meta/total_transactions_count"), json!(1));
        assert_eq!(
            answer.at("/transactions/0/records/0/amount").as_f64(),
            institutions[n]["institution_id"]
                .as_str()
                .and_then(|id| id.strip_prefix("bank-")?.parse().ok())
        );
    }
}
