//! Summaries of a user's transactions and alerts.

mod alerts;
mod transactions;

use daftari_platform::Platform;
use daftari_platform::http::{self, FunctionService};

daftari_platform::endpoints! {
    GET_TRANSACTIONS_SUMMARY => transactions::get_transactions_summary,
    GET_ALERTS_SUMMARY => alerts::get_alerts_summary,
}

/// The function as a service.
pub fn service(platform: Platform) -> FunctionService {
    http::service(endpoints(), platform)
}
