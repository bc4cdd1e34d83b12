//! One organization cannot use up the capacity of others: its requests and write units have a limit per minute.

use std::time::{Duration, Instant};

use axum::body::Body;
use daftari_platform::Limits;
use daftari_platform::identity::Environment;
use daftari_platform::store::OwnLimits;
use daftari_tests::proxy::{Misbehavior, Proxy};
use daftari_tests::{Answer, Lender, TestApp, records, skipped_elsewhere};
use http::{Method, Request};
use serde_json::json;

async fn limited(requests: u64, write_units: u64) -> TestApp {
    TestApp::with(|config| {
        config.limits = Limits { requests, write_units };
    })
    .await
}

/// The start of the minute of the tests' clock, and 18 seconds before its end.
const SECONDS_LEFT: i64 = 18;

async fn statuses(lender: &Lender, path: &str, count: usize) -> Vec<u16> {
    let mut found = Vec::new();
    for _ in 0..count {
        found.push(lender.get(path).await.status.as_u16());
    }
    found
}

fn refused(answer: Answer, of: &str, retry_after: i64) {
    let answer = answer.expect_problem(429, "organization_limit");
    assert_eq!(answer.header("retry-after"), retry_after.to_string());
    assert!(
        answer.text.contains(&format!("its {of} of this minute")),
        "{}",
        answer.text
    );
}

#[tokio::test]
async fn a_lender_that_floods_is_refused_until_the_minute_ends_and_another_is_served() {
    let app = limited(20, 0).await;
    let (flooding, other) = (app.lender().await, app.lender().await);
    app.clock.advance(60 - SECONDS_LEFT);
    let path = "/users?page=1";
    assert_eq!(statuses(&flooding, path, 20).await, [200; 20]);
    refused(flooding.get(path).await, "requests", SECONDS_LEFT);
    assert_eq!(statuses(&other, path, 20).await, [200; 20]);
    app.clock.advance(SECONDS_LEFT - 1);
    refused(flooding.get(path).await, "requests", 1);
    app.clock.advance(1);
    assert_eq!(statuses(&flooding, path, 20).await, [200; 20]);
}

#[tokio::test]
async fn functions_environments_and_phones_of_an_organization_count_together() {
    let app = limited(7, 0).await;
    let organization = app.organization("Counted").await.id;
    let lender = app.lender_of(organization, Environment::Production);
    let user = lender.register_mercy().await;
    let ledger = format!("/users/{user}/ledger");
    let _ = lender.get(&ledger).await.expect_status(200);
    let testing = app.lender_of(organization, Environment::Test);
    let _ = testing.get("/users").await.expect_status(200);
    let token = lender
        .post("/auth/user-token", &json!({ "user_uuid": user }))
        .await
        .expect_status(201);
    let token = token.at("/access_token").as_str().expect("token").to_owned();
    let messages = async || {
        let request = Request::post(format!("/users/{user}/messages"))
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .body(Body::from(json!({ "messages": [] }).to_string()));
        app.gateway.send(request.expect("request")).await
    };
    // With any answer: a phone that sends invalid requests counts too.
    let _ = messages().await;
    let dti = format!("/users/{user}/dti");
    let _ = lender.get(&dti).await.expect_status(200);
    let _ = lender.get(&format!("/users/{user}/accounts")).await.expect_status(200);
    // This is seven. At each request a function learns the counts of the others, so it serves at most one more.
    let (accounts, summaries) = (
        format!("/users/{user}/accounts"),
        format!("/users/{user}/alerts-summary"),
    );
    let income = format!("/users/{user}/income");
    let _ = messages().await;
    refused(messages().await, "requests", 60);
    for path in [dti, accounts, summaries, income] {
        let _ = lender.get(&path).await;
        refused(lender.get(&path).await, "requests", 60);
    }
    // Signing in is not counted: it has separate limits.
    let request = Request::get("/auth").body(Body::empty()).expect("request");
    let _ = app.gateway.send(request).await.expect_status(401);
}

