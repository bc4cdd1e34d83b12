//! The OpenAPI document, a self-contained reference page to browse it, and what is at the root of a deployment.
//!
//! The document is the file `docs/openapi.json`. A test makes it from the functions and fails if it is out of date.
//! This function only serves the file, so that it does not link the code that makes it.

mod cache;
mod file;
mod get_document;
mod get_file;
mod get_health;
mod get_page;
mod get_root;
mod get_version;

use axum::extract::FromRef;
use daftari_platform::config::Edge;
use daftari_platform::http::{Endpoints, FunctionService, Operations, routes, service_without_table};
use utoipa::OpenApi;

/// The state that the handlers share.
#[derive(Clone)]
struct Site {
    document: get_document::Document,
    root: get_root::Root,
}

impl FromRef<Site> for get_document::Document {
    fn from_ref(site: &Site) -> Self {
        site.document.clone()
    }
}

impl FromRef<Site> for get_root::Root {
    fn from_ref(site: &Site) -> Self {
        site.root.clone()
    }
}

/// The function as a service.
pub fn service(edge: &Edge) -> FunctionService {
    let endpoints = Endpoints::new()
        .serve(&routes::GET_DOCUMENT, get_document::get_document)
        .serve(&routes::GET_PAGE, get_page::get_page)
        .serve(&routes::GET_FILE, get_file::get_file)
        .serve(&routes::GET_ROOT, get_root::get_root)
        .serve(&routes::GET_HEALTH, get_health::get_health)
        .serve(&routes::GET_VERSION, get_version::get_version);
    let site = Site {
        document: get_document::Document::mounted_at(&edge.base_path),
        root: get_root::Root::mounted_at(&edge.base_path),
    };
    service_without_table(endpoints, site, edge)
}

/// The rows that the document describes, with the OpenAPI annotations of their handlers.
pub fn operations() -> Operations {
    #[derive(OpenApi)]
    #[openapi(paths(get_root::get_root))]
    struct Root;
    #[derive(OpenApi)]
    #[openapi(paths(get_health::get_health))]
    struct Health;
    #[derive(OpenApi)]
    #[openapi(paths(get_version::get_version))]
    struct Version;
    vec![
        (&routes::GET_ROOT, Root::openapi()),
        (&routes::GET_HEALTH, Health::openapi()),
        (&routes::GET_VERSION, Version::openapi()),
    ]
}
