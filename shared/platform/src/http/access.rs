//! Extractors that let a handler run only for a caller who may call it.

use std::marker::PhantomData;
use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts, RawPathParams};
use daftari_domain::TimeRange;
use http::header::AUTHORIZATION;
use http::request::Parts;

use super::request::RequestContext;
use super::unconfirmed::{UnconfirmedToken, confirm};
use crate::error::Error;
use crate::identity::{Principal, Scope, Tenant, UserKey};
use crate::platform::Platform;
use crate::store::{LedgerPages, Store};

/// The scope that a handler asks for, as a type.
pub trait Needs: Send {
    /// The scope.
    const SCOPE: Scope;
    /// Whether the token of a user's own phone will do instead.
    const OR_USER_TOKEN: bool = false;
}

/// Asks for [`Scope::Read`].
#[derive(Debug)]
pub struct ReadsData;
/// Asks for [`Scope::Ingest`].
#[derive(Debug)]
pub struct IngestsData;
/// Asks for [`Scope::Erase`].
#[derive(Debug)]
pub struct ErasesData;

/// Asks for [`Scope::Ingest`], or the token of the user's own phone.
#[derive(Debug)]
pub struct SendsMessages;

impl Needs for SendsMessages {
    const SCOPE: Scope = Scope::Ingest;
    const OR_USER_TOKEN: bool = true;
}

impl Needs for ReadsData {
    const SCOPE: Scope = Scope::Read;
}

impl Needs for IngestsData {
    const SCOPE: Scope = Scope::Ingest;
}

impl Needs for ErasesData {
    const SCOPE: Scope = Scope::Erase;
}

/// A caller with a valid token that carries the scope, and the store that counts what the request consumes.
#[derive(Debug)]
pub struct Access<N> {
    /// Whose data the caller may touch.
    pub tenant: Tenant,
    /// The caller.
    pub principal: Principal,
    /// The table.
    pub store: Store,
    needs: PhantomData<N>,
}

impl<N: Needs, S: Send + Sync> FromRequestParts<S> for Access<N>
where
    Platform: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let context = RequestContext::from_request_parts(parts, state).await?;
        let platform = Platform::from_ref(state);
        let store = platform.store().counting(context.usage());
        let principal = verified(&platform, parts)?;
        confirm(&platform, &store, &principal).await?;
        context.set_tenant(principal.tenant.to_string());
        let by_user_token = N::OR_USER_TOKEN && principal.scopes.contains(Scope::Messages);
        if principal.scopes.contains(N::SCOPE) || by_user_token {
            Ok(Self {
                tenant: principal.tenant,
                principal,
                store,
                needs: PhantomData,
            })
        } else {
            Err(Error::Forbidden)
        }
    }
}

/// The principal of the request's token. Whether it has been invalidated since is for [`confirm`] to say.
fn verified(platform: &Platform, parts: &Parts) -> Result<Principal, Error> {
    let token = bearer_token(parts).ok_or(Error::Unauthenticated)?;
    let principal = platform.verifier().verify(token, platform.now());
    principal.map_err(|_| Error::Unauthenticated)
}

/// The token of the one `Authorization` header, if its scheme is Bearer.
fn bearer_token(parts: &Parts) -> Option<&str> {
    let mut values = parts.headers.get_all(AUTHORIZATION).iter();
    let value = values.next()?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let single = values.next().is_none();
    (single && scheme.eq_ignore_ascii_case("bearer")).then_some(token.trim())
}

/// An [`Access`] to the user that the path names.
///
/// A path that names no uuid is answered as an unknown user is. Whether the user exists is for the store to say.
#[derive(Debug)]
pub struct UserAccess<N> {
    /// The user of the path, within the caller's tenant.
    pub user: UserKey,
    /// The table.
    pub store: Store,
    needs: PhantomData<N>,
}

