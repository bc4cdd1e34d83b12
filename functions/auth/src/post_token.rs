//! Signing in by a JSON body: a token for one organization and environment.

use axum::{Extension, Json, extract::State};
use daftari_domain::ids::OrganizationId;
use daftari_platform::http::{JsonBody, Object, Query, SignInStore, SourceAddress, routes};
use daftari_platform::identity::{API_TOKEN_SECONDS, Environment, Password};
use daftari_platform::store::Organization;
use daftari_platform::{Error, Platform};
use serde::Deserialize;

use crate::Issuer;
use crate::credentials::Credentials;
use crate::sign_in::sign_in;
use crate::tokens::{AccessToken, issue, organizations};
use crate::visit::Visit;

/// Email and password, with the environment and organization of the token.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignIn {
    /// The email of a login.
    #[schema(example = "demo@daftari.example")]
    email: String,
    /// Its password.
    #[schema(value_type = String, format = Password)]
    password: Password,
    /// The environment of the token. `production` if left out.
    #[serde(default = "production")]
    environment: Environment,
    /// The organization of the token. Required if the login has several.
    organization: Option<OrganizationId>,
}

impl Object for SignIn {
    const REQUIRED: &'static [(&'static str, &'static str)] = &[("email", r#""""#), ("password", r#""""#)];
}

const fn production() -> Environment {
    Environment::Production
}

/// A token for one organization of the login, by a JSON body.
///
/// For clients that cannot send HTTP Basic authentication. The answer has the form of OAuth 2.0. `organization` is
/// needed only if the login has several.
#[utoipa::path(
    post, path = routes::POST_TOKEN.path, tag = "Authentication", request_body = SignIn,
    responses((status = 200, description = "The token", body = AccessToken))
)]
pub(crate) async fn post_token(
    SignInStore(store): SignInStore,
    address: SourceAddress,
    State(platform): State<Platform>,
    Extension(issuer): Extension<Issuer>,
    query: Result<Query<(), SignIn>, Error>,
    JsonBody(body): JsonBody<SignIn>,
) -> Result<Json<AccessToken>, Error> {
    let now = platform.now();
    let credentials = Credentials::new(&body.email, body.password)?;
    let tokens = issuer.tokens(now).await;
    let visit = Visit::new(address, now);
    let login = Box::pin(sign_in(&store, tokens.fingerprints(), visit, credentials)).await?;
    // A caller who may not sign in learns nothing more.
    query?;
    let organization = choose(organizations(&store, &login).await?, body.organization)?;
    let issued = issue(&tokens, &login, &organization, body.environment, now)?;
    Ok(Json(AccessToken::new(issued, API_TOKEN_SECONDS)))
}

fn choose(organizations: Vec<Organization>, wanted: Option<OrganizationId>) -> Result<Organization, Error> {
    let several = wanted.is_none() && organizations.len() > 1;
    let found = organizations
        .into_iter()
        .find(|organization| wanted.is_none_or(|id| organization.id == id));
    match found {
        Some(_) if several => Err(Error::invalid("/organization", "is required: the login has several")),
        Some(organization) => Ok(organization),
        None => Err(Error::invalid("/organization", "must be an organization of the login")),
    }
}
