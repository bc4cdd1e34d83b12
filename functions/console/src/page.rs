//! The page and its files.

use axum::response::{IntoResponse, Response};
use daftari_platform::Error;
use daftari_platform::http::{Query, path_parameter};
use http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use http::request::Parts;
use http::{HeaderMap, HeaderValue};

use crate::files::{FILES, File};

/// The file that names all others. The only one whose name stays the same from build to build.
const INDEX: &str = "index.html";

/// The page served if the console was not built.
static UNBUILT: File = File {
    name: INDEX,
    bytes: include_bytes!("unbuilt.html"),
    br: None,
    gzip: None,
};

/// Only this deployment's files and API, and no text that becomes code.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
                      require-trusted-types-for 'script'";

/// A file whose name has a hash of its content never changes.
const A_YEAR: &str = "public, max-age=31536000, immutable";

/// The console's page.
pub(crate) async fn get_console(_: Query, headers: HeaderMap) -> Response {
    let index = FILES.iter().find(|file| file.name == INDEX).unwrap_or(&UNBUILT);
    answer(index, &headers, "no-store")
}

/// A file of the page.
pub(crate) async fn get_file(_: Query, mut parts: Parts) -> Result<Response, Error> {
    let name = path_parameter(&mut parts, &(), "file").await.unwrap_or_default();
    let file = FILES.iter().find(|file| file.name == name && name != INDEX);
    let file = file.ok_or(Error::NotFound { what: "file" })?;
    Ok(answer(file, &parts.headers, A_YEAR))
}

fn answer(file: &File, headers: &HeaderMap, cached: &'static str) -> Response {
    let (bytes, encoding) = file.form_for(headers);
    let fixed = [
        (CONTENT_TYPE, file.content_type()),
        (CACHE_CONTROL, cached),
        (CONTENT_SECURITY_POLICY, POLICY),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    let mut response = (fixed, bytes).into_response();
    if let Some(encoding) = encoding {
        let encoding = HeaderValue::from_static(encoding);
        response.headers_mut().insert(CONTENT_ENCODING, encoding);
    }
    response
}
