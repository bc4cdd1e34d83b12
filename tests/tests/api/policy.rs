//! The policy matrix: every route, for every kind of caller that must be refused.

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use daftari_domain::ids::LoginId;
use daftari_platform::http::{Endpoints, Guard, SignInStore, service, service_without_table};
use daftari_platform::identity::{Environment, Scope, SigningKeys, TokenIssuer};
use daftari_tests::samples::Samples;
use daftari_tests::{Answer, Lender, RouteOf, TestApp, records};
use hmac::{Hmac, KeyInit, Mac};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{Method, Request};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use sha2::Sha256;
use tower::ServiceExt;
use uuid::Uuid;

/// The route's path for a user, with an institution of the directory and a report that does not exist.
fn path_of(samples: &Samples, route: &RouteOf, user: &str) -> String {
    samples.path(route.route, user, &[("file", "start.js")])
}

async fn call(fixture: &Fixture, route: &RouteOf, user: &str, authorization: Option<&str>) -> Answer {
    let samples = &fixture.samples;
    let path = path_of(samples, route, user);
    let mut request = Request::builder().method(&route.route.method).uri(path);
    if let Some(authorization) = authorization {
        request = request.header(AUTHORIZATION, authorization);
    }
    let body = if route.route.method == Method::POST {
        request = request.header(CONTENT_TYPE, "application/json");
        // A route without a body of its own takes an empty object.
        let body = samples.body(route.route, user).unwrap_or_else(|| json!({}));
        Body::from(body.to_string())
    } else {
        Body::empty()
    };
    fixture.app.gateway.send(request.body(body).expect("request")).await
}

fn scoped(routes: &[RouteOf]) -> impl Iterator<Item = (&RouteOf, Scope)> {
    routes.iter().filter_map(|route| match route.route.guard {
        Guard::Scope(scope) | Guard::ScopeOrUserToken(scope) => Some((route, scope)),
        _ => None,
    })
}

struct Fixture {
    app: TestApp,
    lender: Lender,
    user: String,
    routes: Vec<RouteOf>,
    samples: Samples,
}

/// The number of the fixture's user. With the number of the document's example, a registration that should be refused
/// would go unnoticed.
const NUMBER: &str = "254711000001";

async fn fixture() -> Fixture {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender
        .register_as(json!({ "phone_number": NUMBER, "first_name": "Mercy" }))
        .await;
    lender
        .append(&user, &[records::record("a", "2021-10-08T10:41:25Z")])
        .await;
    let routes = app.gateway.routes();
    Fixture {
        app,
        lender,
        user,
        routes,
        samples: Samples::read(),
    }
}

impl Fixture {
    /// The refused calls changed nothing.
    async fn expect_untouched(&self) {
        assert_eq!(self.lender.ledger(&self.user).await.len(), 1);
        assert_eq!(self.lender.get("/users").await.at("/_meta/total_users_count"), 1);
    }

    /// A token with claims that are never issued, signed with the right key.
    fn forged(&self, change: impl FnOnce(&mut Value)) -> String {
        let payload = self.lender.token.split('.').nth(1).expect("payload");
        let mut claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).expect("base64")).expect("claims");
        change(&mut claims);
        let keys: Value = serde_json::from_str(&self.app.keys.to_json().expect("json")).expect("keys");
        let private = keys["keys"][0]["private"].as_str().expect("private");
        let der = base64::engine::general_purpose::STANDARD
            .decode(private)
            .expect("base64");
        let header = Header {
            kid: Some(self.app.keys.active().to_owned()),
            ..Header::new(Algorithm::EdDSA)
        };
        jsonwebtoken::encode(&header, &claims, &EncodingKey::from_ed_der(&der)).expect("token")
    }
}

