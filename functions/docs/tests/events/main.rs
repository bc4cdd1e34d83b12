//! The real binary behind a Lambda runtime API: every event gets an answer, for any request of the client.

mod runtime_api;

use serde_json::{Value, json};

/// The event that API Gateway sends for `GET /openapi.json`.
fn event() -> Value {
    json!({
        "version": "2.0", "routeKey": "GET /openapi.json", "rawPath": "/openapi.json", "rawQueryString": "",
        "headers": { "accept": "*/*", "host": "api.example", "x-forwarded-proto": "https" },
        "requestContext": {
            "accountId": "0", "apiId": "api", "domainName": "api.example", "domainPrefix": "api",
            "http": { "method": "GET", "path": "/openapi.json", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1",
                      "userAgent": "curl" },
            "requestId": "gateway", "routeKey": "GET /openapi.json", "stage": "$default",
            "time": "01/Jan/2021:00:00:00 +0000", "timeEpoch": 1_609_459_200_000_u64
        },
        "isBase64Encoded": false
    })
}

fn with(pointer: &str, value: Value) -> Value {
    let mut event = event();
    *event.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value;
    event
}

fn without(pointer: &str, name: &str) -> Value {
    let mut event = event();
    let object = event.pointer_mut(pointer).and_then(Value::as_object_mut);
    object.expect("object").remove(name);
    event
}

fn body(text: &str) -> Value {
    let mut event = with("/isBase64Encoded", json!(true));
    event["body"] = json!(text);
    event
}

/// Events of invalid requests, and a word of each answer.
fn refused() -> Vec<(Value, &'static str)> {
    let query = |text: &str| with("/rawQueryString", json!(text));
    let host = |text: &str| with("/headers/host", json!(text));
    let proto = |text: &str| with("/headers/x-forwarded-proto", json!(text));
    vec![
        (query("x=<planted"), "%3C"),
        (query("x=planted>"), "%3E"),
        (query("\"planted\"=1"), "%22"),
        (query("x=a b"), "%20"),
        (query("x=1#page=2"), "%23"),
        (query("x=\u{7f}"), "%7F"),
        (query("x=\n"), "%0A"),
        (query(&"x".repeat(70_000)), "long"),
        (host("planted host"), "Host"),
        (host("a/b?c"), "Host"),
        (host("[::g]"), "Host"),
        (host("x:99999999"), "Host"),
        (host("user@api.example"), "Host"),
        (host(""), "Host"),
        (proto("ht tp"), "X-Forwarded-Proto"),
        (proto("planted://"), "X-Forwarded-Proto"),
        (proto(""), "X-Forwarded-Proto"),
        (with("/rawPath", json!("openapi.json")), "path"),
        (with("/rawPath", json!(":80/x")), "path"),
        (body("planted, not base64"), "body"),
        (with("/requestContext/http/method", json!("NO METHOD")), "request"),
        (with("/headers", json!({ "a planted name": "x" })), "request"),
        (with("/headers", json!({ "x": "planted\nvalue" })), "request"),
        (without("", "requestContext"), "request"),
        (json!({ "planted": 1 }), "request"),
        (json!([]), "request"),
        (json!(null), "request"),
        (json!("planted"), "request"),
    ]
}

/// Events of unusual but valid requests.
fn answered() -> Vec<Value> {
    vec![
        event(),
        with("/requestContext/domainName", json!("planted domain")),
        with("/headers", json!({})),
        with("/headers/host", json!("API.example:8443")),
        with("/headers/host", json!("[2001:db8::1]:443")),
        with("/headers/x-forwarded-proto", json!("http")),
        without("", "rawQueryString"),
        without("", "isBase64Encoded"),
    ]
}

#[tokio::test]
async fn events_that_are_not_requests_get_a_problem_document_and_a_log_line() {
    let refused = refused();
    let mut events: Vec<String> = refused.iter().map(|(event, _)| event.to_string()).collect();
    // A JSON escape that is not a valid string.
    events.push(event().to_string().replace("curl", "\\ud800"));
    let count = events.len();
    let good = answered();
    events.extend(good.iter().map(ToString::to_string));
    let level = [("AWS_LAMBDA_LOG_LEVEL", "trace")];
    let (reports, log) = runtime_api::run(env!("CARGO_BIN_EXE_docs"), &level, events.clone()).await;

    for (at, report) in reports.iter().enumerate() {
        let event = &events[at][..events[at].len().min(600)];
        assert_eq!(report.kind, "response", "{event}: {report:?}");
        let lines: Vec<Value> = log
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .filter(|line: &Value| line["request_id"] == report.id.as_str())
            .filter(|line| line["target"] == "daftari::request")
            .collect();
        assert_eq!(lines.len(), 1, "{event}: {log}");
        let status = if at < count { 400 } else { 200 };
        assert_eq!(report.body["statusCode"], status, "{event}: {}", report.body);
        assert_eq!(lines[0]["status"], status);
        assert_eq!(lines[0]["version"], "7");
        if at >= count {
            continue;
        }
        let headers = &report.body["headers"];
        assert_eq!(headers["content-type"], "application/problem+json");
        assert_eq!(headers["x-request-id"], report.id.as_str());
        let problem = report.body["body"].as_str().expect("text");
        let problem: Value = serde_json::from_str(problem).expect("problem");
        assert_eq!(problem["request_id"], report.id.as_str());
        assert_eq!(problem["status"], 400);
        let word = refused.get(at).map_or("request", |(_, word)| word);
        let detail = problem["detail"].as_str().expect("detail");
        assert!(detail.contains(word), "{event}: {detail}");
    }
    assert!(!log.contains("panicked"), "{log}");
    assert!(!log.contains("planted"), "the log contains a part of a request: {log}");
}
