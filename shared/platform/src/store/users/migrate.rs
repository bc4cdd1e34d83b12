//! Migrates a tenant from the single to the sharded layout, while it is in use. For the operator's tool only.
//!
//! From its start, a migration writes users in both layouts. Then it adds the missing items of existing users, counts
//! all users, and only then reads them in the sharded layout. Its end writes users in the sharded layout only, and then
//! removes the items of the single layout. Every step can be repeated and continues after an interruption, because a
//! user's profile states the user's layout.

use daftari_domain::Timestamp;
use futures_util::future::try_join_all;

use super::counting::Change;
use super::entries::user_of_sort_key;
use super::found_by::replacement;
use super::layout::Layout;
use super::profile::Profile;
use super::terms::terms_of;
use crate::identity::{Tenant, UserKey};
use crate::store::backoff::Backoff;
use crate::store::items::ItemReader;
use crate::store::operation::Query;
use crate::store::primary_key::{GSI1, GSI1_PK, GSI1_SK, users_partition};
use crate::store::{Store, StoreError};

/// Users that are moved at once. Most have different seconds, so they are in different partitions.
const AT_ONCE: usize = 16;
/// Users per query of the index.
const QUERY_USERS: u16 = 500;
/// Most passes over the users until a pass finds nothing to do.
const MAX_PASSES: usize = 5;

/// How long a function may use a cached layout: longer than any request.
pub const LAYOUT_SECONDS: u64 = 60;

/// The progress of a migration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Migrated {
    /// Users read.
    pub seen: u64,
    /// Users changed.
    pub changed: u64,
    /// Users counted.
    pub counted: u64,
}

impl Store {
    /// Starts to write the users of a tenant in both layouts; false if the tenant is already migrated. Requires that no
    /// version serves the tenant that knows only the single layout. [`LAYOUT_SECONDS`] later its users can be
    /// [migrated](Self::migrate_users).
    pub async fn begin_migration(&self, tenant: Tenant) -> Result<bool, StoreError> {
        self.set_layout(tenant, Layout::Single).await?;
        Ok(!self.is_migrated(tenant).await?)
    }

    /// Adds the items that find the users of a tenant in the sharded layout, counts the users, and switches reads to
    /// that layout. `progress` gets the state after every few hundred users. For a migrated tenant, it only stores the
    /// directory in the packed format.
    pub async fn migrate_users(
        &self,
        tenant: Tenant,
        now: impl Fn() -> Timestamp,
        mut progress: impl FnMut(Migrated),
    ) -> Result<Migrated, StoreError> {
        let mut done = Migrated::default();
        self.pack_directory(tenant).await?;
        if !self.begin_migration(tenant).await? {
            return Ok(done);
        }
        for _ in 0..MAX_PASSES {
            if self.move_users(tenant, Layout::Both, &mut done, &mut progress).await? == 0 {
                break;
            }
        }
        done.counted = self
            .count_users(tenant, now(), |counted| progress(Migrated { counted, ..done }))
            .await?;
        self.set_layout(tenant, Layout::Both).await?;
        Ok(done)
    }

    /// Counts all users who were registered before the grace period, so that the next reader finds a short tail.
    /// Returns the number of counted users; `progress` gets it after every 2,000.
    pub async fn count_users(
        &self,
        tenant: Tenant,
        now: Timestamp,
        mut progress: impl FnMut(u64),
    ) -> Result<u64, StoreError> {
        let mut counted = 0;
        loop {
            let folded = self.fold_users(tenant, now).await?;
            counted += folded.users as u64;
            progress(counted);
            if !folded.has_more {
                return Ok(counted);
            }
        }
    }

    /// Whether a tenant's users are read in the sharded layout.
    pub async fn is_migrated(&self, tenant: Tenant) -> Result<bool, StoreError> {
        Ok(self.layout_to_read(tenant, Layout::Both).await? >= Layout::Both)
    }

    /// Stops writing the single layout of a migrated tenant. [`LAYOUT_SECONDS`] later that layout can be
    /// [removed](Self::remove_single_layout). From then on, versions that know only the single layout cannot serve the
    /// tenant.
    pub async fn write_sharded(&self, tenant: Tenant) -> Result<(), StoreError> {
        self.set_layout(tenant, Layout::Sharded).await
    }

    /// Removes the items that find users in the single layout.
    pub async fn remove_single_layout(
        &self,
        tenant: Tenant,
        mut progress: impl FnMut(Migrated),
    ) -> Result<Migrated, StoreError> {
        let mut done = Migrated::default();
        for _ in 0..MAX_PASSES {
            if self
                .move_users(tenant, Layout::Sharded, &mut done, &mut progress)
                .await?
                == 0
            {
                break;
            }
        }
        Ok(done)
    }

    /// Moves the users in the index to a layout. Returns the number of users in another layout.
    async fn move_users(
        &self,
        tenant: Tenant,
        layout: Layout,
        done: &mut Migrated,
        progress: &mut impl FnMut(Migrated),
    ) -> Result<u64, StoreError> {
        let query = Query::index(GSI1, GSI1_PK, users_partition(tenant)).limit(QUERY_USERS);
        let (mut from, mut moved) = (None, 0);
        loop {
            let (items, next) = self.table.query_once(query.clone(), from).await?;
            let users = items
                .into_iter()
                .map(|item| user_of_sort_key(&ItemReader::new(item), GSI1_SK));
            let users: Vec<_> = users.collect::<Result<_, _>>()?;
            for users in users.chunks(AT_ONCE) {
                let moves = users.iter().map(|user| self.move_user(tenant.user(user.id), layout));
                let of_these = try_join_all(moves).await?.into_iter().filter(|moved| *moved).count() as u64;
                done.seen += users.len() as u64;
                done.changed += of_these;
                moved += of_these;
            }
            progress(*done);
            from = next;
            if from.is_none() {
                return Ok(moved);
            }
        }
    }

    /// Moves a user to a layout; false if the user already has it or is erased.
    async fn move_user(&self, user: UserKey, layout: Layout) -> Result<bool, StoreError> {
        let tenant = user.tenant();
        let mut backoff = Backoff::default();
        loop {
            let Some(old) = self
                .profile(user)
                .await?
                .filter(|old| !old.erasing && old.layout < layout)
            else {
                return Ok(false);
            };
            let new = Profile {
                terms: terms_of(&old.user),
                layout,
                version: old.version + 1,
                ..old.clone()
            };
            let mut actions = replacement(tenant, &old, &new);
            if old.layout == Layout::Single {
                actions.extend(
                    self.count_if_folded(tenant, old.user.reference(), Change::Added)
                        .await?,
                );
            }
            if self.table.try_transact(actions).await? {
                return Ok(true);
            }
            backoff.wait().await?;
        }
    }
}
