//! Checking credentials, throttled.

use daftari_domain::Timestamp;
use daftari_platform::Error;
use daftari_platform::http::SourceAddress;
use daftari_platform::identity::{PasswordHash, Verdict};
use daftari_platform::store::{Attempt, Login, Store};

use crate::credentials::Credentials;

/// The login that the credentials belong to.
///
/// The attempt is counted before the password is looked at, per email and per source address. An unknown email takes
/// the same steps and the same time as a known one.
pub(crate) async fn sign_in(
    store: &Store,
    address: SourceAddress,
    credentials: Credentials,
    now: Timestamp,
) -> Result<Login, Error> {
    count_attempt(store, address, &credentials.email, now).await?;
    let login = store.login(&credentials.email).await?;
    let hash = login.as_ref().map(|login| login.password.clone());
    let (verdict, rehashed) = check_password(hash, credentials.password).await?;
    let Some(login) = login.filter(|_| verdict != Verdict::Wrong) else {
        return Err(Error::WrongCredentials);
    };
    store.clear_login_attempts(&login.email).await?;
    if let Some(address) = address.0 {
        store.forgive_address_attempt(address).await?;
    }
    if let Some(new) = rehashed {
        store.update_password_hash(&login, &new).await?;
    }
    Ok(login)
}

async fn count_attempt(
    store: &Store,
    address: SourceAddress,
    email: &str,
    now: Timestamp,
) -> Result<(), Error> {
    let by_address = async {
        match address.0 {
            Some(address) => store.count_address_attempt(address, now).await,
            None => Ok(Attempt::Allowed),
        }
    };
    let counted = futures_util::try_join!(store.count_login_attempt(email, now), by_address)?;
    match counted {
        (Attempt::Allowed, Attempt::Allowed) => Ok(()),
        (
            Attempt::Throttled {
                retry_after_seconds,
            },
            _,
        )
        | (
            _,
            Attempt::Throttled {
                retry_after_seconds,
            },
        ) => Err(Error::TooManyRequests {
            retry_after_seconds,
        }),
    }
}

/// Off the async threads, since hashing keeps a processor busy for tens of milliseconds.
async fn check_password(
    hash: Option<PasswordHash>,
    password: String,
) -> Result<(Verdict, Option<PasswordHash>), Error> {
    let checked = tokio::task::spawn_blocking(move || {
        let verdict = PasswordHash::verify(hash.as_ref(), &password);
        let outdated = verdict == Verdict::RightButOutdated;
        let rehashed = if outdated {
            PasswordHash::new(&password).ok()
        } else {
            None
        };
        (verdict, rehashed)
    });
    checked
        .await
        .map_err(|error| Error::Internal(format!("password check: {error}")))
}
