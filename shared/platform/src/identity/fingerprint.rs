//! Short keyed hashes that recognise repeated values.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Number of stored bytes of the 32-byte hash. Few values are compared with each other, so a collision is practically
/// impossible.
const FINGERPRINT_BYTES: usize = 9;

/// Separates the derived key from all other uses of the signing key.
const PURPOSE: &str = "daftari fingerprints 1";

/// The key of fingerprints. It is derived from the active signing key, which is not in the table. So the table alone
/// does not suffice to find a value by trying.
#[derive(Clone)]
pub struct FingerprintKey([u8; 32]);

/// The fingerprint of a value: 12 characters of URL-safe base64.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// The text to store.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FingerprintKey {
    pub(super) fn derived_from(secret: &[u8]) -> Self {
        Self(mac(secret, &[PURPOSE]))
    }

    /// The fingerprint of some texts in the given order.
    pub fn of(&self, texts: &[&str]) -> Fingerprint {
        let hash = mac(&self.0, texts);
        Fingerprint(URL_SAFE_NO_PAD.encode(&hash[..FINGERPRINT_BYTES]))
    }
}

fn mac(key: &[u8], texts: &[&str]) -> [u8; 32] {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key).expect("HMAC takes keys of any length");
    for text in texts {
        // The length distinguishes ("ab", "c") from ("a", "bc").
        mac.update(&(text.len() as u64).to_be_bytes());
        mac.update(text.as_bytes());
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_texts_have_the_same_fingerprint_and_others_another() {
        let key = FingerprintKey::derived_from(b"secret");
        assert_eq!(key.of(&["a", "bc"]), key.of(&["a", "bc"]));
        assert_ne!(key.of(&["a", "bc"]), key.of(&["ab", "c"]));
        assert_ne!(key.of(&["a"]), key.of(&["a", ""]));
        let other = FingerprintKey::derived_from(b"another secret");
        assert_ne!(key.of(&["a", "bc"]), other.of(&["a", "bc"]));
        assert_eq!(key.of(&["a"]).as_str().len(), 12);
    }
}
