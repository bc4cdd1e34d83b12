//! The log: one line per request, and nothing in it that must not be.

use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use daftari_tests::{PASSWORD, TestApp, records};
use http::Request;
use http::header::AUTHORIZATION;
use serde_json::{Value, json};
use tracing_subscriber::fmt::MakeWriter;

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("lock").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Captured {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Everything at every level, from every crate: what a careless log level would show.
fn capture() -> Captured {
    let captured = Captured::default();
    let subscriber = daftari_platform::telemetry::json_lines(
        tracing_subscriber::filter::LevelFilter::INFO,
        captured.clone(),
    );
    tracing::subscriber::set_global_default(subscriber).expect("first subscriber of this process");
    captured
}

#[tokio::test]
async fn every_request_has_one_line_and_no_line_has_a_secret() {
    let captured = capture();
    let app = TestApp::start().await;
    let lender = app.lender().await;
    app.login(
        "amina.secret@lender.example",
        &[lender.tenant.organization()],
    )
    .await;
    for password in [PASSWORD, "planted wrong password"] {
        let credentials = STANDARD.encode(format!("amina.secret@lender.example:{password}"));
        let request = Request::builder()
            .uri("/auth")
            .header(AUTHORIZATION, format!("Basic {credentials}"));
        app.gateway
            .send(request.body(Body::empty()).expect("request"))
            .await;
        let body = json!({ "email": "amina.secret@lender.example", "password": password });
        lender.post("/auth", &body).await;
    }
    let user = lender
        .register_as(json!({ "phone_number": "254712340000", "first_name": "Plantedfirst", "last_name": "Plantedlast",
            "email": "planted.user@example.org", "external_id": "planted-external", "device_id": "planted-device" }))
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
    lender
        .post_text("/users", "{planted-broken-json".into())
        .await;
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

    let log = String::from_utf8(captured.0.lock().expect("lock").clone()).expect("UTF-8");
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
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
