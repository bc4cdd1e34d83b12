//! The credit report as of an instant.

use axum::extract::State;
use axum::response::Response;
use daftari_domain::reports::CreditReport;
use daftari_platform::http::{AsOfQuery, CurrencyQuery, routes};
use daftari_platform::http::{Query, UserAccess, json_answer};
use daftari_platform::openapi::UserPath;
use daftari_platform::{Error, Platform};

use crate::report::{ReportQuery, make_report, read_request};

/// The credit report of a user: the present one, or as of a time.
///
/// Money held, and every loan with its status, the date it was opened and each time it was late. `status_reason` names
/// the record behind a status. The report is computed from the records at the moment of the request.
#[utoipa::path(
    get, path = routes::GET_CREDIT_REPORT.path, tag = "Reports",
    params(UserPath, AsOfQuery, CurrencyQuery),
    responses((status = 200, description = "The report", body = CreditReport))
)]
pub(crate) async fn get_credit_report(
    State(platform): State<Platform>,
    access: UserAccess,
    query: Query<ReportQuery>,
) -> Result<Response, Error> {
    let request = query.read(read_request)?;
    json_answer(&make_report(&access, &request, platform.now()).await?)
}
