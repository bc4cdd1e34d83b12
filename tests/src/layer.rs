//! Layers in front of the engine: routers on free ports that forward calls.

use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use http::Response;
use tokio::net::TcpListener;

/// Serves a router on a free port until the runtime of the test ends. Returns its URL.
pub async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("port");
    let address = listener.local_addr().expect("address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

/// The address of an endpoint on this machine.
pub(crate) fn address_of(endpoint: &str) -> SocketAddr {
    endpoint.trim_start_matches("http://").parse().expect("address")
}

/// Forwards a call over a new connection. Sufficient for tests, without a client library.
pub(crate) async fn forward(target: SocketAddr, request: Request) -> Response<Body> {
    use http_body_util::BodyExt;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let (parts, body) = request.into_parts();
    let body = body.collect().await.expect("body").to_bytes();
    let mut message = format!("{} / HTTP/1.1\r\nconnection: close\r\n", parts.method);
    for (name, value) in &parts.headers {
        if name != "connection" && name != "content-length" && name != "transfer-encoding" {
            message.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap_or_default()));
        }
    }
    message.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
    let mut stream = tokio::net::TcpStream::connect(target).await.expect("engine");
    stream.write_all(message.as_bytes()).await.expect("sent");
    stream.write_all(&body).await.expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("answer");
    let end = answer
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .expect("end of head");
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let mut lines = head.lines();
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1))
        .expect("status")
        .to_owned();
    let mut response = Response::builder().status(status.parse::<u16>().expect("status"));
    for line in lines {
        let (name, value) = line.split_once(": ").expect("header");
        response = response.header(name, value);
    }
    response.body(Body::from(answer[end + 4..].to_vec())).expect("response")
}
