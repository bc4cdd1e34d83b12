//! How much of the money of a ledger the messages state.

use axum::response::Response;
use daftari_domain::reports::{CompletenessReport, completeness_report};
use daftari_platform::Error;
use daftari_platform::http::{Query, RangeQuery, UserAccess, Values, json_answer, routes};
use daftari_platform::openapi::UserPath;

/// How much of the money of a ledger the messages state.
///
/// From each stated balance of an account to the next, the movements must explain the change. The answer has the
/// figures by account and by currency, with the largest gaps. It also counts the messages that were not read, by
/// sender.
#[utoipa::path(
    get, path = routes::GET_COMPLETENESS.path, tag = "Insights",
    params(UserPath, RangeQuery),
    responses((status = 200, description = "The completeness", body = CompletenessReport))
)]
pub(crate) async fn get_completeness(access: UserAccess, query: Query<RangeQuery>) -> Result<Response, Error> {
    let range = query.read(Values::utc_range)?;
    let (ledger, unrecognized) = access.ledger_and_unrecognized(range).await?;
    let records = ledger.records()?;
    json_answer(&completeness_report(&records, &ledger.subject(), range, &unrecognized))
}
