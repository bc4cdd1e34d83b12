//! Email and password of a request.

use axum::extract::FromRequestParts;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use daftari_platform::Error;
use daftari_platform::identity::Password;
use http::header::AUTHORIZATION;
use http::request::Parts;
use zeroize::Zeroizing;

/// Limit of an email (RFC 5321).
const MAX_EMAIL_BYTES: usize = 254;
/// Limit of a password, which bounds the work of hashing. No login has a longer one.
const MAX_PASSWORD_BYTES: usize = 1_024;

/// An email in lower case, and an unchecked password.
pub(crate) struct Credentials {
    pub(crate) email: String,
    pub(crate) password: Password,
}

impl Credentials {
    /// Values that no login can have are wrong credentials too.
    pub(crate) fn new(email: &str, password: Password) -> Result<Self, Error> {
        let email = email.trim().to_lowercase();
        let plausible = (1..=MAX_EMAIL_BYTES).contains(&email.len()) && !email.chars().any(char::is_control);
        if plausible && password.len() <= MAX_PASSWORD_BYTES {
            Ok(Self { email, password })
        } else {
            Err(Error::WrongCredentials)
        }
    }
}

/// Reads `Authorization: Basic`, in UTF-8.
impl<S: Sync> FromRequestParts<S> for Credentials {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let value = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let (email, password) = value.and_then(basic).ok_or(Error::NoCredentials)?;
        Self::new(&email, password)
    }
}

/// Email and password of the value of a header.
fn basic(value: &str) -> Option<(String, Password)> {
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = Zeroizing::new(STANDARD.decode(encoded.trim()).ok()?);
    let (email, password) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
    Some((email.to_owned(), password.to_owned().into()))
}