#[tokio::test]
async fn every_route_passes_for_a_token_with_its_scope() {
    let fixture = fixture().await;
    let authorization = format!("Bearer {}", fixture.lender.token);
    for (route, _) in scoped(&fixture.routes) {
        // A new user for each route, because one of the routes erases it.
        let user = fixture.lender.register("254123456700").await;
        let answer = call(&fixture, route, &user, Some(&authorization)).await;
        if route.route.path.ends_with("/{id}") {
            // A caller with the permission to read reports gets a 404 for the report.
            answer.expect_problem(404, "not_found");
        } else {
            assert!(answer.status.is_success(), "{route:?}: {}", answer.text);
        }
    }
}

#[tokio::test]
#[allow(clippy::too_many_lines, reason = "one table of callers")]
async fn tokens_that_do_not_verify_are_401_on_every_route() {
    let fixture = fixture().await;
    let (_, signature_and_payload) = fixture.lender.token.split_once('.').expect("token");
    let kid = fixture.app.keys.active();
    let with_header = |alg: &str| {
        let header = URL_SAFE_NO_PAD.encode(json!({ "alg": alg, "kid": kid, "typ": "JWT" }).to_string());
        format!("Bearer {header}.{signature_and_payload}")
    };
    let strangers = SigningKeys::generate().expect("keys");
    let stranger = TokenIssuer::new("daftari", &strangers).expect("issuer");
    let organization = (fixture.lender.tenant.organization(), 1);
    let stranger = stranger.api_token(
        (LoginId(Uuid::nil()), 1),
        organization,
        Environment::Production,
        fixture.app.clock.now(),
    );
    let (unsigned, _) = signature_and_payload.split_once('.').expect("token");
    let none_header = URL_SAFE_NO_PAD.encode(json!({ "alg": "none", "typ": "JWT" }).to_string());
    // HS256 with the public key as the secret. A verifier that trusts the token's algorithm would accept it.
    let jwks: Value = serde_json::from_str(&fixture.app.keys.to_jwks().expect("jwks")).expect("jwks");
    let public = URL_SAFE_NO_PAD
        .decode(jwks["keys"][0]["x"].as_str().expect("x"))
        .expect("base64");
    let confused_header = URL_SAFE_NO_PAD.encode(json!({ "alg": "HS256", "kid": kid, "typ": "JWT" }).to_string());
    let signed = format!("{confused_header}.{unsigned}");
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&public).expect("any length");
    mac.update(signed.as_bytes());
    let confused = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()));
    let callers: Vec<(&str, Option<String>)> = vec![
        ("no token", None),
        ("empty", Some(String::new())),
        ("no scheme", Some(fixture.lender.token.clone())),
        ("basic", Some("Basic YTpi".to_owned())),
        ("empty bearer", Some("Bearer ".to_owned())),
        ("garbage", Some("Bearer a.b.c".to_owned())),
        ("none", Some(with_header("none"))),
        (
            "none without signature",
            Some(format!("Bearer {none_header}.{unsigned}.")),
        ),
        ("hs256", Some(with_header("HS256"))),
        ("hs256 with the public key", Some(format!("Bearer {confused}"))),
        ("wrong key", Some(format!("Bearer {}", stranger.expect("token").token))),
        (
            "expired",
            Some(format!(
                "Bearer {}",
                fixture.forged(|claims| claims["exp"] = json!(1_600_000_000))
            )),
        ),
        (
            "other issuer",
            Some(format!(
                "Bearer {}",
                fixture.forged(|claims| claims["iss"] = json!("somebody"))
            )),
        ),
        (
            "other audience",
            Some(format!(
                "Bearer {}",
                fixture.forged(|claims| claims["aud"] = json!("other"))
            )),
        ),
        (
            "from the future",
            Some(format!(
                "Bearer {}",
                fixture.forged(|claims| claims["iat"] = json!(4_000_000_000_u32))
            )),
        ),
        (
            "no subject",
            Some(format!(
                "Bearer {}",
                fixture.forged(|claims| claims["sub"] = Value::Null)
            )),
        ),
        (
            "unknown organization",
            Some(format!(
                "Bearer {}",
                fixture.forged(|claims| claims["org"] = json!(Uuid::nil()))
            )),
        ),
        (
            "unknown environment",
            Some(format!(
                "Bearer {}",
                fixture.forged(|claims| claims["env"] = json!("staging"))
            )),
        ),
        (
            "older generation",
            Some(format!("Bearer {}", fixture.forged(|claims| claims["gen"] = json!(0)))),
        ),
        (
            "messages without a user",
            Some(format!(
                "Bearer {}",
                fixture.forged(|claims| claims["scope"] = json!("messages"))
            )),
        ),
    ];
    for (caller, authorization) in &callers {
        for (route, _) in scoped(&fixture.routes) {
            let answer = call(&fixture, route, &fixture.user, authorization.as_deref()).await;
            assert_eq!(answer.status, 401, "{caller} on {route:?}: {}", answer.text);
            let answer = answer.expect_problem(401, "unauthenticated");
            assert_eq!(answer.header("www-authenticate"), "Bearer");
        }
    }
    fixture.expect_untouched().await;
}

