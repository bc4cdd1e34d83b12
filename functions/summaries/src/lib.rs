//! Summaries of a user's transactions and alerts.

mod alerts;
mod transactions;

use axum::{Router, routing::get};
use daftari_platform::http::{Route, routes};
use daftari_platform::{Platform, http as edge};

/// What this function serves. `HEAD` is answered wherever `GET` is.
pub const ROUTES: &[Route] = routes::SUMMARIES;

/// The function as a service.
pub fn service(platform: Platform) -> Router {
    let routes = Router::new()
        .route(
            "/users/{user_uuid}/transactions-summary",
            get(transactions::get_transactions_summary),
        )
        .route(
            "/users/{user_uuid}/alerts-summary",
            get(alerts::get_alerts_summary),
        );
    edge::service(routes, platform)
}

/// The function's part of the OpenAPI document.
#[derive(utoipa::OpenApi)]
#[openapi(paths(transactions::get_transactions_summary, alerts::get_alerts_summary))]
pub struct ApiDoc;
