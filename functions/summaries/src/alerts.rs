//! `GET /users/{user_uuid}/alerts-summary`

use axum::response::Response;
use daftari_domain::reports::alerts_summary;
use daftari_platform::Error;
use daftari_platform::http::{Query, ReadsData, UserAccess, json_answer};

/// Alerts counted by label, institution and month.
pub(crate) async fn get_alerts_summary(
    access: UserAccess<ReadsData>,
    query: Query,
) -> Result<Response, Error> {
    let range = query.utc_range()?;
    let ledger = access.ledger(range).await?;
    let records = ledger.records()?;
    json_answer(&alerts_summary(&records, &ledger.subject(), range))
}
