//! Query parameters: each route accepts the documented ones and refuses all others.

use std::collections::BTreeSet;

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use daftari_platform::http::Guard;
use daftari_tests::samples::Samples;
use daftari_tests::{Answer, Lender, PASSWORD, RouteOf, TestApp};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{Method, Request};
use serde_json::json;
use uuid::Uuid;

const EMAIL: &str = "amina@lender.example";

struct Fixture {
    app: TestApp,
    lender: Lender,
    user: String,
    samples: Samples,
}

async fn fixture() -> Fixture {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register_with_a_record().await;
    app.login(EMAIL, &[lender.tenant.organization()]).await;
    Fixture {
        app,
        lender,
        user,
        samples: Samples::read(),
    }
}

impl Fixture {
    /// The answer of a route to a query, for a caller with the permission.
    async fn call(&self, route: &RouteOf, query: &str) -> Answer {
        let (method, guard) = (&route.route.method, route.route.guard);
        let values = [("file", "start.js")];
        let path = self.samples.path_without_query(route.route, &self.user, &values);
        let uri = format!("{path}?{query}");
        let mut request = Request::builder().method(method).uri(uri);
        match guard {
            Guard::Scope(_) | Guard::ScopeOrUserToken(_) => {
                request = request.header(AUTHORIZATION, format!("Bearer {}", self.lender.token));
            }
            Guard::Credentials => {
                let basic = STANDARD.encode(format!("{EMAIL}:{PASSWORD}"));
                request = request.header(AUTHORIZATION, format!("Basic {basic}"));
            }
            Guard::Public => {}
        }
        let body = if method == Method::POST {
            request = request.header(CONTENT_TYPE, "application/json");
            let body = match guard {
                Guard::Credentials => json!({ "email": EMAIL, "password": PASSWORD }),
                _ => json!({}),
            };
            Body::from(body.to_string())
        } else {
            Body::empty()
        };
        let request = request.body(body).expect("request");
        self.app.gateway.send(request).await
    }
}

/// The known parameters, as listed by the problem for an unknown one.
fn known(answer: &Answer) -> BTreeSet<String> {
    let detail = answer.at("/errors/0/detail");
    let detail = detail.as_str().expect("detail");
    if detail.ends_with("route takes no parameters") {
        return BTreeSet::new();
    }
    let (_, list) = detail.rsplit_once("route takes ").unwrap_or_else(|| panic!("{detail}"));
    list.split(", ").map(str::to_owned).collect()
}

/// The documented query parameters of a route. The reference pages are not documented and have none.
fn documented(samples: &Samples, route: &RouteOf) -> BTreeSet<String> {
    let parameters = samples.operation(route.route)["parameters"]
        .as_array()
        .into_iter()
        .flatten();
    parameters
        .filter(|parameter| parameter["in"] == "query")
        .map(|parameter| parameter["name"].as_str().expect("name").to_owned())
        .collect()
}

#[tokio::test]
async fn every_route_refuses_unknown_parameters_and_takes_those_of_the_document() {
    let fixture = fixture().await;
    for route in fixture.app.gateway.routes() {
        let answer = fixture.call(&route, "zzz=1").await;
        assert_eq!(answer.status, 400, "{route:?}: {}", answer.text);
        let answer = answer.expect_problem(400, "invalid_request");
        assert_eq!(answer.at("/errors/0/pointer"), "zzz", "{route:?}");
        assert_eq!(known(&answer), documented(&fixture.samples, &route), "{route:?}");
        for name in documented(&fixture.samples, &route) {
            let answer = fixture.call(&route, &format!("{name}=")).await;
            let unknown = answer.text.contains("is unknown");
            assert!(!unknown, "{name} of {route:?}: {}", answer.text);
        }
    }
    // A refused request erases and freezes nothing.
    assert_eq!(fixture.lender.ledger(&fixture.user).await.len(), 1);
}

/// The documented fields of a route's body. Empty for a route without a body.
fn fields_of_body(samples: &Samples, route: &RouteOf) -> Vec<String> {
    let schema = &samples.operation(route.route)["requestBody"]["content"]["application/json"]["schema"];
    let Some(name) = schema["$ref"].as_str() else {
        return Vec::new();
    };
    let schema = samples
        .document
        .pointer(name.trim_start_matches('#'))
        .expect("a schema");
    let fields = schema["properties"].as_object().expect("an object");
    fields.keys().cloned().collect()
}

/// The detail of the fault at a pointer.
fn detail_at(answer: &Answer, pointer: &str) -> String {
    let errors = answer.at("/errors");
    let mut errors = errors.as_array().expect("errors").iter();
    let fault = errors.find(|error| error["pointer"] == pointer);
    let fault = fault.unwrap_or_else(|| panic!("{pointer}: {}", answer.text));
    fault["detail"].as_str().expect("detail").to_owned()
}

