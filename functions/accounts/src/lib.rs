//! The institutions a user banks with, and the transactions, balances and alerts at each: as institutions for the newer
//! generation of clients, as accounts for the older.

mod accounts;
mod institutions;

use axum::{Router, routing::get};
use daftari_platform::http::{Route, routes};
use daftari_platform::{Platform, http as edge};

/// What this function serves. `HEAD` is answered wherever `GET` is.
pub const ROUTES: &[Route] = routes::ACCOUNTS;

/// The function as a service.
pub fn service(platform: Platform) -> Router {
    let routes = Router::new()
        .route(
            "/users/{user_uuid}/institutions",
            get(institutions::get_institutions),
        )
        .route(
            "/users/{user_uuid}/institutions/{institution_id}/transactions",
            get(institutions::transactions::get_transactions),
        )
        .route(
            "/users/{user_uuid}/institutions/{institution_id}/balances",
            get(institutions::balances::get_balances),
        )
        .route(
            "/users/{user_uuid}/institutions/{institution_id}/alerts",
            get(institutions::alerts::get_alerts),
        )
        .route("/users/{user_uuid}/accounts", get(accounts::get_accounts))
        .route(
            "/users/{user_uuid}/accounts/{acct_uuid}/transactions",
            get(accounts::transactions::get_transactions),
        )
        .route(
            "/users/{user_uuid}/accounts/{acct_uuid}/balances",
            get(accounts::balances::get_balances),
        )
        .route(
            "/users/{user_uuid}/accounts/{acct_uuid}/alerts",
            get(accounts::alerts::get_alerts),
        );
    edge::service(routes, platform)
}

/// The function's part of the OpenAPI document.
#[derive(utoipa::OpenApi)]
#[openapi(paths(
    institutions::get_institutions,
    institutions::transactions::get_transactions,
    institutions::balances::get_balances,
    institutions::alerts::get_alerts,
    accounts::get_accounts,
    accounts::transactions::get_transactions,
    accounts::balances::get_balances,
    accounts::alerts::get_alerts
))]
pub struct ApiDoc;
