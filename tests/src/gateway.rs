//! Picks the function for a request by the functions' own route tables, as the deployed gateway does by the template.

use axum::Router;
use axum::body::Body;
use daftari_platform::http::Route;
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
    pub route: Route,
}

/// All functions behind one address.
#[derive(Clone)]
pub struct Gateway {
    functions: Vec<(&'static str, &'static [Route], Router)>,
}

impl Gateway {
    /// Of functions with their route tables. The first one answers for paths that nobody serves.
    pub fn new(functions: Vec<(&'static str, &'static [Route], Router)>) -> Self {
        Self { functions }
    }

    /// Every route.
    pub fn routes(&self) -> Vec<RouteOf> {
        let routes_of = |(function, routes, _): &(&'static str, &'static [Route], Router)| {
            let function = *function;
            routes
                .iter()
                .map(move |route| RouteOf {
                    function,
                    route: route.clone(),
                })
                .collect::<Vec<_>>()
        };
        self.functions.iter().flat_map(routes_of).collect()
    }

    /// Sends a request to the function that serves it.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let router = self
            .function(request.method(), request.uri().path())
            .clone();
        let response = router.oneshot(request).await.expect("routers do not fail");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("body").to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(body.to_vec()).expect("UTF-8"),
        }
    }

    fn function(&self, method: &Method, path: &str) -> &Router {
        let method = if method == Method::HEAD {
            &Method::GET
        } else {
            method
        };
        let serves = |any_method: bool| {
            self.functions.iter().find(|(_, routes, _)| {
                routes.iter().any(|route| {
                    matches(route.path, path) && (any_method || route.method == *method)
                })
            })
        };
        let (_, _, router) = serves(false)
            .or_else(|| serves(true))
            .unwrap_or(&self.functions[0]);
        router
    }
}

fn matches(pattern: &str, path: &str) -> bool {
    let (mut pattern, mut path) = (pattern.split('/'), path.split('/'));
    loop {
        match (pattern.next(), path.next()) {
            (None, None) => return true,
            (Some(expected), Some(segment)) if expected.starts_with('{') || expected == segment => {
            }
            _ => return false,
        }
    }
}
