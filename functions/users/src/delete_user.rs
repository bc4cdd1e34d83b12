//! Erasing a user.

use axum::extract::State;
use daftari_platform::http::{Query, UserAccess, routes};
use daftari_platform::openapi::UserPath;
use daftari_platform::{Error, Platform};
use http::StatusCode;

/// Erases a user with all records, reports and search terms.
///
/// All data of the user is deleted. Idempotent: a repeated erasure gets the same answer for 90 days.
///
/// The uuid has no example: the examples of the other operations name Mercy, and after her erasure they get a 404.
#[utoipa::path(
    delete, path = routes::DELETE_USER.path, tag = "Users", params(UserPath),
    responses((status = 204, description = "Erased, now or before"))
)]
pub(crate) async fn delete_user(
    State(platform): State<Platform>,
    access: UserAccess,
    _: Query,
) -> Result<StatusCode, Error> {
    let erased = access.store().await?.erase_user(access.user, platform.now()).await?;
    if erased {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Error::user_not_found())
    }
}
