//! Signs in like clients.

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Request;
use http::header::AUTHORIZATION;
use lambda_http::request::RequestContext;
use serde_json::json;

use crate::{Answer, Gateway};

/// `GET /auth` with Basic credentials, optionally with a source address in the gateway's event.
pub async fn sign_in(gateway: &Gateway, email: &str, password: &str, address: Option<&str>) -> Answer {
    sign_in_forwarded(gateway, email, password, address, None).await
}

/// The same with an `X-Forwarded-For`.
pub async fn sign_in_forwarded(
    gateway: &Gateway,
    email: &str,
    password: &str,
    address: Option<&str>,
    forwarded: Option<&str>,
) -> Answer {
    let credentials = STANDARD.encode(format!("{email}:{password}"));
    let mut request = Request::builder()
        .uri("/auth")
        .header(AUTHORIZATION, format!("Basic {credentials}"))
        .body(Body::empty())
        .expect("request");
    if let Some(forwarded) = forwarded {
        let value = forwarded.parse().expect("header");
        request.headers_mut().insert("x-forwarded-for", value);
    }
    if let Some(address) = address {
        let context = json!({ "http": { "method": "GET", "path": "/auth", "protocol": "HTTP/1.1",
            "sourceIp": address, "userAgent": "test" }, "timeEpoch": 0 });
        let context = serde_json::from_value(context).expect("context");
        request.extensions_mut().insert(RequestContext::ApiGatewayV2(context));
    }
    gateway.send(request).await
}
