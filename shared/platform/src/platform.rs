//! The state that every function needs while it runs.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use daftari_domain::Timestamp;
use daftari_domain::ids::{LoginId, OrganizationId};

use crate::clock::Clock;
use crate::config::{Config, ConfigError, Edge};
use crate::error::Error;
use crate::identity::{Principal, PublicKeys, TokenVerifier};
use crate::proxies::TrustedProxies;
use crate::rate_limit::{Limiter, Limits, Used, window_of};
use crate::store::{Organization, RevokedLogin, Store};

/// How long a function caches its last read of an organization. Invalidated tokens are refused everywhere within this
/// time.
const ORGANIZATION_CACHED_SECONDS: i64 = 30;

/// How long a request waits for its use to be counted.
const COUNT_PATIENCE: Duration = Duration::from_secs(1);

/// Cache capacity, in organizations; when full, the cache is cleared.
const MAX_REMEMBERED: usize = 10_000;

/// The shared parts of a function: store, token verifier, clock, limits. Cheap to clone.
///
/// A handler has one, but cannot reach the table by it. It gets the table from an extractor of [`crate::http`], which
/// checks the caller:
///
/// ```compile_fail,E0624
/// fn handle(platform: &daftari_platform::Platform) {
///     let _ = platform.store();
/// }
/// ```
///
/// ```
/// fn handle(platform: &daftari_platform::Platform) {
///     let _ = platform.now();
/// }
/// ```
#[derive(Clone)]
pub struct Platform(Arc<Inner>);

struct Inner {
    store: Store,
    verifier: TokenVerifier,
    clock: Clock,
    edge: Edge,
    remembered: Mutex<HashMap<OrganizationId, Remembered>>,
    limits: Limits,
    limiter: Limiter,
    trusted_proxies: TrustedProxies,
}

#[derive(Clone)]
struct Remembered {
    accepted: Option<Arc<AcceptedTokens>>,
    limits: Limits,
    read_at: Timestamp,
}

/// The tokens of an organization that are accepted.
struct AcceptedTokens {
    /// Of this generation of the organization only.
    generation: u64,
    /// Of these logins, only from the given generation on.
    logins: BTreeMap<LoginId, RevokedLogin>,
}

impl AcceptedTokens {
    /// `None` if the organization is disabled: it has no valid tokens.
    fn of(organization: Organization) -> Option<Arc<Self>> {
        let accepted = Self {
            generation: organization.token_generation,
            logins: organization.revoked_logins,
        };
        (!organization.disabled).then(|| Arc::new(accepted))
    }

    fn include(&self, principal: &Principal) -> bool {
        let revoked = self.logins.get(&principal.login);
        let login_is_current = match (revoked, principal.login_generation) {
            (Some(revoked), Some(generation)) => generation >= revoked.generation,
            // A user token belongs to the organization.
            (_, None) | (None, _) => true,
        };
        principal.generation == self.generation && login_is_current
    }
}

fn fastrand_below(below: u64) -> u64 {
    fastrand::u64(..below)
}

fn not_counted(error: impl std::fmt::Display) {
    tracing::warn!(target: "daftari::limits", error = %error, "the use of an organization was not counted");
}

impl std::fmt::Debug for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Platform").finish_non_exhaustive()
    }
}

impl Platform {
    /// From a configuration, with the given store and clock.
    pub fn new(config: &Config, store: Store, clock: Clock) -> Result<Self, ConfigError> {
        let keys = PublicKeys::from_jwks(&config.jwks).map_err(|error| ConfigError::new("DAFTARI_JWKS", error))?;
        Ok(Self(Arc::new(Inner {
            store,
            verifier: TokenVerifier::new(&config.issuer, keys),
            clock,
            edge: config.edge.clone(),
            remembered: Mutex::default(),
            limits: config.limits,
            limiter: Limiter::default(),
            trusted_proxies: config.trusted_proxies.clone(),
        })))
    }

    /// From the environment, as a function does at start.
    pub async fn from_env() -> Result<Self, ConfigError> {
        let config = Config::from_env()?;
        let store = Store::from_env(config.table.clone()).await?;
        Self::new(&config, store, Clock::System)
    }

