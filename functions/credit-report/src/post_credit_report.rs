//! Freezing a credit report.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use daftari_domain::ids::ReportId;
use daftari_domain::reports::CreditReport;
use daftari_platform::http::{AsOfQuery, CurrencyQuery, EmptyBody, Query, UserAccess, all, routes};
use daftari_platform::openapi::UserPath;
use daftari_platform::store::ReportDocument;
use daftari_platform::{Error, Platform};
use http::StatusCode;
use http::header::LOCATION;
use serde::Serialize;
use serde_json::value::to_raw_value;

use crate::report::{ReportQuery, make_report, read_request};

/// The id of a frozen report.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct CreatedReport {
    /// The id of the report.
    credit_report_id: ReportId,
}

/// Computes a credit report and freezes it under an id.
///
/// Later records do not change a frozen report, so it can prove what a decision was based on. It is erased with its
/// user.
#[utoipa::path(
    post, path = routes::POST_CREDIT_REPORT.path, tag = "Reports",
    operation_id = "create_credit_report", params(UserPath, AsOfQuery, CurrencyQuery),
    responses((status = 201, description = "The id of the frozen report", body = CreatedReport,
        headers(("Location" = String, description = "The path of the frozen report"))))
)]
pub(crate) async fn post_credit_report(
    State(platform): State<Platform>,
    access: UserAccess,
    query: Query<ReportQuery>,
    body: Result<EmptyBody<ReportQuery>, Error>,
) -> Result<Response, Error> {
    let now = platform.now();
    let (request, _) = all((query.read(read_request), body))?;
    let report = make_report(&access, &request, now).await?;
    let document = freeze(&report)?;
    let id = access.store().await?.create_report(access.user, &document, now).await?;
    let id = id.ok_or(Error::user_not_found())?;
    let names = [("user_uuid", access.user.id().to_string()), ("id", id.to_string())];
    let path = routes::GET_FROZEN_CREDIT_REPORT.path_with(&names);
    let location = format!("{}{path}", platform.edge().base_path);
    let created = CreatedReport { credit_report_id: id };
    Ok((StatusCode::CREATED, [(LOCATION, location)], Json(created)).into_response())
}

fn freeze(report: &CreditReport) -> Result<ReportDocument, Error> {
    let json = to_raw_value(report).map_err(|error| Error::internal(format!("rendering a report: {error}")))?;
    ReportDocument::new(&json).ok_or_else(Error::answer_too_large)
}
