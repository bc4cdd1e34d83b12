//! The version of the service.

use axum::Json;
use axum::response::{IntoResponse, Response};
use daftari_platform::http::{Query, routes};
use daftari_platform::version::{COMMIT, VERSION};
use daftari_sms::READER;
use http::header::CACHE_CONTROL;
use serde::Serialize;
use utoipa::ToSchema;

/// The version of the build.
#[derive(Serialize, ToSchema)]
#[schema(as = ServiceVersion)]
pub(crate) struct Version {
    /// The version of the service, by semantic versioning.
    #[schema(example = "0.1.0")]
    version: &'static str,
    /// The number of the rules that read messages, as in the answers to messages.
    #[schema(example = 2)]
    reader: u32,
    /// The commit of the build. Null if the build had no information about it.
    #[schema(example = "1f0c2ab")]
    commit: Option<&'static str>,
}

/// The version of the build, and of the rules that read messages.
///
/// `reader` rises when the rules change: a phone can then send unread messages again.
#[utoipa::path(
    get, path = routes::GET_VERSION.path, tag = "Service",
    responses((status = 200, description = "The version", body = Version))
)]
pub(crate) async fn get_version(_: Query) -> Response {
    let version = Version {
        version: VERSION,
        reader: READER,
        commit: COMMIT,
    };
    ([(CACHE_CONTROL, "no-store")], Json(version)).into_response()
}
