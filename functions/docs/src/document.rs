//! `GET /openapi.json`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use daftari_platform::Platform;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

use crate::CACHEABLE;

/// The OpenAPI document, as if mounted at the root.
const DOCUMENT: &str = include_str!("../../../docs/openapi.json");

/// The server in it; occurs once.
const ROOT: &str = r#""url": "/""#;

/// The OpenAPI document of this deployment.
pub(crate) async fn get_document(State(platform): State<Platform>) -> Response {
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (CACHE_CONTROL, CACHEABLE),
    ];
    (headers, mounted_at(platform.base_path())).into_response()
}

/// The document of a deployment under a prefix, which is empty or a path such as `/beta`.
fn mounted_at(prefix: &str) -> String {
    let url = if prefix.is_empty() { "/" } else { prefix };
    DOCUMENT.replacen(ROOT, &format!(r#""url": "{url}""#), 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_is_where_the_deployment_is() {
        assert_eq!(DOCUMENT.matches(ROOT).count(), 1);
        assert_eq!(mounted_at(""), DOCUMENT);
        let document: serde_json::Value = serde_json::from_str(&mounted_at("/beta")).expect("json");
        assert_eq!(document["servers"][0]["url"], "/beta");
    }
}
