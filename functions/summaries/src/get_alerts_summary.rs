//! The summary of alerts.

use axum::response::Response;
use daftari_domain::reports::AlertsSummary;
use daftari_domain::reports::alerts_summary;
use daftari_platform::Error;
use daftari_platform::http::{Query, RangeQuery, UserAccess, Values, json_answer, routes};
use daftari_platform::openapi::UserPath;

/// Counts of alerts by label, institution and month.
///
/// Each label with its first and its last time, for a period or the whole history.
#[utoipa::path(
    get, path = routes::GET_ALERTS_SUMMARY.path, tag = "Reports",
    params(UserPath, RangeQuery),
    responses((status = 200, description = "The summary", body = AlertsSummary))
)]
pub(crate) async fn get_alerts_summary(access: UserAccess, query: Query<RangeQuery>) -> Result<Response, Error> {
    let range = query.read(Values::utc_range)?;
    let (ledger, unrecognized) = access.ledger_and_unrecognized(range).await?;
    let records = ledger.records()?;
    let mut report = alerts_summary(&records, &ledger.subject(), range);
    report.meta.count_unread(&unrecognized);
    json_answer(&report)
}
