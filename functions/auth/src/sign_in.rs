//! Checks credentials within the rate limits.

use daftari_platform::Error;
use daftari_platform::identity::{FingerprintKey, Password, PasswordHash, Verdict};
use daftari_platform::store::{Familiarity, Login, Store};

use crate::attempts::{Attempts, Marks};
use crate::credentials::Credentials;
use crate::visit::Visit;

/// The login that the credentials belong to.
///
/// The attempt is counted before the password is checked. An unknown email takes the same steps and the same time as a
/// known one from a network where its login has not signed in recently. The same is true for the email of a disabled or
/// deleted login. A known network skips some counters, and a success clears a failure. Only a caller with the password,
/// or one who shares a network with the login, can observe this.
pub(crate) async fn sign_in(
    store: &Store,
    fingerprints: &FingerprintKey,
    visit: Visit,
    credentials: Credentials,
) -> Result<Login, Error> {
    let Credentials { email, password } = credentials;
    let (login, known) = futures_util::try_join!(store.login(&email), store.known_network(&email, visit.network))?;
    let login = login.filter(|login| !login.disabled);
    let familiarity = login
        .as_ref()
        .zip(known)
        .map_or(Familiarity::New, |(login, known)| known.familiarity(login, visit.now));
    let hash = login.as_ref().map(|login| login.password.clone());
    // The mark includes the hash, because a wrong guess may be right after a change of the password.
    let compared = hash.as_ref().map_or("", PasswordHash::as_str);
    let marks = Marks {
        email: fingerprints.of(&["email", &email]),
        password: fingerprints.of(&["password", &email, compared, &password]),
    };
    let attempts = Attempts::begin(store, &email, visit, familiarity, marks).await?;
    let (verdict, rehashed) = match check_password(hash, password).await {
        Ok(checked) => checked,
        Err(error) => {
            attempts.give_up().await;
            return Err(error);
        }
    };
    let Some(login) = login.filter(|_| verdict != Verdict::Wrong) else {
        attempts.failed().await?;
        return Err(Error::WrongCredentials);
    };
    let noted = store.note_network(&login, visit.network, known, visit.now);
    futures_util::try_join!(attempts.succeeded(), noted)?;
    if let Some(new) = rehashed {
        store.update_password_hash(&login, &new).await?;
    }
    Ok(login)
}

/// Runs outside the async threads, because hashing occupies a CPU for tens of milliseconds.
async fn check_password(
    hash: Option<PasswordHash>,
    password: Password,
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
        .map_err(|error| Error::internal(format!("password check: {error}")))
}
