//! Invented names in requests are truncated in problem documents, so that no answer exceeds Lambda's limit.

use daftari_tests::{Lender, TestApp};
use serde_json::{Value, json};

/// Limit of a client's text in a problem document, in characters.
const MOST: usize = 64;

async fn lender() -> (TestApp, Lender, String) {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    (app, lender, user)
}

/// The longest run of the letter that the planted names consist of.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != 'Q').map(str::len).max().unwrap_or(0)
}

#[tokio::test]
async fn names_in_bodies_are_truncated() {
    let (_app, lender, user) = lender().await;
    let long = "Q".repeat(900_000);
    let quotes = "\\\"".repeat(400_000);
    for (path, body) in [
        ("/auth", format!("{{\"{long}\":1}}")),
        ("/auth", format!("{{\"{quotes}\":1}}")),
        (
            "/auth",
            format!("{{\"email\":\"a\",\"password\":\"b\",\"environment\":\"{long}\"}}"),
        ),
        ("/users", format!("{{\"{long}\":1}}")),
        ("/users", format!("{{\"phone_number\":{{\"{long}\":1}}}}")),
        (
            "/users",
            format!("{{\"phone_number\":\"1\",\"is_kyc_verified\":\"{long}\"}}"),
        ),
        ("/auth/user-token", format!("{{\"{quotes}\":1}}")),
    ] {
        let answer = lender.post_text(path, body).await;
        assert_eq!(answer.status, 400, "{path}");
        assert!(answer.text.len() < 2_000, "{path}: {}", answer.text.len());
        assert!(longest_run(&answer.text) <= MOST, "{path}: {}", answer.text);
    }
    let batch = format!("/users/{user}/ledger");
    let answer = lender.post_text(&batch, format!("{{\"{long}\":1}}")).await;
    assert!(answer.text.len() < 2_000, "{}", answer.text.len());
}

#[tokio::test]
async fn names_in_a_batch_are_truncated_in_every_element() {
    let (_app, lender, user) = lender().await;
    let name = "Q".repeat(900);
    for (path, list) in [("ledger", "records"), ("messages", "messages")] {
        let element = json!({ name.clone(): 1 });
        let batch: Vec<Value> = vec![element; 1_000];
        let answer = lender
            .post(&format!("/users/{user}/{path}"), &json!({ list: batch }))
            .await;
        let answer = answer.expect_status(200);
        assert_eq!(answer.at("/rejected").as_array().expect("list").len(), 1_000);
        assert!(longest_run(&answer.text) <= MOST);
        assert!(answer.text.len() < 1_000_000, "{}", answer.text.len());
    }
}

#[tokio::test]
async fn names_in_queries_are_truncated() {
    let (_app, lender, _) = lender().await;
    let long = "Q".repeat(2_000);
    for query in [
        format!("{long}=1"),
        format!("{long}={long}{long}"),
        format!("{long}=%00"),
    ] {
        let answer = lender.get(&format!("/users?{query}")).await;
        let answer = answer.expect_problem(400, "invalid_request");
        assert!(longest_run(&answer.text) <= MOST, "{}", answer.text);
    }
}

#[tokio::test]
async fn faults_are_described_in_json_terms_and_point_into_the_body() {
    let (_app, lender, user) = lender().await;
    let users = "/users".to_owned();
    let ledger = format!("/users/{user}/ledger");
    for (path, body, pointer, detail) in [
        (&users, json!([1]), "", "must be an object"),
        (
            &users,
            json!({ "phone_number": 254 }),
            "/phone_number",
            "must be a string",
        ),
        (
            &users,
            json!({ "phone_number": "1", "is_kyc_verified": "yes" }),
            "/is_kyc_verified",
            "must be a boolean",
        ),
        (&ledger, json!({ "records": {} }), "/records", "must be an array"),
        (&ledger, json!({ "records": null }), "/records", "must be an array"),
    ] {
        let answer = lender.post(path, &body).await.expect_problem(400, "invalid_body");
        assert_eq!(answer.at("/errors/0/pointer"), pointer, "{}", answer.text);
        assert_eq!(answer.at("/errors/0/detail"), detail, "{}", answer.text);
    }
    let sign_in = json!({ "email": "a", "password": "b", "environment": "prod" });
    let answer = lender.post("/auth", &sign_in).await.expect_problem(400, "invalid_body");
    assert_eq!(answer.at("/errors/0/detail"), "must be one of: production, test");
    let message = json!({ "sender": "MPESA", "body": "x", "received_at": true });
    let answer = lender
        .post(&format!("/users/{user}/messages"), &json!({ "messages": [message] }))
        .await
        .expect_status(200);
    assert_eq!(
        answer.at("/rejected/0/detail"),
        "must be a date and time such as 2021-10-08T10:41:25+00:00, or whole seconds or milliseconds since 1970"
    );
}

#[tokio::test]
async fn an_unknown_path_says_where_the_paths_are_listed() {
    let (_app, lender, user) = lender().await;
    let answer = lender.get("/v1/users").await.expect_problem(404, "not_found");
    assert!(answer.text.contains("/docs"), "{}", answer.text);
    assert!(answer.text.contains("did you mean /users?"), "{}", answer.text);
    for path in ["/users/", "/Users", "/USERS/"] {
        let answer = lender.get(path).await.expect_problem(404, "not_found");
        let detail = "path not found: did you mean /users? GET /docs shows the paths there are";
        assert_eq!(answer.at("/detail"), detail, "{path}");
    }
    for path in [format!("/users/{user}/"), format!("/Users/{user}")] {
        let answer = lender.get(&path).await.expect_problem(404, "not_found");
        let nearest = "did you mean /users/{user_uuid}?";
        assert!(answer.text.contains(nearest), "{path}: {}", answer.text);
    }
    let answer = lender.get("/somewhere").await.expect_problem(404, "not_found");
    assert!(!answer.text.contains("did you mean"), "{}", answer.text);
    let answer = lender.get(&format!("/users/{user}/transactions")).await;
    let answer = answer.expect_problem(404, "not_found");
    let nearest = "did you mean /users/{user_uuid}/institutions/{institution_id}/transactions or \
                   /users/{user_uuid}/transactions-summary?";
    assert!(answer.text.contains(nearest), "{}", answer.text);
}

#[tokio::test]
async fn a_path_with_a_phone_number_says_that_users_are_named_by_uuid() {
    let (_app, lender, _) = lender().await;
    for path in ["/users/254711000000", "/users/254711000000/ledger"] {
        let answer = lender.get(path).await.expect_problem(404, "not_found");
        assert!(answer.text.contains("named by uuid"), "{}", answer.text);
    }
}
