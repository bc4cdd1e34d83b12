//! `GET /.well-known/jwks.json`

use axum::Extension;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

use crate::Issuer;

/// The public keys that verify tokens, as a JSON Web Key Set.
pub(crate) async fn get_jwks(Extension(issuer): Extension<Issuer>) -> Response {
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (CACHE_CONTROL, "public, max-age=300"),
    ];
    (headers, issuer.jwks).into_response()
}
