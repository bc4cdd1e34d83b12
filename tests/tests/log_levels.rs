//! At the most verbose log level, Daftari logs more, and libraries still log nothing about a request.

use daftari_platform::telemetry::Metrics;
use daftari_tests::{Log, PASSWORD, TestApp, records};
use serde_json::json;
use tracing_subscriber::filter::LevelFilter;

#[tokio::test]
async fn at_trace_level_no_library_logs_the_contents_of_a_request() {
    let captured = Log::capture_from(Metrics::None, LevelFilter::TRACE);
    tracing::trace!(target: "daftari::test", "ours at trace");
    tracing::info!(target: "aws_smithy_runtime::test", "theirs at info");
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let organization = lender.tenant.organization();
    app.login("planted@lender.example", &[organization]).await;
    let body = json!({ "email": "planted@lender.example", "password": PASSWORD });
    let _ = lender.post("/auth", &body).await.expect_status(200);
    let user = lender
        .register_as(json!({ "phone_number": "254712340000", "first_name": "Plantedfirst" }))
        .await;
    let labelled = records::with(
        records::record("a", "2021-10-08T10:41:25Z"),
        &json!({ "labels": ["POS"], "body": "Planted SMS text" }),
    );
    lender.append(&user, &[labelled]).await;
    lender.get("/users?search=plantedfirst").await;
    lender.get(&format!("/users/{user}/export")).await;

    let log = captured.text();
    assert!(log.contains("ours at trace") && log.contains("theirs at info"), "{log}");
    let signature = lender.token.split('.').nth(2).expect("signature");
    for secret in [
        signature,
        PASSWORD,
        "planted",
        "Planted",
        "254712340000",
        "$argon2id",
        &user,
    ] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
    for line in captured.lines() {
        let (level, target) = (&line["level"], line["target"].as_str().expect("target"));
        let detailed = level == "TRACE" || level == "DEBUG";
        assert!(!detailed || target.starts_with("daftari"), "{line}");
    }
}
