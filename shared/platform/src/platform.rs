//! What every function needs while it runs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use daftari_domain::Timestamp;

use crate::clock::Clock;
use crate::config::{Config, ConfigError, Edge};
use crate::error::Error;
use crate::identity::{OrganizationId, PublicKeys, TokenVerifier};
use crate::store::Store;

/// How long a function trusts what it last read of an organization's token generation. Invalidated tokens are refused
/// everywhere within this time.
const GENERATION_TRUST_SECONDS: i64 = 30;

/// Most organizations remembered; beyond it the memory is emptied, since it is only a memory.
const MAX_GENERATIONS: usize = 10_000;

/// The shared parts of a function: store, token verifier, clock, limits. Cheap to clone.
#[derive(Clone)]
pub struct Platform(Arc<Inner>);

struct Inner {
    store: Store,
    verifier: TokenVerifier,
    clock: Clock,
    edge: Edge,
    generations: Mutex<HashMap<OrganizationId, Remembered>>,
}

#[derive(Clone, Copy)]
struct Remembered {
    generation: Option<u64>,
    read_at: Timestamp,
}

impl std::fmt::Debug for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Platform").finish_non_exhaustive()
    }
}

impl Platform {
    /// From a configuration, with the given store and clock.
    pub fn new(config: &Config, store: Store, clock: Clock) -> Result<Self, ConfigError> {
        let keys = PublicKeys::from_jwks(&config.jwks)
            .map_err(|error| ConfigError::new("DAFTARI_JWKS", error))?;
        Ok(Self(Arc::new(Inner {
            store,
            verifier: TokenVerifier::new(&config.issuer, keys),
            clock,
            edge: config.edge(),
            generations: Mutex::default(),
        })))
    }

    /// From the environment, as a function does at start.
    pub async fn from_env() -> Result<Self, ConfigError> {
        let config = Config::from_env()?;
        let store = Store::from_env(config.table.clone()).await?;
        Self::new(&config, store, Clock::System)
    }

    /// The table.
    pub fn store(&self) -> &Store {
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

    /// What the layers around the router are set to.
    pub fn edge(&self) -> &Edge {
        &self.0.edge
    }

    /// The organization's token generation, read at most [`GENERATION_TRUST_SECONDS`] ago; `None` if there is no such
    /// organization.
    pub(crate) async fn token_generation(
        &self,
        store: &Store,
        organization: OrganizationId,
    ) -> Result<Option<u64>, Error> {
        let now = self.now();
        if let Some(remembered) = self.remembered(organization, now) {
            return Ok(remembered.generation);
        }
        let generation = store
            .organization(organization)
            .await?
            .map(|found| found.token_generation);
        let mut generations = self
            .0
            .generations
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if generations.len() >= MAX_GENERATIONS {
            generations.clear();
        }
        generations.insert(
            organization,
            Remembered {
                generation,
                read_at: now,
            },
        );
        Ok(generation)
    }

    fn remembered(&self, organization: OrganizationId, now: Timestamp) -> Option<Remembered> {
        let generations = self
            .0
            .generations
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let remembered = *generations.get(&organization)?;
        let fresh = remembered.read_at.plus_seconds(GENERATION_TRUST_SECONDS) > now;
        fresh.then_some(remembered)
    }
}
