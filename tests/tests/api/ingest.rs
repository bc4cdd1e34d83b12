//! Appending to ledgers.

use daftari_tests::{TestApp, records};
use serde_json::{Value, json};

const AT: &str = "2021-10-08T10:41:25Z";

#[tokio::test]
async fn sending_a_batch_again_changes_nothing() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let batch = records::history(100, 86_400);
    let first = lender.append(&user, &batch).await;
    assert_eq!(
        first.json(),
        json!({ "accepted": 100, "duplicates": 0, "replaced": 0, "rejected": [] })
    );
    let before = lender.ledger(&user).await;
    let again = lender.append(&user, &batch).await;
    assert_eq!(
        again.json(),
        json!({ "accepted": 0, "duplicates": 100, "replaced": 0, "rejected": [] })
    );
    assert_eq!(lender.ledger(&user).await, before);
}

#[tokio::test]
async fn other_values_replace_a_record_of_the_same_month() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    lender.append(&user, &[records::record("a", AT)]).await;
    let moved = records::with(
        records::record("a", "2021-10-20T00:00:00+00:00"),
        &json!({ "amount": 7.0 }),
    );
    let answer = lender.append(&user, std::slice::from_ref(&moved)).await;
    assert_eq!(
        answer.json(),
        json!({ "accepted": 0, "duplicates": 0, "replaced": 1, "rejected": [] })
    );
    assert_eq!(lender.ledger(&user).await, [moved]);
    let answer = lender
        .append(&user, &[records::record("a", "2021-11-01T00:00:00Z")])
        .await;
    assert_eq!(answer.at("/accepted"), 1, "another month, another record");
}

#[tokio::test]
async fn the_same_id_in_another_account_is_another_record() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let other = records::with(records::record("a", AT), &json!({ "account_id": "2" }));
    let third = records::with(records::record("a", AT), &json!({ "institution_id": "equitybank" }));
    let answer = lender.append(&user, &[records::record("a", AT), other, third]).await;
    assert_eq!(answer.at("/accepted"), 3);
}

#[tokio::test]
async fn amounts_are_exact_to_the_last_digit() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let sums = [
        "999999999999999.9999",
        "0.0001",
        "123456789012345.6789",
        "0.1",
        "4503599627370497.5",
    ];
    let batch = sums.iter().enumerate().take(4).map(|(n, sum)| {
        let text = records::record(&format!("r{n}"), AT).to_string();
        text.replace("\"amount\":100.0", &format!("\"amount\":{sum}"))
            .replace("\"balance\":100.0", &format!("\"balance\":-{sum}"))
    });
    let body = format!(r#"{{"records":[{}]}}"#, batch.collect::<Vec<_>>().join(","));
    let answer = lender
        .post_text(&format!("/users/{user}/ledger"), body)
        .await
        .expect_status(200);
    assert_eq!(answer.at("/accepted"), 4, "{}", answer.text);
    let text = lender.get(&format!("/users/{user}/ledger")).await.text;
    for sum in &sums[..4] {
        assert!(
            text.contains(&format!("\"amount\":{sum},\"balance\":-{sum},")),
            "{sum}: {text}"
        );
    }
}

