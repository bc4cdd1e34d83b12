//! The alerts of an institution.

use axum::response::Response;
use daftari_domain::InstitutionId;
use daftari_domain::views::institutions;
use daftari_platform::Error;
use daftari_platform::http::{LabelsQuery, PageQuery, Query, RangeQuery, UserAccess, json_answer, routes};
use daftari_platform::openapi::UserPath;

use super::Institution;

/// A page of an institution's alerts, newest first, 1,000 per page: the records with a label.
#[utoipa::path(
    get, path = routes::GET_INSTITUTION_ALERTS.path, tag = "Institutions",
    operation_id = "get_institution_alerts",
    params(UserPath, ("institution_id" = InstitutionId, Path, description = "The institution. Without records, the list is empty."),
        RangeQuery, LabelsQuery, PageQuery),
    responses((status = 200, description = "The page", body = institutions::AlertsPage))
)]
pub(crate) async fn get_alerts(
    access: UserAccess,
    Institution(id): Institution,
    query: Query<(RangeQuery, LabelsQuery, PageQuery)>,
) -> Result<Response, Error> {
    let (filter, page) = (query.alert_filter()?, query.page()?);
    let ledger = access.ledger(filter.range).await?;
    let records = ledger.records()?;
    json_answer(&institutions::alerts(&records, Some(&id), &filter, page))
}
