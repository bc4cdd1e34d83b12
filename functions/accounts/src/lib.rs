//! The institutions a user banks with, and the transactions, balances and alerts at each: as institutions for the newer
//! generation of clients, as accounts for the older.

mod accounts;
mod institutions;

use daftari_platform::http::{Endpoints, FunctionService, routes};
use daftari_platform::{Platform, http as edge};

/// The function as a service.
pub fn service(platform: Platform) -> FunctionService {
    let endpoints = Endpoints::new()
        .serve(&routes::GET_INSTITUTIONS, institutions::get_institutions)
        .serve(
            &routes::GET_INSTITUTION_TRANSACTIONS,
            institutions::transactions::get_transactions,
        )
        .serve(&routes::GET_INSTITUTION_BALANCES, institutions::balances::get_balances)
        .serve(&routes::GET_INSTITUTION_ALERTS, institutions::alerts::get_alerts)
        .serve(&routes::GET_ACCOUNTS, accounts::get_accounts)
        .serve(
            &routes::GET_ACCOUNT_TRANSACTIONS,
            accounts::transactions::get_transactions,
        )
        .serve(&routes::GET_ACCOUNT_BALANCES, accounts::balances::get_balances)
        .serve(&routes::GET_ACCOUNT_ALERTS, accounts::alerts::get_alerts);
    edge::service(endpoints, platform)
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
