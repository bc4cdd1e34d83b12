//! Reading a user's ledger.

mod filter;
mod get;
mod include;
mod record;

use daftari_platform::cursor::CursorKey;
use daftari_platform::http::{Endpoints, FunctionService, routes};
use daftari_platform::{Platform, http as edge};

/// The function as a service.
pub fn service(platform: Platform, cursors: CursorKey) -> FunctionService {
    let endpoints = Endpoints::new()
        .serve(&routes::GET_LEDGER, get::get_ledger)
        .sharing(cursors);
    edge::service(endpoints, platform)
}

/// The function's part of the OpenAPI document.
#[derive(utoipa::OpenApi)]
#[openapi(paths(get::get_ledger))]
pub struct ApiDoc;