#[tokio::test]
async fn a_field_of_the_body_in_the_query_is_told_where_it_belongs() {
    let fixture = fixture().await;
    let mut told = 0;
    for route in fixture.app.gateway.routes() {
        for field in fields_of_body(&fixture.samples, &route) {
            let answer = fixture.call(&route, &format!("{field}=x")).await;
            let answer = answer.expect_status(400);
            let detail = detail_at(&answer, &field);
            let expected = "is unknown here: it is a field of the body. This route takes ";
            assert!(detail.starts_with(expected), "{field} of {route:?}: {detail}");
            told += 1;
        }
    }
    assert!(told > 25, "{told}");
}

#[tokio::test]
async fn a_query_parameter_in_the_body_is_told_where_it_belongs() {
    let fixture = fixture().await;
    let user = &fixture.user;
    for (path, parameters) in [
        ("messages", ["dry_run", "country"]),
        ("creditreport", ["utc_time", "currency"]),
    ] {
        for parameter in parameters {
            let body = json!({ parameter: "x" });
            let answer = fixture.lender.post(&format!("/users/{user}/{path}"), &body).await;
            let answer = answer.expect_problem(400, "invalid_body");
            let detail = detail_at(&answer, &format!("/{parameter}"));
            let expected = "is unknown here: it is a query parameter. This object takes ";
            assert!(detail.starts_with(expected), "{path}: {detail}");
        }
    }
}

#[tokio::test]
async fn the_nearest_known_parameter_is_named() {
    let fixture = fixture().await;
    let user = &fixture.user;
    for (path, nearest) in [
        ("/users?seach=mercy".to_owned(), Some("search")),
        ("/users?Search=mercy".to_owned(), Some("search")),
        ("/users?phone=254123456789".to_owned(), Some("phone_number")),
        (format!("/users/{user}/ledger?labels[]=POS"), Some("labels")),
        (format!("/users/{user}/ledger?account_type=loan"), Some("account_types")),
        (format!("/users/{user}/dti?start=2021-10-01"), Some("utc_starttime")),
        (format!("/users/{user}/dti?end=2021-10-01"), Some("utc_endtime")),
        (
            format!("/users/{user}/dti?utc_time=2021-10-01"),
            Some("utc_starttime` or `utc_endtime"),
        ),
        (format!("/users/{user}/ledger?currency=KES"), None),
        (format!("/users/{user}/creditreport?curency=KES"), Some("currency")),
        (format!("/users/{user}/transactions-summary?institution_id=mpesa"), None),
        (
            format!("/users/{user}/institutions/mpesa/alerts?account_types=loan"),
            None,
        ),
        (format!("/users/{user}?page=2"), None),
    ] {
        let answer = fixture.lender.get(&path).await;
        let answer = answer.expect_problem(400, "invalid_request");
        let detail = answer.at("/detail");
        let detail = detail.as_str().expect("detail");
        let suggested = detail
            .split_once("did you mean `")
            .and_then(|(_, rest)| rest.split_once("`?"))
            .map(|(name, _)| name);
        assert_eq!(suggested, nearest, "{path}: {detail}");
    }
}

#[tokio::test]
async fn every_unknown_parameter_is_reported_and_so_are_those_without_a_name() {
    let fixture = fixture().await;
    let answer = fixture.lender.get("/users?a=1&search=x&b=2&a=3").await;
    let errors = answer.expect_problem(400, "invalid_request").at("/errors");
    let pointers: Vec<_> = errors
        .as_array()
        .expect("errors")
        .iter()
        .map(|error| error["pointer"].clone())
        .collect();
    assert_eq!(pointers, ["a", "b"]);
    for query in ["?=x", "?=", "?search=mercy&&=1"] {
        let answer = fixture.lender.get(&format!("/users{query}")).await;
        let answer = answer.expect_problem(400, "invalid_request");
        assert_eq!(answer.at("/errors/0/pointer"), "query", "{query}");
        assert!(answer.text.contains("without a name"), "{query}");
    }
    for query in ["?&&", "?", "?search=mercy&&"] {
        let _ = fixture.lender.get(&format!("/users{query}")).await.expect_status(200);
    }
}

