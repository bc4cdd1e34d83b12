//! Appending to a user's ledger: records, and messages that become records.

mod messages;
mod records;
mod rehearsal;
mod rejected;
mod wire;

use axum::{Router, routing::post};
use daftari_platform::http::{Route, routes};
use daftari_platform::{Platform, http as edge};

pub use rehearsal::rehearse;

/// What this function serves.
pub const ROUTES: &[Route] = routes::INGEST;

/// The function as a service.
pub fn service(platform: Platform) -> Router {
    let routes = Router::new()
        .route("/users/{user_uuid}/ledger", post(records::post_ledger))
        .route("/users/{user_uuid}/messages", post(messages::post_messages));
    edge::service(routes, platform)
}

/// The function's part of the OpenAPI document.
#[derive(utoipa::OpenApi)]
#[openapi(paths(records::post_ledger, messages::post_messages))]
pub struct ApiDoc;
