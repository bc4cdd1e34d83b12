//! A Lambda runtime API that hands one event after another to a real binary.

use std::collections::VecDeque;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::StatusCode;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio::sync::mpsc;
use tokio::time::timeout;

/// Longest time to wait for the function.
const PATIENCE: Duration = Duration::from_mins(1);

/// The function's report of one invocation.
#[derive(Debug)]
pub(crate) struct Report {
    /// The invocation.
    pub(crate) id: String,
    /// `response`, or `error` for a function error.
    pub(crate) kind: String,
    /// The answer.
    pub(crate) body: Value,
}

#[derive(Clone)]
struct Api {
    events: Arc<Mutex<VecDeque<String>>>,
    reports: mpsc::UnboundedSender<Report>,
}

/// Runs a function over the events. Returns its reports and its output.
pub(crate) async fn run(binary: &str, environment: &[(&str, &str)], events: Vec<String>) -> (Vec<Report>, String) {
    let count = events.len();
    let (reports, mut reported) = mpsc::unbounded_channel();
    let events = Arc::new(Mutex::new(events.into()));
    let routes = Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{id}/{kind}", post(report))
        .with_state(Api { events, reports });
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("port");
    let api = listener.local_addr().expect("address").to_string();
    tokio::spawn(async move { axum::serve(listener, routes).await });
    let mut process = Command::new(binary)
        .env_clear()
        .envs([
            ("AWS_LAMBDA_RUNTIME_API", api.as_str()),
            ("AWS_LAMBDA_FUNCTION_NAME", "function"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "7"),
            ("AWS_LAMBDA_LOG_STREAM_NAME", "test"),
            ("AWS_LAMBDA_LOG_GROUP_NAME", "test"),
            ("AWS_REGION", "eu-west-1"),
        ])
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("started");
    let mut all = Vec::new();
    while all.len() < count {
        let next = timeout(PATIENCE, reported.recv()).await;
        all.push(next.expect("a report in time").expect("the API lives"));
    }
    process.start_kill().expect("killed");
    let output = process.wait_with_output().await.expect("output");
    let written = [output.stdout, output.stderr].concat();
    (all, String::from_utf8(written).expect("UTF-8"))
}

async fn next(State(api): State<Api>) -> Response {
    let (left, event) = {
        let mut events = api.events.lock().expect("lock");
        (events.len(), events.pop_front())
    };
    let Some(event) = event else {
        return std::future::pending().await;
    };
    let headers = [
        ("lambda-runtime-aws-request-id", format!("invocation-{left}")),
        ("lambda-runtime-deadline-ms", "32503680000000".to_owned()),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:eu-west-1:000000000000:function:test".to_owned(),
        ),
        ("content-type", "application/json".to_owned()),
    ];
    (headers, event).into_response()
}

async fn report(State(api): State<Api>, Path((id, kind)): Path<(String, String)>, body: Bytes) -> StatusCode {
    let body = serde_json::from_slice(&body).unwrap_or_default();
    let _ = api.reports.send(Report { id, kind, body });
    StatusCode::ACCEPTED
}
