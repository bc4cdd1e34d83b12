//! A frozen credit report.

use axum::extract::FromRequestParts;
use axum::response::Response;
use daftari_domain::ids::ReportId;
use daftari_domain::reports::CreditReport;
use daftari_platform::Error;
use daftari_platform::http::{Query, UserAccess, json_answer, path_parameter, routes};
use daftari_platform::openapi::UserPath;
use http::request::Parts;
use serde::Serialize;
use serde_json::value::RawValue;

/// A frozen credit report, in the public API's shape of asynchronous reports.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct FrozenReportView {
    /// Always `SUCCEEDED`, because a report is computed before its id is returned. Clients poll while it is `PENDING`.
    #[schema(example = "SUCCEEDED")]
    credit_report_status: &'static str,
    /// The report, as it was frozen.
    #[schema(value_type = CreditReport)]
    credit_report: Box<RawValue>,
}

/// A frozen credit report.
///
/// The report exactly as it was frozen. `POST_CREDIT_REPORT` freezes one and gives its id.
#[utoipa::path(
    get, path = routes::GET_FROZEN_CREDIT_REPORT.path, tag = "Reports",
    params(UserPath, ("id" = Uuid, Path, example = "017d2a9c-5e40-7b1d-8f3a-2c6d9e0b4a57",
        description = "`credit_report_id`, as freezing the report gave it.")),
    responses((status = 200, description = "The report, as it was frozen", body = FrozenReportView))
)]
pub(crate) async fn get_frozen_credit_report(
    access: UserAccess,
    ReportPath(id): ReportPath,
    _: Query,
) -> Result<Response, Error> {
    let found = access.store().await?.report(access.user, id).await?;
    let report = found.ok_or(Error::user_not_found())?;
    json_answer(&FrozenReportView {
        credit_report_status: "SUCCEEDED",
        credit_report: report.ok_or(NO_REPORT)?.report,
    })
}

/// The report in the path.
pub(crate) struct ReportPath(ReportId);

impl<S: Send + Sync> FromRequestParts<S> for ReportPath {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let id = path_parameter(parts, state, "id").await?;
        id.parse().map(Self).map_err(|_| NO_REPORT)
    }
}

const NO_REPORT: Error = Error::NotFound { what: "credit report" };
