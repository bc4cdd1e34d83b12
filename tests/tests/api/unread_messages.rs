//! The messages of a user that were not read: noted beside the ledger, and shown to lenders.

use daftari_platform::identity::Environment;
use daftari_tests::records::bare;
use daftari_tests::{Lender, TestApp};
use futures_util::future::join_all;
use serde_json::{Value, json};

fn message(sender: &str, minute: usize, body: &str) -> Value {
    json!({ "sender": sender, "body": body, "received_at": format!("2021-10-08T{:02}:{:02}:00Z", minute / 60, minute % 60) })
}

/// Two unread messages of a wallet, one of them about a loan; one of a lender; one of an unknown sender.
fn unread() -> [Value; 4] {
    [
        message("MPESA", 10, "Ksh500.00 frobbed and gone"),
        message("MPESA", 20, "Ksh500.00 of your loan frobbed and gone"),
        message("TALA", 30, "Ksh900.00 frobbed and gone"),
        message("Zogo Credit", 40, "KES 70.00 frobbed and gone"),
    ]
}

async fn noted(lender: &Lender, user: &str, query: &str) -> Value {
    let path = format!("/users/{user}/completeness{query}");
    lender.get(&path).await.expect_status(200).at("/unrecognized")
}

#[tokio::test]
async fn the_completeness_counts_unread_messages_by_sender() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let none = json!({ "messages": 0, "may_concern_loans": 0, "senders": [], "omitted_until": null });
    let batch = json!({ "messages": unread() });
    let dry_run = format!("/users/{user}/messages?dry_run=true");
    let dry = lender.post(&dry_run, &batch).await.expect_status(200);
    assert_eq!(dry.at("/unrecognized"), 4);
    assert_eq!(noted(&lender, &user, "").await, none, "a dry run notes nothing");
    let reader = lender.send_messages(&user, &unread()).await.at("/reader");
    let row = |sender: &str, code: &str, messages: u32, loans: u32, earliest: &str, latest: &str| {
        json!({
            "sender": sender, "code": code, "messages": messages, "may_concern_loans": loans,
            "earliest_at": format!("2021-10-08T{earliest}:00+00:00"),
            "latest_at": format!("2021-10-08T{latest}:00+00:00"),
            "reader": reader,
        })
    };
    let all = json!({
        "messages": 4, "may_concern_loans": 2, "omitted_until": null,
        "senders": [
            row("mpesa", "wording", 2, 1, "00:10", "00:20"),
            row("tala", "wording", 1, 1, "00:30", "00:30"),
            row("zogocredit", "unknown_sender", 1, 0, "00:40", "00:40"),
        ],
    });
    assert_eq!(noted(&lender, &user, "").await, all);
    let before = app.items_of(&user).await;
    let mut again = unread();
    again.reverse();
    lender.send_messages(&user, &again).await;
    assert_eq!(
        app.items_of(&user).await,
        before,
        "the same messages again write nothing"
    );
    let range = "?utc_starttime=2021-10-08T00:20:00Z&utc_endtime=2021-10-08T00:30:00Z";
    assert_eq!(noted(&lender, &user, range).await["messages"], 2);
    let other = lender.register("254123456790").await;
    assert_eq!(noted(&lender, &other, "").await, none);
    let item = app.items_of(&user).await.into_iter();
    let texts: Vec<String> = item.map(|item| format!("{item:?}")).collect();
    assert!(texts.iter().all(|item| !item.contains("frobbed")), "no text is stored");
}

#[tokio::test]
async fn batches_at_the_same_time_lose_no_message() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let batches = (0..12).map(|minute| {
        let (lender, user) = (&lender, &user);
        async move {
            lender
                .send_messages(user, &[message("MPESA", minute, "Ksh500.00 frobbed and gone")])
                .await
        }
    });
    join_all(batches).await;
    assert_eq!(noted(&lender, &user, "").await["messages"], 12);
}

/// A balance contradicts the payment until the message before it arrives.
#[tokio::test]
async fn a_message_that_is_read_later_is_no_longer_counted() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("260977123456").await;
    let received = |minute: usize, balance: &str| {
        let text = format!(
            "You have received ZMW 1,000.00 from CHANDA PHIRI 0977000111. Your available balance is ZMW {balance}. TID: \
             PP211008.10{minute}.A1."
        );
        message("AirtelMoney", minute, &text)
    };
    let paid = message(
        "AirtelMoney",
        20,
        "Payment of ZMW 500.00 to SHOPRITE successful. Your available balance is ZMW 1,500.00. TID: MP211008.1120.B1.",
    );
    lender
        .send_messages(&user, &[received(10, "1,000.00"), paid.clone()])
        .await;
    let first = noted(&lender, &user, "").await;
    assert_eq!(
        (&first["messages"], &first["senders"][0]["code"]),
        (&json!(1), &json!("contradicted"))
    );
    lender.send_messages(&user, &[received(15, "2,000.00")]).await;
    assert_eq!(noted(&lender, &user, "").await, first);
    let answer = lender.send_messages(&user, &[paid]).await;
    assert_eq!(answer.at("/recorded"), 1);
    assert_eq!(noted(&lender, &user, "").await["messages"], 0);
}

