//! Access control: a layer that admits requests by the guard of their row, and extractors of the admitted access.

use std::sync::{Arc, OnceLock};

use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{FromRequestParts, MatchedPath, RawPathParams, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use daftari_domain::TimeRange;
use daftari_domain::unrecognized::UnrecognizedMessages;
use http::header::AUTHORIZATION;
use http::request::Parts;

use super::{Guard, RequestContext, routes};
use crate::error::Error;
use crate::identity::{Principal, Scope, Tenant, TokenFault, UserKey};
use crate::platform::Platform;
use crate::rate_limit::Used;
use crate::store::{LedgerPages, Store};

/// The path parameter that names a user.
const USER_PARAMETER: &str = "user_uuid";

/// The layer around every matched route: a handler runs only if the guard of its row admits the caller.
///
/// The token is verified here. Whether it has been invalidated is checked with the first access to the table, and at
/// the latest before the answer is sent, see [`confirmed`]. `None` is a function without a table, which serves only
/// public rows.
pub(super) async fn admit(State(platform): State<Option<Platform>>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let mut verified = None;
    let response = match admitted(platform, &mut parts, &mut verified).await {
        Ok(used) => {
            if let Some(access) = &verified {
                parts.extensions.insert(access.clone());
            }
            let answering = next.run(Request::from_parts(parts, body));
            answered_and_counted(answering, verified.as_ref(), used).await
        }
        Err(error) => error.into_response(),
    };
    match verified {
        Some(access) => confirmed(access, response).await,
        None => response,
    }
}

/// The answer. Meanwhile the request is counted against its organization's limits. The units that it wrote are counted
/// afterwards, when they are known.
async fn answered_and_counted(
    answering: impl Future<Output = Response>,
    access: Option<&Access>,
    used: Option<Used>,
) -> Response {
    let Some(access) = access else {
        return answering.await;
    };
    let response = match used {
        Some(used) => {
            let counting = access.count(used);
            let (response, ()) = Box::pin(async { tokio::join!(answering, counting) }).await;
            response
        }
        None => answering.await,
    };
    let caller = &*access.0;
    let units = caller.store.usage().whole_write_units();
    if let Some(used) = caller.platform.wrote(access.tenant().organization(), units) {
        Box::pin(access.count(used)).await;
    }
    response
}

/// The answer to a caller with a verified token: 401 if the token has been invalidated. So this 401 precedes every
/// other refusal, and no handler can answer such a token by mistake. An error of ours is answered without the check.
async fn confirmed(access: Access, response: Response) -> Response {
    if response.status().is_server_error() {
        return response;
    }
    match access.confirm().await {
        Ok(()) => response,
        Err(error) => error.into_response(),
    }
}

/// Passes if the guard of the row and the limits of the organization admit the caller, and returns the use to count. If
/// the row requires a token, `verified` is set once the token's signature and age are verified, even if the caller is
/// then refused.
async fn admitted(
    platform: Option<Platform>,
    parts: &mut Parts,
    verified: &mut Option<Access>,
) -> Result<Option<Used>, Error> {
    let path = parts.extensions.get::<MatchedPath>();
    let row = path.and_then(|path| routes::find(&parts.method, path.as_str()));
    let row = row.ok_or_else(|| Error::internal("a route without a row"))?;
    let needed = match row.guard {
        Guard::Public => return Ok(None),
        Guard::Credentials => None,
        Guard::Scope(scope) => Some((scope, false)),
        Guard::ScopeOrUserToken(scope) => Some((scope, true)),
    };
    let platform = platform.ok_or_else(|| Error::internal("a guarded row of a function without a table"))?;
    let context = RequestContext::from_request_parts(parts, &()).await?;
    let store = platform.store().counting(context.usage());
    let Some((scope, or_user_token)) = needed else {
        parts.extensions.insert(SignInStore(store));
        return Ok(None);
    };
    let token = bearer_token(parts).map_err(Error::Unauthenticated)?;
    let principal = platform.verifier().verify(token, platform.now());
    let principal = principal.map_err(Error::Unauthenticated)?;
    context.set_tenant(principal.tenant);
    let access = verified.insert(Access(Arc::new(Caller {
        store,
        platform,
        principal,
        confirmed: OnceLock::new(),
    })));
    let used = access.0.platform.admit(access.principal())?;
    let scopes = &access.principal().scopes;
    if scopes.contains(scope) {
        return Ok(used);
    }
    if !or_user_token || !scopes.contains(Scope::Messages) {
        return Err(Error::Forbidden { needed: scope });
    }
    // For the token of one user's phone, no other user exists.
    let named = path_parameter(parts, &(), USER_PARAMETER).await?;
    let named = named.parse().ok();
    if named.is_none() || named != access.principal().user {
        return Err(Error::user_not_found());
    }
    Ok(used)
}

/// The token of the one `Authorization` header, if its scheme is Bearer.
fn bearer_token(parts: &Parts) -> Result<&str, TokenFault> {
    let mut values = parts.headers.get_all(AUTHORIZATION).iter();
    let value = values.next().ok_or(TokenFault::Missing)?;
    let (scheme, token) = value
        .to_str()
        .ok()
        .and_then(|value| value.split_once(' '))
        .ok_or(TokenFault::NotBearer)?;
    if values.next().is_some() || !scheme.eq_ignore_ascii_case("bearer") {
        return Err(TokenFault::NotBearer);
    }
    Ok(token.trim())
}

/// An admitted caller, within its tenant. Cheap to clone.
///
/// The table can be reached only through [`Self::store`] and [`UserAccess::ledger`], which fail for a token that has
/// been invalidated.
#[derive(Clone, Debug)]
pub struct Access(Arc<Caller>);

#[derive(Debug)]
struct Caller {
    platform: Platform,
    /// The table, with a counter for the units that the request consumes.
    store: Store,
    principal: Principal,
    /// Set once the token is known to be still valid.
    confirmed: OnceLock<()>,
}

impl Access {
    /// The tenant whose data the caller may access.
    pub fn tenant(&self) -> Tenant {
        self.0.principal.tenant
    }

    /// The caller.
    pub fn principal(&self) -> &Principal {
        &self.0.principal
    }

    /// The table. Costs at most one read per organization in 30 seconds: see `Platform::accepts`.
    pub async fn store(&self) -> Result<&Store, Error> {
        self.confirm().await?;
        Ok(&self.0.store)
    }

    /// Access to one user of the tenant. A text that is not a uuid is not found either.
    pub fn user(self, uuid: &str) -> Result<UserAccess, Error> {
        let id = uuid.parse().map_err(|_| Error::NoUuid)?;
        Ok(UserAccess {
            user: self.tenant().user(id),
            access: self,
        })
    }

    async fn count(&self, used: Used) {
        let organization = self.tenant().organization();
        self.0.platform.count(organization, used).await;
    }

    /// Fails for a token that has been invalidated.
    pub(super) async fn confirm(&self) -> Result<(), Error> {
        let caller = &*self.0;
        if caller.confirmed.get().is_some() {
            return Ok(());
        }
        if !Box::pin(caller.platform.accepts(&caller.store, &caller.principal)).await? {
            return Err(Error::Unauthenticated(TokenFault::Revoked));
        }
        caller.confirmed.get_or_init(|| ());
        Ok(())
    }
}

impl<S: Sync> FromRequestParts<S> for Access {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let access = parts.extensions.get().cloned();
        access.ok_or_else(|| Error::internal("the row of this handler asks for no token"))
    }
}

