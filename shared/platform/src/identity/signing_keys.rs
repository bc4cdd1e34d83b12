//! The Ed25519 keys that sign tokens.
//!
//! A set of signing keys has one *active* key, and all keys are published. So tokens of an earlier key stay valid until
//! they expire, and a later key is known everywhere before it signs.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use daftari_domain::json_fault::JsonFault;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::{EncodePrivateKey, KeypairBytes};
use jsonwebtoken::jwk::{Jwk, JwkSet, KeyAlgorithm, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use serde::{Deserialize, Serialize};

use super::FingerprintKey;

/// Limit of keys in a set: the active one, its successor, and those whose tokens may still be valid.
const MAX_KEYS: usize = 16;

/// A set of keys is unusable. Shows no key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct KeyError(String);

pub(super) fn signing_failed() -> KeyError {
    KeyError("signing failed".to_owned())
}

/// Without the parser's own message, which quotes values of the text: a text that is no set of keys may be a key.
fn unreadable(kind: &str, error: &serde_json::Error) -> KeyError {
    KeyError(format!("not {kind}: {}", JsonFault::of(error)))
}

fn not_serialized(error: serde_json::Error) -> KeyError {
    KeyError(format!("keys cannot be written as JSON: {error}"))
}

/// The private keys in their stored form: JSON `{"active": kid, "keys": [{"kid", "private"}]}`. `private` is PKCS #8 in
/// base64.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SigningKeys {
    active: String,
    keys: Vec<StoredKey>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredKey {
    kid: String,
    private: String,
}

impl StoredKey {
    fn pkcs8(&self) -> Result<Vec<u8>, KeyError> {
        let der = STANDARD.decode(&self.private).ok();
        let der = der.filter(|der| <SigningKey as ed25519_dalek::pkcs8::DecodePrivateKey>::from_pkcs8_der(der).is_ok());
        der.ok_or_else(|| KeyError(format!("key {} is not an Ed25519 key in PKCS #8 and base64", self.kid)))
    }
}

impl SigningKeys {
    /// A set with one random key, which is active.
    pub fn generate() -> Result<Self, KeyError> {
        let key = StoredKey::generate()?;
        Ok(Self {
            active: key.kid.clone(),
            keys: vec![key],
        })
    }

    /// Parses and checks the stored form.
    pub fn from_json(text: &str) -> Result<Self, KeyError> {
        let keys: Self = serde_json::from_str(text).map_err(|error| unreadable("a set of signing keys", &error))?;
        if keys.keys.len() > MAX_KEYS {
            return Err(KeyError(format!("more than {MAX_KEYS} keys")));
        }
        for key in &keys.keys {
            key.pkcs8()?;
        }
        keys.active_key()?;
        Ok(keys)
    }

    /// The stored form.
    pub fn to_json(&self) -> Result<String, KeyError> {
        serde_json::to_string_pretty(self).map_err(not_serialized)
    }

    /// The id of the signing key.
    pub fn active(&self) -> &str {
        &self.active
    }

    /// The ids of all keys, oldest first.
    pub fn kids(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(|key| key.kid.as_str())
    }

    /// Adds a random key. It is published, but does not sign before its activation. Returns its id.
    pub fn add(&mut self) -> Result<String, KeyError> {
        if self.keys.len() >= MAX_KEYS {
            return Err(KeyError(format!("there are {MAX_KEYS} keys already: retire one first")));
        }
        let key = StoredKey::generate()?;
        let kid = key.kid.clone();
        self.keys.push(key);
        Ok(kid)
    }

    /// Makes `kid` the signing key.
    pub fn activate(&mut self, kid: &str) -> Result<(), KeyError> {
        if !self.kids().any(|known| known == kid) {
            return Err(KeyError(format!("there is no key {kid}")));
        }
        kid.clone_into(&mut self.active);
        Ok(())
    }

    /// Removes a key. This invalidates the tokens that it signed.
    pub fn retire(&mut self, kid: &str) -> Result<(), KeyError> {
        if kid == self.active {
            return Err(KeyError(format!("key {kid} is active: activate another first")));
        }
        let before = self.keys.len();
        self.keys.retain(|key| key.kid != kid);
        if self.keys.len() == before {
            Err(KeyError(format!("there is no key {kid}")))
        } else {
            Ok(())
        }
    }

    /// The public halves, as a JSON Web Key Set.
    pub fn to_jwks(&self) -> Result<String, KeyError> {
        let keys = self
            .keys
            .iter()
            .map(|key| public_jwk(&key.pkcs8()?, &key.kid))
            .collect::<Result<_, _>>()?;
        serde_json::to_string(&JwkSet { keys }).map_err(not_serialized)
    }

    pub(super) fn signing_key(&self) -> Result<(String, EncodingKey), KeyError> {
        let key = self.active_key()?;
        Ok((key.kid.clone(), EncodingKey::from_ed_der(&key.pkcs8()?)))
    }

    /// The key of fingerprints. It changes with the active key.
    pub(super) fn fingerprint_key(&self) -> Result<FingerprintKey, KeyError> {
        Ok(FingerprintKey::derived_from(&self.active_key()?.pkcs8()?))
    }

    fn active_key(&self) -> Result<&StoredKey, KeyError> {
        let key = self.keys.iter().find(|key| key.kid == self.active);
        key.ok_or_else(|| KeyError(format!("the active key {} is not in the set", self.active)))
    }
}

impl StoredKey {
    fn public(&self) -> Result<Vec<u8>, KeyError> {
        super::crypto::public_part(&self.pkcs8()?).map_err(|error| KeyError(format!("key {}: {error}", self.kid)))
    }

    fn generate() -> Result<Self, KeyError> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|_| KeyError("the system returned no random numbers".into()))?;
        // PKCS #8 version 1, without the public key: the JWT library accepts no other form.
        let key = KeypairBytes {
            secret_key: seed,
            public_key: None,
        };
        let der = key.to_pkcs8_der().map_err(|error| KeyError(error.to_string()))?;
        let jwk = public_jwk(der.as_bytes(), "")?;
        let kid = jwk
            .thumbprint(ThumbprintHash::SHA256)
            .map_err(|error| KeyError(error.to_string()))?;
        Ok(Self {
            kid,
            private: STANDARD.encode(der.as_bytes()),
        })
    }
}

