//! Phone users of a tenant: list and search, get, register, erase, export.

mod erase;
mod export;
mod get;
mod list;
mod register;
mod user;

use daftari_platform::cursor::CursorKey;
use daftari_platform::http::{Endpoints, FunctionService, routes};
use daftari_platform::{Platform, http as edge};

/// The function as a service.
pub fn service(platform: Platform, cursors: CursorKey) -> FunctionService {
    let endpoints = Endpoints::new()
        .serve(&routes::GET_USERS, list::get_users)
        .serve(&routes::POST_USER, register::post_user)
        .serve(&routes::GET_USER, get::get_user)
        .serve(&routes::DELETE_USER, erase::delete_user)
        .serve(&routes::GET_EXPORT, export::get_export)
        .sharing(cursors);
    edge::service(endpoints, platform)
}

/// The function's part of the OpenAPI document.
#[derive(utoipa::OpenApi)]
#[openapi(paths(
    list::get_users,
    register::post_user,
    get::get_user,
    erase::delete_user,
    export::get_export
))]
pub struct ApiDoc;
