//! Folding: counting the users of the tail, and repairing counts.

use std::collections::BTreeMap;

use daftari_domain::Timestamp;

use super::counting::{Chunk, Head};
use super::layout::Layout;
use super::leaf::LeafSeconds;
use super::list_directory::{Bound, CHUNK_LEAVES, Leaf, fold, leaf_of};
use super::profile::User;
use super::shards::{Order, Part, Shard};
use crate::identity::Tenant;
use crate::store::operation::{Action, Put};
use crate::store::{Store, StoreError};

/// The grace period: how long after its time of creation a user is folded. By then its transaction has ended, and the
/// clocks of all functions are past that second.
pub const GRACE_SECONDS: i64 = 15;

/// How far a boundary must move if nobody is to be counted. A list that a burst cuts short ends at its boundary, so
/// that is at most this and the grace period before the burst. In a burst, one write in this time.
const STALE_SECONDS: i64 = 5;

/// Most users of one partition of the list in one folding.
const MAX_FOLDED_OF_SHARD: u16 = 250;

/// Most foldings of one registration, if more users are due than one folding counts.
const MAX_FOLDINGS_OF_REGISTRATION: usize = 4;

/// The result of a folding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Folded {
    /// Number of users counted.
    pub(super) users: usize,
    /// Whether there may be more to count.
    pub(super) has_more: bool,
}

/// Users who can be counted.
#[derive(Clone, Debug)]
pub(super) struct Due {
    /// Oldest first.
    pub(super) users: Vec<User>,
    /// They are all uncounted users before the next one.
    pub(super) boundary: Bound,
    /// Whether there are more.
    pub(super) has_more: bool,
    /// The boundary of the directory.
    pub(super) last_chunk: Chunk,
    pub(super) last_leaf: Option<LeafSeconds>,
}

impl Folded {
    const NOTHING: Self = Self {
        users: 0,
        has_more: false,
    };
}

impl Store {
    /// Counts up to 2,000 users of the tail who were registered before the grace period. Costs 11 read units plus about
    /// 1 for 12 users, and 8 to 34 write units; 1 read unit if there is nobody to count. Does nothing if another
    /// folding is faster.
    pub(super) async fn fold_users(&self, tenant: Tenant, now: Timestamp) -> Result<Folded, StoreError> {
        let Some(head) = self.directory_head(tenant).await? else {
            return Ok(Folded::NOTHING);
        };
        let due = self.read_due(tenant, head, now, MAX_FOLDED_OF_SHARD).await?;
        self.fold(tenant, head, due).await
    }

    /// The oldest users behind the boundary who were registered before the grace period, and the data to count them. At
    /// most `limit` users of each list partition. One round trip.
    pub(super) async fn read_due(
        &self,
        tenant: Tenant,
        head: Head,
        now: Timestamp,
        limit: u16,
    ) -> Result<Due, StoreError> {
        let end = Bound::second(now.plus_seconds(-GRACE_SECONDS));
        if head.boundary >= end {
            return Ok(Due {
                users: Vec::new(),
                boundary: head.boundary,
                has_more: false,
                last_chunk: Chunk::first(),
                last_leaf: None,
            });
        }
        let part = Part::between(Some(head.boundary), end);
        let (chunk, last_leaf, shards) = tokio::try_join!(
            self.chunk_of(tenant, "~"),
            self.leaf_at(tenant, "~", true),
            self.read_shards(tenant, &part, Order::Oldest, limit, true)
        )?;
        let boundary = read_up_to(&shards).unwrap_or(end);
        let mut users: Vec<User> = shards.into_iter().flat_map(|shard| shard.users).collect();
        users.retain(|user| Bound::of(user.reference()) < boundary);
        users.sort_unstable_by_key(User::reference);
        Ok(Due {
            users,
            boundary,
            has_more: boundary < end,
            last_chunk: chunk.unwrap_or_else(Chunk::first),
            last_leaf,
        })
    }

    /// Counts the users that were read after this head. Does nothing if the head has changed. If there are none, only
    /// moves a boundary that is far behind.
    pub(super) async fn fold(&self, tenant: Tenant, head: Head, due: Due) -> Result<Folded, StoreError> {
        let behind = due.boundary.second.saturating_sub(head.boundary.second);
        if due.boundary <= head.boundary || due.users.is_empty() && behind < STALE_SECONDS {
            return Ok(Folded::NOTHING);
        }
        let (users, has_more) = (due.users.len(), due.has_more);
        let actions: Vec<Action> = puts(tenant, head, due).into_iter().map(Action::from).collect();
        let folded = self.table.try_transact(actions).await?;
        Ok(Folded {
            users: if folded { users } else { 0 },
            has_more,
        })
    }

