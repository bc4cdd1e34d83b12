//! The accounts of a user.

use axum::response::Response;
use daftari_domain::TimeRange;
use daftari_domain::views::accounts;
use daftari_platform::Error;
use daftari_platform::http::{Query, UserAccess, json_answer, routes};
use daftari_platform::openapi::UserPath;

/// The institutions where the user has a record, as accounts.
///
/// The shape for clients up to version 0.0.6: an account is an institution of a user. New clients use `GET
/// /users/{user_uuid}/institutions`.
#[utoipa::path(
    get, path = routes::GET_ACCOUNTS.path, tag = "Accounts",
    params(UserPath),
    responses((status = 200, description = "The accounts, by institution id", body = accounts::AccountsView))
)]
pub(crate) async fn get_accounts(access: UserAccess, _: Query) -> Result<Response, Error> {
    let ledger = access.ledger(TimeRange::default()).await?;
    let records = ledger.records()?;
    json_answer(&accounts::accounts(&records, &ledger.subject()))
}
