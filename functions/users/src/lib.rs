//! Phone users of a tenant: list and search, get, register, erase, export.

mod delete_user;
mod get_export;
mod get_user;
mod get_users;
mod post_user;
mod user;

use daftari_platform::Platform;
use daftari_platform::cursor::CursorKey;
use daftari_platform::http::{self, FunctionService};

daftari_platform::endpoints! {
    GET_USERS => get_users,
    POST_USER => post_user,
    GET_USER => get_user,
    DELETE_USER => delete_user,
    GET_EXPORT => get_export,
}

/// The function as a service.
pub fn service(platform: Platform, cursors: CursorKey) -> FunctionService {
    http::service(endpoints().sharing(cursors), platform)
}