    /// Folds as far as the tenant's layout requires. A failure is logged: the users stay in the tail.
    pub(super) async fn keep_folded(&self, tenant: Tenant, now: Timestamp) {
        if self.layouts.known(tenant).is_none_or(|layout| layout == Layout::Single) {
            return;
        }
        for _ in 0..MAX_FOLDINGS_OF_REGISTRATION {
            match self.fold_users(tenant, now).await {
                Ok(folded) if folded.users > 0 && folded.has_more => {}
                Ok(_) => break,
                Err(error) => {
                    tracing::warn!(target: "daftari::users", %error, "users were not folded");
                    break;
                }
            }
        }
    }

    /// Counts the users of one leaf again, and stores the count if it was wrong. It is wrong if a registration took
    /// longer than the grace period. Returns the registration times of the leaf's users.
    pub(super) async fn recount(&self, tenant: Tenant, bound: Bound) -> Result<LeafSeconds, StoreError> {
        let nobody = LeafSeconds::of(String::new(), None);
        let Some((head, directory)) = self.directory(tenant, true).await? else {
            return Ok(nobody);
        };
        let Some(at) = leaf_of(&directory.leaves, bound).filter(|_| bound < head.boundary) else {
            return Ok(nobody);
        };
        let (from, to) = directory.extent(at);
        let begin = from.map_or_else(String::new, Bound::sort_key);
        let part = Part::between(from, to.unwrap_or(head.boundary));
        let (shards, stored) = tokio::try_join!(
            self.read_shards(tenant, &part, Order::Oldest, u16::MAX / 2, true),
            self.leaf_at(tenant, &begin, true)
        )?;
        let is_cut = shards.iter().any(|shard| shard.has_more);
        let mut counted = LeafSeconds::of(begin, None);
        for user in shards.iter().flat_map(|shard| &shard.users) {
            counted.add(user.reference());
        }
        let Some(leaf) = directory.leaves.get(at).copied() else {
            return Ok(counted);
        };
        if is_cut || (counted.agrees_with(leaf) && stored.as_ref() == Some(&counted)) {
            return Ok(counted);
        }
        let Some(mut chunk) = self.chunk_of(tenant, &counted.from).await? else {
            return Ok(counted);
        };
        let users = u32::try_from(counted.users()).unwrap_or(u32::MAX);
        match chunk.leaves.iter_mut().find(|other| other.from == leaf.from) {
            Some(leaf) => leaf.users = users,
            None => return Ok(counted),
        }
        let total = head.users.saturating_sub(leaf.users.into()) + u64::from(users);
        let next = Head { users: total, ..head };
        tracing::warn!(target: "daftari::users", users = leaf.users, counted = users, "a leaf was counted again");
        let actions = vec![
            head.replace(tenant, next).into(),
            chunk.put(tenant).into(),
            counted.put(tenant).into(),
        ];
        let _ = self.table.try_transact(actions).await?;
        Ok(counted)
    }
}

/// The writes of a folding.
pub(super) fn puts(tenant: Tenant, head: Head, due: Due) -> Vec<Put> {
    let next = Head {
        users: head.users + due.users.len() as u64,
        boundary: due.boundary,
        ..head
    };
    let mut puts = vec![head.replace(tenant, next)];
    if due.users.is_empty() {
        return puts;
    }
    let mut all = due.last_chunk;
    fold(&mut all.leaves, head.boundary, due.users.iter().map(User::reference));
    puts.extend(seconds(&all, due.last_leaf, &due.users).map(|leaf| leaf.put(tenant)));
    puts.extend(chunks(&all).map(|chunk| chunk.put(tenant)));
    puts
}

/// The end of the part that was read of every partition; `None` if that is the end of the request.
fn read_up_to(shards: &[Shard]) -> Option<Bound> {
    let cut = shards.iter().filter(|shard| shard.has_more);
    cut.filter_map(|shard| shard.users.last())
        .map(|user| Bound::of(user.reference()))
        .min()
}

/// The seconds of the leaves with the folded users. `last` is the stored item of the previous last leaf.
fn seconds(all: &Chunk, last: Option<LeafSeconds>, users: &[User]) -> impl Iterator<Item = LeafSeconds> {
    let mut last = last;
    let mut leaves = BTreeMap::new();
    for user in users.iter().map(User::reference) {
        let at = leaf_of(&all.leaves, Bound::of(user)).expect("folding users makes leaves");
        let leaf = leaves.entry(at);
        // The users are in order, so the first of them belong to the previous last leaf.
        leaf.or_insert_with(|| LeafSeconds::of(all.begin_of(at), last.take()))
            .add(user);
    }
    leaves.into_values()
}

/// Leaves as chunks of the stored size.
fn chunks(all: &Chunk) -> impl Iterator<Item = Chunk> {
    let begin = |(at, leaves): (usize, &[Leaf])| Chunk {
        from: all.begin_of(at * CHUNK_LEAVES),
        leaves: leaves.to_vec(),
    };
    all.leaves.chunks(CHUNK_LEAVES).enumerate().map(begin)
}
