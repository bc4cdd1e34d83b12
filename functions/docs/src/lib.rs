//! The OpenAPI document, a self-contained reference page to browse it, and what is at the root of a deployment.
//!
//! The document is the file `docs/openapi.json`. A test makes it from the functions and fails if it is out of date.
//! This function only serves the file, so that it does not link the code that makes it.

mod about;
mod cache;
mod document;
mod reference;

use axum::extract::FromRef;
use daftari_platform::config::Edge;
use daftari_platform::http::{Endpoints, FunctionService, Operations, routes, service_without_table};
use utoipa::OpenApi;

/// The state that the handlers share.
#[derive(Clone)]
struct Site {
    document: document::Document,
    root: about::Root,
}

impl FromRef<Site> for document::Document {
    fn from_ref(site: &Site) -> Self {
        site.document.clone()
    }
}

impl FromRef<Site> for about::Root {
    fn from_ref(site: &Site) -> Self {
        site.root.clone()
    }
}

/// The function as a service.
pub fn service(edge: &Edge) -> FunctionService {
    let endpoints = Endpoints::new()
        .serve(&routes::GET_DOCUMENT, document::get_document)
        .serve(&routes::GET_PAGE, reference::get_page)
        .serve(&routes::GET_FILE, reference::get_file)
        .serve(&routes::GET_ROOT, about::get_root)
        .serve(&routes::GET_HEALTH, about::get_health)
        .serve(&routes::GET_VERSION, about::get_version);
    let site = Site {
        document: document::Document::mounted_at(&edge.base_path),
        root: about::Root::mounted_at(&edge.base_path),
    };
    service_without_table(endpoints, site, edge)
}

/// The rows that the document describes, with the OpenAPI annotations of their handlers.
pub fn operations() -> Operations {
    #[derive(OpenApi)]
    #[openapi(paths(about::get_root))]
    struct Root;
    #[derive(OpenApi)]
    #[openapi(paths(about::get_health))]
    struct Health;
    #[derive(OpenApi)]
    #[openapi(paths(about::get_version))]
    struct Version;
    vec![
        (&routes::GET_ROOT, Root::openapi()),
        (&routes::GET_HEALTH, Health::openapi()),
        (&routes::GET_VERSION, Version::openapi()),
    ]
}
