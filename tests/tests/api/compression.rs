//! Compressed answers have the same content, for clients that accept compression.

use axum::body::Body;
use daftari_tests::{Answer, Lender, TestApp, records};
use http::{Method, Request};
use serde_json::Value;

const GZIP: &str = "gzip, deflate, br";

/// A lender with a user of 300 records, and the path of the ledger.
async fn a_ledger(app: &TestApp) -> (Lender, String) {
    let lender = app.lender().await;
    let user = lender.register_mercy().await;
    let many: Vec<Value> = (0..300)
        .map(|n| records::record(&format!("r{n}"), &format!("2021-10-{:02}T10:41:25Z", n % 28 + 1)))
        .collect();
    lender.append(&user, &many).await;
    (lender, format!("/users/{user}/ledger"))
}

async fn head(lender: &Lender, path: &str, encoding: &str) -> Answer {
    let request = lender.request(Method::HEAD, path).header("accept-encoding", encoding);
    lender.send(request.body(Body::empty()).expect("request")).await
}

#[tokio::test]
async fn a_long_answer_is_a_fraction_of_its_size_and_reads_the_same() {
    let app = TestApp::start().await;
    let (lender, path) = a_ledger(&app).await;
    let plain = lender.get(&path).await.expect_status(200);
    assert_eq!(plain.header("content-encoding"), "");
    let packed = lender.get_with(&path, "accept-encoding", GZIP).await.expect_status(200);
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert_eq!(packed.text, plain.text);
    assert!(packed.sent_bytes * 4 < plain.sent_bytes, "{}", packed.sent_bytes);
    for answer in [plain, packed] {
        assert_eq!(answer.header("vary"), "Authorization, Accept-Encoding");
        let length = answer.header("content-length");
        assert!(length.is_empty() || length == answer.sent_bytes.to_string());
    }
}

#[tokio::test]
async fn head_has_the_headers_of_get_in_both_forms() {
    let app = TestApp::start().await;
    let (lender, path) = a_ledger(&app).await;
    for encoding in ["identity", GZIP] {
        let got = lender
            .get_with(&path, "accept-encoding", encoding)
            .await
            .expect_status(200);
        let head = head(&lender, &path, encoding).await.expect_status(200);
        assert_eq!(head.sent_bytes, 0);
        assert_eq!(head.header("content-length"), got.sent_bytes.to_string());
        for name in ["content-encoding", "content-type", "etag", "vary", "cache-control"] {
            assert_eq!(head.header(name), got.header(name), "{name}, {encoding}");
        }
    }
}

#[tokio::test]
async fn a_tag_of_either_form_confirms_the_other_until_the_ledger_changes() {
    let app = TestApp::start().await;
    let (lender, path) = a_ledger(&app).await;
    let plain = lender.get(&path).await;
    let packed = lender.get_with(&path, "accept-encoding", GZIP).await;
    assert!(plain.header("etag").starts_with("W/\""));
    assert_eq!(plain.header("etag"), packed.header("etag"));
    let tag = packed.header("etag").to_owned();
    let same = async |encoding: &str| {
        let request = lender.request(Method::GET, &path).header("accept-encoding", encoding);
        let request = request.header("if-none-match", &tag).body(Body::empty());
        lender.send(request.expect("request")).await
    };
    for encoding in ["identity", GZIP] {
        let answer = same(encoding).await.expect_status(304);
        assert_eq!((answer.sent_bytes, answer.header("content-encoding")), (0, ""));
        assert_eq!(
            (answer.header("etag"), answer.header("vary")),
            (&*tag, plain.header("vary"))
        );
    }
    let user = path.split('/').nth(2).expect("user").to_owned();
    lender
        .append(&user, &[records::record("new", "2021-11-01T10:00:00Z")])
        .await;
    let _ = same(GZIP).await.expect_status(200);
}

#[tokio::test]
async fn short_answers_and_problems_stay_as_they_are() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register_mercy().await;
    let get = async |path: &str| lender.get_with(path, "accept-encoding", GZIP).await;
    let profile = get(&format!("/users/{user}")).await.expect_status(200);
    assert_eq!(profile.header("content-encoding"), "");
    assert_eq!(profile.header("vary"), "Accept-Encoding");
    let problem = get("/users?nothing=1").await.expect_problem(400, "invalid_request");
    assert_eq!(problem.header("content-encoding"), "");
}

#[tokio::test]
async fn the_pages_of_the_reference_are_compressed_too() {
    let app = TestApp::start().await;
    for path in ["/openapi.json", "/docs/swagger-ui-bundle.js", "/docs/swagger-ui.css"] {
        let request = Request::builder().uri(path).header("accept-encoding", GZIP);
        let answer = app.gateway.send(request.body(Body::empty()).expect("request")).await;
        let answer = answer.expect_status(200);
        assert_eq!(answer.header("content-encoding"), "gzip", "{path}");
        assert!(answer.sent_bytes * 2 < answer.text.len(), "{path}");
    }
}
