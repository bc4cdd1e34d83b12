//! Registering users, keyed on the phone number.
//!
//! One transaction claims the number and writes the profile with all items that find it. So of two concurrent
//! registrations of one number, one creates the user and the other finds it. The user is counted later, because a
//! counter that every registration writes would be a hot item.
//!
//! Transactions are idempotent: the SDK sends every retry with the same client request token. DynamoDB remembers the
//! token for ten minutes, longer than the signature of a request is valid. So a late copy of a registration cannot
//! recreate an erased user.

use std::time::Duration;

use daftari_domain::ids::UserId;
use daftari_domain::{Country, Timestamp};
use tokio::time::Instant;

use super::found_by::{changes, replacement};
use super::layout::Layout;
use super::list_directory::Bound;
use super::profile::{Profile, User};
use super::terms::terms_of;
use super::uncounted::MARKING_ODDS;
use crate::identity::Tenant;
use crate::phone::PhoneNumber;
use crate::store::backoff::Backoff;
use crate::store::items::ItemBuilder;
use crate::store::operation::Put;
use crate::store::primary_key::Key;
use crate::store::{Store, StoreError};

/// One in so many registrations folds the tail of the list. A page reads at most about 90 users of the tail, so nearly
/// always one of them has folded.
pub(super) const FOLDING_ODDS: u32 = 8;

/// After this time a registration checks that its user is counted: half of the grace period of folding.
const SLOW: Duration = Duration::from_secs(7);

/// The values that a registration sets; `None` leaves a value unchanged.
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

impl NewUser {
    /// The registration of a number.
    pub fn new(id: UserId, number: &PhoneNumber, changes: UserChanges) -> Self {
        Self {
            id,
            phone_number: number.digits().to_owned(),
            old_spellings: number.old_spellings(),
            country: number.country(),
            changes,
        }
    }
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
        let started = Instant::now();
        loop {
            let holder = self.user_id_by_phones(tenant, &new.phone_number, &new.old_spellings);
            let (holder, layout) = tokio::try_join!(holder, self.layout_to_write(tenant))?;
            // A user must not appear among users who were counted long ago.
            let now = now.plus_seconds(i64::try_from(started.elapsed().as_secs()).unwrap_or(i64::MAX));
            let written = match holder {
                None => self
                    .create_user(tenant, layout, new, now)
                    .await?
                    .map(Registered::Created),
                Some(id) => self
                    .update_user(tenant, layout, id, &new.changes, now)
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
            let (id, layout) = tokio::try_join!(self.user_id_by_phone(tenant, digits), self.layout_to_write(tenant))?;
            let Some(id) = id else {
                return Ok(None);
            };
            if let Some(user) = self.update_user(tenant, layout, id, changes, now).await? {
                return Ok(Some(user));
            }
            backoff.wait().await?;
        }
    }

    /// `None` if another registration of the number was faster.
    async fn create_user(
        &self,
        tenant: Tenant,
        layout: Layout,
        new: &NewUser,
        now: Timestamp,
    ) -> Result<Option<User>, StoreError> {
        let started = Instant::now();
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
            layout,
            erasing: false,
        };
        let phone = ItemBuilder::new(&Key::phone(tenant, &new.phone_number), "phone")
            .string("uuid", new.id)
            .build();
        let mut actions = vec![Put::create(phone).into(), Put::create(profile.item(tenant)).into()];
        actions.extend(changes(tenant, None, &profile));
        if layout.has_sharded() && fastrand::u32(..MARKING_ODDS) == 0 {
            // Before the user exists, so that no user is left behind without a mark.
            self.mark_uncounted(tenant, now).await;
        }
        if !self.table.try_transact(actions).await? {
            return Ok(None);
        }
        if started.elapsed() > SLOW {
            self.recount(tenant, Bound::of(profile.user.reference())).await?;
        }
        if fastrand::u32(..FOLDING_ODDS) == 0 {
            self.keep_folded(tenant, now).await;
        }
        Ok(Some(profile.user))
    }

    /// `None` if the user changed meanwhile, or is being erased.
    async fn update_user(
        &self,
        tenant: Tenant,
        layout: Layout,
        id: UserId,
        change: &UserChanges,
        now: Timestamp,
    ) -> Result<Option<User>, StoreError> {
        let Some(old) = self.profile(tenant.user(id)).await?.filter(|profile| !profile.erasing) else {
            return Ok(None);
        };
        let mut user = old.user.clone();
        change.apply(&mut user);
        if user == old.user {
            return Ok(Some(user));
        }
        user.updated_at = now;
        let new = Profile {
            terms: terms_of(&user),
            user,
            version: old.version + 1,
            // Only the migration adds a user to the list, because that changes counts.
            layout: if old.layout == Layout::Single {
                Layout::Single
            } else {
                old.layout.max(layout)
            },
            erasing: false,
        };
        let actions = replacement(tenant, &old, &new);
        Ok(self.table.try_transact(actions).await?.then_some(new.user))
    }
}
