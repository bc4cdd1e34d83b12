//! Runs a task between two answers of the store: an HTTP layer in front of the engine runs a task before it forwards
//! one of the queries.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use http::Response;

use crate::layer::{address_of, forward, serve};

type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A running layer.
pub struct Interleaved {
    endpoint: String,
    state: Between,
}

#[derive(Clone)]
struct Between {
    target: SocketAddr,
    queries: Arc<AtomicUsize>,
    /// The task, and the number of the query that it precedes.
    next: Arc<Mutex<Option<(usize, Task)>>>,
}

impl Interleaved {
    /// Starts a layer in front of `endpoint`.
    pub async fn start(endpoint: &str) -> Self {
        let state = Between {
            target: address_of(endpoint),
            queries: Arc::default(),
            next: Arc::default(),
        };
        let router = Router::new().fallback(pass).with_state(state.clone());
        Self {
            endpoint: serve(router).await,
            state,
        }
    }

    /// URL of the layer.
    pub fn endpoint(&self) -> String {
        self.endpoint.clone()
    }

    /// Runs a task just before the given query. Counting starts with this call; the first query is 1.
    pub fn before_query(&self, number: usize, task: impl Future<Output = ()> + Send + 'static) {
        self.state.queries.store(0, Ordering::SeqCst);
        *self.state.next.lock().expect("task") = Some((number, Box::pin(task)));
    }

    /// Queries since the latest call of [`before_query`](Self::before_query).
    pub fn queries(&self) -> usize {
        self.state.queries.load(Ordering::SeqCst)
    }

    /// Whether the task has started.
    pub fn happened(&self) -> bool {
        self.state.next.lock().expect("task").is_none()
    }
}

async fn pass(State(between): State<Between>, request: Request) -> Response<Body> {
    let target = request.headers().get("x-amz-target");
    let is_query = target.is_some_and(|target| target.as_bytes().ends_with(b".Query"));
    if is_query {
        let number = between.queries.fetch_add(1, Ordering::SeqCst) + 1;
        let task = {
            let mut next = between.next.lock().expect("task");
            next.take_if(|(at, _)| *at == number)
        };
        if let Some((_, task)) = task {
            task.await;
        }
    }
    forward(between.target, request).await
}