#[tokio::test]
async fn a_token_without_the_scope_is_403_on_every_route() {
    let fixture = fixture().await;
    for (route, scope) in scoped(&fixture.routes) {
        let others = ["read", "ingest", "erase"]
            .into_iter()
            .filter(|word| *word != scope.as_str());
        let others = others.collect::<Vec<_>>().join(" ");
        for scopes in [others.as_str(), "", "everything", "READ INGEST ERASE"] {
            let token = fixture.forged(|claims| claims["scope"] = json!(scopes));
            let answer = call(&fixture, route, &fixture.user, Some(&format!("Bearer {token}"))).await;
            assert_eq!(answer.status, 403, "{scopes:?} on {route:?}: {}", answer.text);
            let answer = answer.expect_problem(403, "forbidden");
            let lacks = format!("the token lacks the scope `{}`", scope.as_str());
            assert!(answer.text.contains(&lacks), "{route:?}: {}", answer.text);
        }
    }
    fixture.expect_untouched().await;
}

#[tokio::test]
async fn the_row_guards_a_handler_that_checks_nothing() {
    let fixture = fixture().await;
    let user_token = fixture
        .lender
        .post("/auth/user-token", &json!({ "user_uuid": fixture.user }))
        .await;
    let user_token = user_token.at("/access_token").as_str().expect("token").to_owned();
    for (route, scope) in scoped(&fixture.routes) {
        let endpoints = Endpoints::new().serve(route.route, async || "secret");
        let service = service(endpoints, fixture.app.platform());
        let status = async |token: &str| {
            let request = Request::builder().method(&route.route.method);
            let request = request.uri(path_of(&fixture.samples, route, &fixture.user));
            let request = request.header(AUTHORIZATION, format!("Bearer {token}"));
            let response = service.clone().oneshot(request.body(Body::empty()).expect("request"));
            response.await.expect("services do not fail").status().as_u16()
        };
        let with_scope = |text: &str| fixture.forged(|claims| claims["scope"] = json!(text));
        let invalidated = |text: &str| {
            fixture.forged(|claims| {
                claims["scope"] = json!(text);
                claims["gen"] = json!(0);
            })
        };
        assert_eq!(status("none").await, 401, "{route:?}");
        assert_eq!(status(&invalidated(scope.as_str())).await, 401, "{route:?}");
        assert_eq!(status(&invalidated("everything")).await, 401, "{route:?}");
        assert_eq!(status(&with_scope("everything")).await, 403, "{route:?}");
        assert_eq!(status(&with_scope(scope.as_str())).await, 200, "{route:?}");
        let phone = matches!(route.route.guard, Guard::ScopeOrUserToken(_));
        assert_eq!(status(&user_token).await, if phone { 200 } else { 403 }, "{route:?}");
    }
}

