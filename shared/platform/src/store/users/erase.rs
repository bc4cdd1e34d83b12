//! Erasing users.
//!
//! First, one transaction hides the user: it marks the profile, removes it from the list of users and from the count,
//! releases the phone number and writes a receipt. Items in the user's partition are created only while the profile
//! exists unmarked, so none appears after the mark. Then everything is deleted. The profile is last, because it
//! contains the search terms. Erasure is idempotent: if a call is interrupted, the next call continues.
//!
//! Of several concurrent erasures of one user, one marks the profile. The others find the mark or the receipt, however
//! late their transaction arrives. The number is released only if it belongs to this user, because a released number
//! may be registered for another one. All other keys that an erasure deletes contain the user's uuid, which is never
//! reused.

use daftari_domain::Timestamp;
use daftari_domain::time::DAY_SECONDS;

use super::counting::Change;
use super::found_by::items;
use super::profile::Profile;
use crate::identity::UserKey;
use crate::store::attributes::{Attributes, flag, number, string};
use crate::store::backoff::Backoff;
use crate::store::items::ItemBuilder;
use crate::store::operation::{Action, Delete, Put, Query, Update};
use crate::store::primary_key::{Key, SK, user_partition};
use crate::store::user_items::ERASING;
use crate::store::{Store, StoreError};

/// How long a repeated erasure gets the answer of the first one, rather than that of an unknown user.
const RECEIPT_SECONDS: i64 = 90 * DAY_SECONDS;

impl Store {
    /// Erases a user with all its data. True if it is erased or was erased before, false if the user never existed.
    pub async fn erase_user(&self, user: UserKey, now: Timestamp) -> Result<bool, StoreError> {
        let mut backoff = Backoff::default();
        let profile = loop {
            let Some(profile) = self.profile(user).await? else {
                return Ok(self.table.get(Key::erasure(user)).await?.is_some());
            };
            if profile.erasing {
                break profile;
            }
            // The number is released only if it belongs to this user. Only an erasure of this user removes its number.
            let number = &profile.user.phone_number;
            let holder = self.user_id_by_phone(user.tenant(), number).await?;
            let holds_number = holder == Some(user.id());
            let counted = if profile.layout.has_sharded() {
                self.count(user.tenant(), profile.user.reference(), Change::Removed)
                    .await?
            } else {
                Vec::new()
            };
            if self.begin_erasure(user, &profile, holds_number, counted, now).await? {
                break profile;
            }
            backoff.wait().await?;
        };
        let found_by = items(user.tenant(), &profile).into_keys();
        let found_by = found_by.map(|(pk, sk)| Key { pk, sk });
        let entry = entry(user, &profile);
        let others = found_by.filter(|key| *key != entry).map(Key::into_attributes);
        self.table.delete_all(others.collect()).await?;
        loop {
            let keys = self.partition_keys(user).await?;
            if keys.is_empty() {
                break;
            }
            self.table.delete_all(keys).await?;
        }
        self.table
            .delete_all(vec![Key::profile(user).into_attributes()])
            .await?;
        Ok(true)
    }

    /// False if the profile changed in the meantime, or another erasure began.
    async fn begin_erasure(
        &self,
        user: UserKey,
        profile: &Profile,
        holds_number: bool,
        counted: Vec<Action>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mark = Update::new(Key::profile(user), "SET #erasing = :yes REMOVE GSI1PK, GSI1SK")
            .on_condition("version = :version AND attribute_not_exists(#erasing)")
            .name("#erasing", ERASING)
            .value(":yes", flag(true))
            .value(":version", number(profile.version));
        let receipt = ItemBuilder::new(&Key::erasure(user), "erasure")
            .string("erased_at", now)
            .number("expires_at", now.plus_seconds(RECEIPT_SECONDS).unix_seconds())
            .build();
        let mut actions = vec![mark.into(), Put::new(receipt).into()];
        if profile.layout.has_sharded() {
            actions.push(Delete::new(entry(user, profile)).into());
        }
        actions.extend(counted);
        if holds_number {
            let release = Delete::new(Key::phone(user.tenant(), &profile.user.phone_number))
                .on_condition("#uuid = :user")
                .name("#uuid", "uuid")
                .value(":user", string(user.id()));
            actions.push(release.into());
        }
        self.table.try_transact(actions).await
    }

    /// Up to one page of keys in the user's partition, without the profile.
    async fn partition_keys(&self, user: UserKey) -> Result<Vec<Attributes>, StoreError> {
        let profile = Key::profile(user);
        let query = Query::partition(user_partition(user)).consistent().keys_only();
        let mut from = None;
        loop {
            let (items, next) = self.table.query_once(query.clone(), from).await?;
            let is_profile = |item: &Attributes| item.get(SK).and_then(|sk| sk.as_s().ok()) == Some(&profile.sk);
            let keys: Vec<_> = items.into_iter().filter(|item| !is_profile(item)).collect();
            from = next;
            if !keys.is_empty() || from.is_none() {
                return Ok(keys);
            }
        }
    }
}

/// The user's entry in the list of users.
fn entry(user: UserKey, profile: &Profile) -> Key {
    Key::list_entry(user.tenant(), profile.user.created_at, user.id())
}
