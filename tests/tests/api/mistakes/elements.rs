//! Records and messages of a batch.

use daftari_tests::{Answer, records};
use serde_json::{Value, json};

use super::{AT, lender};

/// The pointers and details of the faults of the only rejected element.
pub(super) fn faults(answer: &Answer) -> Vec<(String, String)> {
    let rejected = answer.at("/rejected");
    assert_eq!(rejected.as_array().map_or(0, Vec::len), 1, "{}", answer.text);
    let errors = &rejected[0]["errors"];
    let text = |fault: &Value, name: &str| fault[name].as_str().expect(name).to_owned();
    let errors = errors.as_array().expect("errors").iter();
    let faults: Vec<_> = errors
        .map(|fault| (text(fault, "pointer"), text(fault, "detail")))
        .collect();
    let first = (text(&rejected[0], "pointer"), text(&rejected[0], "detail"));
    assert_eq!(faults.first(), Some(&first), "{}", answer.text);
    faults
}

#[tokio::test]
async fn a_phone_may_send_times_as_it_has_them() {
    let (_app, lender, user) = lender().await;
    let send = async |received_at: Value| {
        let message = json!({
            "sender": "MPESA", "received_at": received_at,
            "body": "QJ81KX7T2B Confirmed. Ksh1,000.00 sent to JOHN DOE 0712345678 on 8/10/21 at 1:41 PM. \
                     New M-PESA balance is Ksh6,324.13. Transaction cost, Ksh12.00.",
        });
        let body = json!({ "messages": [message] });
        let answer = lender.post(&format!("/users/{user}/messages"), &body).await;
        answer.expect_status(200)
    };
    assert_eq!(send(json!(AT)).await.at("/recorded"), 1);
    // The same message again, with any notation of its time.
    for received_at in [
        json!(1_633_689_685),
        json!(1_633_689_685_000_u64),
        json!(1_633_689_685_999_u64),
        json!("2021-10-08T13:41:25+03:00"),
    ] {
        assert_eq!(send(received_at.clone()).await.at("/duplicates"), 1, "{received_at}");
    }
    let ledger = lender.ledger(&user).await;
    assert_eq!(ledger.len(), 1);
    assert_eq!(ledger[0]["timestamp"], "2021-10-08T10:41:25+00:00");
    for (received_at, code) in [
        (json!(-1), "timestamp_too_early"),
        // Microseconds.
        (json!(1_633_689_685_000_000_u64), "invalid_message"),
        (json!(99_999_999_999_u64), "timestamp_in_future"),
        (json!(u64::MAX), "invalid_message"),
        (json!(1_633_689_685.5), "invalid_message"),
        (json!("1633689685"), "invalid_message"),
    ] {
        let answer = send(received_at.clone()).await;
        assert_eq!(answer.at("/rejected/0/code"), code, "{received_at}: {}", answer.text);
        assert_eq!(answer.at("/rejected/0/pointer"), "/messages/0/received_at");
    }
}

#[tokio::test]
async fn all_faults_of_a_record_are_told_at_once() {
    let (_app, lender, user) = lender().await;
    let path = format!("/users/{user}/ledger");
    let post = async |record: Value| {
        let answer = lender.post(&path, &json!({ "records": [record] })).await;
        faults(&answer.expect_status(200))
    };
    let found = post(json!({
        "timestamp": "yesterday", "institution_id": "M-PESA", "account_type": "savings", "amount": "100",
        "currency": "KSH", "colour": "red", "impact": "DEBIT", "fee": -1,
    }))
    .await;
    let mut pointers: Vec<&str> = found.iter().map(|(pointer, _)| pointer.as_str()).collect();
    pointers.sort_unstable();
    let expected = [
        "/account_type",
        "/amount",
        "/colour",
        "/currency",
        "/fee",
        "/id",
        "/institution_id",
        "/timestamp",
    ];
    assert_eq!(
        pointers,
        expected.map(|field| format!("/records/0{field}")),
        "{found:?}"
    );
    assert!(found.contains(&("/records/0/id".to_owned(), "is required".to_owned())));
    // The code is that of a malformed field. Such a field is the first fault, before any broken rule.
    assert_eq!(
        found.last(),
        Some(&("/records/0/fee".to_owned(), "must not be negative".to_owned()))
    );

    // Rules between fields of the right types.
    let record = records::with(
        records::record("a", AT),
        &json!({ "amount": -1, "fee": -2, "timestamp": "1969-01-01T00:00:00Z", "body": "x" }),
    );
    let found = post(record).await;
    let pointers: Vec<&str> = found.iter().map(|(pointer, _)| pointer.as_str()).collect();
    let expected = ["/amount", "/fee", "/body", "/timestamp"];
    assert_eq!(
        pointers,
        expected.map(|field| format!("/records/0{field}")),
        "{found:?}"
    );

    // A rule is not checked if it depends on an invalid field.
    let record = records::with(
        records::record("a", AT),
        &json!({ "labels": ["Nope"], "body": "x", "balance": null, "impact": null }),
    );
    let found = post(record).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, "/records/0/labels/0");
    assert!(lender.ledger(&user).await.is_empty());
}

