//! Counts round trips: an HTTP layer in front of the engine holds all calls until no other one arrives, and then
//! forwards them together. This distinguishes sequential calls, in which one needs the answer of another, from
//! concurrent calls.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use http::Response;
use tokio::sync::watch;
use tokio::time::sleep;

use crate::layer::{address_of, forward, serve};

/// The time without a call after which the held calls are forwarded.
const QUIET: Duration = Duration::from_millis(60);

/// A running layer.
#[derive(Debug)]
pub struct Rounds {
    endpoint: String,
    state: Gathering,
}

#[derive(Clone, Debug)]
struct Gathering {
    target: SocketAddr,
    rounds: Arc<AtomicUsize>,
    /// The held calls, and the signal that releases them.
    waiting: Arc<Mutex<Waiting>>,
}

#[derive(Debug, Default)]
struct Waiting {
    calls: usize,
    release: watch::Sender<bool>,
}

impl Rounds {
    /// Starts a layer in front of `endpoint`.
    pub async fn start(endpoint: &str) -> Self {
        let state = Gathering {
            target: address_of(endpoint),
            rounds: Arc::default(),
            waiting: Arc::default(),
        };
        let router = Router::new().fallback(gather).with_state(state.clone());
        Self {
            endpoint: serve(router).await,
            state,
        }
    }

    /// URL of the layer.
    pub fn endpoint(&self) -> String {
        self.endpoint.clone()
    }

    /// Round trips since the last call of this method.
    pub fn taken(&self) -> usize {
        self.state.rounds.swap(0, Ordering::SeqCst)
    }
}

async fn gather(State(state): State<Gathering>, request: Request) -> Response<Body> {
    let (number, mut released) = {
        let mut waiting = state.waiting.lock().expect("lock");
        waiting.calls += 1;
        (waiting.calls, waiting.release.subscribe())
    };
    let quiet = async {
        sleep(QUIET).await;
        let mut waiting = state.waiting.lock().expect("lock");
        // The last call that arrived releases all of them.
        if waiting.calls == number && !*waiting.release.borrow() {
            state.rounds.fetch_add(1, Ordering::SeqCst);
            std::mem::take(&mut *waiting).release.send_replace(true);
        }
    };
    tokio::select! {
        () = async { quiet.await; std::future::pending().await } => {}
        _ = released.wait_for(|released| *released) => {}
    }
    forward(state.target, request).await
}
