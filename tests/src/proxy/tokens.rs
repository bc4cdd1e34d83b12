//! A layer that removes the idempotency tokens from transactions.

use std::net::SocketAddr;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use http::Response;

use super::operation_is;
use crate::layer::{address_of, forward, serve};

/// Most bytes of a call.
const MAX_CALL: usize = 16 << 20;

/// Starts a layer in front of `endpoint`. It forwards all calls, but transactions without their token. Returns its URL.
///
/// The embedded engine keeps the tokens of ten minutes and scans all of them at each transaction. So a million
/// consecutive transactions take hours with tokens.
pub async fn without_tokens(endpoint: &str) -> String {
    serve(Router::new().fallback(pass).with_state(address_of(endpoint))).await
}

async fn pass(State(target): State<SocketAddr>, request: Request) -> Response<Body> {
    if !operation_is(&request, "TransactWriteItems") {
        return forward(target, request).await;
    }
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MAX_CALL).await.expect("a call");
    let mut call: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
    call.as_object_mut().expect("an object").remove("ClientRequestToken");
    let body = serde_json::to_vec(&call).expect("JSON");
    forward(target, Request::from_parts(parts, Body::from(body))).await
}
