//! The OpenAPI document, and a self-contained reference page to browse it.
//!
//! The document is the file `docs/openapi.json`. A test makes it from the functions and fails if it is out of date.
//! This function only serves the file, so that it does not link the code that makes it.

mod document;
mod reference;

use daftari_platform::config::Edge;
use daftari_platform::http::{Endpoints, FunctionService, routes, service_without_table};

/// Cache lifetime of these answers. They are the same for every client and change only with a deployment.
const CACHEABLE: &str = "public, max-age=3600";

/// The function as a service.
pub fn service(edge: &Edge) -> FunctionService {
    let endpoints = Endpoints::new()
        .serve(&routes::GET_DOCUMENT, document::get_document)
        .serve(&routes::GET_PAGE, reference::get_page)
        .serve(&routes::GET_FILE, reference::get_file);
    service_without_table(endpoints, document::Document::mounted_at(&edge.base_path), edge)
}
