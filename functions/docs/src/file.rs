//! The page of the reference and its files as answers.

use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};

use crate::cache::CACHEABLE;

/// Allows only this deployment's files and API. Swagger UI needs inline styles.
pub(crate) const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

/// A page or a file, with its content type.
pub(crate) fn file(content_type: impl Into<String>, body: impl IntoResponse) -> Response {
    let headers = [
        (CONTENT_TYPE, content_type.into()),
        (CACHE_CONTROL, CACHEABLE.to_owned()),
        (CONTENT_SECURITY_POLICY, POLICY.to_owned()),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (headers, body).into_response()
}
