//! The page of the reference: Swagger UI, from the binary itself.

use axum::response::Response;
use daftari_platform::http::Query;

use crate::file::file;

/// Paths are relative, because a deployment may have a base path.
const PAGE: &str = include_str!("page.html");

/// The page of the API reference.
pub(crate) async fn get_page(_: Query) -> Response {
    file("text/html; charset=utf-8", PAGE)
}
