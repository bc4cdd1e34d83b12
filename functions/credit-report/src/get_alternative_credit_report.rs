//! The credit report of the user that the query names.

use axum::extract::State;
use axum::response::Response;
use daftari_domain::reports::CreditReport;
use daftari_platform::http::{Access, AsOfQuery, CurrencyQuery, Query, all, json_answer, routes};
use daftari_platform::{Error, Platform, query_parameters};
use uuid::Uuid;

use crate::report::{ReportQuery, make_report, read_request};

query_parameters! {
    /// Selects the user.
    pub(crate) struct SubjectQuery {
        /// The user. 404 if the user is not yours.
        #[param(example = "958a5ae8-f3a3-41d5-ae48-177fdc19e3f4")]
        user_uuid: Uuid,
    }
}

/// The credit report of the user in the query.
///
/// The same report as the one below the path of the user, for clients of the hosted service.
#[utoipa::path(
    get, path = routes::GET_ALTERNATIVE_CREDIT_REPORT.path, tag = "Reports",
    params(SubjectQuery, AsOfQuery, CurrencyQuery),
    responses((status = 200, description = "The report", body = CreditReport))
)]
pub(crate) async fn get_alternative_credit_report(
    State(platform): State<Platform>,
    access: Access,
    query: Query<(SubjectQuery, ReportQuery)>,
) -> Result<Response, Error> {
    let (user, request) = query.read(|values| all((values.required("user_uuid"), read_request(values))))?;
    let access = access.user(user)?;
    json_answer(&make_report(&access, &request, platform.now()).await?)
}
