//! The OpenAPI document, a self-contained reference page to browse it, and the root of a deployment.
//!
//! The document is the file `docs/openapi.json`. A test (`tests/tests/openapi`) makes it from the functions and fails
//! if it is out of date. This function only serves the file, so that it does not link the code that makes it.

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
use daftari_platform::http::{FunctionService, service_without_table};

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

daftari_platform::endpoints! {
    state Site;
    described {
        GET_ROOT => get_root,
        GET_HEALTH => get_health,
        GET_VERSION => get_version,
    }
    undescribed {
        GET_DOCUMENT => get_document,
        GET_PAGE => get_page,
        GET_FILE => get_file,
    }
}

/// The function as a service.
pub fn service(edge: &Edge) -> FunctionService {
    let site = Site {
        document: get_document::Document::mounted_at(&edge.base_path),
        root: get_root::Root::mounted_at(&edge.base_path),
    };
    service_without_table(endpoints(), site, edge)
}
