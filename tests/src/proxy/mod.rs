//! A faulty store: an HTTP layer in front of the engine that answers some calls itself, or holds them.

mod hold;
mod tokens;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use http::{Response, StatusCode};

use crate::layer::{address_of, forward, serve};

pub use hold::{Held, HoldingProxy, Part};
pub use tokens::without_tokens;

/// The proxy's behaviour instead of forwarding a call.
#[derive(Clone, Copy, Debug)]
pub enum Misbehavior {
    /// 400 with `ProvisionedThroughputExceededException`.
    Throttle,
    /// 500 with `InternalServerError`.
    Fail,
    /// No answer, ever.
    Hang,
    /// The first half of the engine's answer.
    Cut,
}

/// Pause before the connection of a truncated answer ends.
const HALFWAY: Duration = Duration::from_millis(50);

/// A running proxy.
#[derive(Debug)]
pub struct Proxy {
    endpoint: String,
    counts: Counts,
}

#[derive(Clone, Debug, Default)]
struct Counts {
    calls: Arc<AtomicUsize>,
    misbehaved: Arc<AtomicUsize>,
}

#[derive(Clone)]
struct Behavior {
    target: SocketAddr,
    misbehavior: Misbehavior,
    /// Suffixes of `X-Amz-Target` of the affected calls; empty matches every call.
    operations: &'static [&'static str],
    /// Number of faulty calls before the proxy starts to forward them.
    times: usize,
    counts: Counts,
}

impl Proxy {
    /// Starts a proxy in front of `endpoint`. The first `times` calls of `operations` are faulty; empty matches every
    /// call.
    pub async fn start(
        endpoint: &str,
        misbehavior: Misbehavior,
        operations: &'static [&'static str],
        times: usize,
    ) -> Self {
        let counts = Counts::default();
        let behavior = Behavior {
            target: address_of(endpoint),
            misbehavior,
            operations,
            times,
            counts: counts.clone(),
        };
        let router = Router::new().fallback(pass_or_misbehave).with_state(behavior);
        Self {
            endpoint: serve(router).await,
            counts,
        }
    }

    /// URL of the proxy.
    pub fn endpoint(&self) -> String {
        self.endpoint.clone()
    }

    /// Number of faulty calls so far.
    pub fn misbehaved(&self) -> usize {
        self.counts.misbehaved.load(Ordering::SeqCst)
    }

    /// Number of calls so far.
    pub fn calls(&self) -> usize {
        self.counts.calls.load(Ordering::SeqCst)
    }
}

async fn pass_or_misbehave(State(behavior): State<Behavior>, request: Request) -> Response<Body> {
    behavior.counts.calls.fetch_add(1, Ordering::SeqCst);
    let chosen = behavior.operations.is_empty() || behavior.operations.iter().any(|name| operation_is(&request, name));
    if !chosen || behavior.counts.misbehaved.load(Ordering::SeqCst) >= behavior.times {
        return forward(behavior.target, request).await;
    }
    behavior.counts.misbehaved.fetch_add(1, Ordering::SeqCst);
    let (status, code) = match behavior.misbehavior {
        Misbehavior::Throttle => (StatusCode::BAD_REQUEST, "ProvisionedThroughputExceededException"),
        Misbehavior::Fail => (StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError"),
        Misbehavior::Hang => std::future::pending().await,
        Misbehavior::Cut => return cut(forward(behavior.target, request).await).await,
    };
    answer_of_fault(status, code)
}

/// Whether a call is of an operation. The empty operation matches every call.
fn operation_is(request: &Request, operation: &str) -> bool {
    let target = request.headers().get("x-amz-target");
    target.is_some_and(|target| target.as_bytes().ends_with(operation.as_bytes()))
}

/// An error in DynamoDB's format.
fn answer_of_fault(status: StatusCode, code: &str) -> Response<Body> {
    let body = format!(r#"{{"__type":"com.amazonaws.dynamodb.v20120810#{code}","message":"made to"}}"#);
    let response = Response::builder()
        .status(status)
        .header("content-type", "application/x-amz-json-1.0");
    response.body(Body::from(body)).expect("response")
}

/// Sends the first half of an answer with its full content length, then ends the connection.
async fn cut(response: Response<Body>) -> Response<Body> {
    use futures_util::stream::{self, StreamExt};
    use http_body_util::BodyExt;

    let (mut parts, body) = response.into_parts();
    let whole = body.collect().await.expect("body").to_bytes();
    parts.headers.insert("content-length", whole.len().into());
    let half: Result<_, std::io::Error> = Ok(whole.slice(..whole.len() / 2));
    let end = async {
        // The caller has received the headers and waits for the rest of the body.
        tokio::time::sleep(HALFWAY).await;
        Err(std::io::ErrorKind::ConnectionReset.into())
    };
    let body = stream::once(async { half }).chain(stream::once(end));
    let body = Body::from_stream(body);
    Response::from_parts(parts, body)
}
