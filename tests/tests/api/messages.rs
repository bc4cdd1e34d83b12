//! From messages to the ledger.

use daftari_tests::{Lender, TestApp};
use serde_json::{Value, json};

const AT: &str = "2021-10-08T10:41:25Z";

fn message(sender: &str, body: &str) -> Value {
    json!({ "sender": sender, "body": body, "received_at": AT })
}

fn sent() -> Value {
    message(
        "MPESA",
        "QJ812ABCDE Confirmed. Ksh1,250.00 sent to JANE WAMBUI 0722000111 on 8/10/21 at 1:41 PM. New M-PESA balance is \
         Ksh3,400.50. Transaction cost, Ksh23.00.",
    )
}

fn airtime() -> Value {
    message(
        "MPESA",
        "QJ812ABCDF confirmed.You bought Ksh50.00 of airtime on 8/10/21 at 1:50 PM.New M-PESA balance is Ksh3,350.50. \
         Transaction cost, Ksh0.00.",
    )
}

async fn detailed(lender: &Lender, user: &str) -> Vec<Value> {
    let answer = lender.get(&format!("/users/{user}/ledger?include=details")).await;
    let answer = answer.expect_status(200);
    answer.at("/records").as_array().expect("records").clone()
}

#[tokio::test]
async fn money_from_the_persons_own_number_is_from_another_account_of_theirs() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let jane = json!({ "phone_number": "254722000111", "first_name": "Jane", "last_name": "Wambui" });
    let user = lender.post("/users", &jane).await.expect_status(201);
    let user = user.at("/uuid").as_str().expect("uuid").to_owned();
    let received = |code: &str, from: &str| {
        let text = format!(
            "{code} Confirmed.You have received Ksh900.00 from {from} on 8/10/21 at 1:41 PM  New M-PESA balance is \
             Ksh4,300.50."
        );
        message("MPESA", &text)
    };
    let messages = [
        received("QJ812ABC01", "JANE NJERI WAMBUI 0722***111"),
        received("QJ812ABC02", "JANE WAMBUI 0722000111"),
        received("QJ812ABC03", "JANE WAMBUI 0722***112"),
        received("QJ812ABC04", "JANE NJERI 0722***111"),
        // She pays somebody of her name and number, such as airtime for herself.
        sent(),
    ];
    lender.send_messages(&user, &messages).await;
    let records = detailed(&lender, &user).await;
    let kind_of = |code: &str| {
        let record = records.iter().find(|record| record["reference"] == code);
        record.expect("record")["counterparty"]["kind"].clone()
    };
    let kinds = ["QJ812ABC01", "QJ812ABC02", "QJ812ABC03", "QJ812ABC04", "QJ812ABCDE"].map(kind_of);
    assert_eq!(kinds, ["own", "own", "person", "person", "person"]);
}

#[tokio::test]
async fn records_have_the_fee_the_code_and_a_pseudonym_of_the_other_side() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let users = [
        lender.register("254123456789").await,
        lender.register("254123456790").await,
    ];
    let again = message(
        "MPESA",
        "QJ912ABCDE Confirmed. Ksh500.00 sent to Jane  Wambui 0722***111 on 9/10/21 at 1:41 PM. New M-PESA balance is \
         Ksh2,893.50. Transaction cost, Ksh7.00.",
    );
    let mut tokens = Vec::new();
    for user in &users {
        lender.send_messages(user, &[sent(), again.clone()]).await;
        let records = detailed(&lender, user).await;
        let of = |code: &str| {
            records
                .iter()
                .find(|record| record["reference"] == code)
                .expect("record")
        };
        let (first, second) = (of("QJ812ABCDE"), of("QJ912ABCDE"));
        assert_eq!((&first["fee"], &second["fee"]), (&json!(23.0), &json!(7.0)));
        assert_eq!(first["counterparty"]["kind"], "person");
        // The same person with any spelling of the name.
        assert_eq!(first["counterparty"], second["counterparty"]);
        tokens.push(first["counterparty"]["token"].as_str().expect("token").to_owned());
    }
    assert_ne!(tokens[0], tokens[1], "users cannot be compared by whom they pay");
}

