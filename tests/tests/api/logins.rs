//! An operator's changes to logins and organizations, and their effect for lenders.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use daftari_domain::ids::OrganizationId;
use daftari_platform::identity::{Environment, PasswordHash};
use daftari_platform::store::LoginChange;
use daftari_tests::{Answer, Gateway, Lender, PASSWORD, TestApp, records, sign_in};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

const AMINA: &str = "amina@kijani.example";
const BARAKA: &str = "baraka@kijani.example";
const OFFICE: &str = "203.0.113.7";
const NEW_PASSWORD: &str = "another battery staple";
/// The longest time for which an invalidated token may be accepted.
const WITHIN_SECONDS: i64 = 30;

/// Two logins of one organization.
async fn fixture() -> (TestApp, OrganizationId) {
    let app = TestApp::start().await;
    let organization = app.organization("Kijani").await.id;
    app.login(AMINA, &[organization]).await;
    app.login(BARAKA, &[organization]).await;
    (app, organization)
}

/// The production token of a login's first organization.
async fn token(app: &TestApp, email: &str, password: &str) -> String {
    let answer = sign_in(&app.gateway, email, password, Some(OFFICE))
        .await
        .expect_status(200);
    let token = answer.at("/0/auth/0/api_token");
    token.as_str().expect("token").to_owned()
}

/// A lender with the token.
fn holder(app: &TestApp, organization: OrganizationId, token: &str) -> Lender {
    let mut lender = app.lender_of(organization, Environment::Production);
    token.clone_into(&mut lender.token);
    lender
}

async fn change(app: &TestApp, email: &str, change: LoginChange) {
    let changed = app.store.change_login(email, &change, app.clock.now());
    assert!(changed.await.expect("changed"));
}

fn new_password() -> LoginChange {
    LoginChange::SetPassword(PasswordHash::new(NEW_PASSWORD).expect("hash"))
}

async fn status(lender: &Lender, gateway: &Gateway) -> u16 {
    let answer = lender.through(gateway).get("/users").await;
    answer.status.as_u16()
}

#[tokio::test]
async fn another_password_starts_without_the_failures_of_the_one_before() {
    let (app, _) = fixture().await;
    for guess in 0..10 {
        let answer = sign_in(&app.gateway, AMINA, &format!("guess {guess}"), Some(OFFICE)).await;
        answer.expect_problem(401, "wrong_credentials");
    }
    let locked = sign_in(&app.gateway, AMINA, PASSWORD, Some(OFFICE)).await;
    assert_eq!(locked.status.as_u16(), 429);
    change(&app, AMINA, new_password()).await;
    let renewed = sign_in(&app.gateway, AMINA, NEW_PASSWORD, Some(OFFICE)).await;
    assert_eq!(renewed.status.as_u16(), 200);
}

#[tokio::test]
async fn another_password_ends_the_tokens_of_its_login_and_of_no_other() {
    let (app, organization) = fixture().await;
    let amina = holder(&app, organization, &token(&app, AMINA, PASSWORD).await);
    let baraka = holder(&app, organization, &token(&app, BARAKA, PASSWORD).await);
    for lender in [&amina, &baraka] {
        assert_eq!(status(lender, &app.gateway).await, 200);
    }
    change(&app, AMINA, new_password()).await;
    // Cached generations are valid for half a minute.
    app.clock.advance(WITHIN_SECONDS);
    for gateway in [&app.gateway, &app.restarted()] {
        assert_eq!(status(&amina, gateway).await, 401);
        assert_eq!(status(&baraka, gateway).await, 200);
    }
    sign_in(&app.gateway, AMINA, PASSWORD, Some(OFFICE))
        .await
        .expect_problem(401, "wrong_credentials");
    let renewed = holder(&app, organization, &token(&app, AMINA, NEW_PASSWORD).await);
    assert_eq!(status(&renewed, &app.gateway).await, 200);
    // Each change invalidates the tokens issued since the previous one.
    change(&app, AMINA, new_password()).await;
    assert_eq!(status(&renewed, &app.restarted()).await, 401);
    assert_eq!(status(&baraka, &app.restarted()).await, 200);
}

#[tokio::test]
async fn a_change_reaches_every_organization_of_the_login() {
    let (app, kijani) = fixture().await;
    let bluu = app.organization("Bluu").await.id;
    app.login("both@kijani.example", &[kijani, bluu]).await;
    let answer = sign_in(&app.gateway, "both@kijani.example", PASSWORD, None)
        .await
        .expect_status(200);
    let lenders: Vec<Lender> = [(0, kijani), (1, bluu)]
        .into_iter()
        .map(|(at, organization)| {
            let token = answer.at(&format!("/{at}/auth/0/api_token"));
            holder(&app, organization, token.as_str().expect("token"))
        })
        .collect();
    for lender in &lenders {
        assert_eq!(status(lender, &app.gateway).await, 200);
    }
    change(&app, "both@kijani.example", LoginChange::Disable).await;
    for lender in &lenders {
        assert_eq!(status(lender, &app.restarted()).await, 401);
    }
}

