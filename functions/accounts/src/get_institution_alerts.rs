//! The alerts of an institution.

use axum::response::Response;
use daftari_domain::views::institutions;
use daftari_platform::Error;
use daftari_platform::http::{LabelsQuery, PageQuery, Query, RangeQuery, UserAccess, all, json_answer, routes};
use daftari_platform::openapi::UserPath;

use crate::institution::{Institution, InstitutionPath};

/// A page of an institution's alerts, newest first, 1,000 per page.
///
/// The records with a label, with their text. The list is empty if the user has no record there. Read the pages up to
/// `num_pages`: a page with long texts has fewer than 1,000 records.
#[utoipa::path(
    get, path = routes::GET_INSTITUTION_ALERTS.path, tag = "Institutions",
    params(UserPath, InstitutionPath, RangeQuery, LabelsQuery, PageQuery),
    responses((status = 200, description = "The page", body = institutions::AlertsPage))
)]
pub(crate) async fn get_institution_alerts(
    access: UserAccess,
    institution: Institution,
    query: Query<(RangeQuery, LabelsQuery, PageQuery)>,
) -> Result<Response, Error> {
    let (filter, page) = query.read(|values| all((values.alert_filter(), values.page())))?;
    let (records, warnings) = institution.records(&access, filter.range).await?;
    let found = institutions::alerts(&records, Some(&institution.0), &filter, page);
    json_answer(&institutions::AlertsPage { warnings, ..found })
}
