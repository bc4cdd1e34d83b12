//! `GET /users/{user_uuid}/creditreport`

use axum::extract::State;
use axum::response::Response;
use daftari_platform::http::{Query, ReadsData, UserAccess, json_answer};
use daftari_platform::{Error, Platform};

use crate::report::make_report;

/// The credit report of a user, at once: as it stands, or as it stood at an instant.
pub(crate) async fn get_report(
    State(platform): State<Platform>,
    access: UserAccess<ReadsData>,
    query: Query,
) -> Result<Response, Error> {
    json_answer(&make_report(&access, &query, platform.now()).await?)
}
