//! Pages of the list of users by time of creation.
//!
//! A page is found in two round trips. The first one reads the directory, the newest entries, and for each end of a
//! range of time the number of users of its leaf before it. The newest entries that the directory does not count yet
//! are the tail. So the number of users in the range is known, and the number after it. The second round trip reads the
//! leaves of the page.
//!
//! That holds whatever is registered meanwhile: a tail that is too long to be read ends the list at the boundary. While
//! users are registered, it is some seconds old, and after a burst at most a minute, until the schedule has counted the
//! users (`uncounted`). The directory of a list of up to a million users is so small that more of the tail can be read,
//! in a third round trip.

use daftari_domain::{TimeRange, Timestamp};
use futures_util::future::try_join_all;

use super::counting::Head;
use super::entries::entry_bytes;
use super::layout::Layout;
use super::leaf::LeafSeconds;
use super::list_directory::{Bound, Directory, LEAF_USERS, Run, leaf_of};
use super::profile::User;
use super::shards::{Order, Part, PartEnd, Shard, newest_first};
use crate::identity::Tenant;
use crate::store::primary_key::users_sort_key;
use crate::store::primary_key_users::SHARDS;
use crate::store::{Store, StoreError};

/// Newest entries read of each partition before the directory is known: 16 read units for the longest ones in ASCII.
pub(super) const TAIL_OF_SHARD: u16 = 17;
/// Most leaves of a list whose tail is read further in a third round trip: a million users.
pub(super) const FEW_LEAVES: usize = 4_650;
/// Most users of each partition that the third round trip reads.
const MAX_MORE_OF_SHARD: u16 = 100;

/// A page of users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserPage {
    /// Number of users on all pages.
    pub total: u64,
    /// The users of the page, newest first.
    pub users: Vec<User>,
    /// Set if users registered later than this are left out, because they are too many to count at the moment.
    pub until: Option<Timestamp>,
}

/// The users of a list that a page contains: the newest `count` after the newest `offset`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slice {
    pub(super) offset: u64,
    pub(super) count: u64,
}

impl Slice {
    /// Takes as many of the newest remaining users as it can, and continues after them.
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

/// The ends of a range of time that may be inside a leaf.
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
    /// A page of the users registered in a range of time; `None` if the tenant has the single layout.
    pub(super) async fn users_of_list(
        &self,
        tenant: Tenant,
        range: TimeRange,
        slice: Slice,
        now: Timestamp,
    ) -> Result<Option<UserPage>, StoreError> {
        let newest = Part {
            first: range.start.map_or_else(|| "0".to_owned(), |start| start.to_string()),
            // '~' sorts after the '#' that follows the time in a key, so the last second is included.
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
        let (tail, until) = self.tail(tenant, head, &directory, range, shards).await?;
        let mut rest = slice;
        let mut users = Vec::new();
        rest.take(&tail, &mut users);
        let (before, up_to) = tokio::try_join!(
            self.users_before(tenant, &directory, head.boundary, ends.start, start, 0),
            self.users_before(tenant, &directory, head.boundary, ends.after, after, directory.users()),
        )?;
        let within = up_to.saturating_sub(before);
        // The users after the range are newer than those in it.
        let offset = directory.users() - up_to + rest.offset;
        let count = rest.count.min(within.saturating_sub(rest.offset));
        let runs = directory.runs(offset, count);
        let mark = async {
            if until.is_some() {
                self.mark_late(tenant, head, now).await;
            }
        };
        let (of_leaves, ()) = tokio::join!(self.users_of_runs(tenant, &runs, head.boundary, count), mark);
        let mut of_leaves = of_leaves?;
        // A user who is not counted yet shifts the others of the leaf.
        of_leaves.retain(|user| range.contains(user.created_at));
        users.extend(of_leaves);
        Ok(Some(UserPage {
            total: tail.len() as u64 + within,
            users,
            until,
        }))
    }

    /// The users of a range behind the boundary, newest first. If they are too many to be read, nobody, and up to when
    /// the list goes. `newest` are those of the first round trip.
    async fn tail(
        &self,
        tenant: Tenant,
        head: Head,
        directory: &Directory,
        range: TimeRange,
        newest: Vec<Shard>,
    ) -> Result<(Vec<User>, Option<Timestamp>), StoreError> {
        if let Some(tail) = tail(&newest, head.boundary) {
            return Ok((tail, None));
        }
        let more = if directory.leaves.len() <= FEW_LEAVES {
            spare_of_shard(&newest)
        } else {
            0
        };
        let newest = self.read_on(tenant, newest, (head.boundary, range.start), more).await?;
        Ok(match tail(&newest, head.boundary) {
            Some(tail) => (tail, None),
            None => (Vec::new(), Some(last_second(head.boundary))),
        })
    }

    /// Reads more of the newest users of each partition that may have more behind the boundary, from the start of a
    /// range.
    async fn read_on(
        &self,
        tenant: Tenant,
        newest: Vec<Shard>,
        (boundary, start): (Bound, Option<Timestamp>),
        more: u16,
    ) -> Result<Vec<Shard>, StoreError> {
        let shards = (0..).zip(newest).map(|(number, shard)| async move {
            match shard.users.last().map(User::reference) {
                Some(last) if more > 0 && shard.has_more && Bound::of(last) >= boundary => {
                    let from = start.map_or(boundary, |start| boundary.max(Bound::second(start)));
                    let mut part = Part::between(Some(from), boundary);
                    part.last = users_sort_key(last.created_at, last.id);
                    // The last one is read twice.
                    let read = self.read_shard(tenant, number, &part, Order::Newest, more + 1, false);
                    let read = read.await?;
                    let mut users = shard.users;
                    users.extend(read.users.into_iter().filter(|user| user.id != last.id));
                    Ok(Shard {
                        users,
                        has_more: read.has_more,
                    })
                }
                _ => Ok(shard),
            }
        });
        try_join_all(shards).await
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

    /// The users of a page in adjacent leaves, newest first.
    async fn users_of_runs(
        &self,
        tenant: Tenant,
        runs: &[Run],
        boundary: Bound,
        count: u64,
    ) -> Result<Vec<User>, StoreError> {
        let readings = readings(runs, count);
        let parts = readings.iter().map(|reading| async move {
            let part = Part::between(reading.from, reading.to.unwrap_or(boundary));
            self.read_end(tenant, &part, reading.order, reading.skip + reading.count)
                .await
        });
        let parts = try_join_all(parts).await?;
        for run in runs {
            let read = |part: &PartEnd| part.users_between(run.from, run.to.unwrap_or(boundary));
            let mut of_readings = readings.iter().zip(&parts).filter(|(reading, _)| reading.has(run));
            let counted = of_readings.find_map(|(_, part)| read(part));
            if counted.is_some_and(|users| users != run.users) {
                self.recount(tenant, run.from.unwrap_or(Bound::FIRST)).await?;
            }
        }
        Ok(readings
            .iter()
            .zip(parts)
            .flat_map(|(reading, part)| reading.users(part))
            .collect())
    }
}

/// A part of a page's leaves, and how many users are read of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    /// The bounds of the part, as in a [`Run`].
    from: Option<Bound>,
    to: Option<Bound>,
    /// Number of users in the part.
    pub(super) of_part: u64,
    /// The end at which reading starts.
    order: Order,
    /// Number of users at this end who are not on the page.
    pub(super) skip: u64,
    /// Number of users of the page.
    pub(super) count: u64,
}

impl Reading {
    fn has(&self, run: &Run) -> bool {
        self.from <= run.from && (self.to.is_none() || run.to.is_some_and(|to| Some(to) <= self.to))
    }

