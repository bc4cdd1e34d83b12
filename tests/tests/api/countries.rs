//! The messages of ten institutions of six countries, from the batch to ledger, lists and reports. The end-to-end tests
//! send the same ones to the real binaries.

use std::collections::BTreeMap;

use daftari_tests::{Lender, TestApp};
use serde::Deserialize;
use serde_json::{Value, json};

/// The users of all countries, by the country's name, each with messages and their expected results.
const COUNTRIES: &str = include_str!("../../fixtures/countries.json");

/// A user's messages, and the figures of lists and reports.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    phone_number: String,
    /// In the order of time.
    messages: Vec<Message>,
    currency: String,
    /// The currency in the list of accounts, whose words know only some currencies.
    listed_currency: String,
    credit: Value,
    debit: Value,
    dti: f64,
    /// The row of the currency.
    completeness: Value,
    /// Each institution with its only account.
    institutions: Vec<Institution>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Message {
    sender: String,
    received_at: String,
    body: String,
    /// The record without id, time, account type and currency.
    record: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Institution {
    institution_id: String,
    display_name: String,
    account_id: String,
    account_types: Value,
}

async fn check(country: &str) {
    let mut countries: BTreeMap<String, Told> = serde_json::from_str(COUNTRIES).expect("valid fixture");
    let told = countries.remove(country).expect("country");
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register(&told.phone_number).await;
    post(&lender, &user, &told).await;
    ledger_is(&lender, &user, &told).await;
    lists_are(&lender, &user, &told).await;
    reports_are(&lender, &user, &told).await;
}

/// Posts the messages, the last first, together with a one-time password.
async fn post(lender: &Lender, user: &str, told: &Told) {
    let message = |each: &Message| json!({ "sender": each.sender, "body": each.body, "received_at": each.received_at });
    let mut batch: Vec<Value> = told.messages.iter().rev().map(message).collect();
    batch.push(json!({ "sender": "INFO", "body": "Your one-time password is 482910.",
        "received_at": "2021-10-12T08:00:00Z" }));
    let path = format!("/users/{user}/messages");
    let answer = lender.post(&path, &json!({ "messages": batch })).await;
    let answer = answer.expect_status(200);
    let counts = ["recorded", "duplicates", "not_financial", "unrecognized"].map(|name| answer.at(&format!("/{name}")));
    let wanted = [json!(told.messages.len()), json!(0), json!(1), json!(0)];
    assert_eq!(counts, wanted, "{}", answer.text);
}

async fn ledger_is(lender: &Lender, user: &str, told: &Told) {
    let mut ledger = lender.ledger(user).await;
    ledger.reverse();
    assert_eq!(ledger.len(), told.messages.len());
    for (record, message) in ledger.iter_mut().zip(&told.messages) {
        let stored = record.as_object_mut().expect("record");
        stored.remove("id");
        stored.remove("body");
        let mut wanted = message.record.clone();
        wanted["timestamp"] = json!(message.received_at.replace('Z', "+00:00"));
        wanted["account_type"] = json!("depository");
        wanted["currency"] = json!(told.currency);
        assert_eq!(*record, wanted, "{}", message.body);
    }
    let path = format!("/users/{user}/ledger?include=completeness");
    let answer = lender.get(&path).await.expect_status(200);
    let row = answer.at("/_meta/completeness/by_currency/0");
    for (name, value) in told.completeness.as_object().expect("completeness") {
        assert_eq!(row[name], *value, "{name} of {row}");
    }
    assert_eq!(answer.at("/_meta/completeness/currency"), told.currency);
}

async fn lists_are(lender: &Lender, user: &str, told: &Told) {
    let answer = lender.get(&format!("/users/{user}/institutions")).await;
    let answer = answer.expect_status(200);
    let listed = told.institutions.iter().map(|institution| {
        json!({ "institution_id": institution.institution_id, "display_name": institution.display_name,
            "account_types": institution.account_types, "account_ids": [institution.account_id],
            "currency": told.currency })
    });
    assert_eq!(answer.at("/institutions"), json!(listed.collect::<Vec<_>>()));
    assert_eq!(answer.at("/country_currency"), told.currency);
    let answer = lender.get(&format!("/users/{user}/accounts")).await.expect_status(200);
    let accounts = answer.at("/accounts");
    let account = |account: &Value| {
        let name = account["institution"]["display_name"].clone();
        (name, account["currency"].clone())
    };
    let mut accounts: Vec<_> = accounts.as_array().expect("accounts").iter().map(account).collect();
    accounts.sort_by_key(|(name, _)| name.to_string());
    let named = told.institutions.iter();
    let mut named: Vec<_> = named
        .map(|institution| (json!(institution.display_name), json!(told.listed_currency)))
        .collect();
    named.sort_by_key(|(name, _)| name.to_string());
    assert_eq!(accounts, named);
}

async fn reports_are(lender: &Lender, user: &str, told: &Told) {
    let answer = lender.get(&format!("/users/{user}/transactions-summary")).await;
    let answer = answer.expect_status(200);
    assert_eq!(answer.at("/currency"), told.currency);
    assert_eq!(answer.at("/total_transactions_count"), told.messages.len());
    for (name, wanted) in [("credit", &told.credit), ("debit", &told.debit)] {
        let flow = answer.at(&format!("/{name}"));
        for part in ["count", "total"] {
            assert_eq!(flow[part], wanted[part], "{part} of {name}");
        }
    }
    let answer = lender.get(&format!("/users/{user}/dti")).await.expect_status(200);
    assert_eq!(
        (answer.at("/dti"), answer.at("/status")),
        (json!(told.dti), json!("ok"))
    );
    let answer = lender.get(&format!("/users/{user}/creditreport")).await;
    let answer = answer.expect_status(200);
    assert_eq!(answer.at("/depository/total_accounts"), told.institutions.len());
    assert_eq!(answer.at("/meta/completeness"), told.completeness["completeness"]);
}

#[tokio::test]
async fn kenya() {
    check("kenya").await;
}

#[tokio::test]
async fn nigeria() {
    check("nigeria").await;
}

#[tokio::test]
async fn ghana() {
    check("ghana").await;
}

/// Between the second and the third message 30,000 came in without a message.
#[tokio::test]
async fn tanzania() {
    check("tanzania").await;
}

#[tokio::test]
async fn uganda() {
    check("uganda").await;
}

#[tokio::test]
async fn zambia() {
    check("zambia").await;
}
