//! Picks the function for a request by the functions' route tables. The deployed gateway does the same by the template.

use axum::body::Body;
use daftari_platform::http::{Function, FunctionService, Route};
use http::{Method, Request};
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
    /// A gateway for functions and their services. The first one answers unknown paths.
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
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(body.to_vec()).expect("UTF-8"),
        }
    }

    fn function(&self, method: &Method, path: &str) -> &FunctionService {
        let method = if method == Method::HEAD { &Method::GET } else { method };
        let serves = |any_method: bool| {
            self.functions.iter().find(|(function, _)| {
                function
                    .routes
                    .iter()
                    .any(|route| matches(route.path, path) && (any_method || route.method == *method))
            })
        };
        let (_, service) = serves(false).or_else(|| serves(true)).unwrap_or(&self.functions[0]);
        service
    }
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