    /// The users of the page among those that were read, newest first.
    fn users(&self, part: PartEnd) -> Vec<User> {
        let number = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
        let users = part.users.into_iter().skip(number(self.skip)).take(number(self.count));
        match self.order {
            Order::Newest => users.collect(),
            Order::Oldest => users.rev().collect(),
        }
    }
}

/// The parts of the leaves that a page needs, newest first. A page that begins in one leaf and continues in the next
/// contains the oldest users of the first and the newest of the second. Both are read from the border between the
/// leaves, without the newer users of the first leaf.
pub(super) fn readings(runs: &[Run], count: u64) -> Vec<Reading> {
    let Some((newest, older)) = runs.split_first() else {
        return Vec::new();
    };
    let whole = Reading {
        from: newest.from,
        to: newest.to,
        of_part: newest.users,
        order: Order::Newest,
        skip: newest.skip,
        count,
    };
    let (Some(next), Some(oldest)) = (older.first(), older.last()) else {
        return vec![whole];
    };
    let of_newest = newest.users - newest.skip;
    let rest = Reading {
        from: oldest.from,
        to: next.to,
        of_part: older.iter().map(|run| run.users).sum(),
        order: Order::Newest,
        skip: 0,
        count: count.saturating_sub(of_newest),
    };
    let first = Reading {
        order: Order::Oldest,
        skip: 0,
        count: of_newest,
        ..whole
    };
    vec![first, rest]
}

/// The users behind a boundary, newest first; `None` if not all of them were read.
fn tail(shards: &[Shard], boundary: Bound) -> Option<Vec<User>> {
    let is_behind = |user: &User| Bound::of(user.reference()) >= boundary;
    if shards
        .iter()
        .any(|shard| shard.has_more && shard.users.last().is_some_and(is_behind))
    {
        return None;
    }
    let mut users = newest_first(shards.to_vec());
    users.retain(is_behind);
    Some(users)
}

/// How many more users of each partition can be read within 60 read units if the list has few leaves, based on the
/// longest of the newest entries.
fn spare_of_shard(newest: &[Shard]) -> u16 {
    let entries = newest.iter().flat_map(|shard| &shard.users).map(entry_bytes);
    spare_of_entry(entries.max().unwrap_or(1))
}

/// [`spare_of_shard`] for entries of this size in bytes.
pub(super) fn spare_of_entry(entry: usize) -> u16 {
    /// The rest after the directory, the ends of a range, and the last 4 KB of each query, which are billed in full.
    const REST_BYTES: usize = 78 * 4_096;
    let shards = usize::from(SHARDS);
    let others = usize::from(TAIL_OF_SHARD) * shards + LEAF_USERS as usize;
    let spare = (REST_BYTES / entry.max(1)).saturating_sub(others) / shards;
    u16::try_from(spare).unwrap_or(u16::MAX).min(MAX_MORE_OF_SHARD)
}

/// The last second that is at least partly before a boundary.
fn last_second(boundary: Bound) -> Timestamp {
    let second = if boundary.uuid == 0 {
        boundary.second.saturating_sub(1)
    } else {
        boundary.second
    };
    Timestamp::from_unix_seconds(second).unwrap_or(Timestamp::EPOCH)
}
