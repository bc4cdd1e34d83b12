//! A slow store: a proxy that forwards calls and holds one of them until the test releases it. So a test decides the
//! order of events without timings.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use http::{Response, StatusCode};
use http_body_util::BodyExt;
use tokio::sync::watch;

use super::{answer_of_fault, operation_is};
use crate::layer::{address_of, forward, serve};

/// The part of a call that is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The call reaches the engine after its release.
    Request,
    /// The call reaches the engine at once; its answer returns after the release.
    Answer,
    /// The call reaches the engine at once, and its answer is lost: the proxy answers with an internal error, so the
    /// SDK repeats the call. Nothing needs a release.
    LostAnswer,
    /// The call is answered at once, and a copy of it reaches the engine after the release.
    Copy,
}

/// A running proxy that holds a call on request.
#[derive(Debug)]
pub struct HoldingProxy {
    endpoint: String,
    armed: Arc<Mutex<Option<Armed>>>,
}

/// A call that is held or will be held.
#[derive(Debug)]
pub struct Held {
    stage: watch::Sender<Stage>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Awaited,
    Arrived,
    Released,
    Done,
}

#[derive(Debug)]
struct Armed {
    operation: &'static str,
    /// Number of calls of the operation to forward first.
    before: usize,
    part: Part,
    stage: watch::Sender<Stage>,
}

#[derive(Clone)]
struct Shared {
    target: SocketAddr,
    armed: Arc<Mutex<Option<Armed>>>,
}

impl HoldingProxy {
    /// Starts a proxy in front of `endpoint`. It forwards everything until [`Self::hold`].
    pub async fn start(endpoint: &str) -> Self {
        let armed = Arc::default();
        let shared = Shared {
            target: address_of(endpoint),
            armed: Arc::clone(&armed),
        };
        let router = Router::new().fallback(pass_or_hold).with_state(shared);
        Self {
            endpoint: serve(router).await,
            armed,
        }
    }

    /// URL of the proxy.
    pub fn endpoint(&self) -> String {
        self.endpoint.clone()
    }

    /// Holds the `nth` call from now on, from 1, whose `X-Amz-Target` ends in `operation`; empty matches every call.
    /// Only one call at a time: this replaces an earlier request to hold.
    pub fn hold(&self, operation: &'static str, nth: usize, part: Part) -> Held {
        let (stage, _) = watch::channel(Stage::Awaited);
        let armed = Armed {
            operation,
            before: nth - 1,
            part,
            stage: stage.clone(),
        };
        *self.armed.lock().expect("lock") = Some(armed);
        Held { stage }
    }
}

impl Held {
    /// Waits until the call has arrived. If it is forwarded at once, waits until the engine has answered it.
    pub async fn arrived(&self) {
        reached(&self.stage, Stage::Arrived).await;
    }

    /// Whether the call has arrived.
    pub fn has_arrived(&self) -> bool {
        *self.stage.borrow() >= Stage::Arrived
    }

    /// Releases the call and lets all later ones pass.
    pub fn release(&self) {
        advance(&self.stage, Stage::Released);
    }

    /// Waits until the copy of a released call ([`Part::Copy`]) has been answered.
    pub async fn done(&self) {
        reached(&self.stage, Stage::Done).await;
    }
}

async fn reached(stage: &watch::Sender<Stage>, wanted: Stage) {
    let mut stages = stage.subscribe();
    let reached = stages.wait_for(|stage| *stage >= wanted).await;
    drop(reached.expect("the sender is there"));
}

fn advance(stage: &watch::Sender<Stage>, to: Stage) {
    stage.send_modify(|stage| *stage = to.max(*stage));
}

impl Shared {
    /// Takes the instructions if this is the call to hold.
    fn orders(&self, request: &Request) -> Option<Armed> {
        let mut armed = self.armed.lock().expect("lock");
        let orders = armed.as_mut()?;
        if !operation_is(request, orders.operation) {
            return None;
        }
        if orders.before > 0 {
            orders.before -= 1;
            return None;
        }
        armed.take()
    }
}

async fn pass_or_hold(State(shared): State<Shared>, request: Request) -> Response<Body> {
    let Some(Armed { part, stage, .. }) = shared.orders(&request) else {
        return forward(shared.target, request).await;
    };
    if part == Part::Request {
        advance(&stage, Stage::Arrived);
        reached(&stage, Stage::Released).await;
        return forward(shared.target, request).await;
    }
    let (parts, body) = request.into_parts();
    let body = body.collect().await.expect("body").to_bytes();
    let call = || Request::from_parts(parts.clone(), Body::from(body.clone()));
    let answer = forward(shared.target, call()).await;
    advance(&stage, Stage::Arrived);
    match part {
        Part::Request | Part::Answer => {
            reached(&stage, Stage::Released).await;
            answer
        }
        Part::LostAnswer => answer_of_fault(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError"),
        Part::Copy => {
            let copy = call();
            tokio::spawn(async move {
                reached(&stage, Stage::Released).await;
                let _ = forward(shared.target, copy).await;
                advance(&stage, Stage::Done);
            });
            answer
        }
    }
}
