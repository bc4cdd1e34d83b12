//! Signing keys rotate without a deployment, and a key never signs before all functions know it.

use std::time::Duration;

use auth::Issuer;
use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use daftari_platform::config::{Config, Edge};
use daftari_platform::http::FunctionService;
use daftari_platform::identity::{PublicKeys, SigningKeys};
use daftari_platform::proxies::TrustedProxies;
use daftari_platform::{Limits, Platform};
use daftari_tests::secrets::Secrets;
use daftari_tests::{PASSWORD, TestApp};
use http::Request;
use http::header::AUTHORIZATION;
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

const EMAIL: &str = "amina@lender.example";
/// Longer than the cache lifetime of keys from the secret.
const LATER_SECONDS: i64 = 301;

/// A deployment that publishes two keys, the first of which signs.
struct Deployment {
    app: TestApp,
    keys: SigningKeys,
    second: String,
    secrets: Secrets,
    auth: FunctionService,
    platform: Platform,
}

impl Deployment {
    async fn start() -> Self {
        let app = TestApp::start().await;
        let organization = app.organization("Kijani").await;
        app.login(EMAIL, &[organization.id]).await;
        let mut keys = SigningKeys::generate().expect("keys");
        let second = keys.add().expect("second key");
        let secrets = Secrets::start(keys.to_json().expect("json")).await;
        let config = Config {
            table: app.store.table_name().to_owned(),
            jwks: keys.to_jwks().expect("jwks"),
            issuer: "daftari".to_owned(),
            edge: Edge {
                base_path: String::new(),
                time_budget: Duration::from_mins(1),
            },
            limits: Limits::NONE,
            trusted_proxies: TrustedProxies::default(),
        };
        let platform = Platform::new(&config, app.store.clone(), app.clock.clone()).expect("platform");
        let published = platform.verifier().keys().clone();
        let issuer = Issuer::of_secret("daftari", published, secrets.reader(), app.clock.now());
        let auth = auth::service(platform.clone(), issuer.await.expect("issuer"));
        Self {
            app,
            keys,
            second,
            secrets,
            auth,
            platform,
        }
    }

    async fn get(&self, path: &str) -> Value {
        let credentials = STANDARD.encode(format!("{EMAIL}:{PASSWORD}"));
        let request = Request::builder()
            .uri(path)
            .header(AUTHORIZATION, format!("Basic {credentials}"))
            .body(Body::empty())
            .expect("request");
        let answer = self.auth.clone().oneshot(request).await.expect("answer");
        assert_eq!(answer.status(), 200);
        let body = answer.into_body().collect().await.expect("body").to_bytes();
        serde_json::from_slice(&body).expect("JSON")
    }

    /// Signs in and verifies the token. Returns the id of its key.
    async fn signs_with(&self) -> String {
        let answer = self.get("/auth").await;
        let token = answer[0]["auth"][0]["api_token"].as_str().expect("token");
        let verified = self.platform.verifier().verify(token, self.app.clock.now());
        verified.expect("verifies");
        let header = jsonwebtoken::decode_header(token).expect("header");
        header.kid.expect("kid")
    }
}

#[tokio::test]
async fn a_key_activated_in_the_secret_signs_within_minutes() {
    let mut deployment = Deployment::start().await;
    let first = deployment.keys.active().to_owned();
    assert_eq!(deployment.signs_with().await, first);
    let second = deployment.second.clone();
    deployment.keys.activate(&second).expect("activated");
    deployment.secrets.set(Some(deployment.keys.to_json().expect("json")));
    assert_eq!(deployment.signs_with().await, first, "still trusted");
    deployment.app.clock.advance(LATER_SECONDS);
    assert_eq!(deployment.signs_with().await, second);
}

#[tokio::test]
async fn the_published_keys_are_those_that_the_deployment_verifies_with() {
    let deployment = Deployment::start().await;
    let answer = deployment.get("/.well-known/jwks.json").await;
    let kids: Vec<&str> = answer["keys"]
        .as_array()
        .expect("keys")
        .iter()
        .map(|key| key["kid"].as_str().expect("kid"))
        .collect();
    assert_eq!(kids, [deployment.keys.active(), &deployment.second]);
}

#[tokio::test]
async fn an_unpublished_key_never_signs() {
    let mut deployment = Deployment::start().await;
    let first = deployment.keys.active().to_owned();
    let third = deployment.keys.add().expect("third key");
    deployment.keys.activate(&third).expect("activated");
    deployment.secrets.set(Some(deployment.keys.to_json().expect("json")));
    deployment.app.clock.advance(LATER_SECONDS);
    assert_eq!(deployment.signs_with().await, first);
}

#[tokio::test]
async fn an_unreadable_secret_leaves_the_key_in_use() {
    let deployment = Deployment::start().await;
    for unreadable in [None, Some("no keys".to_owned())] {
        deployment.secrets.set(unreadable);
        deployment.app.clock.advance(LATER_SECONDS);
        assert_eq!(deployment.signs_with().await, deployment.keys.active());
    }
}

#[tokio::test]
async fn a_function_does_not_start_with_an_unpublished_signing_key() {
    let (published, other) = (
        SigningKeys::generate().expect("keys"),
        SigningKeys::generate().expect("keys"),
    );
    let jwks = published.to_jwks().expect("jwks");
    let app = TestApp::start().await;
    for (secret, reason) in [
        (Some(other.to_json().expect("json")), "is not among the published ones"),
        (Some("{}".to_owned()), "not a set of signing keys"),
        (None, "AccessDeniedException"),
    ] {
        let secrets = Secrets::start(String::new()).await;
        secrets.set(secret);
        let published = PublicKeys::from_jwks(&jwks).expect("published");
        let issuer = Issuer::of_secret("daftari", published, secrets.reader(), app.clock.now());
        let error = issuer.await.err().expect("refused").to_string();
        assert!(
            error.starts_with("configuration: DAFTARI_SIGNING_KEYS_SECRET "),
            "{error}"
        );
        assert!(error.contains(reason), "{error}");
    }
}