#[tokio::test]
async fn a_disabled_login_is_treated_as_unknown_until_it_is_enabled() {
    let (app, organization) = fixture().await;
    let amina = holder(&app, organization, &token(&app, AMINA, PASSWORD).await);
    change(&app, AMINA, LoginChange::Disable).await;
    assert_eq!(status(&amina, &app.restarted()).await, 401);
    let refused = sign_in(&app.gateway, AMINA, PASSWORD, Some(OFFICE))
        .await
        .expect_problem(401, "wrong_credentials");
    let unknown = sign_in(&app.gateway, "nobody@kijani.example", PASSWORD, Some(OFFICE)).await;
    let without_id = |answer: &Answer| {
        let mut problem = answer.json();
        problem["request_id"] = Value::Null;
        problem
    };
    assert_eq!(without_id(&refused), without_id(&unknown));
    assert!(app.store.enable_login(AMINA).await.expect("enabled"));
    assert_eq!(status(&amina, &app.restarted()).await, 401, "for good");
    let again = holder(&app, organization, &token(&app, AMINA, PASSWORD).await);
    assert_eq!(status(&again, &app.restarted()).await, 200);
}

#[tokio::test]
async fn a_deleted_login_leaves_nothing_and_its_email_can_be_given_anew() {
    let (app, organization) = fixture().await;
    let amina = holder(&app, organization, &token(&app, AMINA, PASSWORD).await);
    for n in 0..3 {
        let password = format!("wrong password {n}");
        sign_in(&app.gateway, AMINA, &password, Some("192.0.2.1")).await;
    }
    change(&app, AMINA, LoginChange::Delete).await;
    assert_eq!(status(&amina, &app.restarted()).await, 401);
    sign_in(&app.gateway, AMINA, PASSWORD, Some("192.0.2.2"))
        .await
        .expect_problem(401, "wrong_credentials");
    change_finds_nobody(&app).await;
    let of_amina = |item: &std::collections::HashMap<_, aws_sdk_dynamodb::types::AttributeValue>| {
        let key = |name| item.get(name).and_then(|value| value.as_s().ok().cloned());
        key("PK").filter(|pk| pk.contains(AMINA)).and(key("SK"))
    };
    let left: Vec<String> = app.items().await.iter().filter_map(of_amina).collect();
    // Items of the last attempt remain until their window ends.
    assert!(left.iter().all(|sk| sk.starts_with("ATTEMPTS")), "{left:?}");
    assert!(!left.iter().any(|sk| sk.contains("192.0.2.1")), "{left:?}");
    app.login(AMINA, &[organization]).await;
    let again = holder(&app, organization, &token(&app, AMINA, PASSWORD).await);
    assert_eq!(status(&again, &app.restarted()).await, 200);
    assert_eq!(status(&amina, &app.restarted()).await, 401);
}

async fn change_finds_nobody(app: &TestApp) {
    for change in [new_password(), LoginChange::Disable, LoginChange::Delete] {
        let changed = app.store.change_login(AMINA, &change, app.clock.now());
        assert!(!changed.await.expect("store"));
    }
    assert!(!app.store.enable_login(AMINA).await.expect("store"));
}

#[tokio::test]
async fn the_token_of_a_phone_outlives_the_login_that_asked_for_it() {
    let (app, organization) = fixture().await;
    let amina = holder(&app, organization, &token(&app, AMINA, PASSWORD).await);
    let user = amina.register("254700000001").await;
    let phone = phone_of(&app, &amina, &user).await;
    change(&app, AMINA, LoginChange::Delete).await;
    let phone = phone.through(&app.restarted());
    let path = format!("/users/{user}/messages");
    let _ = phone.post(&path, &message()).await.expect_status(200);
    // Invalidating all tokens of an organization includes phone tokens.
    let _ = app.store.invalidate_tokens(organization).await.expect("invalidated");
    phone
        .through(&app.restarted())
        .post(&path, &message())
        .await
        .expect_problem(401, "unauthenticated");
}

async fn phone_of(app: &TestApp, lender: &Lender, user: &str) -> Lender {
    let answer = lender
        .post("/auth/user-token", &json!({ "user_uuid": user }))
        .await
        .expect_status(201);
    let token = answer.at("/access_token");
    let token = token.as_str().expect("token");
    holder(app, lender.tenant.organization(), token)
}

fn message() -> Value {
    json!({ "messages": [{ "sender": "MPESA", "received_at": "2021-10-08T10:41:25Z", "body": "Karibu" }] })
}

