//! Summaries of a user's transactions and alerts.

mod get_alerts_summary;
mod get_transactions_summary;

use daftari_platform::Platform;
use daftari_platform::http::{self, FunctionService};

daftari_platform::endpoints! {
    GET_TRANSACTIONS_SUMMARY => get_transactions_summary,
    GET_ALERTS_SUMMARY => get_alerts_summary,
}

/// The function as a service.
pub fn service(platform: Platform) -> FunctionService {
    http::service(endpoints(), platform)
}
