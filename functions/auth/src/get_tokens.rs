//! Signing in by HTTP Basic authentication: a token for each organization and environment.

use axum::{Extension, Json, extract::State};
use daftari_domain::Timestamp;
use daftari_domain::ids::OrganizationId;
use daftari_platform::http::{Query, SignInStore, SourceAddress, routes};
use daftari_platform::identity::{Environment, IssuedToken};
use daftari_platform::{Error, Platform};
use serde::Serialize;

use crate::Issuer;
use crate::credentials::Credentials;
use crate::sign_in::sign_in;
use crate::tokens::{issue, organizations};
use crate::visit::Visit;

/// One organization of a login, with a token for each environment.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct OrganizationTokens {
    /// The organization.
    organization: OrganizationName,
    /// A token for each environment.
    auth: Vec<EnvironmentToken>,
}

#[derive(Serialize, utoipa::ToSchema)]
struct OrganizationName {
    /// The organization's uuid, called `client_uuid` elsewhere.
    uuid: OrganizationId,
    /// Its name.
    #[schema(example = "Acme Lending")]
    name: String,
}

#[derive(Serialize, utoipa::ToSchema)]
struct EnvironmentToken {
    /// The environment of the token.
    r#type: Environment,
    /// The token, to be sent as `Authorization: Bearer`.
    api_token: String,
    /// When it expires.
    expires_at: Timestamp,
}

/// Tokens for every organization of the login.
///
/// Send email and password by HTTP Basic authentication. The answer has one element for each organization, with a token
/// for `production` and one for `test`: the data of the two are separate. A token is valid for five hours. Sign in
/// again after a 401.
///
/// To try it on the page `/docs`, fill in *basic* under *Authorize*: the sign-in form above sends a token, not a
/// password.
#[utoipa::path(
    get, path = routes::GET_TOKENS.path, tag = "Authentication",
    responses((status = 200, description = "One element for each organization of the login", body = Vec<OrganizationTokens>))
)]
pub(crate) async fn get_tokens(
    SignInStore(store): SignInStore,
    address: SourceAddress,
    State(platform): State<Platform>,
    Extension(issuer): Extension<Issuer>,
    credentials: Credentials,
    query: Result<Query, Error>,
) -> Result<Json<Vec<OrganizationTokens>>, Error> {
    let now = platform.now();
    let tokens = issuer.tokens(now).await;
    let visit = Visit::new(address, now);
    let login = Box::pin(sign_in(&store, tokens.fingerprints(), visit, credentials)).await?;
    // A caller who may not sign in learns nothing more.
    query?;
    let mut answer = Vec::with_capacity(login.organizations.len());
    for organization in organizations(&store, &login).await? {
        let mut auth = Vec::new();
        for environment in Environment::ALL {
            let IssuedToken { token, expires_at } = issue(&tokens, &login, &organization, environment, now)?;
            auth.push(EnvironmentToken {
                r#type: environment,
                api_token: token,
                expires_at,
            });
        }
        let organization = OrganizationName {
            uuid: organization.id,
            name: organization.name,
        };
        answer.push(OrganizationTokens { organization, auth });
    }
    Ok(Json(answer))
}
