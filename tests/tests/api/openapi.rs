//! Compares the OpenAPI document with the functions' answers.

use std::collections::BTreeSet;

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use daftari_platform::http::routes::{POST_LEDGER, POST_MESSAGES, POST_TOKEN, POST_USER};
use daftari_platform::http::{Guard, Route};
use daftari_tests::records::five_accounts;
use daftari_tests::samples::{Samples, document};
use daftari_tests::{Answer, Lender, PASSWORD, TestApp};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{Method, Request};
use serde_json::{Value, json};
use uuid::Uuid;

/// Names of the schemas that others extend.
fn extended(document: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![&document["components"]["schemas"]];
    while let Some(value) = waiting.pop() {
        let parts = value["allOf"].as_array().into_iter().flatten();
        let targets = parts.filter_map(|part| part["$ref"].as_str());
        found.extend(targets.filter_map(|target| Some(target.rsplit_once('/')?.1.to_owned())));
        match value {
            Value::Object(members) => waiting.extend(members.values()),
            Value::Array(items) => waiting.extend(items),
            _ => {}
        }
    }
    found
}

/// Violations of a schema of the document by a value.
fn faults(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut root = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "allOf": [schema], "components": document["components"],
    });
    let extended = extended(document);
    let schemas = root["components"]["schemas"].as_object_mut();
    for (name, schema) in schemas.expect("schemas") {
        // Answers have no undocumented members. Schemas that another one extends are part of its answers.
        if schema["properties"].is_object() && !extended.contains(name) {
            schema["additionalProperties"] = json!(false);
        }
    }
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&root)
        .expect("schema");
    let errors = validator.iter_errors(value);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

/// The schema of an answer. Follows a reference.
fn schema_of<'a>(document: &'a Value, operation: &'a Value, answer: &Answer) -> &'a Value {
    let mut response = &operation["responses"][answer.status.as_str()];
    if let Some(target) = response["$ref"].as_str() {
        response = document.pointer(target.trim_start_matches('#')).expect("response");
    }
    assert!(response.is_object(), "{} is not described", answer.status);
    &response["content"][answer.header("content-type")]["schema"]
}

#[track_caller]
fn check(document: &Value, operation: &Value, answer: &Answer) {
    let id = &operation["operationId"];
    let schema = schema_of(document, operation, answer);
    if answer.text.is_empty() {
        assert!(schema.is_null(), "{id}");
        return;
    }
    assert!(
        schema.is_object(),
        "{id} {} {}",
        answer.status,
        answer.header("content-type")
    );
    let faults = faults(document, schema, &answer.json());
    assert!(faults.is_empty(), "{id} {faults:#?}\n{}", answer.text);
}

struct World {
    app: TestApp,
    lender: Lender,
    user: String,
    report: String,
    email: String,
    samples: Samples,
}

async fn world() -> World {
    let samples = Samples::read();
    let sign_in = samples.body(&POST_TOKEN, "").expect("example");
    let email = sign_in["email"].as_str().expect("email").to_owned();
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register_mercy().await;
    lender.append(&user, &five_accounts()).await;
    let created = lender.post_nothing(&format!("/users/{user}/creditreport")).await;
    let report = created.at("/credit_report_id");
    let organization = lender.tenant.organization();
    app.login(&email, &[organization]).await;
    World {
        report: report.as_str().expect("id").to_owned(),
        app,
        lender,
        user,
        email,
        samples,
    }
}

impl World {
    /// The path with values that exist.
    fn path(&self, route: &Route) -> String {
        let user: Uuid = self.user.parse().expect("uuid");
        let okash = Uuid::new_v5(&user, b"okash").to_string();
        let values = [
            ("institution_id", "credithela"),
            ("acct_uuid", okash.as_str()),
            ("id", self.report.as_str()),
        ];
        self.samples.path(route, &self.user, &values)
    }

    /// The example of a body, with additions that change the answer.
    fn body(&self, route: &Route) -> Option<Value> {
        let mut body = self.samples.body(route, &self.user)?;
        let mut add = |list: &str, elements: &[Value]| {
            let list = body[list].as_array_mut().expect("list");
            list.extend_from_slice(elements);
        };
        if route.path == POST_LEDGER.path {
            add("records", &[json!({ "id": "", "timestamp": "x" })]);
        } else if route.path == POST_MESSAGES.path {
            let unread = "Ksh500.00 moved out of your account in a new way. Balance Ksh1.00";
            let unread = json!({ "sender": "MPESA", "received_at": "2021-10-08T10:41:25Z", "body": unread });
            add("messages", &[unread, json!({ "sender": "MPESA" })]);
        } else if route.path == POST_TOKEN.path {
            body["password"] = PASSWORD.into();
        } else if route.path == POST_USER.path {
            body["external_id"] = Value::Null;
        }
        Some(body)
    }

