//! The signing keys, the cursor key and the counterparty key, in files.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use daftari_platform::identity::{KeyError, SigningKeys};

use crate::secret_file::{self, SecretFileError};

/// Length of the keys that sign cursors and make pseudonyms.
const KEY_BYTES: usize = 32;

/// A key file could not be read or written. Shows no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The file.
    #[error(transparent)]
    File(#[from] SecretFileError),
    /// The file's content is invalid.
    #[error("{path}: {reason}")]
    Keys {
        /// The file.
        path: String,
        /// The fault.
        reason: KeyError,
    },
    /// The system returned no random numbers.
    #[error("the system returned no random numbers")]
    Random,
}

/// Reads and checks a file of signing keys.
pub fn read_signing_keys(path: &Path) -> Result<SigningKeys, KeyFileError> {
    SigningKeys::from_json(&secret_file::read(path)?).map_err(|reason| KeyFileError::Keys {
        path: path.display().to_string(),
        reason,
    })
}

/// Random bytes for signing cursors or making pseudonyms, in base64.
pub fn new_key() -> Result<String, KeyFileError> {
    let mut key = [0; KEY_BYTES];
    getrandom::fill(&mut key).map_err(|_| KeyFileError::Random)?;
    Ok(STANDARD.encode(key))
}

#[cfg(test)]
mod tests {
    use daftari_platform::cursor::CursorKey;
    use daftari_platform::identity::CounterpartyKey;

    use super::*;

    #[test]
    fn a_new_key_is_random_and_parses() {
        let (one, other) = (new_key().expect("key"), new_key().expect("key"));
        assert!(CursorKey::from_base64(&one).is_some());
        assert!(CounterpartyKey::from_base64(&one).is_some());
        assert_ne!(one, other);
    }
}