#[tokio::test]
async fn a_function_without_the_table_cannot_serve_a_guarded_row() {
    let fixture = fixture().await;
    for (route, _) in scoped(&fixture.routes) {
        let endpoints = Endpoints::new().serve(route.route, async || "secret");
        let service = service_without_table(endpoints, (), fixture.app.platform().edge());
        let request = Request::builder().method(&route.route.method);
        let request = request.uri(path_of(&fixture.samples, route, &fixture.user));
        let request = request.header(AUTHORIZATION, format!("Bearer {}", fixture.lender.token));
        let response = service.oneshot(request.body(Body::empty()).expect("request")).await;
        assert_eq!(response.expect("services do not fail").status(), 500, "{route:?}");
    }
}

#[tokio::test]
async fn only_rows_that_take_credentials_give_the_table_without_a_token() {
    let fixture = fixture().await;
    for route in &fixture.routes {
        let endpoints = Endpoints::new().serve(route.route, async |_: SignInStore| "the table");
        let service = service(endpoints, fixture.app.platform());
        let request = Request::builder().method(&route.route.method);
        let request = request.uri(path_of(&fixture.samples, route, &fixture.user));
        let request = request.header(AUTHORIZATION, format!("Bearer {}", fixture.lender.token));
        let response = service.oneshot(request.body(Body::empty()).expect("request")).await;
        let status = response.expect("services do not fail").status().as_u16();
        let takes_credentials = route.route.guard == Guard::Credentials;
        assert_eq!(status, if takes_credentials { 200 } else { 500 }, "{route:?}");
    }
}

#[tokio::test]
async fn a_users_phone_can_send_its_own_messages_and_nothing_else() {
    let fixture = fixture().await;
    let neighbor = fixture.lender.register("254123456700").await;
    let answer = fixture
        .lender
        .post("/auth/user-token", &json!({ "user_uuid": fixture.user }))
        .await;
    let answer = answer.expect_status(201);
    assert_eq!(answer.at("/token_type"), "Bearer");
    assert_eq!(answer.at("/expires_in"), 90 * 24 * 60 * 60);
    let authorization = format!("Bearer {}", answer.at("/access_token").as_str().expect("token"));
    for (route, _) in scoped(&fixture.routes) {
        let own = call(&fixture, route, &fixture.user, Some(&authorization)).await;
        let others = call(&fixture, route, &neighbor, Some(&authorization)).await;
        if matches!(route.route.guard, Guard::ScopeOrUserToken(_)) {
            assert_eq!(own.expect_status(200).at("/recorded"), 1);
            others.expect_problem(404, "not_found");
        } else {
            own.expect_problem(403, "forbidden");
            others.expect_problem(403, "forbidden");
        }
    }
    assert!(fixture.lender.ledger(&neighbor).await.is_empty());
    assert_eq!(fixture.lender.ledger(&fixture.user).await.len(), 2);
}

#[tokio::test]
async fn another_tenants_user_is_404_and_looks_like_no_user() {
    let fixture = fixture().await;
    let stranger = fixture.app.lender().await;
    let same_but_test = fixture
        .app
        .lender_of(fixture.lender.tenant.organization(), Environment::Test);
    let nobody = Uuid::from_u128(0x1234).to_string();
    for caller in [stranger, same_but_test] {
        let authorization = format!("Bearer {}", caller.token);
        for (route, _) in scoped(&fixture.routes).filter(|(route, _)| fixture.samples.names_a_user(route.route)) {
            let theirs = call(&fixture, route, &fixture.user, Some(&authorization)).await;
            assert_eq!(theirs.status, 404, "{route:?}: {}", theirs.text);
            let theirs = theirs.expect_problem(404, "not_found");
            let none = call(&fixture, route, &nobody, Some(&authorization))
                .await
                .expect_problem(404, "not_found");
            let comparable = |answer: &Answer| {
                let mut problem = answer.json();
                problem["request_id"] = Value::Null;
                (
                    problem,
                    answer.headers.keys().map(ToString::to_string).collect::<Vec<_>>(),
                )
            };
            assert_eq!(comparable(&theirs), comparable(&none), "{route:?}");
        }
        for query in [
            "",
            "?search=mercy",
            &format!("?phone_number={NUMBER}"),
            &format!("?search={}", fixture.user),
        ] {
            assert_eq!(
                caller
                    .get(&format!("/users{query}"))
                    .await
                    .at("/_meta/total_users_count"),
                0,
                "{query}"
            );
        }
        let own = caller.register(NUMBER).await;
        assert_ne!(own, fixture.user, "the same number in another tenant is another user");
    }
    fixture.expect_untouched().await;
}

