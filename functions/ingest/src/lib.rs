//! Appending to a user's ledger: records, and messages that become records.

mod messages;
mod records;
mod rehearsal;
mod rejected;
mod wire;

use axum::{Router, routing::post};
use daftari_platform::http::{Guard, Route};
use daftari_platform::identity::Scope;
use daftari_platform::{Platform, http as edge};
use http::Method;

pub use rehearsal::rehearse;

/// What this function serves.
pub const ROUTES: &[Route] = &[
    Route::new(
        Method::POST,
        "/users/{user_uuid}/ledger",
        Guard::Scope(Scope::Ingest),
    ),
    Route::new(
        Method::POST,
        "/users/{user_uuid}/messages",
        Guard::ScopeOrUserToken(Scope::Ingest),
    ),
];

/// The function as a service.
pub fn service(platform: Platform) -> Router {
    let routes = Router::new()
        .route("/users/{user_uuid}/ledger", post(records::post_ledger))
        .route("/users/{user_uuid}/messages", post(messages::post_messages));
    edge::service(routes, platform)
}

/// The function's part of the OpenAPI document.
#[cfg(feature = "openapi")]
#[derive(utoipa::OpenApi)]
#[openapi(paths(records::post_ledger, messages::post_messages))]
pub struct ApiDoc;
