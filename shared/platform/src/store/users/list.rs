//! Pages of the list of users by time of creation.
//!
//! A page is found in two round trips. The first one reads the directory and the newest entries, of which the tail are
//! those that the directory does not count yet; and for each end of a range of time, how many users of its leaf are
//! before it. So it is known how many users are in the range, and how many after it. The second one reads the leaves of
//! the page.

use daftari_domain::{TimeRange, Timestamp};

use super::counting::Head;
use super::directory::{Bound, Directory, Run, leaf_of};
use super::folding::{Due, GRACE_SECONDS, MAX_OF_SHARD, WORTH_FOLDING};
use super::layout::Layout;
use super::leaf::LeafSeconds;
use super::profile::User;
use super::shards::{Order, Part, Shard, likely_share, newest_first};
use crate::identity::Tenant;
use crate::store::key_users::SHARDS;
use crate::store::{Store, StoreError};

/// Newest entries read of each partition before the directory is known: 8 read units in all.
pub(super) const TAIL_OF_SHARD: u16 = 29;
/// Most read units of a page.
pub(super) const MOST_UNITS: usize = 60;

/// A page of users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserPage {
    /// Users on all pages.
    pub total: u64,
    /// Those of the page, newest first.
    pub users: Vec<User>,
    /// If users who were registered later than this are left out, because they are too many to count at the moment.
    pub until: Option<Timestamp>,
}

/// Which users of a list a page has: the newest `count` after the newest `offset`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slice {
    pub(super) offset: u64,
    pub(super) count: u64,
}

impl Slice {
    /// Takes what it can of the newest users that are left, and goes on after them.
    fn take(&mut self, from: &[User], page: &mut Vec<User>) {
        let skipped = self.offset.min(from.len() as u64);
        self.offset -= skipped;
        let rest = from.iter().skip(usize::try_from(skipped).unwrap_or(usize::MAX));
        let taken = rest.take(usize::try_from(self.count).unwrap_or(usize::MAX));
        let before = page.len();
        page.extend(taken.cloned());
        self.count -= (page.len() - before) as u64;
    }
}

/// The ends of a range of time that may be in a leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ends {
    /// The first second.
    start: Option<Bound>,
    /// The second after the last one.
    after: Option<Bound>,
}

impl Ends {
    fn of(range: TimeRange) -> Self {
        Self {
            start: range.start.filter(|start| *start > Timestamp::EPOCH).map(Bound::second),
            after: range.end.map(|end| Bound::second(end.plus_seconds(1))),
        }
    }
}

impl Store {
    /// A page of the users who were registered in a range of time; `None` if the tenant is in the single layout.
    pub(super) async fn users_of_list(
        &self,
        tenant: Tenant,
        range: TimeRange,
        slice: Slice,
        now: Timestamp,
    ) -> Result<Option<UserPage>, StoreError> {
        let newest = Part {
            first: range.start.map_or_else(|| "0".to_owned(), |start| start.to_string()),
            // '~' sorts after the '#' that follows the time in a key, so the last second is inside.
            last: range.end.map_or_else(|| "~".to_owned(), |end| format!("{end}~")),
        };
        let ends = Ends::of(range);
        let (directory, shards, start, after) = tokio::try_join!(
            self.directory(tenant, false),
            self.read_shards(tenant, &newest, Order::Newest, TAIL_OF_SHARD, false),
            self.leaf_of_end(tenant, ends.start),
            self.leaf_of_end(tenant, ends.after),
        )?;
        let Some((head, directory)) = directory.filter(|(head, _)| head.layout >= Layout::Both) else {
            return Ok(None);
        };
        // A tail that is too long to be read is counted first, as far as it is due, and the list ends there.
        let (tail, until, due) = if let Some(tail) = tail(shards, head.boundary) {
            (tail, None, None)
        } else {
            let due = self.read_due(tenant, head, now, MAX_OF_SHARD).await?;
            let counted = due.users.iter().rev().filter(|user| range.contains(user.created_at));
            (counted.cloned().collect(), Some(last_second(due.boundary)), Some(due))
        };
        let mut rest = slice;
        let mut users = Vec::new();
        rest.take(&tail, &mut users);
        let (before, up_to) = tokio::try_join!(
            self.users_before(tenant, &directory, head.boundary, ends.start, start, 0),
            self.users_before(tenant, &directory, head.boundary, ends.after, after, directory.users()),
        )?;
        let within = up_to.saturating_sub(before);
        // Those after the range are newer than those in it.
        let offset = directory.users() - up_to + rest.offset;
        let count = rest.count.min(within.saturating_sub(rest.offset));
        let runs = directory.runs(offset, count);
        let fold = self.fold_beside_page(tenant, head, now, due, &tail, spare_of_shard(&directory, &runs, count));
        let (of_leaves, ()) = tokio::join!(self.users_of_runs(tenant, &runs, head.boundary, count), fold);
        let mut of_leaves = of_leaves?;
        // A user who is not counted yet moves the others of the leaf.
        of_leaves.retain(|user| range.contains(user.created_at));
        users.extend(of_leaves);
        Ok(Some(UserPage {
            total: tail.len() as u64 + within,
            users,
            until,
        }))
    }

