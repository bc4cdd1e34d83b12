//! The health of the service.

use axum::Json;
use axum::response::{IntoResponse, Response};
use daftari_platform::http::{Query, routes};
use http::header::CACHE_CONTROL;
use serde::Serialize;
use utoipa::ToSchema;

/// Whether the service answers.
#[derive(Serialize, ToSchema)]
pub(crate) struct Health {
    /// Always `ok`: a service that is down does not answer.
    #[schema(example = "ok")]
    status: &'static str,
}

/// Whether the service answers, for load balancers and uptime monitors.
///
/// It needs no token and reads no table, so it costs little and does not test the table.
#[utoipa::path(
    get, path = routes::GET_HEALTH.path, tag = "Service",
    responses((status = 200, description = "The service answers", body = Health))
)]
pub(crate) async fn get_health(_: Query) -> Response {
    let headers = [(CACHE_CONTROL, "no-store")];
    (headers, Json(Health { status: "ok" })).into_response()
}
