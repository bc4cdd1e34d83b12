//! `POST /auth/user-token`

use axum::{Extension, Json, extract::State};
use daftari_domain::ids::UserId;
use daftari_platform::http::{Access, IngestsData, JsonBody, Query, routes};
use daftari_platform::identity::USER_TOKEN_SECONDS;
use daftari_platform::{Error, Platform};
use http::StatusCode;
use serde::Deserialize;

use crate::Issuer;
use crate::tokens::AccessToken;

/// Whose phone the token is for.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserTokenRequest {
    /// The user.
    #[schema(value_type = UserId)]
    user_uuid: String,
}

/// A token for the app on a user's phone: it can send that user's messages and nothing else.
#[utoipa::path(
    post, path = routes::POST_USER_TOKEN.path, tag = "Authentication", request_body = UserTokenRequest,
    responses((status = 201, description = "The token, good for 90 days", body = AccessToken))
)]
pub(crate) async fn post_user_token(
    State(platform): State<Platform>,
    Extension(issuer): Extension<Issuer>,
    access: Access<IngestsData>,
    _: Query,
    JsonBody(body): JsonBody<UserTokenRequest>,
) -> Result<(StatusCode, Json<AccessToken>), Error> {
    let id: UserId = body.user_uuid.parse().map_err(|_| Error::user_not_found())?;
    access
        .store
        .user(access.tenant.user(id))
        .await?
        .ok_or(Error::user_not_found())?;
    let now = platform.now();
    let issuer = issuer.tokens(now).await;
    let issued = issuer.user_token(&access.principal, id, now);
    let issued = issued.map_err(Error::internal)?;
    Ok((StatusCode::CREATED, Json(AccessToken::new(issued, USER_TOKEN_SECONDS))))
}
