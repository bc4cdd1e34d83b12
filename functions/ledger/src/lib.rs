//! Reading a user's ledger.

mod filter;
mod list;

use axum::{Extension, Router, routing::get};
use daftari_platform::cursor::CursorKey;
use daftari_platform::http::{Route, routes};
use daftari_platform::{Platform, http as edge};

/// What this function serves. `HEAD` is answered wherever `GET` is.
pub const ROUTES: &[Route] = routes::LEDGER;

/// The function as a service.
pub fn service(platform: Platform, cursors: CursorKey) -> Router {
    let routes = Router::new()
        .route("/users/{user_uuid}/ledger", get(list::get_ledger))
        .layer(Extension(cursors));
    edge::service(routes, platform)
}

/// The function's part of the OpenAPI document.
#[derive(utoipa::OpenApi)]
#[openapi(paths(list::get_ledger))]
pub struct ApiDoc;
