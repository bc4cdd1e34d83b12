//! The console's page and its files.
//!
//! `infra/dev/console.sh` builds the page. Without it the function serves a page that tells how to build. The browser
//! tests (`tests/console/run.sh`) and packages always have the page.

use axum::body::Body;
use daftari_tests::{Answer, TestApp};
use http::Request;
use http::header::ACCEPT_ENCODING;

/// Byte for byte: another policy might let the text of a message become code.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
                      require-trusted-types-for 'script'";

async fn get(app: &TestApp, path: &str, encodings: &str) -> Answer {
    let request = Request::builder().uri(path).header(ACCEPT_ENCODING, encodings);
    app.gateway.send(request.body(Body::empty()).expect("request")).await
}

fn assert_safe(answer: &Answer) {
    assert_eq!(answer.header("content-security-policy"), POLICY);
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("vary"), "Accept-Encoding");
}

#[tokio::test]
async fn the_page_is_never_cached_and_its_files_for_a_year() {
    let app = TestApp::start().await;
    let page = get(&app, "/console", "identity").await.expect_status(200);
    assert_safe(&page);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(page.header("cache-control"), "no-store");
    // No code in the page could run under the policy, and all resources are from the same host.
    for forbidden in ["<style", "style=", "onload=", "src=\"http", "href=\"http"] {
        assert!(!page.text.contains(forbidden), "{forbidden}");
    }
    let files: Vec<&str> = page
        .text
        .split('"')
        .filter(|part| part.starts_with("console/"))
        .collect();
    if files.is_empty() {
        assert!(page.text.contains("infra/dev/console.sh"), "{}", page.text);
    }
    for file in files {
        let plain = get(&app, &format!("/{file}"), "identity").await.expect_status(200);
        assert_safe(&plain);
        assert_eq!(plain.header("cache-control"), "public, max-age=31536000, immutable");
        assert!(plain.header("content-type").starts_with("text/"), "{file}");
        assert!(plain.headers.get("content-encoding").is_none());
        for encoding in ["br", "gzip"] {
            let packed = get(&app, &format!("/{file}"), encoding).await.expect_status(200);
            assert_safe(&packed);
            assert_eq!(packed.header("content-encoding"), encoding, "{file}");
        }
    }
}

#[tokio::test]
async fn other_files_are_not_found() {
    let app = TestApp::start().await;
    for path in [
        "/console/index.html",
        "/console/x.js",
        "/console/..%2Findex.html",
        "/console/.built",
    ] {
        get(&app, path, "br").await.expect_problem(404, "not_found");
    }
}