fn public_jwk(pkcs8: &[u8], kid: &str) -> Result<Jwk, KeyError> {
    super::crypto::install();
    let mut jwk = Jwk::from_encoding_key(&EncodingKey::from_ed_der(pkcs8), Algorithm::EdDSA)
        .map_err(|error| KeyError(error.to_string()))?;
    jwk.common.key_id = Some(kid.to_owned());
    jwk.common.key_algorithm = Some(KeyAlgorithm::EdDSA);
    jwk.common.public_key_use = Some(PublicKeyUse::Signature);
    Ok(jwk)
}

/// The public keys that verify tokens.
#[derive(Clone)]
pub struct PublicKeys {
    by_id: HashMap<String, DecodingKey>,
    jwks: String,
}

impl PublicKeys {
    /// Parses a JSON Web Key Set. All keys must be Ed25519 keys with an id.
    pub fn from_jwks(text: &str) -> Result<Self, KeyError> {
        let set: JwkSet = serde_json::from_str(text).map_err(|error| unreadable("a JSON Web Key Set", &error))?;
        if set.keys.is_empty() || set.keys.len() > MAX_KEYS {
            return Err(KeyError(format!("must have 1 to {MAX_KEYS} keys")));
        }
        let mut keys = HashMap::new();
        for jwk in &set.keys {
            let kid = jwk
                .common
                .key_id
                .clone()
                .ok_or_else(|| KeyError("a key has no kid".into()))?;
            if jwk.common.key_algorithm != Some(KeyAlgorithm::EdDSA) {
                return Err(KeyError(format!("key {kid} is not for EdDSA")));
            }
            let key = DecodingKey::from_jwk(jwk).map_err(|error| KeyError(format!("key {kid}: {error}")))?;
            keys.insert(kid, key);
        }
        Ok(Self {
            by_id: keys,
            // Serialized again, so that it contains only public keys, whatever the input contained.
            jwks: serde_json::to_string(&set).map_err(not_serialized)?,
        })
    }

