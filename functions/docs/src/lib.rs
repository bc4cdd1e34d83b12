//! The OpenAPI document, and a reference to browse that needs nothing from elsewhere.
//!
//! The document is the file `docs/openapi.json`. A test makes it from the functions and fails where it is out of date;
//! this function only serves it, so that it links none of what makes it.

mod document;
mod reference;

use daftari_platform::config::Edge;
use daftari_platform::http::{Endpoints, FunctionService, routes, service_without_table};

/// How long anybody may keep what is served here: the same for everybody, and new with each deployment only.
const CACHEABLE: &str = "public, max-age=3600";

/// The function as a service.
pub fn service(edge: &Edge) -> FunctionService {
    let endpoints = Endpoints::new()
        .serve(&routes::GET_DOCUMENT, document::get_document)
        .serve(&routes::GET_PAGE, reference::get_page)
        .serve(&routes::GET_FILE, reference::get_file);
    service_without_table(endpoints, document::Document::mounted_at(&edge.base_path), edge)
}
