//! `GET /auth` and `POST /auth`

use axum::{Extension, Json, extract::State};
use daftari_domain::Timestamp;
use daftari_platform::http::{JsonBody, RequestContext, SourceAddress};
use daftari_platform::identity::{API_TOKEN_SECONDS, Environment, IssuedToken, OrganizationId};
use daftari_platform::store::{Login, Organization, Store};
use daftari_platform::{Error, Platform};
use serde::{Deserialize, Serialize};

use crate::Issuer;
use crate::credentials::Credentials;
use crate::sign_in::sign_in;

/// One organization of a login, with a token for each environment.
#[derive(Serialize)]
pub(crate) struct OrganizationTokens {
    organization: OrganizationName,
    auth: Vec<EnvironmentToken>,
}

#[derive(Serialize)]
struct OrganizationName {
    uuid: OrganizationId,
    name: String,
}

#[derive(Serialize)]
struct EnvironmentToken {
    r#type: Environment,
    api_token: String,
    expires_at: Timestamp,
}

/// Tokens for every organization of the login, by HTTP Basic authentication.
pub(crate) async fn get_tokens(
    context: RequestContext,
    address: SourceAddress,
    State(platform): State<Platform>,
    Extension(issuer): Extension<Issuer>,
    credentials: Credentials,
) -> Result<Json<Vec<OrganizationTokens>>, Error> {
    let store = platform.store().counting(context.usage());
    let now = platform.now();
    let login = sign_in(&store, address, credentials, now).await?;
    let mut answer = Vec::with_capacity(login.organizations.len());
    for organization in organizations(&store, &login).await? {
        let mut auth = Vec::new();
        for environment in Environment::ALL {
            let IssuedToken { token, expires_at } =
                issue(&issuer, &login, &organization, environment, now)?;
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

/// Email and password, and which of the login's data the token is for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignIn {
    email: String,
    password: String,
    #[serde(default = "production")]
    environment: Environment,
    organization: Option<OrganizationId>,
}

const fn production() -> Environment {
    Environment::Production
}

/// A token as OAuth 2.0 answers have it.
#[derive(Serialize)]
pub(crate) struct AccessToken {
    access_token: String,
    token_type: &'static str,
    /// Seconds.
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
pub(crate) async fn post_token(
    context: RequestContext,
    address: SourceAddress,
    State(platform): State<Platform>,
    Extension(issuer): Extension<Issuer>,
    JsonBody(body): JsonBody<SignIn>,
) -> Result<Json<AccessToken>, Error> {
    let store = platform.store().counting(context.usage());
    let now = platform.now();
    let credentials = Credentials::new(&body.email, body.password)?;
    let login = sign_in(&store, address, credentials, now).await?;
    let organization = choose(organizations(&store, &login).await?, body.organization)?;
    let issued = issue(&issuer, &login, &organization, body.environment, now)?;
    Ok(Json(AccessToken::new(issued, API_TOKEN_SECONDS)))
}

fn choose(
    organizations: Vec<Organization>,
    wanted: Option<OrganizationId>,
) -> Result<Organization, Error> {
    let several = wanted.is_none() && organizations.len() > 1;
    let found = organizations
        .into_iter()
        .find(|organization| wanted.is_none_or(|id| organization.id == id));
    match found {
        Some(_) if several => Err(Error::invalid(
            "/organization",
            "must be given: the login has several",
        )),
        Some(organization) => Ok(organization),
        None => Err(Error::invalid(
            "/organization",
            "must be an organization of the login",
        )),
    }
}

/// The login's organizations, in its order, without those that are gone.
async fn organizations(store: &Store, login: &Login) -> Result<Vec<Organization>, Error> {
    let found = login.organizations.iter().map(|id| store.organization(*id));
    let found = futures_util::future::try_join_all(found).await?;
    Ok(found.into_iter().flatten().collect())
}

fn issue(
    issuer: &Issuer,
    login: &Login,
    organization: &Organization,
    environment: Environment,
    now: Timestamp,
) -> Result<IssuedToken, Error> {
    let organization = (organization.id, organization.token_generation);
    let issued = issuer
        .tokens
        .api_token(login.id, organization, environment, now);
    issued.map_err(|error| Error::Internal(error.to_string()))
}