#[tokio::test]
async fn wrong_methods_are_405_and_unknown_paths_404() {
    let fixture = fixture().await;
    for route in &fixture.routes {
        let path = path_of(&fixture.samples, route, &fixture.user);
        let request = fixture
            .lender
            .request(Method::PATCH, &path)
            .body(Body::empty())
            .expect("request");
        let answer = fixture
            .lender
            .send(request)
            .await
            .expect_problem(405, "method_not_allowed");
        let allowed = answer.header("allow");
        let of_path = |other: &&RouteOf| other.route.path == route.route.path;
        let known = |other: &RouteOf| allowed.contains(other.route.method.as_str());
        assert!(fixture.routes.iter().filter(of_path).any(known), "{path}: {allowed}");
    }
    for path in [
        "/nothing",
        "/users/",
        "/auth/",
        "/users/x/y/z",
        "//users",
        "/users/%2e%2e/auth",
    ] {
        fixture.lender.get(path).await.expect_problem(404, "not_found");
    }
}

#[tokio::test]
async fn a_base_path_is_stripped_and_nothing_else() {
    let app = TestApp::with(|config| config.edge.base_path = "/beta".to_owned()).await;
    let lender = app.lender().await;
    for path in ["/users", "/users?page=1"] {
        let _ = lender.get(path).await.expect_status(200);
    }
    // The gateway of these tests routes by the bare path, so the prefixed one goes to the function of unknown paths.
    let _ = lender.get("/beta/openapi.json").await.expect_status(200);
    let refused = lender.get("/beta/openapi.json?search=x").await;
    refused.expect_problem(400, "invalid_request");
    for root in ["/beta", "/beta/"] {
        let answer = lender.get(root).await.expect_status(200);
        assert_eq!(answer.at("/links/docs"), "/beta/docs", "{root}");
    }
    lender
        .get("/beta?search=x")
        .await
        .expect_problem(400, "invalid_request");
    lender.get("/betaopenapi.json").await.expect_problem(404, "not_found");
    lender.get("/betausers").await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn a_405_lists_every_method_of_the_path_whichever_function_serves_it() {
    let fixture = fixture().await;
    for route in &fixture.routes {
        let path = path_of(&fixture.samples, route, &fixture.user);
        let request = fixture.lender.request(Method::PUT, &path);
        let request = request.body(Body::empty()).expect("request");
        let answer = fixture.lender.send(request).await;
        let answer = answer.expect_problem(405, "method_not_allowed");
        let allowed: Vec<&str> = answer.header("allow").split(',').map(str::trim).collect();
        let allowed: std::collections::BTreeSet<&str> = allowed.into_iter().collect();
        let of_path = fixture
            .routes
            .iter()
            .filter(|other| other.route.path == route.route.path);
        let mut served: std::collections::BTreeSet<&str> = of_path.map(|other| other.route.method.as_str()).collect();
        if served.contains("GET") {
            served.insert("HEAD");
        }
        assert_eq!(allowed, served, "{path}");
        let detail = answer.at("/detail");
        let told = detail
            .as_str()
            .and_then(|detail| detail.strip_prefix("this path takes "));
        let told: std::collections::BTreeSet<&str> = told.expect("methods").split(", ").collect();
        assert_eq!(told, served, "{path}");
    }
}
