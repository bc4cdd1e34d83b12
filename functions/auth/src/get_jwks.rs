//! The public keys that verify tokens.

use axum::Extension;
use axum::response::{IntoResponse, Response};
use daftari_platform::http::{Query, routes};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

use crate::Issuer;

/// The public keys that verify tokens, as a JSON Web Key Set.
///
/// For software that checks tokens itself. Clients of this API do not need it. `kid` in the header of a token names its
/// key. Keys change: fetch the set again if it has no key of that name.
#[utoipa::path(
    get, path = routes::GET_JWKS.path, tag = "Authentication",
    responses((status = 200, description = "A JSON Web Key Set of RFC 7517", body = serde_json::Value))
)]
pub(crate) async fn get_jwks(Extension(issuer): Extension<Issuer>, _: Query) -> Response {
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (CACHE_CONTROL, "public, max-age=300"),
    ];
    (headers, issuer.jwks().to_owned()).into_response()
}
