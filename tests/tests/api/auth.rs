//! Sign-in.

use axum::body::Body;
use daftari_platform::identity::Environment;
use daftari_tests::{Answer, PASSWORD, TestApp, sign_in};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{Method, Request};
use serde_json::{Value, json};

const EMAIL: &str = "amina@lender.example";

async fn basic(app: &TestApp, email: &str, password: &str) -> Answer {
    basic_from(app, email, password, None).await
}

async fn basic_from(app: &TestApp, email: &str, password: &str, address: Option<&str>) -> Answer {
    sign_in(&app.gateway, email, password, address).await
}

async fn post(app: &TestApp, body: &Value) -> Answer {
    let request = Request::builder()
        .method(Method::POST)
        .uri("/auth")
        .header(CONTENT_TYPE, "application/json");
    app.gateway
        .send(request.body(Body::from(body.to_string())).expect("request"))
        .await
}

#[tokio::test]
async fn basic_sign_in_lists_both_tokens_of_every_organization() {
    let app = TestApp::start().await;
    let (kijani, bluu) = (app.organization("Kijani").await, app.organization("Bluu").await);
    app.login(EMAIL, &[kijani.id, bluu.id]).await;
    let answer = basic(&app, EMAIL, PASSWORD).await.expect_status(200);
    for (at, organization) in [&kijani, &bluu].into_iter().enumerate() {
        assert_eq!(
            answer.at(&format!("/{at}/organization/uuid")),
            organization.id.to_string()
        );
        assert_eq!(answer.at(&format!("/{at}/organization/name")), organization.name);
        for (env, kind) in ["production", "test"].into_iter().enumerate() {
            assert_eq!(answer.at(&format!("/{at}/auth/{env}/type")), kind);
            assert_eq!(
                answer.at(&format!("/{at}/auth/{env}/expires_at")),
                "2021-11-17T02:00:00+00:00"
            );
            let token = answer.at(&format!("/{at}/auth/{env}/api_token"));
            let principal = app
                .verifier
                .verify(token.as_str().expect("token"), app.clock.now())
                .expect("verifies");
            assert_eq!(principal.tenant.organization(), organization.id);
            assert_eq!(principal.tenant.environment().as_str(), kind);
        }
    }
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn json_sign_in_gives_one_token() {
    let app = TestApp::start().await;
    let organization = app.organization("Kijani").await;
    app.login(EMAIL, &[organization.id]).await;
    let answer = post(&app, &json!({ "email": "AMINA@lender.example", "password": PASSWORD })).await;
    let answer = answer.expect_status(200);
    assert_eq!(answer.at("/token_type"), "Bearer");
    assert_eq!(answer.at("/expires_in"), 18_000);
    let token = answer.at("/access_token").as_str().expect("token").to_owned();
    let principal = app.verifier.verify(&token, app.clock.now()).expect("verifies");
    assert_eq!(principal.tenant.environment(), Environment::Production);
    let test = json!({ "email": EMAIL, "password": PASSWORD, "environment": "test", "organization": organization.id });
    let token = post(&app, &test)
        .await
        .expect_status(200)
        .at("/access_token")
        .as_str()
        .expect("token")
        .to_owned();
    let principal = app.verifier.verify(&token, app.clock.now()).expect("verifies");
    assert_eq!(principal.tenant.environment(), Environment::Test);
}

#[tokio::test]
async fn a_login_of_several_organizations_must_choose_and_cannot_choose_others() {
    let app = TestApp::start().await;
    let (kijani, bluu) = (app.organization("Kijani").await, app.organization("Bluu").await);
    let stranger = app.organization("Stranger").await;
    app.login(EMAIL, &[kijani.id, bluu.id]).await;
    let sign_in = |organization: Value| json!({ "email": EMAIL, "password": PASSWORD, "organization": organization });
    let answer = post(&app, &sign_in(Value::Null))
        .await
        .expect_problem(400, "invalid_request");
    assert_eq!(answer.at("/errors/0/pointer"), "/organization");
    post(&app, &sign_in(json!(stranger.id)))
        .await
        .expect_problem(400, "invalid_request");
    let _ = post(&app, &sign_in(json!(bluu.id))).await.expect_status(200);
}

#[tokio::test]
async fn a_wrong_email_and_a_wrong_password_get_the_same_answer() {
    let app = TestApp::start().await;
    let organization = app.organization("Kijani").await;
    app.login(EMAIL, &[organization.id]).await;
    let wrong_password = basic(&app, EMAIL, "wrong password here")
        .await
        .expect_problem(401, "wrong_credentials");
    let wrong_email = basic(&app, "nobody@lender.example", PASSWORD)
        .await
        .expect_problem(401, "wrong_credentials");
    let without_id = |answer: &Answer| {
        let mut problem = answer.json();
        problem["request_id"] = Value::Null;
        problem
    };
    assert_eq!(without_id(&wrong_password), without_id(&wrong_email));
    assert!(wrong_email.header("www-authenticate").starts_with("Basic"));
}

fn detail(answer: &Answer) -> String {
    answer.at("/detail").as_str().expect("detail").to_owned()
}

#[tokio::test]
async fn a_sign_in_without_credentials_is_told_how_to_send_them() {
    let app = TestApp::start().await;
    for value in [
        "",
        "Basic",
        "Basic %%%",
        "Bearer abc",
        "Basic bm9jb2xvbg==",
        "Basic /////w==",
    ] {
        let request = Request::builder()
            .uri("/auth")
            .header(AUTHORIZATION, value)
            .body(Body::empty());
        let answer = app.gateway.send(request.expect("request")).await;
        let answer = answer.expect_problem(401, "unauthenticated");
        assert!(detail(&answer).contains("Authorization: Basic"));
        assert!(answer.header("www-authenticate").starts_with("Basic"));
    }
    let request = Request::builder().uri("/auth").body(Body::empty()).expect("request");
    app.gateway.send(request).await.expect_problem(401, "unauthenticated");
    basic(&app, "x", &"y".repeat(5_000))
        .await
        .expect_problem(401, "wrong_credentials");
}

#[tokio::test]
async fn bad_bodies_name_their_field() {
    let app = TestApp::start().await;
    for (body, pointer) in [
        (json!({ "email": EMAIL }), "/password"),
        (json!({ "email": 5, "password": PASSWORD }), "/email"),
        (
            json!({ "email": EMAIL, "password": PASSWORD, "environment": "staging" }),
            "/environment",
        ),
        (
            json!({ "email": EMAIL, "password": PASSWORD, "organization": "x" }),
            "/organization",
        ),
        (
            json!({ "email": EMAIL, "password": PASSWORD, "remember": true }),
            "/remember",
        ),
    ] {
        let answer = post(&app, &body).await.expect_problem(400, "invalid_body");
        assert_eq!(answer.at("/errors/0/pointer"), pointer, "{}", answer.text);
    }
}

#[tokio::test]
async fn ten_failures_throttle_an_email_until_the_window_ends() {
    let app = TestApp::start().await;
    let organization = app.organization("Kijani").await;
    app.login(EMAIL, &[organization.id]).await;
    for n in 0..10 {
        basic(&app, EMAIL, &format!("wrong password {n}"))
            .await
            .expect_problem(401, "wrong_credentials");
    }
    app.clock.advance(60);
    let answer = basic(&app, EMAIL, PASSWORD)
        .await
        .expect_problem(429, "too_many_requests");
    assert_eq!(answer.header("retry-after"), (15 * 60 - 60).to_string());
    app.clock.advance(14 * 60 - 1);
    basic(&app, EMAIL, PASSWORD)
        .await
        .expect_problem(429, "too_many_requests");
    app.clock.advance(1);
    let _ = basic(&app, EMAIL, PASSWORD).await.expect_status(200);
}

#[tokio::test]
async fn success_clears_the_failures_of_an_email() {
    let app = TestApp::start().await;
    let organization = app.organization("Kijani").await;
    app.login(EMAIL, &[organization.id]).await;
    for round in 0..3 {
        for n in 0..9 {
            basic(&app, EMAIL, &format!("wrong password {round} {n}"))
                .await
                .expect_problem(401, "wrong_credentials");
        }
        let _ = basic(&app, EMAIL, PASSWORD).await.expect_status(200);
    }
}

#[tokio::test]
async fn failures_at_once_do_not_pass_the_limit_together() {
    let app = TestApp::start().await;
    let passwords: Vec<String> = (0..30).map(|n| format!("wrong password {n}")).collect();
    let attempts = passwords.iter().map(|password| basic(&app, EMAIL, password));
    let answers = futures_util::future::join_all(attempts).await;
    let looked_at = answers.iter().filter(|answer| answer.status == 401).count();
    assert_eq!(looked_at, 10);
    assert!(
        answers
            .iter()
            .all(|answer| [401, 429].contains(&answer.status.as_u16()))
    );
}

#[tokio::test]
async fn ten_failures_throttle_an_address_over_all_emails_and_its_ipv6_network() {
    let app = TestApp::start().await;
    let organization = app.organization("Kijani").await;
    app.login(EMAIL, &[organization.id]).await;
    for n in 0..10 {
        let email = format!("guess{n}@lender.example");
        let address = format!("2001:db8:1:2::{n:x}");
        basic_from(&app, &email, PASSWORD, Some(&address))
            .await
            .expect_problem(401, "wrong_credentials");
    }
    let neighbor = basic_from(&app, EMAIL, PASSWORD, Some("2001:db8:1:2:ffff::1")).await;
    neighbor.expect_problem(429, "too_many_requests");
    let _ = basic_from(&app, EMAIL, PASSWORD, Some("2001:db8:1:3::1"))
        .await
        .expect_status(200);
}

#[tokio::test]
async fn successes_do_not_use_up_an_address() {
    let app = TestApp::start().await;
    let organization = app.organization("Kijani").await;
    app.login(EMAIL, &[organization.id]).await;
    for _ in 0..12 {
        let _ = basic_from(&app, EMAIL, PASSWORD, Some("192.0.2.7"))
            .await
            .expect_status(200);
    }
}

#[tokio::test]
async fn invalidated_tokens_are_refused_within_a_minute() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let _ = lender.get("/users").await.expect_status(200);
    let generation = app
        .store
        .invalidate_tokens(lender.tenant.organization())
        .await
        .expect("invalidated");
    assert_eq!(generation, Some(2));
    lender
        .through(&app.restarted())
        .get("/users")
        .await
        .expect_problem(401, "unauthenticated");
    app.clock.advance(60);
    let answer = lender.get("/users").await.expect_problem(401, "unauthenticated");
    assert_eq!(answer.header("www-authenticate"), "Bearer");
    assert!(detail(&answer).contains("has been invalidated"));
}