#[tokio::test]
#[allow(clippy::too_many_lines, reason = "one table of cases")]
async fn bad_records_are_rejected_one_by_one_and_the_good_ones_stored() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let bad = |members: Value| records::with(records::record("bad", AT), &members);
    let without = |name: &str| {
        let mut record = records::record("bad", AT);
        record.as_object_mut().expect("record").remove(name);
        record
    };
    let cases: Vec<(Value, &str, &str)> = vec![
        (json!("text"), "invalid_record", ""),
        (json!(null), "invalid_record", ""),
        // The values of a record without their names.
        (
            json!([
                "bad",
                AT,
                "mpesa",
                null,
                "depository",
                5,
                null,
                "KES",
                "DEBIT",
                null,
                null
            ]),
            "invalid_record",
            "",
        ),
        (without("id"), "invalid_record", "/id"),
        (without("timestamp"), "invalid_record", "/timestamp"),
        (without("account_type"), "invalid_record", "/account_type"),
        (bad(json!({ "id": "" })), "invalid_record", "/id"),
        (bad(json!({ "id": "x".repeat(129) })), "invalid_record", "/id"),
        (bad(json!({ "id": "a b" })), "invalid_record", "/id"),
        (bad(json!({ "id": "a\u{0}b" })), "invalid_record", "/id"),
        (bad(json!({ "id": 5 })), "invalid_record", "/id"),
        (bad(json!({ "timestamp": "yesterday" })), "invalid_record", "/timestamp"),
        (
            bad(json!({ "timestamp": 1_633_689_685 })),
            "invalid_record",
            "/timestamp",
        ),
        (
            bad(json!({ "timestamp": "1969-12-31T23:59:59Z" })),
            "timestamp_too_early",
            "/timestamp",
        ),
        (
            bad(json!({ "timestamp": "2021-11-17T21:00:01Z" })),
            "timestamp_in_future",
            "/timestamp",
        ),
        (
            bad(json!({ "institution_id": "M-PESA" })),
            "invalid_record",
            "/institution_id",
        ),
        (
            bad(json!({ "institution_id": "m".repeat(65) })),
            "invalid_record",
            "/institution_id",
        ),
        (bad(json!({ "account_id": "" })), "invalid_record", "/account_id"),
        (
            bad(json!({ "account_type": "savings" })),
            "invalid_record",
            "/account_type",
        ),
        (bad(json!({ "amount": -1 })), "negative_amount", "/amount"),
        (bad(json!({ "amount": "100" })), "invalid_record", "/amount"),
        (bad(json!({ "amount": 1e300 })), "invalid_record", "/amount"),
        (bad(json!({ "amount": 0.00001 })), "invalid_record", "/amount"),
        (bad(json!({ "balance": 1e15 })), "invalid_record", "/balance"),
        (bad(json!({ "currency": "KSH" })), "invalid_record", "/currency"),
        (bad(json!({ "impact": "credit" })), "invalid_record", "/impact"),
        (bad(json!({ "labels": ["Nope"] })), "invalid_record", "/labels/0"),
        (bad(json!({ "labels": "POS" })), "invalid_record", "/labels"),
        (bad(json!({ "amount": null, "balance": null })), "empty_record", ""),
        (bad(json!({ "impact": null, "balance": null })), "empty_record", ""),
        (bad(json!({ "body": "text" })), "body_without_label", "/body"),
        (
            bad(json!({ "labels": ["POS"], "body": "x".repeat(1_601) })),
            "body_too_long",
            "/body",
        ),
        (
            bad(json!({ "labels": ["POS"], "body": "𝒜".repeat(1_201) })),
            "body_too_long",
            "/body",
        ),
        (
            bad(json!({ "labels": ["POS"], "body": "a\u{0}b" })),
            "body_control_character",
            "/body",
        ),
        (bad(json!({ "colour": "red" })), "invalid_record", "/colour"),
    ];
    let mut batch = Vec::new();
    for (n, (record, _, _)) in cases.iter().enumerate() {
        batch.push(records::record(&format!("good{n}"), AT));
        batch.push(record.clone());
    }
    let answer = lender
        .post(&format!("/users/{user}/ledger"), &json!({ "records": batch }))
        .await
        .expect_status(200);
    assert_eq!(answer.at("/accepted"), cases.len());
    let rejected = answer.at("/rejected");
    let rejected = rejected.as_array().expect("rejected");
    assert_eq!(rejected.len(), cases.len());
    for (n, (rejection, (record, code, pointer))) in rejected.iter().zip(&cases).enumerate() {
        let index = 2 * n + 1;
        assert_eq!(rejection["index"], index, "{record}");
        assert_eq!(rejection["code"], *code, "{record}: {rejection}");
        assert_eq!(
            rejection["pointer"],
            format!("/records/{index}{pointer}"),
            "{record}: {rejection}"
        );
        assert!(!rejection["detail"].as_str().expect("detail").is_empty());
    }
    let stored = lender.ledger(&user).await;
    assert!(
        stored
            .iter()
            .all(|record| record["id"].as_str().expect("id").starts_with("good"))
    );
    assert_eq!(stored.len(), cases.len());
}

