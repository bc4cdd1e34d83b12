//! Bodies as a whole.

use std::io::Write;

use daftari_tests::records;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::Method;
use serde_json::json;

use super::elements::faults;
use super::{AT, lender};

#[tokio::test]
async fn all_faults_of_a_body_are_told_at_once_in_one_wording() {
    let (_app, lender, user) = lender().await;
    let required = "is required".to_owned();
    let once = "must be given once".to_owned();
    for (path, body, expected) in [
        (
            "/users".to_owned(),
            r#"{"phone":"254711000117","first_name":5,"last_name":"a","last_name":"b","email":"x"}"#,
            vec![
                ("/phone", "is unknown: did you mean `phone_number`?".to_owned()),
                ("/first_name", "must be a string".to_owned()),
                ("/last_name", once.clone()),
                ("/phone_number", required.clone()),
                ("/email", "must be an email address".to_owned()),
            ],
        ),
        (
            "/auth".to_owned(),
            r#"{"environment":"prod","mail":"a"}"#,
            vec![
                ("/environment", "must be one of: production, test".to_owned()),
                ("/mail", "is unknown: did you mean `email`?".to_owned()),
                ("/email", required.clone()),
                ("/password", required.clone()),
            ],
        ),
        (
            "/auth/user-token".to_owned(),
            r#"{"user":"x"}"#,
            vec![
                ("/user", "is unknown: did you mean `user_uuid`?".to_owned()),
                ("/user_uuid", required.clone()),
            ],
        ),
        (
            format!("/users/{user}/messages"),
            r#"{"message":[],"sms":[]}"#,
            vec![
                ("/message", "is unknown: did you mean `messages`?".to_owned()),
                ("/sms", "is unknown: this object takes messages".to_owned()),
                ("/messages", required.clone()),
            ],
        ),
        (
            format!("/users/{user}/affordability"),
            r#"{"principal":1,"principal":2,"term":0,"terms":6}"#,
            vec![
                ("/interest_rate", required.clone()),
                ("/term", "must be a whole number from 1 to 10000".to_owned()),
                ("/principal", once.clone()),
                ("/terms", "is unknown: did you mean `term`?".to_owned()),
            ],
        ),
        (
            format!("/users/{user}/creditreport"),
            r#"{"utc_time":"2021-10-08","currency":"KES"}"#,
            vec![
                (
                    "/utc_time",
                    "is unknown here: it is a query parameter. This object takes no fields".to_owned(),
                ),
                ("/currency", "is unknown here: it is a query parameter.".to_owned()),
            ],
        ),
    ] {
        let answer = lender.post_text(&path, body.to_owned()).await;
        let errors = answer.expect_problem(400, "invalid_body").at("/errors");
        let errors = errors.as_array().expect("errors");
        assert_eq!(errors.len(), expected.len(), "{path}: {errors:?}");
        for (error, (pointer, detail)) in errors.iter().zip(expected) {
            assert_eq!(error["pointer"], pointer, "{path}: {errors:?}");
            let told = error["detail"].as_str().expect("detail");
            assert!(told.starts_with(&detail), "{path}: {errors:?}");
        }
    }
    // Also those of the query.
    let answer = lender.post("/users?page=1", &json!({ "phone": 1 })).await;
    let answer = answer.expect_problem(400, "invalid_request");
    for (at, pointer) in ["page", "/phone", "/phone_number"].into_iter().enumerate() {
        assert_eq!(answer.at(&format!("/errors/{at}/pointer")), pointer, "{}", answer.text);
    }
    // Also inside an object in a field.
    let record = records::with(
        records::record("a", AT),
        &json!({ "counterparty": { "token": "JANE", "kind": "friend", "name": "JANE" } }),
    );
    let path = format!("/users/{user}/ledger");
    let answer = lender.post(&path, &json!({ "records": [record] })).await;
    let found = faults(&answer.expect_status(200));
    let mut pointers: Vec<&str> = found.iter().map(|(pointer, _)| pointer.as_str()).collect();
    pointers.sort_unstable();
    let expected = ["kind", "name", "token"].map(|field| format!("/records/0/counterparty/{field}"));
    assert_eq!(pointers, expected, "{found:?}");
}

#[tokio::test]
async fn a_body_in_gzip_is_read_and_another_coding_is_refused_with_the_ones_that_are_taken() {
    let (_app, lender, user) = lender().await;
    let send = async |path: &str, coding: &str, body: Vec<u8>| {
        let request = lender
            .request(Method::POST, path)
            .header("content-type", "application/json")
            .header("content-encoding", coding);
        let body = axum::body::Body::from(body);
        lender.send(request.body(body).expect("request")).await
    };
    let path = format!("/users/{user}/ledger");
    let plain = json!({ "records": [records::record("a", AT)] })
        .to_string()
        .into_bytes();
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(&plain).expect("in memory");
    let packed = packed.finish().expect("in memory");

    let read = send(&path, "gzip", packed.clone()).await.expect_status(200);
    assert_eq!(read.at("/accepted"), 1, "{}", read.text);
    let _ = send(&path, "identity", plain.clone()).await.expect_status(200);
    let _ = send(&path, "gzip", plain)
        .await
        .expect_problem(400, "malformed_request");
    // A route without a body takes an empty object, in any form.
    let mut nothing = GzEncoder::new(Vec::new(), Compression::fast());
    nothing.write_all(b"{}").expect("in memory");
    let nothing = nothing.finish().expect("in memory");
    let freeze = format!("/users/{user}/creditreport");
    let _ = send(&freeze, "gzip", nothing).await.expect_status(201);
    for path in [path, freeze] {
        let refused = send(&path, "br", packed.clone()).await;
        let refused = refused.expect_problem(415, "unsupported_media_type");
        assert_eq!(refused.header("accept-encoding"), "gzip");
        assert!(refused.text.contains("Content-Encoding: gzip"), "{}", refused.text);
    }
    let refused = lender
        .request(Method::POST, "/users")
        .header("content-type", "text/plain");
    let refused = lender.send(refused.body("{}".into()).expect("request")).await;
    let refused = refused.expect_problem(415, "unsupported_media_type");
    assert_eq!(
        refused.header("accept-encoding"),
        "",
        "the type is at fault, and not the coding"
    );
}
