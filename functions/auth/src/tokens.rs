//! Signing in: the tokens of a login.

use axum::{Extension, Json, extract::State};
use daftari_domain::Timestamp;
use daftari_domain::ids::OrganizationId;
use daftari_platform::http::{JsonBody, Object, Query, RequestContext, SourceAddress, routes};
use daftari_platform::identity::{API_TOKEN_SECONDS, Environment, IssuedToken, Password, TokenIssuer};
use daftari_platform::store::{Login, Organization, Store};
use daftari_platform::{Error, Platform};
use serde::{Deserialize, Serialize};

use crate::Issuer;
use crate::credentials::Credentials;
use crate::sign_in::sign_in;
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
/// for `production` and one for `test`: the data of the two are separate. A token lives five hours. Sign in again after
/// a 401.
#[utoipa::path(
    get, path = routes::GET_TOKENS.path, tag = "Authentication",
    responses((status = 200, description = "One element for each organization of the login", body = Vec<OrganizationTokens>))
)]
pub(crate) async fn get_tokens(
    context: RequestContext,
    address: SourceAddress,
    State(platform): State<Platform>,
    Extension(issuer): Extension<Issuer>,
    credentials: Credentials,
    query: Result<Query, Error>,
) -> Result<Json<Vec<OrganizationTokens>>, Error> {
    let store = platform.store().counting(context.usage());
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

/// A token in the format of OAuth 2.0.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct AccessToken {
    /// The token, to be sent as `Authorization: Bearer`.
    access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Its lifetime in seconds.
    #[schema(example = 18_000)]
    expires_in: i64,
}

impl AccessToken {
    pub(crate) fn new(issued: IssuedToken, expires_in: i64) -> Self {
        Self {
            access_token: issued.token,
            token_type: "Bearer",
            expires_in,
        }
    }
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
    context: RequestContext,
    address: SourceAddress,
    State(platform): State<Platform>,
    Extension(issuer): Extension<Issuer>,
    query: Result<Query, Error>,
    JsonBody(body): JsonBody<SignIn>,
) -> Result<Json<AccessToken>, Error> {
    let store = platform.store().counting(context.usage());
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

/// The login's organizations in order, without deleted and disabled ones. Fails if all remaining ones are disabled.
async fn organizations(store: &Store, login: &Login) -> Result<Vec<Organization>, Error> {
    let found = login.organizations.iter().map(|id| store.organization(*id));
    let found = futures_util::future::try_join_all(found).await?;
    let (disabled, enabled): (Vec<_>, Vec<_>) = found
        .into_iter()
        .flatten()
        .partition(|organization| organization.disabled);
    if enabled.is_empty() && !disabled.is_empty() {
        return Err(Error::OrganizationDisabled);
    }
    Ok(enabled)
}

fn issue(
    issuer: &TokenIssuer,
    login: &Login,
    organization: &Organization,
    environment: Environment,
    now: Timestamp,
) -> Result<IssuedToken, Error> {
    let organization = (organization.id, organization.token_generation);
    let login = (login.id, login.generation);
    let issued = issuer.api_token(login, organization, environment, now);
    issued.map_err(Error::internal)
}
