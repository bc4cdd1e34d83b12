//! `GET /users/{user_uuid}`

use axum::Json;
use daftari_platform::Error;
use daftari_platform::http::{ReadsData, UserAccess};

use crate::user::UserView;

/// One user.
pub(crate) async fn get_user(access: UserAccess<ReadsData>) -> Result<Json<UserView>, Error> {
    let user = access
        .store
        .user(access.user)
        .await?
        .ok_or(Error::user_not_found())?;
    Ok(Json(user.into()))
}
