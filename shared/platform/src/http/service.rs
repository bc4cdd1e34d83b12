//! The layers around every router: request id, time budget, panics, compression, problem documents, the log line.

use std::any::Any;
use std::convert::Infallible;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, Uri, header};
use lambda_http::lambda_runtime::Context as LambdaContext;
use tower::util::MapRequestLayer;
use tower_http::catch_panic::CatchPanicLayer;

use super::nearest::nearest_paths;
use super::problem::{Pending, render};
use super::{Endpoints, FunctionService, RequestContext, access, compression, routes};
use crate::config::Edge;
use crate::error::Error;
use crate::platform::Platform;
use crate::telemetry;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Time before the function's own deadline that is reserved for writing the answer.
const DEADLINE_MARGIN: Duration = Duration::from_millis(500);

/// Wraps the endpoints of a function over the table in everything that all functions share.
pub fn service(endpoints: Endpoints<Platform>, platform: Platform) -> FunctionService {
    let edge = platform.edge().clone();
    layered(endpoints, platform.clone(), Some(platform), &edge)
}

/// Wraps the endpoints of a function without the table in everything that all functions share. Its rows must be public:
/// a guarded one answers 500.
pub fn service_without_table<S>(endpoints: Endpoints<S>, state: S, edge: &Edge) -> FunctionService
where
    S: Clone + Send + Sync + 'static,
{
    layered(endpoints, state, None, edge)
}

fn layered<S>(endpoints: Endpoints<S>, state: S, platform: Option<Platform>, edge: &Edge) -> FunctionService
where
    S: Clone + Send + Sync + 'static,
{
    let base_path = edge.base_path.clone();
    let routes = endpoints
        .into_router()
        .route_layer(from_fn_with_state(platform, access::admit))
        .route_layer(from_fn(note_route))
        .fallback(no_such_route)
        .method_not_allowed_fallback(no_such_method)
        .layer(CatchPanicLayer::custom(caught_panic))
        .layer(from_fn_with_state(edge.time_budget, within_budget))
        .layer(from_fn(answer))
        .with_state(state);
    // The prefix must be stripped before routes are matched, so a second router wraps the router.
    FunctionService::new(
        Router::new().fallback_service(
            tower::ServiceBuilder::new()
                .layer(MapRequestLayer::new(move |request| strip_prefix(request, &base_path)))
                .service(routes),
        ),
    )
}

async fn no_such_route(uri: Uri) -> Error {
    Error::NoSuchPath {
        nearest: nearest_paths(uri.path()),
    }
}

/// Lists every method of the path, also those that another function serves.
async fn no_such_method(path: MatchedPath) -> Error {
    Error::MethodNotAllowed {
        allowed: routes::allowed(path.as_str()),
    }
}

fn strip_prefix(mut request: Request<Body>, prefix: &str) -> Request<Body> {
    let path_and_query = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let rest = path_and_query.strip_prefix(prefix).filter(|_| !prefix.is_empty());
    let rest = rest.and_then(|rest| match rest.chars().next() {
        Some('/') => Some(rest.to_owned()),
        // The prefix alone is the root.
        None | Some('?') => Some(format!("/{rest}")),
        Some(_) => None,
    });
    if let Some(rest) = rest {
        let mut parts = request.uri().clone().into_parts();
        parts.path_and_query = rest.parse().ok();
        if let Ok(uri) = Uri::from_parts(parts) {
            *request.uri_mut() = uri;
        }
    }
    request
}

async fn note_route(path: MatchedPath, context: RequestContext, request: Request, next: Next) -> Response {
    context.set_route(path.as_str());
    next.run(request).await
}

fn caught_panic(panic: Box<dyn Any + Send>) -> Response {
    let message = panic.downcast_ref::<&str>().map(ToString::to_string);
    let message = message
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    Error::internal(format!("panic: {message}")).into_response()
}

/// Ends a request that would outlive its budget or the function's own deadline.
async fn within_budget(State(longest): State<Duration>, request: Request, next: Next) -> Response {
    // Ignore deadlines in the past: local emulators send 1970, and Lambda never starts an expired invocation.
    let left = request.extensions().get::<LambdaContext>().and_then(|context| {
        let now = std::time::SystemTime::now();
        context.deadline().duration_since(now).ok()
    });
    let budget = match left {
        Some(left) => longest.min(left.saturating_sub(DEADLINE_MARGIN)),
        None => longest,
    };
    match tokio::time::timeout(budget, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Error::TimedOut.into_response(),
    }
}

/// Assigns the request its id. After the answer it writes the problem document or compresses the body, and writes the
/// one log line.
async fn answer(mut request: Request, next: Next) -> Result<Response, Infallible> {
    let started = Instant::now();
    let id = request
        .extensions()
        .get::<LambdaContext>()
        .map(|context| context.request_id.clone());
    let id = id
        .filter(|id| !id.is_empty())
        .unwrap_or_else(|| uuid::Uuid::new_v4().to_string());
    let context = RequestContext::new(id);
    request.extensions_mut().insert(context.clone());
    let method = request.method().clone();
    let takes_gzip = compression::is_accepted(request.headers());
    // An event that could not be parsed as a request is refused here.
    let mut response = match request.extensions_mut().remove::<Pending>() {
        Some(refused) => refused.into_response(),
        None => next.run(request).await,
    };
    if response.extensions().get::<Pending>().is_none() {
        let compressed = compression::compress(response, takes_gzip).await;
        response = compressed.unwrap_or_else(IntoResponse::into_response);
    }
    let error = response.extensions_mut().remove::<Pending>().map(|pending| pending.0);
    if let Some(error) = &error {
        response = render(error, &context, response);
    }
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(context.id()) {
        headers.insert(REQUEST_ID, id);
    }
    // Answers contain personal data, so shared caches must not store them.
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    let tenant = context.tenant().map(|tenant| tenant.to_string()).unwrap_or_default();
    telemetry::log_request(&telemetry::RequestLine {
        request_id: context.id(),
        tenant: &tenant,
        method: method.as_str(),
        route: context.route(),
        status: response.status().as_u16(),
        duration: started.elapsed(),
        usage: context.usage(),
        error: error.as_deref(),
    });
    Ok(response)
}
