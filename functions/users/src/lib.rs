//! Phone users of a tenant: list and search, get, register, erase, export.

mod erase;
mod export;
mod get;
mod list;
mod register;
mod user;

use axum::{Extension, Router, routing::get};
use daftari_platform::cursor::CursorKey;
use daftari_platform::http::{Route, routes};
use daftari_platform::{Platform, http as edge};

/// What this function serves.
pub const ROUTES: &[Route] = routes::USERS;

/// The function as a service.
pub fn service(platform: Platform, cursors: CursorKey) -> Router {
    let routes = Router::new()
        .route("/users", get(list::get_users).post(register::post_user))
        .route(
            "/users/{user_uuid}",
            get(get::get_user).delete(erase::delete_user),
        )
        .route("/users/{user_uuid}/export", get(export::get_export))
        .layer(Extension(cursors));
    edge::service(routes, platform)
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
