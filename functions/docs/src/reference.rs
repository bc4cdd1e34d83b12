//! The reference and its files: Swagger UI, from the binary itself.

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use daftari_platform::Error;
use daftari_platform::http::{Query, path_parameter};
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::request::Parts;
use utoipa_swagger_ui::Config;

use crate::cache::CACHEABLE;

/// Paths are relative, because a deployment may have a base path.
const PAGE: &str = include_str!("page.html");

/// The files of the page and of the root that are written here: name, content type and text.
const OWN: [(&str, &str, &str); 4] = [
    ("page.css", "text/css; charset=utf-8", include_str!("page.css")),
    (
        "session.js",
        "text/javascript; charset=utf-8",
        include_str!("session.js"),
    ),
    ("root.css", "text/css; charset=utf-8", include_str!("root.css")),
    ("start.js", "text/javascript; charset=utf-8", include_str!("start.js")),
];

/// Allows only this deployment's files and API. Swagger UI needs inline styles.
pub(crate) const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

/// The files of Swagger UI that the page uses.
const VENDORED: [&str; 2] = ["swagger-ui.css", "swagger-ui-bundle.js"];

/// The page of the API reference.
pub(crate) async fn get_page(_: Query) -> Response {
    file("text/html; charset=utf-8", PAGE)
}

/// A file of the page.
pub(crate) async fn get_file(_: Query, mut parts: Parts) -> Result<Response, Error> {
    let name = path_parameter(&mut parts, &(), "file").await;
    let name = name.unwrap_or_default();
    if let Some((_, content_type, text)) = OWN.iter().find(|(own, ..)| *own == name) {
        return Ok(file(*content_type, *text));
    }
    let known = VENDORED.contains(&name.as_str());
    let found = known.then(|| utoipa_swagger_ui::serve(&name, Arc::new(Config::from("/"))));
    match found {
        Some(Ok(Some(found))) => Ok(file(found.content_type, found.bytes.into_owned())),
        Some(Err(error)) => Err(Error::internal(error)),
        Some(Ok(None)) | None => Err(Error::NotFound { what: "file" }),
    }
}

fn file(content_type: impl Into<String>, body: impl IntoResponse) -> Response {
    let headers = [
        (CONTENT_TYPE, content_type.into()),
        (CACHE_CONTROL, CACHEABLE.to_owned()),
        (CONTENT_SECURITY_POLICY, POLICY.to_owned()),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (headers, body).into_response()
}
