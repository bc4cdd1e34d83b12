//! The OpenAPI document, and a reference to browse that needs nothing from elsewhere.
//!
//! The document is the file `docs/openapi.json`. A test makes it from the functions and fails where it is out of date;
//! this function only serves it, so that it links none of what makes it.

mod document;
mod reference;

use axum::{Router, routing::get};
use daftari_platform::config::Edge;
use daftari_platform::http::{Route, routes, service_with};

/// What this function serves. `HEAD` is answered wherever `GET` is.
pub const ROUTES: &[Route] = routes::DOCS;

/// How long anybody may keep what is served here: the same for everybody, and new with each deployment only.
const CACHEABLE: &str = "public, max-age=3600";

/// The function as a service.
pub fn service(edge: &Edge) -> Router {
    let routes = Router::new()
        .route("/openapi.json", get(document::get_document))
        .route("/docs", get(reference::get_page))
        .route("/docs/{file}", get(reference::get_file));
    service_with(
        routes,
        document::Document::mounted_at(&edge.base_path),
        edge,
    )
}
