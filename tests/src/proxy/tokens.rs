//! A layer that takes the idempotency tokens out of transactions.

use std::net::SocketAddr;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use http::Response;
use http::header::CONTENT_LENGTH;
use tokio::net::TcpListener;

use super::{forward, operation_is};

/// Most bytes of a call.
const MAX_CALL: usize = 16 << 20;

/// Starts a layer in front of `endpoint`, which forwards everything, but transactions without their token. Returns its
/// URL.
///
/// The embedded engine keeps the tokens of ten minutes and walks all of them at each transaction. So a million
/// transactions in a row take hours with tokens.
pub async fn without_tokens(endpoint: &str) -> String {
    let target: SocketAddr = endpoint.trim_start_matches("http://").parse().expect("address");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("port");
    let address = listener.local_addr().expect("address");
    let router = Router::new().fallback(pass).with_state(target);
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

async fn pass(State(target): State<SocketAddr>, request: Request) -> Response<Body> {
    if !operation_is(&request, "TransactWriteItems") {
        return forward(target, request).await;
    }
    let (mut parts, body) = request.into_parts();
    let body = to_bytes(body, MAX_CALL).await.expect("a call");
    let mut call: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
    call.as_object_mut().expect("an object").remove("ClientRequestToken");
    let body = serde_json::to_vec(&call).expect("JSON");
    parts.headers.insert(CONTENT_LENGTH, body.len().into());
    forward(target, Request::from_parts(parts, Body::from(body))).await
}