#[tokio::test]
async fn the_fault_of_a_token_is_told() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let sent = async |value: Option<&str>| {
        let mut request = Request::builder().uri("/users");
        if let Some(value) = value {
            request = request.header(AUTHORIZATION, value);
        }
        let answer = app.gateway.send(request.body(Body::empty()).expect("request")).await;
        let answer = answer.expect_problem(401, "unauthenticated");
        detail(&answer)
    };
    let good = format!("Bearer {}", lender.token);
    for (value, expected) in [
        (None, "send a token"),
        (Some("Basic abc"), "Bearer and a token"),
        (Some(&*lender.token), "Bearer and a token"),
        (Some("Bearer abc"), "is damaged"),
        (Some(&good[..good.len() - 2]), "is damaged"),
    ] {
        let detail = sent(value).await;
        assert!(detail.contains(expected), "{value:?}: {detail}");
    }
    app.clock.advance(6 * 60 * 60);
    assert!(sent(Some(&good)).await.contains("has expired"));
}

#[tokio::test]
async fn weak_hashes_are_replaced_at_sign_in() {
    // Hash of PASSWORD with m=8192, t=1, p=1, salt "0123456789abcdef".
    let app = TestApp::start().await;
    let organization = app.organization("Kijani").await;
    let mut login = app.login("other@lender.example", &[organization.id]).await;
    login.email = EMAIL.to_owned();
    login.password = daftari_platform::identity::PasswordHash::from_phc(weak_hash());
    assert!(app.store.create_login(&login).await.expect("login"));
    let _ = basic(&app, EMAIL, PASSWORD).await.expect_status(200);
    let stored = app.store.login(EMAIL).await.expect("store").expect("login").password;
    assert!(
        stored.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{}",
        stored.as_str()
    );
    let _ = basic(&app, EMAIL, PASSWORD).await.expect_status(200);
}

fn weak_hash() -> String {
    include_str!("weak-hash.txt").trim().to_owned()
}

#[tokio::test]
async fn the_published_keys_verify_tokens() {
    let app = TestApp::start().await;
    let request = Request::builder()
        .uri("/.well-known/jwks.json")
        .body(Body::empty())
        .expect("request");
    let answer = app.gateway.send(request).await.expect_status(200);
    assert_eq!(answer.text, app.keys.to_jwks().expect("jwks"));
    assert_eq!(answer.header("content-type"), "application/json");
}
