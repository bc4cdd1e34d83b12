//! Debt to income of a user.

mod get;

use daftari_platform::http::{Endpoints, FunctionService, routes};
use daftari_platform::{Platform, http as edge};

/// The function as a service.
pub fn service(platform: Platform) -> FunctionService {
    let endpoints = Endpoints::new().serve(&routes::GET_DTI, get::get_dti);
    edge::service(endpoints, platform)
}

/// The function's part of the OpenAPI document.
#[derive(utoipa::OpenApi)]
#[openapi(paths(get::get_dti))]
pub struct ApiDoc;
