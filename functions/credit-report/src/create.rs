//! `POST /users/{user_uuid}/creditreport`

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use daftari_domain::ids::ReportId;
use daftari_domain::reports::CreditReport;
use daftari_platform::http::{AsOfQuery, CurrencyQuery, routes};
use daftari_platform::http::{EmptyBody, Query, ReadsData, UserAccess};
use daftari_platform::openapi::UserPath;
use daftari_platform::store::ReportDocument;
use daftari_platform::{Error, Platform};
use http::StatusCode;
use http::header::LOCATION;
use serde::Serialize;
use serde_json::value::to_raw_value;

use crate::report::{ReportQuery, make_report};

/// Where a frozen report is.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct CreatedReport {
    /// The id of the report.
    credit_report_id: ReportId,
}

/// Makes a credit report and freezes it under an id: it stays as it is, whatever records arrive later.
#[utoipa::path(
    post, path = routes::POST_CREDIT_REPORT.path, tag = "Derived products",
    operation_id = "create_credit_report", params(UserPath, AsOfQuery, CurrencyQuery),
    responses((status = 201, description = "The id of the frozen report", body = CreatedReport,
        headers(("Location" = String, description = "The path of the frozen report"))))
)]
pub(crate) async fn post_report(
    State(platform): State<Platform>,
    access: UserAccess<ReadsData>,
    query: Query<ReportQuery>,
    _: EmptyBody,
) -> Result<Response, Error> {
    let now = platform.now();
    let (store, user) = (access.store.clone(), access.user);
    let report = make_report(&access.into(), &query, now).await?;
    let document = freeze(&report)?;
    let id = store.create_report(user, &document, now).await?;
    let id = id.ok_or(Error::user_not_found())?;
    let user = user.id();
    let location = format!("{}/users/{user}/creditreport/{id}", platform.edge().base_path);
    let created = CreatedReport { credit_report_id: id };
    Ok((StatusCode::CREATED, [(LOCATION, location)], Json(created)).into_response())
}

fn freeze(report: &CreditReport) -> Result<ReportDocument, Error> {
    let json = to_raw_value(report).map_err(|error| Error::internal(format!("rendering a report: {error}")))?;
    ReportDocument::new(&json).ok_or_else(Error::answer_too_large)
}