#[tokio::test]
async fn bodies_that_are_not_a_batch_are_refused_whole() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let path = format!("/users/{user}/ledger");
    for (body, code, pointer) in [
        ("", "malformed_json", Value::Null),
        ("{\"records\":[", "malformed_json", Value::Null),
        ("{\"records\":[{\"amount\":NaN}]}", "malformed_json", Value::Null),
        ("[]", "invalid_body", json!("")),
        // The members of a batch as an array are not a batch.
        (" [[]]", "invalid_body", json!("")),
        ("{}", "invalid_body", json!("/records")),
        ("{\"records\":5}", "invalid_body", json!("/records")),
        ("{\"records\":[],\"more\":1}", "invalid_body", json!("/more")),
    ] {
        let answer = lender.post_text(&path, body.to_owned()).await.expect_problem(400, code);
        assert_eq!(answer.at("/errors/0/pointer"), pointer, "{body}");
    }
    let many = format!("{{\"records\":[{}]}}", vec!["1"; 1_001].join(","));
    let answer = lender
        .post_text(&path, many)
        .await
        .expect_problem(400, "invalid_request");
    assert_eq!(answer.at("/errors/0/pointer"), "/records");
    let million = format!("{{\"records\":[{}]}}", vec!["1"; 1_000_000].join(","));
    lender
        .post_text(&path, million)
        .await
        .expect_problem(413, "body_too_large");
    let deep = format!("{{\"records\":[{}{}]}}", "[".repeat(200_000), "]".repeat(200_000));
    let answer = lender.post_text(&path, deep).await;
    assert!([200, 400].contains(&answer.status.as_u16()), "{}", answer.text);
    assert!(lender.ledger(&user).await.is_empty());
    let _ = lender
        .post_text(&path, "{\"records\":[]}".into())
        .await
        .expect_status(200);
}

#[tokio::test]
async fn a_body_that_is_not_utf_8_is_refused() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    for path in [
        format!("/users/{user}/ledger"),
        format!("/users/{user}/messages"),
        "/users".to_owned(),
    ] {
        let request = lender
            .request(http::Method::POST, &path)
            .header("content-type", "application/json");
        let body = axum::body::Body::from(vec![b'"', 0xff, 0xfe, b'"']);
        let answer = lender.send(request.body(body).expect("request")).await;
        assert_eq!(answer.status, 400, "{path}: {}", answer.text);
    }
}

#[tokio::test]
async fn only_json_is_taken() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let path = format!("/users/{user}/ledger");
    let posted = async |content_type: &str| {
        let request = lender
            .request(http::Method::POST, &path)
            .header("content-type", content_type);
        let body = axum::body::Body::from("{\"records\":[]}");
        lender.send(request.body(body).expect("request")).await
    };
    for content_type in [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/jsonp",
    ] {
        posted(content_type).await.expect_problem(415, "unsupported_media_type");
    }
    for content_type in [
        "application/json; charset=utf-8",
        "Application/JSON",
        "application/vnd.daftari+json",
    ] {
        let _ = posted(content_type).await.expect_status(200);
    }
}

#[tokio::test]
async fn a_kept_text_has_no_invisible_characters() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let hidden = "\u{200b}\u{202e}\u{2066}\u{feff}\u{ad}\u{e0041}".repeat(2_000);
    let text = format!("{hidden}Your loan of{hidden} KES 9,200\n\tis due. ብር 💰{hidden}");
    let with = |id: &str, text: &str| {
        let record = records::record(id, "2021-10-08T10:41:25Z");
        records::with(record, &json!({ "labels": ["LoanRepaymentReminder"], "body": text }))
    };
    lender.append(&user, &[with("a", &text)]).await;
    let seen = "Your loan of KES 9,200\n\tis due. ብር 💰";
    let path = format!("/users/{user}/institutions/mpesa/alerts");
    let alerts = lender.get(&path).await.expect_status(200);
    assert_eq!(alerts.at("/alerts/0/body"), seen);
    // Dropped texts make no difference.
    let again = lender.append(&user, &[with("a", seen)]).await;
    assert_eq!(again.at("/duplicates"), 1);
}