    /// The keys, as a JSON Web Key Set.
    pub fn to_jwks(&self) -> &str {
        &self.jwks
    }

    /// Fails unless the active key is among these keys, because nobody could verify its tokens.
    pub fn check(&self, keys: &SigningKeys) -> Result<(), KeyError> {
        let public = keys.active_key()?.public()?;
        let known = self.get(keys.active());
        let same = known.is_some_and(|key| key.try_get_as_bytes().is_ok_and(|key| key == public));
        same.then_some(()).ok_or_else(|| {
            KeyError(format!(
                "the active key {} is not among the published ones",
                keys.active()
            ))
        })
    }

    /// The id of one of the keys.
    pub(super) fn first_id(&self) -> &str {
        self.by_id.keys().next().map_or("", String::as_str)
    }

    pub(super) fn get(&self, kid: &str) -> Option<&DecodingKey> {
        self.by_id.get(kid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kids_of(jwks: &str) -> Vec<String> {
        let set: serde_json::Value = serde_json::from_str(jwks).expect("json");
        let keys = set["keys"].as_array().expect("keys");
        keys.iter()
            .map(|key| key["kid"].as_str().expect("kid").to_owned())
            .collect()
    }

    #[test]
    fn rotation_publishes_before_it_signs_and_keeps_the_old_key() {
        let mut keys = SigningKeys::generate().expect("keys");
        let old = keys.active().to_owned();
        let new = keys.add().expect("added");
        assert_eq!(keys.active(), old);
        assert_eq!(kids_of(&keys.to_jwks().expect("jwks")), [old.clone(), new.clone()]);
        keys.activate(&new).expect("activated");
        assert_eq!(kids_of(&keys.to_jwks().expect("jwks")), [old.clone(), new.clone()]);
        assert!(keys.retire(&new).is_err());
        keys.retire(&old).expect("retired");
        assert_eq!(kids_of(&keys.to_jwks().expect("jwks")), [new]);
    }

    #[test]
    fn the_published_set_holds_no_private_part() {
        let keys = SigningKeys::generate().expect("keys");
        let set: serde_json::Value = serde_json::from_str(&keys.to_jwks().expect("jwks")).expect("json");
        let mut names: Vec<_> = set["keys"][0]
            .as_object()
            .expect("key")
            .keys()
            .map(String::as_str)
            .collect();
        names.sort_unstable();
        assert_eq!(names, ["alg", "crv", "kid", "kty", "use", "x"]);
    }

    #[test]
    fn stored_keys_round_trip_and_nonsense_is_refused() {
        let keys = SigningKeys::generate().expect("keys");
        assert_eq!(
            SigningKeys::from_json(&keys.to_json().expect("json"))
                .expect("read")
                .active(),
            keys.active()
        );
        for text in [
            "",
            "{}",
            r#"{"active":"a","keys":[]}"#,
            r#"{"active":"a","keys":[{"kid":"a","private":"AAAA"}]}"#,
        ] {
            assert!(SigningKeys::from_json(text).is_err(), "{text}");
        }
        for text in [
            "",
            "{}",
            r#"{"keys":[]}"#,
            r#"{"keys":[{"kty":"oct","k":"AAAA","kid":"a","alg":"HS256"}]}"#,
        ] {
            assert!(PublicKeys::from_jwks(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_refusal_of_a_text_says_why_and_shows_nothing_of_it() {
        for (text, reason) in [
            (r#""SECRET""#, "a value must be an object"),
            (r#"{"active":["SECRET"],"keys":[]}"#, "a value must be a string"),
            (r#"{"SECRET":1}"#, "it has an unknown member: it takes active, keys"),
            ("{}", "`active` is required"),
            ("SECRET", "it is not JSON: there is no valid value (line 1, column 1)"),
        ] {
            let refused = SigningKeys::from_json(text).err().expect("no keys").to_string();
            assert_eq!(refused, format!("not a set of signing keys: {reason}"));
        }
        let refused = PublicKeys::from_jwks(r#"{"keys":"SECRET"}"#).err().expect("no keys");
        assert_eq!(refused.to_string(), "not a JSON Web Key Set: a value must be an array");
    }
}
