//! Storing people and their histories.

use daftari_domain::Timestamp;
use daftari_domain::ids::UserId;
use daftari_domain::ledger::Outcome as Stored;
use daftari_platform::identity::Tenant;
use daftari_platform::phone::PhoneNumber;
use daftari_platform::store::{self, NewUser, Store, StoreError, UserChanges};

use crate::persona::Persona;

/// The API's limit of records per batch.
const BATCH: usize = 1_000;

/// People could not be stored.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// The table.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A fault of this program.
    #[error("sandbox: {0}")]
    Wrong(&'static str),
}

/// The action for a person who is not in the tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    /// The person is registered.
    Register(Registered),
    /// The person is left out, for example because somebody erased them.
    Skip,
}

/// The time of a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registered {
    /// This instant. A table with other users needs the present time, because later listings rely on it.
    At(Timestamp),
    /// [`Persona::registered_at`], for a table that has no other users.
    Earlier,
}

/// The outcome for one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Registered, with this number of records.
    New(usize),
    /// Already registered; this number of records are new or have other values.
    Continued(usize),
    /// Not registered before and after.
    Skipped,
    /// The phone number belongs to somebody else, whose data stays unchanged.
    NumberTaken(UserId),
}

/// One person after [`seed`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seeded {
    /// [`Persona::key`].
    pub key: &'static str,
    /// The uuid of the person in the tenant.
    pub user: UserId,
    /// The outcome for the person.
    pub outcome: Outcome,
}

/// Stores people and their histories in a tenant. A second run with the same people changes nothing. Profiles of
/// registered people stay unchanged, and so do records of other days.
pub async fn seed(store: &Store, tenant: Tenant, people: &[Persona], absent: Absent) -> Result<Vec<Seeded>, SeedError> {
    let mut seeded = Vec::with_capacity(people.len());
    for persona in people {
        seeded.push(Seeded {
            key: persona.key,
            user: persona.id(tenant),
            outcome: seed_one(store, tenant, persona, absent).await?,
        });
    }
    Ok(seeded)
}

async fn seed_one(store: &Store, tenant: Tenant, persona: &Persona, absent: Absent) -> Result<Outcome, SeedError> {
    let id = persona.id(tenant);
    if store.user(tenant.user(id)).await?.is_some() {
        return append(store, tenant, persona).await.map(Outcome::Continued);
    }
    let Absent::Register(time) = absent else {
        return Ok(Outcome::Skipped);
    };
    if let Some(holder) = register(store, tenant, persona, time).await? {
        return Ok(Outcome::NumberTaken(holder));
    }
    append(store, tenant, persona).await.map(Outcome::New)
}

/// Registers a person. Returns the holder of the number, if it is somebody else.
async fn register(
    store: &Store,
    tenant: Tenant,
    persona: &Persona,
    time: Registered,
) -> Result<Option<UserId>, SeedError> {
    let number = PhoneNumber::parse(persona.phone_number).map_err(|_| SeedError::Wrong("an invalid phone number"))?;
    let changes = UserChanges {
        first_name: Some(persona.first_name.to_owned()),
        last_name: Some(persona.last_name.to_owned()),
        email: Some(persona.email.to_owned()),
        external_id: Some(persona.external_id.map(str::to_owned)),
        device_id: Some(persona.device_id.to_owned()),
        is_kyc_verified: Some(persona.is_kyc_verified),
    };
    let new = NewUser::new(persona.id(tenant), &number, changes);
    // Checked first, because a registration would change the holder's profile.
    let holder = store
        .user_id_by_phones(tenant, &new.phone_number, &new.old_spellings)
        .await?;
    if holder.is_some() {
        return Ok(holder);
    }
    let at = match time {
        Registered::At(now) => now,
        Registered::Earlier => persona.registered_at,
    };
    let registered = store.register_user(tenant, &new, at).await?;
    let (store::Registered::Created(user) | store::Registered::Updated(user)) = registered;
    Ok((user.id != new.id).then_some(user.id))
}

/// Returns the number of records that did not exist with the same values.
async fn append(store: &Store, tenant: Tenant, persona: &Persona) -> Result<usize, SeedError> {
    let mut changed = 0;
    for batch in persona.records.chunks(BATCH) {
        let appended = store
            .append(tenant.user(persona.id(tenant)), batch.to_vec())
            .await?
            .ok_or(SeedError::Wrong("a user was erased meanwhile"))?;
        for outcome in appended.outcomes {
            match outcome {
                Ok(Stored::Accepted | Stored::Replaced) => changed += 1,
                Ok(Stored::Duplicate) => {}
                Err(_) => return Err(SeedError::Wrong("a ledger takes no more records")),
            }
        }
    }
    Ok(changed)
}