impl<N: Needs> Access<N> {
    /// An access to one user of the tenant; the text of a uuid that no user can have is answered as an unknown user is.
    pub fn user(self, uuid: &str) -> Result<UserAccess<N>, Error> {
        let id = uuid.parse().map_err(|_| Error::user_not_found())?;
        // To the phone of one user there are no other users.
        if !self.principal.scopes.contains(N::SCOPE) && self.principal.user != Some(id) {
            return Err(Error::user_not_found());
        }
        Ok(UserAccess {
            user: self.tenant.user(id),
            store: self.store,
            needs: PhantomData,
        })
    }
}

impl<N> UserAccess<N> {
    /// The user and its ledger within a range.
    pub async fn ledger(&self, range: TimeRange) -> Result<LedgerPages, Error> {
        let ledger = self.store.ledger(self.user, range).await?;
        ledger.ok_or(Error::user_not_found())
    }
}

impl<N: Needs, S: Send + Sync> FromRequestParts<S> for UserAccess<N>
where
    Platform: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let access = Access::<N>::from_request_parts(parts, state).await?;
        let uuid = path_parameter(parts, state, "user_uuid").await;
        access.user(&uuid.unwrap_or_default())
    }
}

/// An access to nothing but the ledger of the user that the path names.
///
/// The token is verified before the handler runs. Whether it has been invalidated is asked while the ledger is read, and
/// answered before anything of the ledger is handed out: one round trip instead of two. A request that is refused before
/// that is asked about first (see `service`), so that a token that is no good is told nothing else.
#[derive(Debug)]
pub struct LedgerAccess<N> {
    /// The user of the path, within the caller's tenant.
    pub user: UserKey,
    store: Store,
    unconfirmed: Option<Arc<UnconfirmedToken>>,
    needs: PhantomData<N>,
}

impl<N> LedgerAccess<N> {
    /// The user and its ledger within a range.
    pub async fn ledger(&self, range: TimeRange) -> Result<LedgerPages, Error> {
        let confirm = async {
            match &self.unconfirmed {
                Some(token) => token.confirm().await,
                None => Ok(()),
            }
        };
        let (confirmed, ledger) = tokio::join!(confirm, self.store.ledger(self.user, range));
        confirmed?;
        ledger?.ok_or(Error::user_not_found())
    }
}

impl<N: Needs> LedgerAccess<N> {
    /// The access of a verified token that carries the scope, to the user of a path that names one.
    async fn unconfirmed<S: Send + Sync>(parts: &mut Parts, state: &S) -> Option<Self>
    where
        Platform: FromRef<S>,
    {
        let context = RequestContext::from_request_parts(parts, state).await.ok()?;
        let platform = Platform::from_ref(state);
        let principal = verified(&platform, parts).ok()?;
        if !principal.scopes.contains(N::SCOPE) {
            return None;
        }
        let uuid = path_parameter(parts, state, "user_uuid").await?;
        let user = principal.tenant.user(uuid.parse().ok()?);
        context.set_tenant(principal.tenant.to_string());
        let store = platform.store().counting(context.usage());
        let unconfirmed = Arc::new(UnconfirmedToken::new(platform, store.clone(), principal));
        context.set_unconfirmed(unconfirmed.clone());
        Some(Self {
            user,
            store,
            unconfirmed: Some(unconfirmed),
            needs: PhantomData,
        })
    }
}

impl<N> From<UserAccess<N>> for LedgerAccess<N> {
    fn from(access: UserAccess<N>) -> Self {
        Self {
            user: access.user,
            store: access.store,
            unconfirmed: None,
            needs: PhantomData,
        }
    }
}

impl<N: Needs, S: Send + Sync> FromRequestParts<S> for LedgerAccess<N>
where
    Platform: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        // What stands in the way is for the whole check to say.
        match Self::unconfirmed(parts, state).await {
            Some(access) => Ok(access),
            None => Ok(UserAccess::from_request_parts(parts, state).await?.into()),
        }
    }
}

/// A parameter of the path; `None` where the route has none of that name or its text is no UTF-8.
pub async fn path_parameter<S: Send + Sync>(parts: &mut Parts, state: &S, name: &str) -> Option<String> {
    let parameters = RawPathParams::from_request_parts(parts, state).await.ok()?;
    let found = parameters.iter().find(|(key, _)| *key == name);
    found.map(|(_, value)| value.to_owned())
}
