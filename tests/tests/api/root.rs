//! The root of a deployment, `/health` and `/version`: for people, clients and monitors, without a token or a table.

use axum::body::Body;
use daftari_platform::config::Edge;
use daftari_tests::{Answer, TestApp};
use http::header::ACCEPT;
use http::{Method, Request};
use serde_json::json;
use tower::ServiceExt;

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

async fn call(app: &TestApp, method: Method, path: &str, accept: &str) -> Answer {
    let request = Request::builder().method(method).uri(path).header(ACCEPT, accept);
    app.gateway.send(request.body(Body::empty()).expect("request")).await
}

#[tokio::test]
async fn a_client_gets_json_at_the_root_and_every_link_of_it_answers() {
    let app = TestApp::start().await;
    let answer = call(&app, Method::GET, "/", "*/*").await.expect_status(200);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.at("/name"), "Daftari");
    let links = answer.at("/links");
    let links = links.as_object().expect("links");
    assert_eq!(links.len(), 5);
    for link in links.values() {
        let _ = call(&app, Method::GET, link.as_str().expect("path"), "*/*")
            .await
            .expect_status(200);
    }
}

#[tokio::test]
async fn a_person_gets_a_page_at_the_root_and_every_link_of_it_answers() {
    let app = TestApp::start().await;
    let page = call(&app, Method::GET, "/", BROWSER).await.expect_status(200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.header("content-security-policy").contains("default-src 'none'"));
    for varies in ["Accept", "Accept-Encoding"] {
        let all = page.header("vary");
        assert!(
            all.split(',').any(|each| each.trim().eq_ignore_ascii_case(varies)),
            "{all}"
        );
    }
    // The guides are on another host. The page loads nothing from there.
    let elsewhere: Vec<&str> = page.text.split('"').filter(|text| text.contains("//")).collect();
    assert_eq!(elsewhere, ["https://github.com/daftari/daftari/tree/main/docs"]);
    let links = page
        .text
        .split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next());
    let links: Vec<&str> = links.filter(|link| link.starts_with('/')).collect();
    assert_eq!(links.len(), 6, "{links:?}");
    for link in links {
        let _ = call(&app, Method::GET, link, BROWSER).await.expect_status(200);
    }
}

#[tokio::test]
async fn head_is_answered_and_other_methods_are_not() {
    let app = TestApp::start().await;
    for path in ["/", "/health", "/version"] {
        let answer = call(&app, Method::HEAD, path, "*/*").await.expect_status(200);
        assert_eq!(answer.text, "");
        let answer = call(&app, Method::POST, path, "*/*").await;
        assert_eq!(answer.header("allow"), "GET,HEAD");
        answer.expect_problem(405, "method_not_allowed");
        let answer = call(&app, Method::GET, &format!("{path}?x=y"), "*/*").await;
        answer.expect_problem(400, "invalid_request");
    }
}

/// The function as deployed: its only setting is its base path.
#[tokio::test]
async fn health_and_version_need_no_table_and_are_never_cached() {
    let edge = Edge {
        base_path: String::new(),
        time_budget: std::time::Duration::from_secs(1),
    };
    for (path, wanted) in [
        ("/health", json!({ "status": "ok" })),
        (
            "/version",
            json!({ "version": env!("CARGO_PKG_VERSION"), "reader": daftari_sms::READER }),
        ),
    ] {
        let request = Request::builder().uri(path).body(Body::empty()).expect("request");
        let answer = docs::service(&edge).oneshot(request).await.expect("answer");
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["cache-control"], "no-store");
        let body = axum::body::to_bytes(answer.into_body(), 10_000).await.expect("body");
        let mut found: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
        // A build may have a commit.
        found.as_object_mut().expect("object").remove("commit");
        assert_eq!(found, wanted);
    }
}
