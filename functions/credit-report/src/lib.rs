//! Credit reports of a user: at once, as of any instant, and frozen.

mod alternative;
mod create;
mod frozen;
mod get;
mod report;

use daftari_platform::http::{Endpoints, FunctionService, routes};
use daftari_platform::{Platform, http as edge};

/// The function as a service.
pub fn service(platform: Platform) -> FunctionService {
    let endpoints = Endpoints::new()
        .serve(&routes::GET_ALTERNATIVE_CREDIT_REPORT, alternative::get_alternative)
        .serve(&routes::GET_CREDIT_REPORT, get::get_report)
        .serve(&routes::POST_CREDIT_REPORT, create::post_report)
        .serve(&routes::GET_FROZEN_CREDIT_REPORT, frozen::get_frozen_report);
    edge::service(endpoints, platform)
}

/// The function's part of the OpenAPI document.
#[derive(utoipa::OpenApi)]
#[openapi(paths(
    alternative::get_alternative,
    get::get_report,
    create::post_report,
    frozen::get_frozen_report
))]
pub struct ApiDoc;
