//! The institutions a user banks with, and the transactions, balances and alerts at each: as institutions for the newer
//! generation of clients, as accounts for the older.

mod accounts;
mod institutions;

use daftari_platform::Platform;
use daftari_platform::http::{self, FunctionService};

daftari_platform::endpoints! {
    GET_INSTITUTIONS => institutions::get_institutions,
    GET_INSTITUTION_TRANSACTIONS => institutions::transactions::get_transactions,
    GET_INSTITUTION_BALANCES => institutions::balances::get_balances,
    GET_INSTITUTION_ALERTS => institutions::alerts::get_alerts,
    GET_ACCOUNTS => accounts::get_accounts,
    GET_ACCOUNT_TRANSACTIONS => accounts::transactions::get_transactions,
    GET_ACCOUNT_BALANCES => accounts::balances::get_balances,
    GET_ACCOUNT_ALERTS => accounts::alerts::get_alerts,
}

/// The function as a service.
pub fn service(platform: Platform) -> FunctionService {
    http::service(endpoints(), platform)
}