#[tokio::test]
async fn write_units_have_a_limit_of_their_own() {
    if skipped_elsewhere(
        "write_units_have_a_limit_of_their_own",
        "only the embedded engine counts units by size",
    ) {
        return;
    }
    let app = limited(0, 60).await;
    let (writing, other) = (app.lender().await, app.lender().await);
    let user = writing.register_mercy().await;
    let mut written = 0;
    loop {
        let batch = json!({ "records": [records::record(&format!("r{written}"), "2021-10-08T10:41:25Z")] });
        let answer = writing.post(&format!("/users/{user}/ledger"), &batch).await;
        if answer.status != 200 {
            refused(answer, "write units", 60);
            break;
        }
        written += 1;
        assert!(written < 60, "each costs a unit");
    }
    assert!(written > 3, "a record costs few units");
    other.register_mercy().await;
    app.clock.advance(60);
    let _ = writing.get(&format!("/users/{user}/ledger")).await.expect_status(200);
}

#[tokio::test]
async fn an_organization_may_have_limits_of_its_own() {
    let app = limited(3, 0).await;
    let organization = app.organization("Large").await.id;
    let lender = app.lender_of(organization, Environment::Production);
    let set = async |requests: Option<u64>| {
        let limits = OwnLimits {
            requests,
            write_units: None,
        };
        assert!(
            app.store
                .set_organization_limits(organization, limits)
                .await
                .expect("set")
        );
        // Functions read an organization again after 30 seconds; minutes end after 60.
        app.clock.advance(60);
        let _ = lender.get("/users").await.expect_status(200);
        app.clock.advance(60);
    };
    for (own, wanted) in [(Some(5), 5), (Some(2), 2), (Some(0), 12), (None, 3)] {
        set(own).await;
        let served = statuses(&lender, "/users", 12)
            .await
            .into_iter()
            .filter(|status| *status == 200);
        assert_eq!(served.count(), wanted, "{own:?}");
    }
    let read = app
        .store
        .organization(organization)
        .await
        .expect("read")
        .expect("there");
    assert_eq!(read.limits, OwnLimits::default());
}

#[tokio::test]
async fn a_token_that_was_invalidated_uses_nothing_up() {
    let app = limited(5, 0).await;
    let organization = app.organization("Invalidated").await.id;
    let old = app.lender_of(organization, Environment::Production);
    let _ = old.get("/users").await.expect_status(200);
    app.store.invalidate_tokens(organization).await.expect("invalidated");
    app.clock.advance(60);
    assert_eq!(statuses(&old, "/users", 20).await, [401; 20]);
}

#[tokio::test]
async fn without_a_table_to_count_in_requests_are_served() {
    let app = limited(1_000, 1_000).await;
    let lender = app.lender().await;
    let user = lender.register_mercy().await;
    let endpoint = app.database.endpoint();
    for misbehavior in [Misbehavior::Throttle, Misbehavior::Fail, Misbehavior::Hang] {
        // Reads use no such call.
        let proxy = Proxy::start(endpoint, misbehavior, &["UpdateItem"], usize::MAX).await;
        let gateway = app.gateway_over(&proxy.endpoint(), Duration::from_secs(20)).await;
        let started = Instant::now();
        let answer = lender.through(&gateway).get(&format!("/users/{user}/ledger")).await;
        let _ = answer.expect_status(200);
        assert!(started.elapsed() < Duration::from_secs(10), "{misbehavior:?}");
        assert_eq!(proxy.misbehaved(), 1, "asked once, and not again");
    }
}

#[tokio::test]
async fn every_function_counts() {
    let app = limited(1_000, 1_000).await;
    let lender = app.lender().await;
    let user = lender.register_mercy().await;
    let paths = ["ledger", "accounts", "creditreport", "dti", "alerts-summary"];
    for path in paths {
        let _ = lender.get(&format!("/users/{user}/{path}")).await.expect_status(200);
    }
    let _ = lender.get("/messages/unrecognized").await.expect_status(200);
    let request = lender
        .request(Method::POST, "/auth/user-token")
        .header("content-type", "application/json");
    let body = Body::from(json!({ "user_uuid": user }).to_string());
    let _ = lender
        .send(request.body(body).expect("request"))
        .await
        .expect_status(201);
    let items = app.items().await;
    let counted: Vec<_> = items
        .iter()
        .filter(|item| item["type"].as_s().is_ok_and(|kind| kind == "used"))
        .collect();
    let [item] = counted.as_slice() else {
        panic!("{counted:?}");
    };
    // The first request of each of eight functions. The few units of the registration are counted by chance.
    let requests: u64 = item["requests"].as_n().expect("number").parse().expect("number");
    assert!((8..=30).contains(&requests), "{requests}");
    assert!(item.contains_key("expires_at"));
}
