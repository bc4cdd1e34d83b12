//! The OpenAPI document.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use daftari_platform::http::Query;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

use crate::cache::CACHEABLE;

/// The OpenAPI document for a deployment without a base path.
const DOCUMENT: &str = include_str!("../../../docs/openapi.json");

/// The server in the document. It occurs once.
const ROOT: &str = r#""url": "/""#;

/// The OpenAPI document of a deployment.
#[derive(Clone)]
pub(crate) struct Document(String);

impl Document {
    /// The document for a prefix, which is empty or a path such as `/beta`.
    pub(crate) fn mounted_at(prefix: &str) -> Self {
        let url = if prefix.is_empty() { "/" } else { prefix };
        Self(DOCUMENT.replacen(ROOT, &format!(r#""url": "{url}""#), 1))
    }
}

/// The OpenAPI document of this deployment.
pub(crate) async fn get_document(State(document): State<Document>, _: Query) -> Response {
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, CACHEABLE)];
    (headers, document.0).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_is_where_the_deployment_is() {
        assert_eq!(DOCUMENT.matches(ROOT).count(), 1);
        assert_eq!(Document::mounted_at("").0, DOCUMENT);
        let Document(mounted) = Document::mounted_at("/beta");
        let document: serde_json::Value = serde_json::from_str(&mounted).expect("json");
        assert_eq!(document["servers"][0]["url"], "/beta");
    }
}
