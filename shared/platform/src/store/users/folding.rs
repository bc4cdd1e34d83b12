//! Folding: counting the users of the tail, and repairing counts.

use daftari_domain::Timestamp;

use super::counting::{Chunk, Head};
use super::directory::{Bound, CHUNK_LEAVES, Leaf, fold, leaf_of};
use super::entries::entry_bytes;
use super::layout::Layout;
use super::profile::User;
use super::shards::{Order, Part, Shard};
use crate::identity::Tenant;
use crate::store::request::Action;
use crate::store::{Store, StoreError};

/// How long after its time of creation a user is folded: by then its transaction is done, and the clocks of all
/// functions are past that second.
pub const GRACE_SECONDS: i64 = 15;

/// Fewest users that are worth a folding.
pub(super) const WORTH_FOLDING: usize = 100;

/// Most users of one partition of the list in one folding.
const MAX_OF_SHARD: u16 = 250;

/// The result of a folding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Folded {
    /// Users counted.
    pub(super) users: usize,
    /// Whether there may be more to count.
    pub(super) has_more: bool,
}

impl Store {
    /// Counts up to 2,000 users of the tail who were registered before the grace period, if there are at least
    /// `fewest`. Costs about 1 read unit for 15 users, and 20 write units. Does nothing if another folding is faster.
    pub(super) async fn fold_users(&self, tenant: Tenant, now: Timestamp, fewest: usize) -> Result<Folded, StoreError> {
        let nothing = Folded {
            users: 0,
            has_more: false,
        };
        let (head, chunk) = tokio::try_join!(self.directory_head(tenant), self.chunk_of(tenant, "~"))?;
        let due = Bound::second(now.plus_seconds(-GRACE_SECONDS));
        let Some(head) = head.filter(|head| head.boundary < due) else {
            return Ok(nothing);
        };
        let part = Part::between(Some(head.boundary), due);
        let shards = self
            .read_shards(tenant, &part, Order::Oldest, MAX_OF_SHARD, true)
            .await?;
        let boundary = read_up_to(&shards).unwrap_or(due);
        let has_more = boundary < due;
        let mut users: Vec<User> = shards.into_iter().flat_map(|shard| shard.users).collect();
        users.retain(|user| Bound::of(user.reference()) < boundary);
        users.sort_unstable_by_key(User::reference);
        if users.len() < fewest || boundary <= head.boundary {
            return Ok(nothing);
        }
        let next = Head {
            users: head.users + users.len() as u64,
            boundary,
            ..head
        };
        let mut leaves = chunk.as_ref().map(|chunk| chunk.leaves.clone()).unwrap_or_default();
        fold(
            &mut leaves,
            users.iter().map(|user| (user.reference(), entry_bytes(user))),
        );
        let from = chunk.map_or_else(String::new, |chunk| chunk.from);
        let mut actions: Vec<Action> = vec![head.replace(tenant, next).into()];
        actions.extend(chunks(from, &leaves).map(|chunk| chunk.put(tenant).into()));
        let folded = self.table.try_transact(actions).await?;
        let users = if folded { users.len() } else { 0 };
        Ok(Folded { users, has_more })
    }

    /// Folds as far as the tenant's layout asks for it. A failure is logged: the users stay in the tail.
    pub(super) async fn keep_folded(&self, tenant: Tenant, now: Timestamp) {
        if self.layouts.known(tenant).is_none_or(|layout| layout == Layout::Single) {
            return;
        }
        if let Err(error) = self.fold_users(tenant, now, WORTH_FOLDING).await {
            tracing::warn!(target: "daftari::users", %error, "users were not folded");
        }
    }

    /// Counts the users of one leaf again, and stores the count if it was wrong. That is so if a registration took
    /// longer than the grace period.
    pub(super) async fn recount(&self, tenant: Tenant, bound: Bound) -> Result<(), StoreError> {
        let Some((head, directory)) = self.directory(tenant, true).await? else {
            return Ok(());
        };
        let Some(at) = leaf_of(&directory.leaves, bound).filter(|_| bound < head.boundary) else {
            return Ok(());
        };
        let (from, to) = directory.extent(at);
        let part = Part::between(from, to.unwrap_or(head.boundary));
        let shards = self
            .read_shards(tenant, &part, Order::Oldest, u16::MAX / 2, true)
            .await?;
        let counted: usize = shards.iter().map(|shard| shard.users.len()).sum();
        let counted = u32::try_from(counted).unwrap_or(u32::MAX);
        let Some(Leaf { from, users }) = directory.leaves.get(at).copied() else {
            return Ok(());
        };
        if users == counted || shards.iter().any(|shard| shard.has_more) {
            return Ok(());
        }
        let Some(mut chunk) = self.chunk_of(tenant, &chunk_key(at, from)).await? else {
            return Ok(());
        };
        let Some(leaf) = chunk.leaves.iter_mut().find(|leaf| leaf.from == from) else {
            return Ok(());
        };
        leaf.users = counted;
        let total = head.users.saturating_sub(users.into()) + u64::from(counted);
        let next = Head { users: total, ..head };
        tracing::warn!(target: "daftari::users", users, counted, "a leaf was counted again");
        let actions = vec![head.replace(tenant, next).into(), chunk.put(tenant).into()];
        self.table.try_transact(actions).await.map(drop)
    }
}

/// A sort key that is in the chunk of a leaf.
fn chunk_key(leaf: usize, from: Bound) -> String {
    if leaf == 0 { String::new() } else { from.sort_key() }
}

/// Up to where all partitions were read; `None` if that is as far as was asked for.
fn read_up_to(shards: &[Shard]) -> Option<Bound> {
    let cut = shards.iter().filter(|shard| shard.has_more);
    cut.filter_map(|shard| shard.users.last())
        .map(|user| Bound::of(user.reference()))
        .min()
}

/// Leaves as chunks, of which the first begins at `from`.
fn chunks(from: String, leaves: &[Leaf]) -> impl Iterator<Item = Chunk> {
    let begin = move |(at, leaves): (usize, &[Leaf])| Chunk {
        from: match leaves.first() {
            Some(leaf) if at > 0 => leaf.from.sort_key(),
            _ => from.clone(),
        },
        leaves: leaves.to_vec(),
    };
    leaves.chunks(CHUNK_LEAVES).enumerate().map(begin)
}
