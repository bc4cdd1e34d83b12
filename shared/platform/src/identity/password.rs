//! Passwords in memory, and their hashing with argon2id.

use std::fmt;
use std::ops::Deref;

use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::password_hash::{CustomizedPasswordHasher, PasswordHasher};
use argon2::{Algorithm, Argon2, Params, Version};
use serde::Deserialize;
use zeroize::Zeroizing;

/// Minimum length of a password, in characters.
pub const MIN_PASSWORD_CHARS: usize = 12;
/// Maximum length of a password, in characters.
pub const MAX_PASSWORD_CHARS: usize = 128;

const MEMORY_KIB: u32 = 19 * 1024;
const ITERATIONS: u32 = 2;
const LANES: u32 = 1;

/// The parameters of new hashes, checked at compile time.
const PARAMS: Params = match Params::new(MEMORY_KIB, ITERATIONS, LANES, None) {
    Ok(params) => params,
    Err(_) => panic!("argon2 allows these parameters"),
};

/// A password has an invalid length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must have 12 to 128 characters")]
pub struct PasswordProblem;

/// A plain password. Its memory is overwritten when it is dropped.
///
/// This covers the copies that this program owns. Requests, answers and the reader of the terminal own buffers that
/// also held the password. These are freed without being overwritten.
#[derive(Clone, Deserialize)]
#[serde(from = "String")]
pub struct Password(Zeroizing<String>);

impl From<String> for Password {
    /// Takes over the memory of the text, without a copy.
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl Deref for Password {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// Shows no password.
impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password")
    }
}

/// A password's hash as a PHC string.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

/// The result of checking a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It does not match.
    Wrong,
    /// It matches.
    Right,
    /// It matches, but its hash has weaker parameters than the current ones.
    RightButOutdated,
}

fn hasher() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, PARAMS)
}

impl PasswordHash {
    /// Hashes a new password. Deliberately slow: run it outside the async threads.
    pub fn new(password: &str) -> Result<Self, PasswordProblem> {
        if !has_valid_length(password) {
            return Err(PasswordProblem);
        }
        let hash = hasher()
            .hash_password(password.as_bytes())
            .map_err(|_| PasswordProblem)?;
        Ok(Self(hash.to_string()))
    }

    /// A stored hash.
    pub const fn from_phc(text: String) -> Self {
        Self(text)
    }

    /// The PHC string to store.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Checks a password against a login's hash. If the login does not exist or its hash is damaged, hashes against a
    /// stand-in, so that the response time does not reveal which emails exist. Deliberately slow: run it outside the
    /// async threads.
    pub fn verify(login: Option<&Self>, password: &str) -> Verdict {
        let matches = login.and_then(|hash| hash.matches(password));
        let Some((phc, true)) = matches.or_else(|| {
            Self::stand_in().matches(password);
            None
        }) else {
            return Verdict::Wrong;
        };
        if !has_valid_length(password) {
            return Verdict::Wrong;
        }
        let current = Params::try_from(&phc).is_ok_and(|params| {
            params.m_cost() >= MEMORY_KIB && params.t_cost() >= ITERATIONS && params.p_cost() >= LANES
        });
        if current {
            Verdict::Right
        } else {
            Verdict::RightButOutdated
        }
    }

    /// Hashes the password with the parameters of this hash, and compares. `None` if the hash is damaged; then nothing
    /// was hashed.
    fn matches(&self, password: &str) -> Option<(Phc, bool)> {
        let phc = Phc::new(&self.0).ok()?;
        let (salt, expected) = (phc.salt?, phc.hash?);
        let params = Params::try_from(&phc).ok()?;
        let computed = hasher()
            .hash_password_customized(
                password.as_bytes(),
                &salt,
                Some(phc.algorithm.as_str()),
                phc.version,
                params,
            )
            .ok()?;
        let same = computed.hash == Some(expected);
        Some((phc, same))
    }

    /// A hash with the current parameters that no known password matches.
    fn stand_in() -> Self {
        Self(format!(
            "$argon2id$v=19$m={MEMORY_KIB},t={ITERATIONS},p={LANES}$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        ))
    }

    #[cfg(test)]
    fn with_params(password: &str, params: Params) -> Self {
        let salt = b"0123456789abcdef";
        let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let hash = hasher.hash_password_with_salt(password.as_bytes(), salt).expect("hash");
        Self(hash.to_string())
    }
}

fn has_valid_length(password: &str) -> bool {
    (MIN_PASSWORD_CHARS..=MAX_PASSWORD_CHARS).contains(&password.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_right_password_verifies_and_no_other() {
        let hash = PasswordHash::new("correct horse battery").expect("hash");
        assert!(
            hash.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{}",
            hash.as_str()
        );
        assert_eq!(
            PasswordHash::verify(Some(&hash), "correct horse battery"),
            Verdict::Right
        );
        assert_eq!(
            PasswordHash::verify(Some(&hash), "correct horse batterz"),
            Verdict::Wrong
        );
        assert_eq!(PasswordHash::verify(None, "correct horse battery"), Verdict::Wrong);
    }

    #[test]
    fn weaker_hashes_are_recognized() {
        let weak = PasswordHash::with_params(
            "correct horse battery",
            Params::new(8 * 1024, 1, 1, None).expect("params"),
        );
        assert_eq!(
            PasswordHash::verify(Some(&weak), "correct horse battery"),
            Verdict::RightButOutdated
        );
    }

    #[test]
    fn lengths_are_limited() {
        assert_eq!(PasswordHash::new("elevenchars"), Err(PasswordProblem));
        assert_eq!(PasswordHash::new(&"x".repeat(129)), Err(PasswordProblem));
        assert!(PasswordHash::new(&"ë".repeat(128)).is_ok());
    }

    impl std::fmt::Debug for PasswordHash {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("PasswordHash")
        }
    }

    const DAMAGED: [&str; 8] = [
        "",
        "not a phc string",
        "$argon2id$v=19$m=19456,t=2,p=1",
        "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=1,t=0,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=18$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=19456,t=2,p=1$AAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$pbkdf2-sha256$i=600000,l=32$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ];

    #[test]
    fn a_damaged_hash_matches_nothing() {
        for damaged in DAMAGED {
            let hash = PasswordHash::from_phc(damaged.to_owned());
            assert_eq!(
                PasswordHash::verify(Some(&hash), "correct horse battery"),
                Verdict::Wrong
            );
        }
    }

    /// In these cases `matches` returns `None` and the stand-in is hashed, so that the answer takes as long as for
    /// other logins.
    #[test]
    fn a_damaged_hash_does_no_work_and_its_stand_in_does() {
        for damaged in DAMAGED {
            let hash = PasswordHash::from_phc(damaged.to_owned());
            assert!(hash.matches("correct horse battery").is_none(), "{damaged}");
        }
        let stood_in = PasswordHash::stand_in().matches("correct horse battery");
        assert!(matches!(stood_in, Some((_, false))));
    }
}