    /// Counts users of the tail while a page is read: those that were read as due, or as many as the page leaves units
    /// for, if enough are due. A failure is logged: the users stay in the tail.
    async fn fold_beside_page(
        &self,
        tenant: Tenant,
        head: Head,
        now: Timestamp,
        due: Option<Due>,
        tail: &[User],
        spare: u16,
    ) {
        let end = now.plus_seconds(-GRACE_SECONDS);
        let are_due = tail.iter().filter(|user| user.created_at < end).count();
        let folded = async {
            let due = match due {
                Some(due) => due,
                None if are_due >= WORTH_FOLDING && spare > 0 => self.read_due(tenant, head, now, spare).await?,
                None => return Ok(()),
            };
            self.fold(tenant, head, due).await.map(drop)
        };
        if let Err::<(), StoreError>(error) = folded.await {
            tracing::warn!(target: "daftari::users", %error, "users were not folded");
        }
    }

    /// How many of the directory's users were registered before an end of a range; `otherwise` without an end.
    /// `seconds` are those of the end's leaf. If they are of another moment than the directory, the leaf is read.
    async fn users_before(
        &self,
        tenant: Tenant,
        directory: &Directory,
        boundary: Bound,
        end: Option<Bound>,
        seconds: Option<LeafSeconds>,
        otherwise: u64,
    ) -> Result<u64, StoreError> {
        let Some(end) = end else {
            return Ok(otherwise);
        };
        if end >= boundary {
            return Ok(directory.users());
        }
        let Some(at) = leaf_of(&directory.leaves, end) else {
            return Ok(0);
        };
        let begin = directory.extent(at).0.map_or_else(String::new, Bound::sort_key);
        let agrees = |seconds: &LeafSeconds| {
            let leaf = directory.leaves.get(at);
            seconds.from == begin && leaf.is_some_and(|leaf| seconds.agrees_with(*leaf))
        };
        let seconds = match seconds.filter(agrees) {
            Some(seconds) => seconds,
            None => self.recount(tenant, end).await?,
        };
        let before = directory.users_before(at) + seconds.users_before(end.second);
        Ok(before.min(directory.users_before(at + 1)))
    }

    /// The users of a page in leaves next to each other, newest first.
    async fn users_of_runs(
        &self,
        tenant: Tenant,
        runs: &[Run],
        boundary: Bound,
        count: u64,
    ) -> Result<Vec<User>, StoreError> {
        let (Some(newest), Some(oldest)) = (runs.first(), runs.last()) else {
            return Ok(Vec::new());
        };
        let part = Part::between(oldest.from, newest.to.unwrap_or(boundary));
        let read = self.read_newest(tenant, &part, newest.skip + count).await?;
        for run in runs {
            let users = read.users_between(run.from, run.to.unwrap_or(boundary));
            if users.is_some_and(|users| users != run.users) {
                self.recount(tenant, run.from.unwrap_or(Bound::FIRST)).await?;
            }
        }
        let skip = usize::try_from(newest.skip).unwrap_or(usize::MAX);
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        Ok(read.users.into_iter().skip(skip).take(count).collect())
    }
}

/// The users behind the boundary, newest first; `None` if not all of them were read.
fn tail(shards: Vec<Shard>, boundary: Bound) -> Option<Vec<User>> {
    let is_behind = |user: &User| Bound::of(user.reference()) >= boundary;
    if shards
        .iter()
        .any(|shard| shard.has_more && shard.users.last().is_some_and(is_behind))
    {
        return None;
    }
    let mut users = newest_first(shards);
    users.retain(is_behind);
    Some(users)
}

/// How many users of each partition can be folded with what a page leaves of [`MOST_UNITS`]. About: it takes entries
/// and leaves for as large as they usually are.
pub(super) fn spare_of_shard(directory: &Directory, runs: &[Run], count: u64) -> u16 {
    /// Bytes of an entry, and of a leaf in the directory.
    const ENTRY: usize = 350;
    const LEAF: usize = 6;
    /// The leaves of both ends, and the chunk and the leaf that a folding reads.
    const OTHERS: usize = 2 + 4;
    let shards = usize::from(SHARDS);
    let halves = |bytes: usize| bytes.div_ceil(4_096);
    let of_shards = |entries: u16| shards * halves(usize::from(entries) * ENTRY);
    let page = runs.first().map_or(0, |run| of_shards(likely_share(run.skip + count)));
    let spent = halves(directory.leaves.len() * LEAF) + of_shards(TAIL_OF_SHARD) + page + OTHERS;
    let units = (2 * MOST_UNITS).saturating_sub(spent) / (2 * shards);
    u16::try_from(units * 4_096 / ENTRY).unwrap_or(MAX_OF_SHARD)
}

/// The last second that is before a boundary at least in part.
fn last_second(boundary: Bound) -> Timestamp {
    let second = if boundary.uuid == 0 {
        boundary.second.saturating_sub(1)
    } else {
        boundary.second
    };
    Timestamp::from_unix_seconds(second).unwrap_or(Timestamp::EPOCH)
}