#[tokio::test]
async fn messages_become_records_and_are_counted_by_outcome() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let batch = [
        sent(),
        message("BANK", "Your one-time password is 482910. Do not share it."),
        message(
            "MPESA",
            "QJ812ABCDZ Confirmed. Ksh77.00 went somewhere nobody has described on 8/10/21.",
        ),
        airtime(),
        json!({ "sender": "MPESA", "body": "x", "received_at": "tomorrow" }),
        json!({ "sender": "MPESA", "body": "x", "received_at": "2031-10-08T10:41:25Z" }),
        json!({ "sender": "MPESA", "body": 5, "received_at": AT }),
        json!({ "sender": "MPESA", "body": "x", "received_at": AT, "colour": "red" }),
    ];
    let answer = lender.send_messages(&user, &batch).await;
    for (name, count) in [
        ("recorded", 2),
        ("duplicates", 0),
        ("not_financial", 1),
        ("unrecognized", 1),
    ] {
        assert_eq!(answer.at(&format!("/{name}")), count, "{name}: {}", answer.text);
    }
    assert_eq!(
        answer.at("/unrecognized_messages"),
        json!([{ "index": 2, "sender": "MPESA", "code": "wording" }])
    );
    let rejected = answer.at("/rejected");
    let rejected: Vec<_> = rejected
        .as_array()
        .expect("rejected")
        .iter()
        .map(|r| (r["index"].clone(), r["pointer"].clone()))
        .collect();
    let expected = [
        (4, "/messages/4/received_at"),
        (5, "/messages/5/received_at"),
        (6, "/messages/6/body"),
        (7, "/messages/7/colour"),
    ];
    assert_eq!(
        rejected,
        expected.map(|(index, pointer)| (json!(index), json!(pointer)))
    );

    let ledger = lender.ledger(&user).await;
    assert_eq!(ledger.len(), 2);
    let transfer = ledger
        .iter()
        .find(|record| record["amount"] == 1250.0)
        .expect("transfer");
    assert_eq!(transfer["impact"], "DEBIT");
    assert_eq!(transfer["balance"], 3400.5);
    assert_eq!(transfer["institution_id"], "mpesa");
    assert_eq!(transfer["currency"], "KES");
    assert_eq!(transfer["timestamp"], "2021-10-08T10:41:25+00:00");
    assert_eq!(transfer["id"].as_str().expect("id").len(), 32);
    let bought = ledger.iter().find(|record| record["amount"] == 50.0).expect("airtime");
    assert_eq!(bought["labels"], json!(["AirtimePurchase"]));
}

#[tokio::test]
async fn sending_messages_again_changes_nothing() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    lender.send_messages(&user, &[sent(), airtime(), sent()]).await;
    let before = lender.ledger(&user).await;
    let answers = futures_util::future::join_all((0..6).map(|_| {
        let (lender, user) = (lender.clone(), user.clone());
        async move { lender.send_messages(&user, &[airtime(), sent()]).await }
    }))
    .await;
    for answer in answers {
        assert_eq!((answer.at("/recorded"), answer.at("/duplicates")), (json!(0), json!(2)));
    }
    assert_eq!(lender.ledger(&user).await, before);
    assert_eq!(before.len(), 2);
}

