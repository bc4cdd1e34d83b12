//! The tokens of a login.

use daftari_domain::Timestamp;
use daftari_platform::Error;
use daftari_platform::identity::{Environment, IssuedToken, TokenIssuer};
use daftari_platform::store::{Login, Organization, Store};
use serde::Serialize;

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

/// The login's organizations in order, without deleted and disabled ones. Fails if all remaining ones are disabled.
pub(crate) async fn organizations(store: &Store, login: &Login) -> Result<Vec<Organization>, Error> {
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

/// A token of the login for one organization and environment.
pub(crate) fn issue(
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
