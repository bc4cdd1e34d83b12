//! Phone users of a tenant: list and search, get, register, erase, export.

mod erase;
mod export;
mod get;
mod list;
mod register;
mod user;

use daftari_platform::Platform;
use daftari_platform::cursor::CursorKey;
use daftari_platform::http::{self, FunctionService};

daftari_platform::endpoints! {
    GET_USERS => list::get_users,
    POST_USER => register::post_user,
    GET_USER => get::get_user,
    DELETE_USER => erase::delete_user,
    GET_EXPORT => export::get_export,
}

/// The function as a service.
pub fn service(platform: Platform, cursors: CursorKey) -> FunctionService {
    http::service(endpoints().sharing(cursors), platform)
}
