//! The institutions a user banks with, and the transactions, balances and alerts at each: as institutions for the newer
//! generation of clients, as accounts for the older.

mod account;
mod get_account_alerts;
mod get_account_balances;
mod get_account_transactions;
mod get_accounts;
mod get_institution_alerts;
mod get_institution_balances;
mod get_institution_transactions;
mod get_institutions;
mod institution;

use daftari_platform::Platform;
use daftari_platform::http::{self, FunctionService};

daftari_platform::endpoints! {
    GET_INSTITUTIONS => get_institutions,
    GET_INSTITUTION_TRANSACTIONS => get_institution_transactions,
    GET_INSTITUTION_BALANCES => get_institution_balances,
    GET_INSTITUTION_ALERTS => get_institution_alerts,
    GET_ACCOUNTS => get_accounts,
    GET_ACCOUNT_TRANSACTIONS => get_account_transactions,
    GET_ACCOUNT_BALANCES => get_account_balances,
    GET_ACCOUNT_ALERTS => get_account_alerts,
}

/// The function as a service.
pub fn service(platform: Platform) -> FunctionService {
    http::service(endpoints(), platform)
}