    /// The table, without a check of the caller.
    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }

    /// The verifier of bearer tokens.
    pub fn verifier(&self) -> &TokenVerifier {
        &self.0.verifier
    }

    /// The current instant.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// The settings of the layers around the router.
    pub fn edge(&self) -> &Edge {
        &self.0.edge
    }

    /// The proxies whose `X-Forwarded-For` names callers.
    pub fn trusted_proxies(&self) -> &TrustedProxies {
        &self.0.trusted_proxies
    }

    /// Whether a verified token is still valid, by a read of its organization at most [`ORGANIZATION_CACHED_SECONDS`]
    /// old. Every token of a deleted or disabled organization is refused.
    pub(crate) async fn accepts(&self, store: &Store, principal: &Principal) -> Result<bool, Error> {
        let accepted = self.accepted_tokens(store, principal.tenant.organization()).await?;
        Ok(accepted.is_some_and(|accepted| accepted.include(principal)))
    }

    async fn accepted_tokens(
        &self,
        store: &Store,
        organization: OrganizationId,
    ) -> Result<Option<Arc<AcceptedTokens>>, Error> {
        let now = self.now();
        if let Some(remembered) = self.remembered(organization, now) {
            return Ok(remembered.accepted);
        }
        let found = store.organization(organization).await?;
        let limits = found.as_ref().map(|found| found.limits).unwrap_or_default();
        let limits = limits.or(self.0.limits);
        let accepted = found.and_then(AcceptedTokens::of);
        let mut all = self.0.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MAX_REMEMBERED {
            all.clear();
        }
        all.insert(
            organization,
            Remembered {
                accepted: accepted.clone(),
                limits,
                read_at: now,
            },
        );
        Ok(accepted)
    }

    fn remembered(&self, organization: OrganizationId, now: Timestamp) -> Option<Remembered> {
        let remembered = self.last_read(organization)?;
        let fresh = remembered.read_at.plus_seconds(ORGANIZATION_CACHED_SECONDS) > now;
        fresh.then_some(remembered)
    }

    fn last_read(&self, organization: OrganizationId) -> Option<Remembered> {
        let all = self.0.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(&organization).cloned()
    }

    /// Admits a request within the limits of its organization, and returns the part of its use to count. An
    /// organization that was not read yet has the limits of the deployment: reading it first would delay the request.
    pub(crate) fn admit(&self, principal: &Principal) -> Result<Option<Used>, Error> {
        let organization = principal.tenant.organization();
        let last = self.last_read(organization);
        let is_refused = last.as_ref().is_some_and(|last| {
            let accepted = last.accepted.as_ref();
            !accepted.is_some_and(|accepted| accepted.include(principal))
        });
        // A request with an invalidated token must not count against the organization.
        if is_refused {
            return Ok(None);
        }
        let limits = last.map_or(self.0.limits, |last| last.limits);
        let admitted = self.0.limiter.admit(organization, limits, self.now(), fastrand_below);
        admitted.map_err(|over| Error::OrganizationLimit {
            of: over.of,
            retry_after_seconds: over.retry_after_seconds,
        })
    }

    /// Records the write units of a request of an organization, and returns the part to count.
    pub(crate) fn wrote(&self, organization: OrganizationId, units: u64) -> Option<Used> {
        let last = self.last_read(organization);
        let limits = last.map_or(self.0.limits, |last| last.limits);
        self.0
            .limiter
            .wrote(organization, limits, self.now(), units, fastrand_below)
    }

    /// Counts the use of an organization, and learns its use in other functions. Fails open: if the table does not
    /// answer, the request continues uncounted.
    pub(crate) async fn count(&self, organization: OrganizationId, used: Used) {
        let window = window_of(self.now());
        let counting = self.store().count_used(organization, window, used);
        match tokio::time::timeout(COUNT_PATIENCE, counting).await {
            Ok(Ok(counted)) => self.0.limiter.learn(organization, window, counted),
            Ok(Err(error)) => not_counted(error),
            Err(_) => not_counted("the table did not answer in time"),
        }
    }
}
