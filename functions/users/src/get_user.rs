//! One user.

use axum::Json;
use daftari_platform::Error;
use daftari_platform::http::{Query, UserAccess, routes};
use daftari_platform::openapi::UserPath;

use crate::user::UserView;

/// One user.
///
/// The profile, as registered. `GET_USERS` finds the uuid of a user by name or phone number.
#[utoipa::path(
    get, path = routes::GET_USER.path, tag = "Users", params(UserPath),
    responses((status = 200, description = "The user", body = UserView))
)]
pub(crate) async fn get_user(access: UserAccess, _: Query) -> Result<Json<UserView>, Error> {
    let user = access.store().await?.user(access.user).await?;
    Ok(Json(user.ok_or(Error::user_not_found())?.into()))
}
