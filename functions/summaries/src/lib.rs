//! Summaries of a user's transactions and alerts.

mod alerts;
mod transactions;

use daftari_platform::http::{Endpoints, FunctionService, routes};
use daftari_platform::{Platform, http as edge};

/// The function as a service.
pub fn service(platform: Platform) -> FunctionService {
    let endpoints = Endpoints::new()
        .serve(
            &routes::GET_TRANSACTIONS_SUMMARY,
            transactions::get_transactions_summary,
        )
        .serve(&routes::GET_ALERTS_SUMMARY, alerts::get_alerts_summary);
    edge::service(endpoints, platform)
}

/// The function's part of the OpenAPI document.
#[derive(utoipa::OpenApi)]
#[openapi(paths(transactions::get_transactions_summary, alerts::get_alerts_summary))]
pub struct ApiDoc;