#[tokio::test]
async fn a_disabled_organization_is_refused_and_its_data_stays() {
    let (app, organization) = fixture().await;
    let amina = holder(&app, organization, &token(&app, AMINA, PASSWORD).await);
    let user = amina.register("254700000001").await;
    amina
        .append(&user, &[records::record("a", "2021-10-08T10:41:25Z")])
        .await;
    let phone = phone_of(&app, &amina, &user).await;
    let path = format!("/users/{user}/messages");
    let disabled = app.store.set_organization_disabled(organization, true);
    assert!(disabled.await.expect("disabled"));
    app.clock.advance(WITHIN_SECONDS);
    let ledger = format!("/users/{user}/ledger");
    for answer in [
        amina.get("/users").await,
        amina.get(&ledger).await,
        amina.post("/auth/user-token", &json!({ "user_uuid": user })).await,
        phone.post(&path, &message()).await,
    ] {
        answer.expect_problem(401, "unauthenticated");
    }
    sign_in(&app.gateway, AMINA, PASSWORD, Some(OFFICE))
        .await
        .expect_problem(403, "organization_disabled");
    let body = json!({ "email": AMINA, "password": PASSWORD });
    amina
        .post("/auth", &body)
        .await
        .expect_problem(403, "organization_disabled");
    sign_in(&app.gateway, AMINA, "wrong password here", Some(OFFICE))
        .await
        .expect_problem(401, "wrong_credentials");
    let enabled = app.store.set_organization_disabled(organization, false);
    assert!(enabled.await.expect("enabled"));
    app.clock.advance(WITHIN_SECONDS);
    assert_eq!(amina.ledger(&user).await.len(), 1);
    let _ = phone.post(&path, &message()).await.expect_status(200);
    let _ = token(&app, AMINA, PASSWORD).await;
}

#[tokio::test]
async fn a_login_keeps_its_other_organizations_when_one_is_disabled() {
    let (app, kijani) = fixture().await;
    let bluu = app.organization("Bluu").await.id;
    app.login("both@kijani.example", &[kijani, bluu]).await;
    let disabled = app.store.set_organization_disabled(kijani, true);
    assert!(disabled.await.expect("disabled"));
    let answer = sign_in(&app.gateway, "both@kijani.example", PASSWORD, None)
        .await
        .expect_status(200);
    assert_eq!(answer.json().as_array().map(Vec::len), Some(1));
    assert_eq!(answer.at("/0/organization/uuid"), bluu.to_string());
}

/// Functions of an earlier version issue tokens without a login generation.
#[tokio::test]
async fn tokens_without_a_login_generation_are_valid_until_their_login_changes() {
    let (app, organization) = fixture().await;
    let issued = token(&app, AMINA, PASSWORD).await;
    let old = holder(&app, organization, &without_login_generation(&app, &issued));
    assert_eq!(status(&old, &app.restarted()).await, 200);
    change(&app, BARAKA, new_password()).await;
    assert_eq!(status(&old, &app.restarted()).await, 200);
    change(&app, AMINA, new_password()).await;
    assert_eq!(status(&old, &app.restarted()).await, 401);
}

fn without_login_generation(app: &TestApp, token: &str) -> String {
    let payload = token.split('.').nth(1).expect("payload");
    let payload = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload);
    let mut claims: Value = serde_json::from_slice(&payload.expect("base64")).expect("claims");
    assert!(claims.as_object_mut().expect("claims").remove("login_gen").is_some());
    let keys: Value = serde_json::from_str(&app.keys.to_json().expect("json")).expect("keys");
    let der = keys["keys"][0]["private"].as_str().expect("private key");
    let key = EncodingKey::from_ed_der(&STANDARD.decode(der).expect("base64"));
    let header = Header {
        kid: Some(app.keys.active().to_owned()),
        ..Header::new(Algorithm::EdDSA)
    };
    jsonwebtoken::encode(&header, &claims, &key).expect("token")
}

#[tokio::test]
async fn a_changed_password_ends_the_known_networks_of_the_earlier_one() {
    let (app, _) = fixture().await;
    let _ = token(&app, AMINA, PASSWORD).await;
    change(&app, AMINA, new_password()).await;
    let mut looked_at = 0;
    for n in 0..12 {
        let password = format!("wrong password {n}");
        let answer = sign_in(&app.gateway, AMINA, &password, Some(OFFICE)).await;
        looked_at += usize::from(answer.status == 401);
    }
    assert_eq!(looked_at, 10);
}

#[tokio::test]
async fn changes_of_many_logins_at_once_all_take_effect() {
    let (app, organization) = fixture().await;
    let emails: Vec<String> = (0..8).map(|n| format!("clerk{n}@kijani.example")).collect();
    let mut lenders = Vec::new();
    for email in &emails {
        app.login(email, &[organization]).await;
        lenders.push(holder(&app, organization, &token(&app, email, PASSWORD).await));
    }
    let changes = emails.iter().map(|email| change(&app, email, LoginChange::Disable));
    futures_util::future::join_all(changes).await;
    let gateway = app.restarted();
    for lender in &lenders {
        assert_eq!(status(lender, &gateway).await, 401);
    }
}