#[tokio::test]
async fn the_official_clients_parameters_are_taken() {
    // As sent by pngme-api 0.0.2 to 0.14.0.
    let range = "utc_starttime=2021-01-01T00:00:00&utc_endtime=2021-12-31T00:00:00";
    let fixture = fixture().await;
    let user = &fixture.user;
    let acct = Uuid::new_v5(&user.parse().expect("uuid"), b"equitybank");
    let mut paths = vec![
        "/users?created_after=2021-01-01T00:00:00&created_before=2021-12-31T00:00:00&search=x&phone_number=254123456789&\
         device_id=d&external_id=e&page=1"
            .to_owned(),
        format!("/users/{user}/institutions"),
        format!("/users/{user}/accounts"),
        format!("/creditreport/alternative?user_uuid={user}&utc_time=2021-10-18T20:27:29"),
    ];
    for base in [
        format!("/users/{user}/institutions/equitybank"),
        format!("/users/{user}/accounts/{acct}"),
    ] {
        for list in ["transactions", "balances"] {
            paths.push(format!(
                "{base}/{list}?{range}&labels=POS&labels=ATM&account_types=loan&page=1"
            ));
        }
        paths.push(format!("{base}/alerts?{range}&labels=POS&page=1"));
    }
    for path in paths {
        let answer = fixture.lender.get(&path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    }
}

#[tokio::test]
async fn an_institution_id_follows_one_rule_in_a_path_and_in_a_query() {
    let fixture = fixture().await;
    let user = &fixture.user;
    for (id, good) in [
        ("mpesa", true),
        ("no-such-bank", true),
        ("MPESA", false),
        ("m.pesa", false),
        ("m%20pesa", false),
    ] {
        for path in [
            format!("/users/{user}/ledger?institution_id={id}"),
            format!("/users/{user}/institutions/{id}/transactions"),
            format!("/users/{user}/institutions/{id}/balances"),
            format!("/users/{user}/institutions/{id}/alerts"),
        ] {
            let answer = fixture.lender.get(&path).await;
            if good {
                let _ = answer.expect_status(200);
            } else {
                let answer = answer.expect_problem(400, "invalid_request");
                assert_eq!(answer.at("/errors/0/pointer"), "institution_id", "{path}");
            }
        }
    }
}

#[tokio::test]
async fn an_invalidated_token_is_401_whatever_else_is_wrong() {
    let fixture = fixture().await;
    let organization = fixture.lender.tenant.organization();
    let _ = fixture
        .app
        .store
        .invalidate_tokens(organization)
        .await
        .expect("invalidated");
    let lender = fixture.lender.through(&fixture.app.restarted());
    let user = &fixture.user;
    for path in [
        "/users?zzz=1".to_owned(),
        "/users?page=x".to_owned(),
        format!("/users/{user}/ledger?zzz=1"),
        format!("/users/{user}/ledger?cursor=x"),
        format!("/users/{user}/ledger?limit=0"),
        format!("/users/{user}/ledger?labels=x"),
        format!("/users/{user}/dti?utc_starttime=x"),
        format!("/users/{user}/institutions/MPESA/alerts"),
        format!("/users/{user}/accounts/x/alerts"),
        format!("/users/{user}/creditreport?currency=x"),
        format!("/users/{user}/creditreport/x"),
        format!("/users/{user}/export?cursor=x"),
    ] {
        let answer = lender.get(&path).await;
        assert_eq!(answer.status, 401, "{path}: {}", answer.text);
        let answer = answer.expect_problem(401, "unauthenticated");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
    let answer = lender.post(&format!("/users/{user}/ledger?zzz=1"), &json!({})).await;
    answer.expect_problem(401, "unauthenticated");
}

#[tokio::test]
async fn wrong_credentials_are_401_before_a_query_is_looked_at() {
    let fixture = fixture().await;
    for (credentials, code) in [
        (None, "unauthenticated"),
        (Some(format!("{EMAIL}:not the password")), "wrong_credentials"),
    ] {
        let mut request = Request::builder().uri("/auth?zzz=1");
        if let Some(credentials) = credentials {
            let basic = STANDARD.encode(credentials);
            request = request.header(AUTHORIZATION, format!("Basic {basic}"));
        }
        let request = request.body(Body::empty()).expect("request");
        let answer = fixture.app.gateway.send(request).await;
        answer.expect_problem(401, code);
    }
    let body = json!({ "email": EMAIL, "password": "not the password" });
    let request = Request::builder().method("POST").uri("/auth?zzz=1");
    let request = request.header(CONTENT_TYPE, "application/json");
    let request = request.body(Body::from(body.to_string())).expect("request");
    let answer = fixture.app.gateway.send(request).await;
    answer.expect_problem(401, "wrong_credentials");
}

#[tokio::test]
async fn the_longest_query_values_never_cause_a_5xx() {
    let fixture = fixture().await;
    let user = &fixture.user;
    for value in ["x".repeat(2_048), "%C4%B0".repeat(1_024), "%F0%9D%92%9C".repeat(512)] {
        for path in [
            format!("/users?device_id={value}"),
            format!("/users?external_id={value}"),
            format!("/users?search={value}"),
            format!("/users/{user}/export?cursor={value}"),
            format!("/users/{user}/ledger?cursor={value}"),
            format!("/users/{user}/ledger?account_id={value}"),
            format!("/users/{user}/ledger?institution_id={value}"),
            format!("/users/{user}/institutions/{value}/alerts"),
            format!("/users/{value}/ledger"),
            format!("/users/{user}/creditreport/{value}"),
            format!("/creditreport/alternative?user_uuid={value}"),
        ] {
            let answer = fixture.lender.get(&path).await;
            assert!(answer.status.as_u16() < 500, "{path}: {}", answer.text);
        }
    }
}
