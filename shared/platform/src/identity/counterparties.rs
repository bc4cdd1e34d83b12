//! Pseudonyms of counterparties.
//!
//! A record shows whether two movements have the same counterparty, but never the counterparty's name. The token of a
//! name is an HMAC under a key of its *user*, derived from the deployment's key. So a stolen table cannot be searched
//! with a list of names, and tokens of two users differ even for the same name.

use daftari_domain::CounterpartyToken;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::UserKey;
use crate::config::{ConfigError, key_bytes, text_or_file};

/// Domain separation: the same bytes yield other keys for other purposes.
const PURPOSE: &[u8] = b"daftari counterparty 1";

/// The deployment's key. Another key changes the token of every counterparty.
#[derive(Clone)]
pub struct CounterpartyKey(Vec<u8>);

impl CounterpartyKey {
    /// Reads the key from the environment.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_base64(&text_or_file("DAFTARI_COUNTERPARTY_KEY")?)
            .ok_or_else(|| ConfigError::new("DAFTARI_COUNTERPARTY_KEY", "must be 32 to 64 bytes in base64"))
    }

    /// The key of 32 to 64 bytes in base64.
    pub fn from_base64(text: &str) -> Option<Self> {
        key_bytes(text).map(Self)
    }

    /// The counterparties of one user.
    pub fn of(&self, user: UserKey) -> UserCounterparties {
        let mut mac = hmac(&self.0);
        for part in [
            PURPOSE,
            user.tenant().to_string().as_bytes(),
            user.id().to_string().as_bytes(),
        ] {
            // The length keeps ("ab", "c") apart from ("a", "bc").
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        UserCounterparties(mac.finalize().into_bytes().into())
    }
}

/// Makes the tokens of one user's counterparties.
pub struct UserCounterparties([u8; 32]);

impl UserCounterparties {
    /// The token of a name, which is normalized.
    pub fn token(&self, name: &str) -> CounterpartyToken {
        let mut mac = hmac(&self.0);
        mac.update(name.as_bytes());
        let digest: [u8; 32] = mac.finalize().into_bytes().into();
        let mut token = [0; 8];
        token.copy_from_slice(&digest[..8]);
        CounterpartyToken(token)
    }
}

fn hmac(key: &[u8]) -> Hmac<Sha256> {
    <Hmac<Sha256> as KeyInit>::new_from_slice(key).expect("HMAC takes keys of any length")
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use daftari_domain::ids::{OrganizationId, UserId};
    use uuid::Uuid;

    use super::*;
    use crate::identity::{Environment, Tenant};

    fn key(byte: u8) -> CounterpartyKey {
        CounterpartyKey::from_base64(&STANDARD.encode([byte; 32])).expect("key")
    }

    fn user(organization: u128, environment: Environment, user: u128) -> UserKey {
        let organization = OrganizationId(Uuid::from_u128(organization));
        Tenant::from_verified_claims(organization, environment).user(UserId(Uuid::from_u128(user)))
    }

    #[test]
    fn a_name_has_one_token_for_each_user_and_another_for_every_other() {
        let all = [
            (key(1), user(1, Environment::Production, 1)),
            (key(1), user(1, Environment::Production, 2)),
            (key(1), user(1, Environment::Test, 1)),
            (key(1), user(2, Environment::Production, 1)),
            (key(2), user(1, Environment::Production, 1)),
        ];
        let token = |(key, user): &(CounterpartyKey, UserKey)| key.of(*user).token("ACME");
        let tokens: std::collections::HashSet<_> = all.iter().map(token).collect();
        assert_eq!(tokens.len(), all.len());
        assert_eq!(token(&all[0]), token(&all[0]));
        let first = all[0].0.of(all[0].1);
        assert_ne!(first.token("ACME"), first.token("ACME 2"));
    }

    #[test]
    fn a_short_key_is_refused() {
        assert!(CounterpartyKey::from_base64(&STANDARD.encode([1; 31])).is_none());
        assert!(CounterpartyKey::from_base64("not base64!").is_none());
    }
}