/// The table for the handlers of rows that take credentials ([`Guard::Credentials`]); no other row has it.
#[derive(Clone, Debug)]
pub struct SignInStore(pub Store);

impl<S: Sync> FromRequestParts<S> for SignInStore {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let store = parts.extensions.get().cloned();
        store.ok_or_else(|| Error::internal("the row of this handler asks for no credentials"))
    }
}

/// An [`Access`] to the user that the path names. The user's existence is checked only when the table is read.
#[derive(Debug)]
pub struct UserAccess {
    /// The user, within the caller's tenant.
    pub user: UserKey,
    access: Access,
}

impl UserAccess {
    /// The table: see [`Access::store`].
    pub async fn store(&self) -> Result<&Store, Error> {
        self.access.store().await
    }

    /// The user and its ledger within a range. The token is confirmed while the ledger is read: one round trip.
    pub async fn ledger(&self, range: TimeRange) -> Result<LedgerPages, Error> {
        let ledger = self.access.0.store.ledger(self.user, range);
        let (confirmed, ledger) = tokio::join!(self.access.confirm(), ledger);
        confirmed?;
        ledger?.ok_or(Error::user_not_found())
    }

    /// The same, and the user's messages that were not read, of all time; one round trip too.
    pub async fn ledger_and_unrecognized(
        &self,
        range: TimeRange,
    ) -> Result<(LedgerPages, UnrecognizedMessages), Error> {
        let unrecognized = self.access.0.store.unrecognized(self.user);
        let (ledger, unrecognized) = Box::pin(async { tokio::join!(self.ledger(range), unrecognized) }).await;
        Ok((ledger?, unrecognized?))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for UserAccess {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let access = Access::from_request_parts(parts, state).await?;
        let uuid = path_parameter(parts, state, USER_PARAMETER).await?;
        access.user(&uuid)
    }
}

/// A parameter of the path. A path that is not UTF-8 has empty parameters, which name nothing. A route without the
/// parameter is a defect, so it is an internal error.
pub async fn path_parameter<S: Send + Sync>(parts: &mut Parts, state: &S, name: &str) -> Result<String, Error> {
    let parameters = match RawPathParams::from_request_parts(parts, state).await {
        Ok(parameters) => parameters,
        Err(RawPathParamsRejection::InvalidUtf8InPathParam(_)) => return Ok(String::new()),
        Err(error) => return Err(Error::internal(error)),
    };
    let found = parameters.iter().find(|(key, _)| *key == name);
    let found = found.map(|(_, value)| value.to_owned());
    found.ok_or_else(|| Error::internal(format!("the route of this handler has no {name}")))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::body::Body;
    use http::StatusCode;
    use tower::ServiceExt;

    use crate::config::Edge;
    use crate::http::routes::{GET_CONSOLE_FILE, GET_HEALTH};
    use crate::http::{Endpoints, service_without_table};

    use super::*;

    async fn named(mut parts: Parts) -> Result<String, Error> {
        path_parameter(&mut parts, &(), "file").await
    }

    async fn status(path: &str) -> StatusCode {
        let endpoints = Endpoints::new()
            .serve(&GET_CONSOLE_FILE, named)
            .serve(&GET_HEALTH, named);
        let edge = Edge {
            base_path: String::new(),
            time_budget: Duration::from_secs(1),
        };
        let service = service_without_table(endpoints, (), &edge);
        let request = Request::get(path).body(Body::empty()).expect("request");
        let Ok(response) = service.oneshot(request).await;
        response.status()
    }

    #[tokio::test]
    async fn a_route_without_the_parameter_is_a_defect_and_a_wrong_text_is_not() {
        assert_eq!(status("/console/page.js").await, StatusCode::OK);
        assert_eq!(status("/console/%ff").await, StatusCode::OK, "names nothing");
        assert_eq!(status(GET_HEALTH.path).await, StatusCode::INTERNAL_SERVER_ERROR);
    }
}
