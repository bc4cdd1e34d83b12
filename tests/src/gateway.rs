//! Picks the function for a request as the deployed gateway does.

use std::io::Read;

use axum::body::Body;
use daftari_infra::gateway;
use daftari_platform::http::routes::FALLBACK;
use daftari_platform::http::{Function, FunctionService, Route};
use flate2::read::GzDecoder;
use http::header::CONTENT_ENCODING;
use http::{HeaderValue, Method, Request};
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::Answer;

/// A route and the function that serves it.
#[derive(Clone, Debug)]
pub struct RouteOf {
    /// The function's name.
    pub function: &'static str,
    /// The route.
    pub route: &'static Route,
}

/// All functions behind one gateway.
#[derive(Clone)]
pub struct Gateway {
    functions: Vec<(&'static Function, FunctionService)>,
}

impl Gateway {
    /// A gateway to functions with their services.
    pub fn new(functions: Vec<(&'static Function, FunctionService)>) -> Self {
        Self { functions }
    }

    /// Every route.
    pub fn routes(&self) -> Vec<RouteOf> {
        let functions = self.functions.iter().map(|(function, _)| *function);
        let routes_of = |function: &'static Function| {
            function.routes.iter().map(|route| RouteOf {
                function: function.name,
                route,
            })
        };
        functions.flat_map(routes_of).collect()
    }

    /// Sends a request to the function that serves it.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let service = self.function(request.method(), request.uri().path()).clone();
        let response = service.oneshot(request).await.expect("services do not fail");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("body").to_bytes();
        let coding = parts.headers.get(CONTENT_ENCODING).filter(|_| !body.is_empty());
        let plain = match coding.map(HeaderValue::as_bytes) {
            Some(b"gzip") => decompressed(&body),
            // Brotli occurs only in the console's files, which are not text.
            Some(_) => String::from_utf8_lossy(&body).into_owned().into_bytes(),
            None => body.to_vec(),
        };
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(plain).expect("UTF-8"),
            sent_bytes: body.len(),
        }
    }

    fn function(&self, method: &Method, path: &str) -> &FunctionService {
        let routes = gateway::routes();
        let of_path = routes.iter().filter(|route| matches(route.path, path));
        let (named, any): (Vec<_>, Vec<_>) = of_path.partition(|route| route.method.is_some());
        let named = named.into_iter().find(|route| route.method == Some(method));
        let route = named.or(any.first().copied());
        let function = route.map_or(FALLBACK, |route| route.function);
        let found = self.functions.iter().find(|(served, _)| served.name == function.name);
        let (_, service) = found.expect("every function with routes is served");
        service
    }
}

fn decompressed(body: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    GzDecoder::new(body).read_to_end(&mut plain).expect("gzip");
    plain
}

fn matches(pattern: &str, path: &str) -> bool {
    let (mut pattern, mut path) = (pattern.split('/'), path.split('/'));
    loop {
        match (pattern.next(), path.next()) {
            (None, None) => return true,
            (Some(expected), Some(segment)) if expected.starts_with('{') || expected == segment => {}
            _ => return false,
        }
    }
}
