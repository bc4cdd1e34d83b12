//! Signing: the active key, and the published keys.
//!
//! In production the private keys are a secret. It is read at the start and again during use, so a key that the
//! operator activates signs within minutes and without a deployment. A key signs only if the deployment publishes it,
//! because every function must know a key before its first token arrives.

use std::sync::{Arc, Mutex, PoisonError};

use daftari_domain::Timestamp;
use daftari_platform::Platform;
use daftari_platform::aws::SecretReader;
use daftari_platform::config::{self, ConfigError};
use daftari_platform::identity::{KeyError, PublicKeys, SigningKeys, TokenIssuer};

/// Variable with the private keys, if they are not in a secret.
const KEYS_VARIABLE: &str = "DAFTARI_SIGNING_KEYS";
/// Variable with the name of the secret that contains them.
const SECRET_VARIABLE: &str = "DAFTARI_SIGNING_KEYS_SECRET";

/// How long keys from the secret are cached.
const KEYS_CACHED_SECONDS: i64 = 300;
/// Wait after a failed read of the secret.
const RETRY_SECONDS: i64 = 60;

/// Issues tokens and lists the public keys. Clones share the same state.
#[derive(Clone)]
pub struct Issuer(Arc<Inner>);

struct Inner {
    name: String,
    published: PublicKeys,
    secret: Option<SecretReader>,
    current: Mutex<Current>,
}

#[derive(Clone)]
struct Current {
    tokens: TokenIssuer,
    look_again_at: Timestamp,
}

impl Issuer {
    /// Signs as `name` with the active one of `keys`, all of which are published.
    pub fn new(name: &str, keys: &SigningKeys) -> Result<Self, ConfigError> {
        let published = keys
            .to_jwks()
            .and_then(|jwks| PublicKeys::from_jwks(&jwks))
            .map_err(|error| ConfigError::new(KEYS_VARIABLE, error))?;
        Self::with(name, published, keys, None, Timestamp::EPOCH, KEYS_VARIABLE)
    }

    /// Signs with the keys of a secret, but only with `published` ones.
    pub async fn of_secret(
        name: &str,
        published: PublicKeys,
        secret: SecretReader,
        now: Timestamp,
    ) -> Result<Self, ConfigError> {
        let keys = keys_of(&secret)
            .await
            .map_err(|error| ConfigError::new(SECRET_VARIABLE, error))?;
        Self::with(name, published, &keys, Some(secret), now, SECRET_VARIABLE)
    }

    /// Reads the configuration from the environment.
    pub async fn from_env(platform: &Platform) -> Result<Self, ConfigError> {
        let name = config::issuer()?;
        let published = platform.verifier().keys().clone();
        if let Some(secret) = SecretReader::from_env(SECRET_VARIABLE).await? {
            return Self::of_secret(&name, published, secret, platform.now()).await;
        }
        let keys = SigningKeys::from_json(&config::text_or_file(KEYS_VARIABLE)?)
            .map_err(|error| ConfigError::new(KEYS_VARIABLE, error))?;
        Self::with(&name, published, &keys, None, Timestamp::EPOCH, KEYS_VARIABLE)
    }

    fn with(
        name: &str,
        published: PublicKeys,
        keys: &SigningKeys,
        secret: Option<SecretReader>,
        now: Timestamp,
        variable: &str,
    ) -> Result<Self, ConfigError> {
        let tokens = signing(name, keys, &published).map_err(|error| ConfigError::new(variable, error))?;
        let current = Mutex::new(Current {
            tokens,
            look_again_at: now.plus_seconds(KEYS_CACHED_SECONDS),
        });
        Ok(Self(Arc::new(Inner {
            name: name.to_owned(),
            published,
            secret,
            current,
        })))
    }

    /// The issuer of tokens at `now`. If the secret cannot be read, or its active key is not published, the key in use
    /// stays.
    pub(crate) async fn tokens(&self, now: Timestamp) -> TokenIssuer {
        let current = self.current().clone();
        let Some(secret) = &self.0.secret else {
            return current.tokens;
        };
        if now < current.look_again_at {
            return current.tokens;
        }
        let (tokens, wait) = match self.read(secret).await {
            Ok(tokens) => (tokens, KEYS_CACHED_SECONDS),
            Err(error) => {
                tracing::error!(target: "daftari::keys", error, "the signing key in use is kept");
                (current.tokens, RETRY_SECONDS)
            }
        };
        *self.current() = Current {
            tokens: tokens.clone(),
            look_again_at: now.plus_seconds(wait),
        };
        tokens
    }

    /// The public keys of this deployment, as a JSON Web Key Set.
    pub(crate) fn jwks(&self) -> &str {
        self.0.published.to_jwks()
    }

    async fn read(&self, secret: &SecretReader) -> Result<TokenIssuer, String> {
        let keys = keys_of(secret).await?;
        signing(&self.0.name, &keys, &self.0.published).map_err(|error| error.to_string())
    }

    fn current(&self) -> std::sync::MutexGuard<'_, Current> {
        self.0.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn keys_of(secret: &SecretReader) -> Result<SigningKeys, String> {
    let text = secret.read().await.map_err(|error| error.to_string())?;
    SigningKeys::from_json(&text).map_err(|error| error.to_string())
}

fn signing(name: &str, keys: &SigningKeys, published: &PublicKeys) -> Result<TokenIssuer, KeyError> {
    published.check(keys)?;
    TokenIssuer::new(name, keys)
}
