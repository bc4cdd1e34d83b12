//! Demo data: one organization with a login, and the people of the sandbox in both environments.

use daftari_domain::Timestamp;
use daftari_domain::ids::{LoginId, OrganizationId};
use daftari_platform::identity::{Environment, PasswordHash, Tenant};
use daftari_platform::store::{Login, Organization, Store, StoreError};
use daftari_sandbox::{Absent, Outcome, Registered, SeedError as SandboxError, people};
use uuid::Uuid;

/// The demo organization.
pub const ORGANIZATION: OrganizationId = OrganizationId(Uuid::from_u128(0x00da_f7a1_0000_4000_8000_0000_0000_0001));
/// Its name.
pub const ORGANIZATION_NAME: &str = "Demo Lender";
/// Its first token generation.
pub const TOKEN_GENERATION: u64 = 0;
/// The login of the demo organization.
pub const EMAIL: &str = "demo@daftari.example";
/// Its password.
pub const PASSWORD: &str = "demo-password-2021";

const LOGIN: LoginId = LoginId(Uuid::from_u128(0x00da_f7a1_0000_4000_8000_0000_0000_0002));

/// The demo data could not be written.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// The table.
    #[error("demo data: {0}")]
    Store(#[from] StoreError),
    /// The people.
    #[error("demo data: {0}")]
    People(#[from] SandboxError),
    /// A fault of this program.
    #[error("demo data: {0}")]
    Wrong(&'static str),
}

/// Counts of the written data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seeded {
    /// Phone users that were registered.
    pub users: usize,
    /// Records that were added to ledgers.
    pub records: usize,
}

/// Writes the demo data as of a date: the people of the sandbox, in both environments.
///
/// The login is written last and marks the data as complete, so a start after an interrupted one completes the data.
/// Once the login is there, histories go on to the day before `today`, and changes by people are kept: an erased person
/// stays erased.
pub async fn seed(store: &Store, today: Timestamp) -> Result<Seeded, SeedError> {
    let is_complete = store.login(EMAIL).await?.is_some();
    let absent = if is_complete {
        Absent::Skip
    } else {
        let organization = Organization {
            token_generation: TOKEN_GENERATION,
            ..Organization::new(
                ORGANIZATION,
                ORGANIZATION_NAME,
                "KE".parse().map_err(|_| SeedError::Wrong("an invalid country"))?,
            )
        };
        store.create_organization(&organization).await?;
        Absent::Register(Registered::Earlier)
    };
    let everybody = people(today);
    let mut seeded = Seeded::default();
    for environment in Environment::ALL {
        let tenant = Tenant::of_operator(ORGANIZATION, environment);
        for person in daftari_sandbox::seed(store, tenant, &everybody, absent).await? {
            match person.outcome {
                Outcome::New(records) => {
                    seeded.users += 1;
                    seeded.records += records;
                }
                Outcome::Continued(records) => seeded.records += records,
                Outcome::Skipped | Outcome::NumberTaken(_) => {}
            }
        }
    }
    if !is_complete {
        let password = PasswordHash::new(PASSWORD).map_err(|_| SeedError::Wrong("the password is not acceptable"))?;
        let login = Login::new(LOGIN, EMAIL, password, vec![ORGANIZATION]);
        store.create_login(&login).await?;
    }
    Ok(seeded)
}

#[cfg(test)]
mod tests;
