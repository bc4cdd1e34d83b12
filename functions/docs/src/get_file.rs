//! The files of the reference.

use std::sync::Arc;

use axum::response::Response;
use daftari_platform::Error;
use daftari_platform::http::{Query, path_parameter};
use http::request::Parts;
use utoipa_swagger_ui::Config;

use crate::file::file;

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

/// The files of Swagger UI that the page uses.
const VENDORED: [&str; 2] = ["swagger-ui.css", "swagger-ui-bundle.js"];

/// A file of the page.
pub(crate) async fn get_file(_: Query, mut parts: Parts) -> Result<Response, Error> {
    let name = path_parameter(&mut parts, &(), "file").await?;
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
