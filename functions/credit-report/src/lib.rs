//! Credit reports of a user: at once, as of any instant, and frozen.

mod alternative;
mod create;
mod frozen;
mod get;
mod report;

use axum::{Router, routing::get};
use daftari_platform::http::{Route, routes};
use daftari_platform::{Platform, http as edge};

/// What this function serves. `HEAD` is answered wherever `GET` is.
pub const ROUTES: &[Route] = routes::CREDIT_REPORT;

/// The function as a service.
pub fn service(platform: Platform) -> Router {
    let routes = Router::new()
        .route(
            "/creditreport/alternative",
            get(alternative::get_alternative),
        )
        .route(
            "/users/{user_uuid}/creditreport",
            get(get::get_report).post(create::post_report),
        )
        .route(
            "/users/{user_uuid}/creditreport/{id}",
            get(frozen::get_frozen_report),
        );
    edge::service(routes, platform)
}

/// The function's part of the OpenAPI document.
#[derive(utoipa::OpenApi)]
#[openapi(paths(
    alternative::get_alternative,
    get::get_report,
    create::post_report,
    frozen::get_frozen_report
))]
pub struct ApiDoc;