/// A receipt that does not address the reader is rejected if the balances contradict it, including those of the ledger.
#[tokio::test]
async fn a_weak_reading_that_the_balances_contradict_is_not_recorded() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("260977123456").await;
    let at = |minute: u32, body: &str| json!({ "sender": "AirtelMoney", "body": body, "received_at": format!("2021-10-08T10:{minute}:00Z") });
    let received = at(
        10,
        "You have received ZMW 1,000.00 from CHANDA PHIRI 0977000111. Your available balance is ZMW 1,000.00. TID: \
         PP211008.1010.A1.",
    );
    let paid = |minute: u32, balance: &str| {
        let text = format!(
            "Payment of ZMW 500.00 to SHOPRITE successful. Your available balance is ZMW {balance}. TID: MP211008.11{minute}.B1."
        );
        at(minute, &text)
    };
    let answer = lender.send_messages(&user, &[paid(20, "1,500.00"), received]).await;
    assert_eq!(
        (answer.at("/recorded"), answer.at("/unrecognized")),
        (json!(1), json!(1))
    );
    assert_eq!(
        answer.at("/unrecognized_messages"),
        json!([{ "index": 0, "sender": "AirtelMoney", "code": "contradicted" }])
    );
    let path = format!("/users/{user}/messages?dry_run=true");
    let turned = json!({ "messages": [paid(30, "1,500.00")] });
    let dry = lender.post(&path, &turned).await.expect_status(200);
    assert_eq!(
        (dry.at("/recorded"), dry.at("/unrecognized")),
        (json!(0), json!(1)),
        "{}",
        dry.text
    );
    assert_eq!(
        dry.at("/readings/0/stopped/reason"),
        "the balance before contradicts it"
    );
    let answer = lender.send_messages(&user, &[paid(30, "1,500.00")]).await;
    assert_eq!(
        (answer.at("/recorded"), answer.at("/unrecognized")),
        (json!(0), json!(1))
    );
    // Confirmed; contradicted; and contradicted by an old balance, which proves nothing.
    let mut next_day = paid(50, "7,300.00");
    next_day["received_at"] = json!("2021-10-09T10:50:00Z");
    for (message, recorded) in [(paid(40, "500.00"), 1), (paid(50, "7,300.00"), 0), (next_day, 1)] {
        let answer = lender.send_messages(&user, &[message]).await;
        assert_eq!(
            (answer.at("/recorded"), answer.at("/unrecognized")),
            (json!(recorded), json!(1 - recorded))
        );
    }
    let balances: Vec<Value> = lender
        .ledger(&user)
        .await
        .iter()
        .map(|record| record["balance"].clone())
        .collect();
    assert_eq!(balances, [json!(7_300.0), json!(500.0), json!(1_000.0)]);
}

/// The same code, amount and balance within ten minutes: one payment, by one message after the other or at once.
#[tokio::test]
async fn a_second_message_about_a_movement_is_a_duplicate() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let users = [
        lender.register("254123456789").await,
        lender.register("254123456790").await,
    ];
    let mut again = sent();
    again["received_at"] = json!("2021-10-08T10:51:25Z");
    let mut late = sent();
    late["received_at"] = json!("2021-10-08T10:51:26Z");
    lender.send_messages(&users[0], &[sent()]).await;
    let second = lender.send_messages(&users[0], std::slice::from_ref(&again)).await;
    assert_eq!((second.at("/recorded"), second.at("/duplicates")), (json!(0), json!(1)));
    let both = lender.send_messages(&users[1], &[sent(), again]).await;
    assert_eq!((both.at("/recorded"), both.at("/duplicates")), (json!(1), json!(1)));
    for user in &users {
        assert_eq!(lender.ledger(user).await.len(), 1);
    }
    let third = lender.send_messages(&users[1], &[late]).await;
    assert_eq!(
        third.at("/recorded"),
        1,
        "after ten minutes nothing shows that it is the same movement"
    );
}

#[tokio::test]
async fn a_given_id_is_the_records_id() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let mut with_id = sent();
    with_id["id"] = json!("sms-77");
    lender.send_messages(&user, &[with_id]).await;
    assert_eq!(lender.ledger(&user).await[0]["id"], "sms-77");
}

#[tokio::test]
async fn a_given_id_replaces_the_record_that_has_it_and_not_one_of_the_same_text() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let mut with_id = sent();
    with_id["id"] = json!("7");
    let mut other = airtime();
    other["id"] = json!("7");
    // Within ten minutes, its code would show that it is the same movement.
    let mut later = airtime();
    later["received_at"] = json!("2021-10-08T10:51:26Z");
    for (message, stored) in [(&with_id, 1), (&other, 1), (&later, 2)] {
        let answer = lender.send_messages(&user, std::slice::from_ref(message)).await;
        assert_eq!(answer.at("/recorded"), 1, "{}", answer.text);
        assert_eq!(lender.ledger(&user).await.len(), stored, "{message}");
    }
    let labels: Vec<_> = lender
        .ledger(&user)
        .await
        .iter()
        .map(|it| it["labels"].clone())
        .collect();
    assert_eq!(labels, [json!(["AirtimePurchase"]), json!(["AirtimePurchase"])]);
    // Of another month, it is another record.
    other["received_at"] = json!("2021-11-08T10:41:25Z");
    lender.send_messages(&user, &[other]).await;
    assert_eq!(lender.ledger(&user).await.len(), 3);
}

