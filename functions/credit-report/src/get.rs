//! The credit report as of an instant.

use axum::extract::State;
use axum::response::Response;
use daftari_domain::reports::CreditReport;
use daftari_platform::http::{AsOfQuery, CurrencyQuery, routes};
use daftari_platform::http::{Query, UserAccess, json_answer};
use daftari_platform::openapi::UserPath;
use daftari_platform::{Error, Platform};

use crate::report::{ReportQuery, make_report};

/// The credit report of a user: the present one, or as of a time.
#[utoipa::path(
    get, path = routes::GET_CREDIT_REPORT.path, tag = "Derived products",
    operation_id = "get_credit_report", params(UserPath, AsOfQuery, CurrencyQuery),
    responses((status = 200, description = "The report", body = CreditReport))
)]
pub(crate) async fn get_report(
    State(platform): State<Platform>,
    access: UserAccess,
    query: Query<ReportQuery>,
) -> Result<Response, Error> {
    json_answer(&make_report(&access, &query, platform.now()).await?)
}
