//! Tokens for the phone of one user.

use axum::{Extension, Json, extract::State};
use daftari_domain::ids::UserId;
use daftari_platform::http::{Access, JsonBody, Object, Query, all, routes};
use daftari_platform::identity::USER_TOKEN_SECONDS;
use daftari_platform::{Error, Platform};
use http::StatusCode;
use serde::Deserialize;

use crate::Issuer;
use crate::tokens::AccessToken;

/// The user of the token.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserTokenRequest {
    /// The user.
    #[schema(value_type = UserId)]
    user_uuid: String,
}

impl Object for UserTokenRequest {
    const REQUIRED: &'static [(&'static str, &'static str)] = &[("user_uuid", r#""""#)];
}

/// A token for the app on a user's phone.
///
/// The app can only send that user's messages with it, so it contains no secret of the lender. Call this from your
/// backend, with an API token. The token is valid for 90 days.
#[utoipa::path(
    post, path = routes::POST_USER_TOKEN.path, tag = "Authentication", request_body = UserTokenRequest,
    responses((status = 201, description = "The token, good for 90 days", body = AccessToken))
)]
pub(crate) async fn post_user_token(
    State(platform): State<Platform>,
    Extension(issuer): Extension<Issuer>,
    access: Access,
    query: Result<Query<(), UserTokenRequest>, Error>,
    body: Result<JsonBody<UserTokenRequest>, Error>,
) -> Result<(StatusCode, Json<AccessToken>), Error> {
    let (_, JsonBody(body)) = all((query, body))?;
    let id: UserId = body.user_uuid.parse().map_err(|_| Error::user_not_found())?;
    let user = access.store().await?.user(access.tenant().user(id)).await?;
    user.ok_or(Error::user_not_found())?;
    let now = platform.now();
    let issuer = issuer.tokens(now).await;
    let issued = issuer.user_token(access.principal(), id, now);
    let issued = issued.map_err(Error::internal)?;
    Ok((StatusCode::CREATED, Json(AccessToken::new(issued, USER_TOKEN_SECONDS))))
}