#[tokio::test]
async fn unread_messages_about_loans_are_a_reason_of_affordability() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let wages = ["2021-08-31", "2021-09-30", "2021-10-30"].map(|day| {
        let members = json!({"impact": "CREDIT", "amount": 45_000, "currency": "KES",
            "counterparty": {"token": "9f2c64d1a0b3e857", "kind": "business"}});
        bare("equitybank", &format!("{day}T08:00:00Z"), &members)
    });
    lender.append(&user, &wages).await;
    let loan = json!({"principal": 30_000, "interest_rate": 0, "term": 6, "utc_time": "2021-11-16T00:00:00Z"});
    let path = format!("/users/{user}/affordability");
    let found = async || {
        let answer = lender.post(&path, &loan).await.expect_status(200);
        let reasons = answer.at("/reasons");
        let reasons = reasons.as_array().expect("reasons").iter();
        let mut unread = reasons.filter(|reason| reason["code"] == "LOAN_MESSAGES_UNREAD");
        unread
            .next()
            .map(|reason| (reason["value"].clone(), reason["record_ids"].clone()))
    };
    assert_eq!(found().await, None);
    let report = format!("/users/{user}/creditreport?utc_time=2021-11-16");
    let counted = async || {
        let report = lender.get(&report).await.expect_status(200);
        report.at("/meta/unrecognized_loan_messages")
    };
    assert_eq!(counted().await, 0);
    lender.send_messages(&user, &unread()).await;
    assert_eq!(found().await, Some((json!(2.0), json!([]))));
    assert_eq!(counted().await, 2);
}

#[tokio::test]
async fn every_answer_with_figures_counts_the_unread_messages_about_loans_of_its_time() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    lender.send_messages(&user, &unread()).await;
    // Two messages are of 00:20 and 00:30, and one is too old for the insights.
    let old = json!({"sender": "TALA", "body": "Ksh900.00 frobbed and gone", "received_at": "2020-10-01T08:00:00Z"});
    lender.send_messages(&user, &[old]).await;
    let between = "utc_starttime=2021-10-08T00:25:00Z&utc_endtime=2021-10-08T00:30:00Z";
    let before = "utc_endtime=2021-10-08T00:19:59Z";
    for name in ["dti", "transactions-summary", "alerts-summary", "completeness"] {
        for (query, expected) in [("", 3), (between, 1), (before, 1)] {
            let answer = lender
                .get(&format!("/users/{user}/{name}?{query}"))
                .await
                .expect_status(200);
            assert_eq!(
                answer.at("/_meta/unrecognized_loan_messages"),
                expected,
                "{name} {query}"
            );
        }
    }
    let times = [
        ("2021-10-08T00:19:59Z", 0),
        ("2021-10-08T00:20:00Z", 1),
        ("2021-10-09T00:00:00Z", 2),
    ];
    for (time, expected) in times {
        for name in ["features", "income", "recurring", "cash-flow"] {
            let path = format!("/users/{user}/{name}?utc_time={time}");
            let answer = lender.get(&path).await.expect_status(200);
            assert_eq!(
                answer.at("/_meta/unrecognized_loan_messages"),
                expected,
                "{name} {time}"
            );
        }
        let loan = json!({"principal": 30_000, "interest_rate": 0, "term": 6, "utc_time": time});
        let path = format!("/users/{user}/affordability");
        let answer = lender.post(&path, &loan).await.expect_status(200);
        assert_eq!(answer.at("/_meta/unrecognized_loan_messages"), expected, "{time}");
    }
}

#[tokio::test]
async fn unread_messages_are_exported_and_erased_with_their_user() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let reader = lender.send_messages(&user, &unread()).await.at("/reader");
    let path = format!("/users/{user}/export");
    let export = lender.get(&path).await.expect_status(200);
    let exported = export.at("/unrecognized_messages");
    assert_eq!(exported.as_array().map(Vec::len), Some(4));
    assert_eq!(
        exported[1],
        json!({
            "received_at": "2021-10-08T00:20:00+00:00", "sender": "mpesa", "code": "wording", "may_concern_loan": true,
            "reader": reader,
        })
    );
    let erased = lender.delete(&format!("/users/{user}")).await;
    assert_eq!(erased.expect_status(204).text, "");
    assert_eq!(app.items_of(&user).await.len(), 0);
    send_to_erased(&lender, &user).await;
    assert_eq!(app.items_of(&user).await.len(), 0);
}

async fn send_to_erased(lender: &Lender, user: &str) {
    let path = format!("/users/{user}/messages");
    let answer = lender.post(&path, &json!({ "messages": unread() })).await;
    answer.expect_problem(404, "not_found");
}

#[tokio::test]
async fn another_environment_has_no_unread_messages_of_the_user() {
    let app = TestApp::start().await;
    let organization = app.organization("Test Lender").await.id;
    let production = app.lender_of(organization, Environment::Production);
    let test = app.lender_of(organization, Environment::Test);
    let user = production.register("254123456789").await;
    production.send_messages(&user, &unread()).await;
    let path = format!("/users/{user}/completeness");
    test.get(&path).await.expect_problem(404, "not_found");
}
