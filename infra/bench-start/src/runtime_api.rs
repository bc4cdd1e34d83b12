//! A Lambda runtime API that hands one function one event after another.

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::StatusCode;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::sync::{Mutex, mpsc};
use tokio::time::timeout;

use crate::Fault;

/// Longest time to wait for the function.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running function and its runtime API. Dropping it ends both.
pub(crate) struct RunningFunction {
    _process: Child,
    events: mpsc::Sender<String>,
    asked: mpsc::Receiver<()>,
    answers: mpsc::Receiver<(Instant, Bytes)>,
}

#[derive(Clone)]
struct Api {
    asked: mpsc::Sender<()>,
    events: Arc<Mutex<mpsc::Receiver<String>>>,
    answers: mpsc::Sender<(Instant, Bytes)>,
}

impl RunningFunction {
    /// Starts a function and waits until it asks for an event.
    pub(crate) async fn start(
        binary: &Path,
        environment: impl AsyncFnOnce(&str) -> Result<Vec<(&'static str, String)>, Fault>,
    ) -> Result<Self, Fault> {
        let (events, events_in) = mpsc::channel(1);
        let (asked, asked_in) = mpsc::channel(4);
        let (answers, answers_in) = mpsc::channel(4);
        let api = Api {
            asked,
            events: Arc::new(Mutex::new(events_in)),
            answers,
        };
        let routes = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(answer))
            .with_state(api);
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        tokio::spawn(async move { axum::serve(listener, routes).await });
        let environment = environment(&address).await?;
        let process = Command::new(binary)
            .env_clear()
            .envs(environment)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let mut running = Self {
            _process: process,
            events,
            asked: asked_in,
            answers: answers_in,
        };
        running.wait_until_asked().await?;
        Ok(running)
    }

    /// Hands over an event. Returns the duration of the answer, which must be a success.
    pub(crate) async fn time(&mut self, event: &Value) -> Result<Duration, Fault> {
        let started = Instant::now();
        self.events.send(event.to_string()).await?;
        let (arrived, answer) = timeout(PATIENCE, self.answers.recv())
            .await
            .map_err(|_| "no answer in time")?
            .ok_or("the function is gone")?;
        let answer: Value = serde_json::from_slice(&answer)?;
        let status = answer["statusCode"].as_u64().unwrap_or_default();
        if !(200..300).contains(&status) {
            return Err(format!("answered {answer}").into());
        }
        self.wait_until_asked().await?;
        Ok(arrived - started)
    }

    async fn wait_until_asked(&mut self) -> Result<(), Fault> {
        timeout(PATIENCE, self.asked.recv())
            .await
            .map_err(|_| "asked for no event in time")?
            .ok_or_else(|| "the function is gone".into())
    }
}

async fn next(State(api): State<Api>) -> Response {
    let mut events = api.events.lock().await;
    if api.asked.send(()).await.is_err() {
        return StatusCode::GONE.into_response();
    }
    let Some(event) = events.recv().await else {
        return StatusCode::GONE.into_response();
    };
    let deadline = SystemTime::now() + PATIENCE;
    let deadline_ms = deadline.duration_since(UNIX_EPOCH).expect("a clock after 1970");
    let headers = [
        ("lambda-runtime-aws-request-id", uuid::Uuid::new_v4().to_string()),
        ("lambda-runtime-deadline-ms", deadline_ms.as_millis().to_string()),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:eu-west-1:000000000000:function:bench".to_owned(),
        ),
        ("content-type", "application/json".to_owned()),
    ];
    (headers, event).into_response()
}

async fn answer(State(api): State<Api>, body: Bytes) -> StatusCode {
    match api.answers.send((Instant::now(), body)).await {
        Ok(()) => StatusCode::ACCEPTED,
        Err(_) => StatusCode::GONE,
    }
}