#[tokio::test]
async fn all_faults_of_a_message_are_told_at_once_and_many_are_limited() {
    let (_app, lender, user) = lender().await;
    let path = format!("/users/{user}/messages");
    let post = async |message: Value| {
        let answer = lender.post(&path, &json!({ "messages": [message] })).await;
        faults(&answer.expect_status(200))
    };
    let found = post(json!({ "sender": 5, "received_at": null, "text": "x", "id": "" })).await;
    let mut pointers: Vec<&str> = found.iter().map(|(pointer, _)| pointer.as_str()).collect();
    pointers.sort_unstable();
    let expected = ["/body", "/id", "/received_at", "/sender", "/text"];
    assert_eq!(
        pointers,
        expected.map(|field| format!("/messages/0{field}")),
        "{found:?}"
    );

    let found = post(json!({ "sender": "x".repeat(65), "received_at": "2999-01-01T00:00:00Z", "body": "x" })).await;
    let pointers: Vec<&str> = found.iter().map(|(pointer, _)| pointer.as_str()).collect();
    assert_eq!(pointers, ["/messages/0/sender", "/messages/0/received_at"]);

    let fields = (0..100).map(|n| (format!("field{n}"), json!(n)));
    let found = post(Value::Object(fields.collect())).await;
    assert_eq!(found.len(), 8, "{found:?}");
    // A number that no type can hold: the field is unknown.
    let body = r#"{"messages":[{"sender":"x","body":1e999,"received_at":0}]}"#;
    let answer = lender.post_text(&path, body.to_owned()).await.expect_status(200);
    assert_eq!(
        faults(&answer),
        [("/messages/0".to_owned(), "cannot be read".to_owned())]
    );
    // Not an object, a name that is truncated, and names with the special characters of a pointer.
    assert_eq!(
        post(json!([])).await,
        [("/messages/0".to_owned(), "must be an object".to_owned())]
    );
    assert!(!post(json!({ "x".repeat(500): 1 })).await.is_empty());
    let found = post(json!({ "sender": "x", "body": "x", "received_at": AT, "a/b~c": 1, "colour": 2 })).await;
    let pointers: Vec<&str> = found.iter().map(|(pointer, _)| pointer.as_str()).collect();
    assert_eq!(pointers, ["/messages/0/a~1b~0c", "/messages/0/colour"]);
}

#[tokio::test]
async fn a_message_without_text_is_rejected() {
    let (_app, lender, user) = lender().await;
    let path = format!("/users/{user}/messages");
    let message = |body: &str| json!({ "sender": "MPESA", "body": body, "received_at": AT });
    let batch = json!({ "messages": [message(""), message("Good morning"), message(" \n\u{a0}")] });
    for path in [path.clone(), format!("{path}?dry_run=true")] {
        let answer = lender.post(&path, &batch).await.expect_status(200);
        assert_eq!(answer.at("/not_financial"), 1, "{}", answer.text);
        let rejected = |at: usize, member: &str| answer.at(&format!("/rejected/{at}/{member}"));
        for (at, index) in [(0, 0), (1, 2)] {
            assert_eq!(rejected(at, "index"), index);
            assert_eq!(rejected(at, "code"), "invalid_message");
            assert_eq!(rejected(at, "pointer"), format!("/messages/{index}/body"));
            assert_eq!(rejected(at, "detail"), "must not be empty");
        }
        assert_eq!(answer.at("/rejected/2"), Value::Null);
    }
}

#[tokio::test]
async fn a_detail_does_not_repeat_its_field() {
    let (_app, lender, user) = lender().await;
    let record = records::with(
        records::record("a", AT),
        &json!({ "amount": -1, "fee": -1, "timestamp": "1969-01-01T00:00:00Z", "body": "x" }),
    );
    let path = format!("/users/{user}/ledger");
    let answer = lender.post(&path, &json!({ "records": [record] })).await;
    let found = faults(&answer.expect_status(200));
    assert_eq!(found.len(), 4, "{found:?}");
    for (pointer, detail) in found {
        let field = pointer.rsplit('/').next().expect("a field");
        assert!(!detail.starts_with(field), "{pointer}: {detail}");
    }
}

#[tokio::test]
async fn codes_of_currencies_may_be_in_lower_case() {
    let (_app, lender, user) = lender().await;
    let record = records::with(records::record("a", AT), &json!({ "currency": "kes" }));
    lender.append(&user, &[record]).await;
    assert_eq!(lender.ledger(&user).await[0]["currency"], "KES");
    let same = records::with(records::record("a", AT), &json!({ "currency": "KES" }));
    assert_eq!(lender.append(&user, &[same]).await.at("/duplicates"), 1);
    for path in ["dti", "creditreport", "cash-flow"] {
        let path = format!("/users/{user}/{path}?currency=kes");
        let answer = lender.get(&path).await.expect_status(200);
        assert!(answer.text.contains(r#""currency":"KES""#), "{path}: {}", answer.text);
    }
    let loan = json!({ "principal": 1000, "interest_rate": 0.1, "term": 2, "currency": "kes" });
    let answer = lender.post(&format!("/users/{user}/affordability"), &loan).await;
    assert_eq!(answer.expect_status(200).at("/currency"), "KES");
}
