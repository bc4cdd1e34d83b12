//! The institutions of a user.

use axum::response::Response;
use daftari_domain::TimeRange;
use daftari_domain::views::institutions;
use daftari_platform::Error;
use daftari_platform::http::{Query, UserAccess, json_answer, routes};
use daftari_platform::openapi::UserPath;

/// The institutions where the user has a record.
///
/// Each with its accounts, their types and the most common currency. The lists of an institution are
/// `GET_INSTITUTION_TRANSACTIONS`, `GET_INSTITUTION_BALANCES` and `GET_INSTITUTION_ALERTS`.
#[utoipa::path(
    get, path = routes::GET_INSTITUTIONS.path, tag = "Institutions",
    params(UserPath),
    responses((status = 200, description = "The institutions, by id", body = institutions::InstitutionsView))
)]
pub(crate) async fn get_institutions(access: UserAccess, _: Query) -> Result<Response, Error> {
    let ledger = access.ledger(TimeRange::default()).await?;
    let records = ledger.records()?;
    json_answer(&institutions::institutions(&records, &ledger.subject()))
}
