//! Demo data: one organization with a login, and phone users with two years of ledger.
//!
//! The same on every machine: it ends on a fixed day, and no clock or foreign generator of numbers decides anything.
//!
//! - `people`: who there is;
//! - `life`: what happens to a person's money, day by day;
//! - `loans`: the story of a loan;
//! - `book`: accounts with balances that follow from the records;
//! - `random`: the generator of numbers.

mod book;
mod life;
mod loans;
mod people;
mod random;

use daftari_domain::Timestamp;
use daftari_domain::ids::{OrganizationId, UserId};
use daftari_platform::identity::{
    Environment, FIRST_GENERATION, KeyError, PasswordHash, PublicKeys, SigningKeys, Tenant, TokenIssuer, TokenVerifier,
};
use daftari_platform::phone::PhoneNumber;
use daftari_platform::store::{Login, NewUser, Organization, Store, StoreError, UserChanges};
use uuid::Uuid;

use book::known;
use people::{PEOPLE, Person};

/// The demo organization.
pub const ORGANIZATION: OrganizationId = OrganizationId(Uuid::from_u128(0x00da_f7a1_0000_4000_8000_0000_0000_0001));
/// Its name.
pub const ORGANIZATION_NAME: &str = "Demo Lender";
/// The token generation it starts with.
pub const TOKEN_GENERATION: u64 = 0;
/// The login of the demo organization.
pub const EMAIL: &str = "demo@daftari.example";
/// Its password.
pub const PASSWORD: &str = "demo-password-2021";

const LOGIN: Uuid = Uuid::from_u128(0x00da_f7a1_0000_4000_8000_0000_0000_0002);

/// When the demo organization signed up: the time of the token that its data is written with.
const SIGNED_UP_AT: &str = "2021-11-16T20:00:00+00:00";

/// Most records the API takes in a batch.
const BATCH: usize = 1_000;

/// Why the demo data is not there.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// The table.
    #[error("demo data: {0}")]
    Store(#[from] StoreError),
    /// The local keys.
    #[error("demo data: {0}")]
    Keys(#[from] KeyError),
    /// Something that this program gets wrong.
    #[error("demo data: {0}")]
    Wrong(&'static str),
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seeded {
    /// Phone users.
    pub users: usize,
    /// Records in their ledgers.
    pub records: usize,
}

/// Writes the demo data; `None` if it is there already.
///
/// The login is written last and says that everything is there, so that a start after one that was interrupted
/// completes the data, and what people have changed since stays changed.
pub async fn seed(store: &Store, keys: &SigningKeys, issuer: &str) -> Result<Option<Seeded>, SeedError> {
    if store.login(EMAIL).await?.is_some() {
        return Ok(None);
    }
    let organization = Organization {
        token_generation: TOKEN_GENERATION,
        ..Organization::new(ORGANIZATION, ORGANIZATION_NAME, known("KE"))
    };
    store.create_organization(&organization).await?;
    let tenant = tenant(keys, issuer)?;
    let mut seeded = Seeded::default();
    for person in PEOPLE {
        seeded.users += 1;
        seeded.records += write_person(store, tenant, person).await?;
    }
    let password = PasswordHash::new(PASSWORD).map_err(|_| SeedError::Wrong("the password is not acceptable"))?;
    let login = Login::new(LOGIN, EMAIL, password, vec![ORGANIZATION]);
    store.create_login(&login).await?;
    Ok(Some(seeded))
}

/// The tenant the data is for. Only a verified token makes one, here as everywhere.
fn tenant(keys: &SigningKeys, issuer: &str) -> Result<Tenant, SeedError> {
    let now: Timestamp = known(SIGNED_UP_AT);
    let issued = TokenIssuer::new(issuer, keys)?.api_token(
        (LOGIN, FIRST_GENERATION),
        (ORGANIZATION, 0),
        Environment::Production,
        now,
    )?;
    let verifier = TokenVerifier::new(issuer, PublicKeys::from_jwks(&keys.to_jwks()?)?);
    let principal = verifier.verify(&issued.token, now);
    principal
        .map(|principal| principal.tenant)
        .map_err(|_| SeedError::Wrong("the local keys do not verify their own token"))
}

/// Registers a person and fills the ledger; how many records it holds.
async fn write_person(store: &Store, tenant: Tenant, person: &Person) -> Result<usize, SeedError> {
    let phone = PhoneNumber::parse(person.phone_number).map_err(|_| SeedError::Wrong("a phone number is none"))?;
    let new = NewUser {
        id: UserId(known(person.uuid)),
        phone_number: phone.digits().to_owned(),
        old_spellings: Vec::new(),
        country: phone.country(),
        changes: UserChanges {
            first_name: Some(person.first_name.to_owned()),
            last_name: Some(person.last_name.to_owned()),
            email: Some(person.email.to_owned()),
            external_id: Some(person.external_id.map(str::to_owned)),
            device_id: Some(person.device_id.to_owned()),
            is_kyc_verified: Some(person.is_kyc_verified),
        },
    };
    store.register_user(tenant, &new, known(person.registered_at)).await?;
    let records = person.records();
    for batch in records.chunks(BATCH) {
        store
            .append(tenant.user(new.id), batch.to_vec())
            .await?
            .ok_or(SeedError::Wrong("a user is gone"))?;
    }
    Ok(records.len())
}

#[cfg(test)]
mod tests;
