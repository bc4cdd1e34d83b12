//! Debt to income of a user.

mod report;

use axum::{Router, routing::get};
use daftari_platform::http::{Route, routes};
use daftari_platform::{Platform, http as edge};

/// What this function serves. `HEAD` is answered wherever `GET` is.
pub const ROUTES: &[Route] = routes::DTI;

/// The function as a service.
pub fn service(platform: Platform) -> Router {
    let routes = Router::new().route("/users/{user_uuid}/dti", get(report::get_dti));
    edge::service(routes, platform)
}

/// The function's part of the OpenAPI document.
#[derive(utoipa::OpenApi)]
#[openapi(paths(report::get_dti))]
pub struct ApiDoc;