#[tokio::test]
async fn unrecorded_texts_are_stored_nowhere() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let batch = [
        sent(),
        message("BANK", "Your planted one-time password is 482910."),
        message("MPESA", "QJ812ABCDZ Confirmed. Ksh77.00 planted nowhere on 8/10/21."),
    ];
    let answer = lender.send_messages(&user, &batch).await;
    assert!(!answer.text.contains("planted"));
    let stored = format!("{:?}", app.items().await);
    let export = lender.get(&format!("/users/{user}/export")).await.text;
    for text in ["planted", "WAMBUI"] {
        assert!(!stored.contains(text) && !export.contains(text), "{text}");
    }
}

#[tokio::test]
async fn invisible_characters_of_a_message_are_not_kept() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let seen = "Hi Peris, your TALA loan of KES 9,200 is due tomorrow. Pay.";
    let hidden = "\u{200b}".repeat(1_500);
    let text = format!("{hidden}{seen}{hidden}");
    let answer = lender.send_messages(&user, &[message("TALA", &text)]).await;
    assert_eq!(answer.at("/recorded"), 1, "{}", answer.text);
    let path = format!("/users/{user}/institutions/tala_ke/alerts");
    let alerts = lender.get(&path).await.expect_status(200);
    assert_eq!(alerts.at("/alerts/0/body"), seen);
}

#[tokio::test]
async fn a_sender_that_may_be_misspelt_or_of_another_country_has_one_hint() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let as_from = |sender: &str| {
        let mut message = sent();
        message["sender"] = json!(sender);
        message
    };
    let batch = [
        sent(),
        as_from("MPEZA"),
        as_from("MPEZA"),
        as_from("OPay"),
        as_from("QWZXVU"),
        message("MPEZZA", "See you tomorrow."),
    ];
    let path = format!("/users/{user}/messages?dry_run=true");
    let dry = lender.post(&path, &json!({ "messages": batch })).await;
    for answer in [dry.expect_status(200), lender.send_messages(&user, &batch).await] {
        assert_eq!(answer.at("/recorded"), 1, "a hint changes no reading: {}", answer.text);
        let warnings = answer.at("/warnings");
        let warnings = warnings.as_array().expect("warnings");
        assert_eq!(warnings.len(), 2, "{}", answer.text);
        assert_eq!(
            warnings[0],
            json!({
                "code": "unknown_sender", "pointer": "/messages/1/sender",
                "detail": "no institution in KE uses the sender `MPEZA`: did you mean `mpesa` (M-PESA)?",
            })
        );
        assert_eq!(warnings[1]["pointer"], "/messages/3/sender");
        let detail = warnings[1]["detail"].as_str().expect("detail");
        let abroad = "no institution in KE uses the sender `OPay`; it is known in NG (OPay)";
        assert!(detail.starts_with(abroad), "{detail}");
    }
    let answer = lender.send_messages(&user, &[sent()]).await;
    assert!(answer.json().get("warnings").is_none(), "{}", answer.text);
}

#[tokio::test]
async fn hints_about_senders_are_limited() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let misspelt = |at: usize| {
        let letter = char::from(b'a' + u8::try_from(at % 26).expect("letter"));
        message(&format!("equity{}bank{letter}", "-".repeat(at / 26)), "Ksh5.00 moved")
    };
    let batch: Vec<Value> = (0..200).map(misspelt).collect();
    let answer = lender.send_messages(&user, &batch).await;
    let warnings = answer.at("/warnings");
    assert_eq!(warnings.as_array().expect("warnings").len(), 20, "{}", answer.text);
}
