//! Signed positions in a list.
//!
//! A cursor states where a list continues. It is signed, and bound to everything that decides the content of the list
//! (tenant, user, filters). So a changed, foreign or expired cursor is refused, and no other call accepts it. Layout:
//! version, expiry, position, then an HMAC-SHA-256 over these and the binding; all in URL-safe base64.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use daftari_domain::Timestamp;
use daftari_domain::time::DAY_SECONDS;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::config::{ConfigError, key_bytes, text_or_file};

/// The lifetime of a cursor.
pub const LIFETIME_SECONDS: i64 = DAY_SECONDS;

/// How long an answer with a cursor may be confirmed as unchanged. After that, the answer is sent again with a cursor
/// of full lifetime.
const CONFIRMED_SECONDS: i64 = LIFETIME_SECONDS / 2;

/// The period within which an answer with a cursor may be confirmed as unchanged. A cursor signed in this period stays
/// valid for at least the same time after the end of the period. The period belongs in the entity tag of such an
/// answer.
pub fn confirmable_in(now: Timestamp) -> String {
    now.unix_seconds().div_euclid(CONFIRMED_SECONDS).to_string()
}

const FORMAT: u8 = 1;
const MAC_BYTES: usize = 32;

/// The key that signs cursors.
#[derive(Clone)]
pub struct CursorKey(Vec<u8>);

/// The cursor was not made by this service for this list, or it has expired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not a cursor of this list, or has expired")]
pub struct BadCursor;

impl CursorKey {
    /// Reads the key from the environment.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_base64(&text_or_file("DAFTARI_CURSOR_KEY")?)
            .ok_or_else(|| ConfigError::new("DAFTARI_CURSOR_KEY", "must be 32 to 64 bytes in base64"))
    }

    /// The key of 32 to 64 bytes in base64: at least the output size of the hash, at most its block size.
    pub fn from_base64(text: &str) -> Option<Self> {
        key_bytes(text).map(Self)
    }

    /// Signs a position. `binding` is the context that the cursor is valid for.
    pub fn sign(&self, binding: &[&str], position: &str, now: Timestamp) -> String {
        let mut cursor = vec![FORMAT];
        cursor.extend_from_slice(&now.plus_seconds(LIFETIME_SECONDS).unix_seconds().to_be_bytes());
        cursor.extend_from_slice(position.as_bytes());
        let mac = self.mac(binding, &cursor).finalize().into_bytes();
        cursor.extend_from_slice(&mac);
        URL_SAFE_NO_PAD.encode(cursor)
    }

    /// The position in a cursor, if it was signed with the same binding and has not expired.
    pub fn verify(&self, binding: &[&str], cursor: &str, now: Timestamp) -> Result<String, BadCursor> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| BadCursor)?;
        let (signed, mac) = bytes.split_last_chunk::<MAC_BYTES>().ok_or(BadCursor)?;
        self.mac(binding, signed).verify_slice(mac).map_err(|_| BadCursor)?;
        let (header, position) = signed.split_at_checked(9).ok_or(BadCursor)?;
        let expiry = i64::from_be_bytes(header[1..].try_into().map_err(|_| BadCursor)?);
        if header[0] != FORMAT || expiry < now.unix_seconds() {
            return Err(BadCursor);
        }
        String::from_utf8(position.to_vec()).map_err(|_| BadCursor)
    }

    fn mac(&self, binding: &[&str], signed: &[u8]) -> Hmac<Sha256> {
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        for part in binding {
            // The length keeps ("ab", "c") apart from ("a", "bc").
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        mac.update(signed);
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> CursorKey {
        CursorKey(vec![byte; 32])
    }

    fn now() -> Timestamp {
        "2021-11-16T21:00:00Z".parse().expect("timestamp")
    }

    #[test]
    fn a_cursor_round_trips_within_its_lifetime() {
        let cursor = key(1).sign(&["tenant", "user"], "position", now());
        let later = now().plus_seconds(LIFETIME_SECONDS);
        assert_eq!(
            key(1).verify(&["tenant", "user"], &cursor, later),
            Ok("position".into())
        );
        assert_eq!(
            key(1).verify(&["tenant", "user"], &cursor, later.plus_seconds(1)),
            Err(BadCursor)
        );
    }

    #[test]
    fn a_foreign_cursor_is_refused() {
        let cursor = key(1).sign(&["tenant", "user"], "position", now());
        for binding in [&["tenant", "other"][..], &["tenantu", "ser"], &["tenant"], &[]] {
            assert_eq!(key(1).verify(binding, &cursor, now()), Err(BadCursor), "{binding:?}");
        }
        assert_eq!(key(2).verify(&["tenant", "user"], &cursor, now()), Err(BadCursor));
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        let cursor = key(1).sign(&["t"], "2021-11-16T21:00:00+00:00 id", now());
        let bytes = URL_SAFE_NO_PAD.decode(&cursor).expect("base64");
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert!(key(1).verify(&["t"], &URL_SAFE_NO_PAD.encode(changed), now()).is_err());
            assert!(
                key(1)
                    .verify(&["t"], &URL_SAFE_NO_PAD.encode(&bytes[..at]), now())
                    .is_err()
            );
        }
    }
}
