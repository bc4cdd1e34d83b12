//! The balances at an institution.

use axum::response::Response;
use daftari_domain::views::institutions;
use daftari_platform::Error;
use daftari_platform::http::{
    AccountTypesQuery, LabelsQuery, PageQuery, Query, RangeQuery, UserAccess, all, json_answer, routes,
};
use daftari_platform::openapi::UserPath;

use crate::institution::{Institution, InstitutionPath};

/// A page of an institution's balances, newest first, 1,000 per page.
///
/// The records with a balance: money held, or for a loan, money owed. The list is empty if the user has no record
/// there. Read the pages up to `num_pages`.
#[utoipa::path(
    get, path = routes::GET_INSTITUTION_BALANCES.path, tag = "Institutions",
    params(UserPath, InstitutionPath, RangeQuery, LabelsQuery, AccountTypesQuery, PageQuery),
    responses((status = 200, description = "The page", body = institutions::BalancesPage))
)]
pub(crate) async fn get_institution_balances(
    access: UserAccess,
    institution: Institution,
    query: Query<(RangeQuery, LabelsQuery, AccountTypesQuery, PageQuery)>,
) -> Result<Response, Error> {
    let (filter, page) = query.read(|values| all((values.list_filter(), values.page())))?;
    let (records, warnings) = institution.records(&access, filter.range).await?;
    let found = institutions::balances(&records, Some(&institution.0), &filter, page);
    json_answer(&institutions::BalancesPage { warnings, ..found })
}
