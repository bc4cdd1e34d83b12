//! The log has one line per request and no secrets.

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use daftari_platform::telemetry::Metrics;
use daftari_tests::{Log, PASSWORD, TestApp, records};
use http::Request;
use http::header::AUTHORIZATION;
use serde_json::json;

#[tokio::test]
async fn every_request_has_one_line_and_no_line_has_a_secret() {
    let captured = Log::capture(Metrics::None);
    let app = TestApp::start().await;
    let lender = app.lender().await;
    app.login("amina.secret@lender.example", &[lender.tenant.organization()])
        .await;
    for password in [PASSWORD, "planted wrong password"] {
        let credentials = STANDARD.encode(format!("amina.secret@lender.example:{password}"));
        let request = Request::builder()
            .uri("/auth")
            .header(AUTHORIZATION, format!("Basic {credentials}"));
        app.gateway.send(request.body(Body::empty()).expect("request")).await;
        let body = json!({ "email": "amina.secret@lender.example", "password": password });
        lender.post("/auth", &body).await;
    }
    let user = lender
        .register_as(
            json!({ "phone_number": "254712340000", "first_name": "Plantedfirst", "last_name": "Plantedlast",
            "email": "planted.user@example.org", "external_id": "planted-external", "device_id": "planted-device" }),
        )
        .await;
    let labelled = records::with(
        records::record("a", "2021-10-08T10:41:25Z"),
        &json!({ "labels": ["POS"], "body": "Planted SMS text about KES 100", "account_id": "planted-account" }),
    );
    lender.append(&user, &[labelled]).await;
    lender
        .post(
            &format!("/users/{user}/ledger"),
            &json!({ "records": ["planted-wrong-record"] }),
        )
        .await;
    lender.post_text("/users", "{planted-broken-json".into()).await;
    for path in [
        "/users?search=Plantedfirst",
        "/users?phone_number=254712340000",
        "/users?created_after=planted-date",
    ] {
        lender.get(path).await;
    }
    lender.get(&format!("/users/{user}/export")).await;
    lender.get("/planted-path").await;
    lender.delete(&format!("/users/{user}")).await;

    let (log, lines) = (captured.text(), captured.lines());
    let requests: Vec<_> = lines
        .iter()
        .filter(|line| line["target"] == "daftari::request")
        .collect();
    assert_eq!(requests.len(), 14, "{log}");
    for line in &requests {
        for name in [
            "request_id",
            "tenant",
            "method",
            "route",
            "status",
            "duration_ms",
            "read_units",
            "write_units",
            "version",
        ] {
            assert!(!line[name].is_null(), "{name}: {line}");
        }
    }
    let erased = requests.last().expect("line");
    assert_eq!(erased["route"], "/users/{user_uuid}");
    assert_eq!(erased["status"], 204);
    assert_eq!(erased["tenant"], lender.tenant.to_string());
    assert!(erased["write_units"].as_f64().expect("units") > 0.0);
    let token = lender.token.split('.').nth(2).expect("signature");
    // Random ids and times may have any digits.
    let mut lines = lines;
    for line in lines.iter_mut().filter_map(serde_json::Value::as_object_mut) {
        line.retain(|name, _| !["timestamp", "request_id", "tenant"].contains(&name.as_str()));
    }
    let log = serde_json::to_string(&lines).expect("JSON");
    for secret in [
        token,
        PASSWORD,
        "planted",
        "Planted",
        "amina",
        "254712340000",
        "2547",
        "Mercy",
        "$argon2id",
        &user,
        "a.secret",
    ] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}