    async fn call(&self, method: &Method, path: &str, guard: Guard, body: Option<Value>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if let Guard::Scope(_) | Guard::ScopeOrUserToken(_) = guard {
            request = request.header(AUTHORIZATION, format!("Bearer {}", self.lender.token));
        }
        if guard == Guard::Credentials && method == Method::GET {
            let basic = STANDARD.encode(format!("{}:{PASSWORD}", self.email));
            request = request.header(AUTHORIZATION, format!("Basic {basic}"));
        }
        let body = match body {
            Some(body) => {
                request = request.header(CONTENT_TYPE, "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        let request = request.body(body).expect("request");
        self.app.gateway.send(request).await
    }
}

#[tokio::test]
async fn every_answer_is_as_described() {
    let world = world().await;
    let document = &world.samples.document;
    let mut routes = world.app.gateway.routes();
    // Erasing comes last.
    routes.retain(|of| of.route.is_described());
    routes.sort_by_key(|of| of.route.method == Method::DELETE);
    for of in routes {
        let (method, pattern) = (&of.route.method, of.route.path);
        let operation = world.samples.operation(of.route);
        assert!(operation.is_object(), "{method} {pattern}");
        let body = world.body(of.route);
        let path = world.path(of.route);
        let answer = world.call(method, &path, of.route.guard, body).await;
        assert!(answer.status.is_success(), "{method} {path} {}", answer.text);
        check(document, operation, &answer);
        if let Guard::Scope(_) | Guard::ScopeOrUserToken(_) = of.route.guard {
            let answer = world.call(method, &path, Guard::Public, None).await;
            assert_eq!(answer.status.as_u16(), 401);
            check(document, operation, &answer);
        }
        if pattern.contains("{user_uuid}") && method == Method::GET {
            let path = path.replace(&world.user, &Uuid::nil().to_string());
            let answer = world.call(method, &path, of.route.guard, None).await;
            assert_eq!(answer.status.as_u16(), 404);
            check(document, operation, &answer);
        }
        let queried = operation["parameters"].as_array().into_iter().flatten();
        let wrong = ["page", "utc_time", "utc_endtime", "cursor"]
            .into_iter()
            .find(|name| queried.clone().any(|parameter| parameter["name"] == *name));
        if let Some(wrong) = wrong.filter(|_| method == Method::GET) {
            let sign = if path.contains('?') { '&' } else { '?' };
            let path = format!("{path}{sign}{wrong}=x");
            let answer = world.call(method, &path, of.route.guard, None).await;
            assert_eq!(answer.status.as_u16(), 400, "{path}");
            check(document, operation, &answer);
        }
    }
}

#[test]
fn every_example_is_as_described() {
    let document = document();
    let mut examples = 0;
    let paths = document["paths"].as_object().expect("paths").values();
    for operation in paths.flat_map(|item| item.as_object().expect("item").values()) {
        let responses = operation["responses"].as_object().expect("responses");
        let bodies = responses.values().chain([&operation["requestBody"]]);
        let contents = bodies.filter_map(|body| body["content"].as_object());
        for content in contents.flat_map(serde_json::Map::values) {
            if let Some(example) = content.get("example") {
                let faults = faults(&document, &content["schema"], example);
                assert!(faults.is_empty(), "{} {faults:#?}", operation["operationId"]);
                examples += 1;
            }
        }
    }
    assert!(examples >= 20, "{examples}");
    let parameters = document["paths"].as_object().expect("paths").values();
    let parameters = parameters.flat_map(|item| item.as_object().expect("item").values());
    for parameter in parameters.flat_map(|operation| operation["parameters"].as_array().into_iter().flatten()) {
        if let Some(example) = parameter.get("example") {
            let faults = faults(&document, &parameter["schema"], example);
            assert!(faults.is_empty(), "{} {faults:#?}", parameter["name"]);
        }
    }
    let problems = document["components"]["responses"].as_object().expect("responses");
    for (name, response) in problems {
        let content = &response["content"]["application/problem+json"];
        let faults = faults(&document, &content["schema"], &content["example"]);
        assert!(faults.is_empty(), "{name} {faults:#?}");
    }
}

#[tokio::test]
async fn the_document_is_public_and_says_where_the_deployment_is() {
    let app = TestApp::start().await;
    let get = |path: &str| Request::builder().uri(path).body(Body::empty()).expect("request");
    let answer = app.gateway.send(get("/openapi.json")).await.expect_status(200);
    assert_eq!(answer.json(), document());
    assert_eq!(answer.header("content-type"), "application/json");
    assert!(answer.header("cache-control").starts_with("public"));
    let mounted = TestApp::with(|config| "/beta".clone_into(&mut config.edge.base_path)).await;
    let answer = mounted.gateway.send(get("/openapi.json")).await;
    assert_eq!(answer.at("/servers"), json!([{"url": "/beta"}]));
}

#[tokio::test]
async fn the_reference_needs_nothing_from_elsewhere() {
    let app = TestApp::start().await;
    let get = |path: &str| Request::builder().uri(path).body(Body::empty()).expect("request");
    let page = app.gateway.send(get("/docs")).await.expect_status(200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(!page.text.contains("//"), "{}", page.text);
    for (file, content_type) in [
        ("docs/swagger-ui.css", "text/css"),
        ("docs/swagger-ui-bundle.js", "text/javascript"),
        ("docs/page.css", "text/css; charset=utf-8"),
        ("docs/session.js", "text/javascript; charset=utf-8"),
        ("docs/start.js", "text/javascript; charset=utf-8"),
    ] {
        assert!(page.text.contains(&format!("\"{file}\"")), "{file}");
        let answer = app.gateway.send(get(&format!("/{file}"))).await.expect_status(200);
        assert_eq!(answer.header("content-type"), content_type, "{file}");
        assert!(answer.header("cache-control").starts_with("public"));
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'none'; script-src 'self';"), "{policy}");
        assert!(answer.text.len() < daftari_platform::answer_budget::MAX_ANSWER_BYTES / 2);
    }
    for unknown in ["/docs/index.html", "/docs/..%2Fstart.js", "/docs/x"] {
        let answer = app.gateway.send(get(unknown)).await;
        answer.expect_problem(404, "not_found");
    }
}
