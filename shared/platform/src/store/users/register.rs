//! Registering users, keyed on the phone number.
//!
//! One transaction claims the number and writes the profile with its search terms. So of two concurrent registrations
//! of one number, one creates the user and the other finds it.
//!
//! Transactions are idempotent: the SDK sends every retry with the same client request token. DynamoDB remembers the
//! token for ten minutes, longer than the signature of a request is valid. So a late copy of a registration cannot
//! create an erased user again.

use daftari_domain::ids::UserId;
use daftari_domain::{Country, Timestamp};

use super::profile::{Profile, User};
use super::terms::terms_of;
use crate::identity::Tenant;
use crate::store::attributes::number;
use crate::store::backoff::Backoff;
use crate::store::items::ItemBuilder;
use crate::store::key::Key;
use crate::store::request::{Action, Delete, Put};
use crate::store::user_items::ERASING;
use crate::store::{Store, StoreError};

/// The values that a registration sets; `None` leaves a value as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserChanges {
    /// See [`User`].
    pub first_name: Option<String>,
    /// See [`User`].
    pub last_name: Option<String>,
    /// See [`User`].
    pub email: Option<String>,
    /// See [`User`]; `Some(None)` removes it.
    pub external_id: Option<Option<String>>,
    /// See [`User`].
    pub device_id: Option<String>,
    /// See [`User`].
    pub is_kyc_verified: Option<bool>,
}

/// A registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewUser {
    /// The uuid of the user if the number is new.
    pub id: UserId,
    /// Digits, with country code.
    pub phone_number: String,
    /// Other spellings that the same number may be stored under, as digits.
    pub old_spellings: Vec<String>,
    /// The country of the number.
    pub country: Option<Country>,
    /// The other values.
    pub changes: UserChanges,
}

/// The outcome of a registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Registered {
    /// The number was new.
    Created(User),
    /// The number was known; this is the user with the changes made.
    Updated(User),
}

impl UserChanges {
    fn apply(&self, user: &mut User) {
        let set = |value: &mut String, change: &Option<String>| {
            if let Some(change) = change {
                value.clone_from(change);
            }
        };
        set(&mut user.first_name, &self.first_name);
        set(&mut user.last_name, &self.last_name);
        set(&mut user.email, &self.email);
        set(&mut user.device_id, &self.device_id);
        if let Some(change) = &self.external_id {
            user.external_id.clone_from(change);
        }
        user.is_kyc_verified = self.is_kyc_verified.unwrap_or(user.is_kyc_verified);
    }
}

impl Store {
    /// Creates the user of a phone number, or updates the existing one. Bounded retries under contention.
    pub async fn register_user(&self, tenant: Tenant, new: &NewUser, now: Timestamp) -> Result<Registered, StoreError> {
        let mut backoff = Backoff::default();
        loop {
            let holder = self
                .user_id_by_phones(tenant, &new.phone_number, &new.old_spellings)
                .await?;
            let written = match holder {
                None => self.create_user(tenant, new, now).await?.map(Registered::Created),
                Some(id) => self
                    .update_user(tenant, id, &new.changes, now)
                    .await?
                    .map(Registered::Updated),
            };
            match written {
                Some(registered) => return Ok(registered),
                None => backoff.wait().await?,
            }
        }
    }

    /// Updates the user whose number is stored as exactly these digits; `None` if no user has it. Bounded retries under
    /// contention.
    pub async fn update_user_of_number(
        &self,
        tenant: Tenant,
        digits: &str,
        changes: &UserChanges,
        now: Timestamp,
    ) -> Result<Option<User>, StoreError> {
        let mut backoff = Backoff::default();
        loop {
            let Some(id) = self.user_id_by_phone(tenant, digits).await? else {
                return Ok(None);
            };
            if let Some(user) = self.update_user(tenant, id, changes, now).await? {
                return Ok(Some(user));
            }
            backoff.wait().await?;
        }
    }

    /// `None` if another registration of the number was faster.
    async fn create_user(&self, tenant: Tenant, new: &NewUser, now: Timestamp) -> Result<Option<User>, StoreError> {
        let mut user = User {
            id: new.id,
            phone_number: new.phone_number.clone(),
            country: new.country,
            first_name: String::new(),
            last_name: String::new(),
            email: String::new(),
            external_id: None,
            device_id: String::new(),
            is_kyc_verified: false,
            created_at: now,
            updated_at: now,
        };
        new.changes.apply(&mut user);
        let profile = Profile {
            terms: terms_of(&user),
            user,
            version: 1,
            erasing: false,
        };
        let phone = ItemBuilder::new(&Key::phone(tenant, &new.phone_number), "phone")
            .string("uuid", new.id)
            .build();
        let mut actions = vec![Put::create(phone).into(), Put::create(profile.item(tenant)).into()];
        actions.extend(profile.terms.iter().map(|term| put_term(tenant, term, &profile.user)));
        Ok(self.table.try_transact(actions).await?.then_some(profile.user))
    }

    /// `None` if the user changed meanwhile, or is being erased.
    async fn update_user(
        &self,
        tenant: Tenant,
        id: UserId,
        changes: &UserChanges,
        now: Timestamp,
    ) -> Result<Option<User>, StoreError> {
        let Some(old) = self.profile(tenant.user(id)).await?.filter(|profile| !profile.erasing) else {
            return Ok(None);
        };
        let mut user = old.user.clone();
        changes.apply(&mut user);
        if user == old.user {
            return Ok(Some(user));
        }
        user.updated_at = now;
        let new = Profile {
            terms: terms_of(&user),
            user,
            version: old.version + 1,
            erasing: false,
        };
        let unchanged = Put::new(new.item(tenant))
            .on_condition("version = :version AND attribute_not_exists(#erasing)")
            .name("#erasing", ERASING)
            .value(":version", number(old.version));
        let removed = old.terms.iter().filter(|term| !new.terms.contains(term));
        let added = new.terms.iter().filter(|term| !old.terms.contains(term));
        let mut actions = vec![unchanged.into()];
        actions.extend(removed.map(|term| Delete::new(Key::term(tenant, term, id)).into()));
        actions.extend(added.map(|term| put_term(tenant, term, &new.user)));
        Ok(self.table.try_transact(actions).await?.then_some(new.user))
    }
}

fn put_term(tenant: Tenant, term: &str, user: &User) -> Action {
    let item = ItemBuilder::new(&Key::term(tenant, term, user.id), "term")
        .string("uuid", user.id)
        .string("created_at", user.created_at)
        .build();
    Put::new(item).into()
}
