//! Pages of the list of users by time of creation.
//!
//! A page is found in two round trips. The first one reads the directory and the newest entries, of which the tail are
//! those that the directory does not count yet. The second one reads the leaf of the page. A range of time with an end
//! in the past takes a third one, because the page depends on how many users of the last leaf are in the range.

use daftari_domain::{TimeRange, Timestamp};
use futures_util::future::try_join_all;

use super::directory::{Bound, Directory, Run};
use super::folding::{GRACE_SECONDS, WORTH_FOLDING};
use super::layout::Layout;
use super::profile::User;
use super::shards::{Order, Part, Shard, newest_first};
use crate::identity::Tenant;
use crate::store::{Store, StoreError};

/// Newest entries read of each partition before the directory is known: 8 read units in all.
pub(super) const TAIL_OF_SHARD: u16 = 29;
/// Entries of each partition of a longer tail, and how many leaves the directory may have for that.
pub(super) const LONG_TAILS: [(usize, u16); 2] = [(2_000, 72), (usize::MAX, 14)];

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

/// The leaves of a range of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Window {
    /// The part of the last leaf that is in the range, unless the whole leaf is.
    end: Option<Part>,
    /// The leaves that are in the range as a whole.
    whole: std::ops::Range<usize>,
    /// The part of the first leaf that is in the range, unless the whole leaf is.
    start: Option<Part>,
}

impl Window {
    fn new(directory: &Directory, boundary: Bound, range: TimeRange) -> Self {
        let leaves = &directory.leaves;
        let start = range.start.filter(|start| *start > Timestamp::EPOCH).map(Bound::second);
        // The end of the range is its last second.
        let after = range
            .end
            .map(|end| Bound::second(end.plus_seconds(1)))
            .filter(|after| *after < boundary);
        if leaves.is_empty() || start.is_some_and(|start| start >= boundary) {
            return Self::default();
        }
        let leaf = |bound| super::directory::leaf_of(leaves, bound).unwrap_or_default();
        let part = |at: usize, start: Option<Bound>, after: Option<Bound>| {
            let (from, to) = directory.extent(at);
            Part::between(start.max(from), after.unwrap_or_else(|| to.unwrap_or(boundary)))
        };
        let first = start.map(leaf);
        let last = after.map(leaf);
        if let (Some(first), Some(last)) = (first, last)
            && first >= last
        {
            return Self {
                end: Some(part(first, start, after)),
                ..Self::default()
            };
        }
        Self {
            end: last.map(|at| part(at, None, after)),
            whole: first.map_or(0, |first| first + 1)..last.unwrap_or(leaves.len()),
            start: first.map(|at| part(at, start, None)),
        }
    }

    fn users(&self, directory: &Directory) -> u64 {
        let whole = directory.leaves.get(self.whole.clone()).unwrap_or_default();
        whole.iter().map(|leaf| u64::from(leaf.users)).sum()
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
        let shards = self.read_shards(tenant, &newest, Order::Newest, TAIL_OF_SHARD, false);
        let (directory, shards) = tokio::try_join!(self.directory(tenant, false), shards)?;
        let Some((head, directory)) = directory.filter(|(head, _)| head.layout >= Layout::Both) else {
            return Ok(None);
        };
        let tail = self.tail(tenant, &directory, head.boundary, &newest, shards).await?;
        let until = if tail.is_some() {
            None
        } else {
            Some(last_second(head.boundary))
        };
        let tail = tail.unwrap_or_default();
        let mut rest = slice;
        let mut users = Vec::new();
        rest.take(&tail, &mut users);
        let window = Window::new(&directory, head.boundary, range);
        let whole = window.users(&directory);
        let part = async |part: &Option<Part>| match part {
            Some(part) => self.read_part(tenant, part).await,
            None => Ok(Vec::new()),
        };
        let runs = |rest: &Slice| directory.runs(window.whole.clone(), rest.offset, rest.count);
        let (end, start, middle);
        if window.end.is_none() {
            end = Vec::new();
            let runs = runs(&rest);
            (start, middle) = tokio::try_join!(
                part(&window.start),
                self.users_of_runs(tenant, &runs, head.boundary, rest.count)
            )?;
        } else {
            (end, start) = tokio::try_join!(part(&window.end), part(&window.start))?;
            rest.take(&end, &mut users);
            let runs = runs(&rest);
            middle = self.users_of_runs(tenant, &runs, head.boundary, rest.count).await?;
        }
        let taken = middle.len() as u64;
        users.extend(middle);
        rest.offset = rest.offset.saturating_sub(whole);
        rest.count -= taken.min(rest.count);
        rest.take(&start, &mut users);
        let due = now.plus_seconds(-GRACE_SECONDS);
        let is_due = tail.iter().filter(|user| user.created_at < due).count() >= WORTH_FOLDING;
        if is_due || until.is_some() {
            self.keep_folded(tenant, now).await;
        }
        Ok(Some(UserPage {
            total: tail.len() as u64 + end.len() as u64 + whole + start.len() as u64,
            users,
            until,
        }))
    }

    /// The users behind the boundary, newest first; `None` if they are too many.
    async fn tail(
        &self,
        tenant: Tenant,
        directory: &Directory,
        boundary: Bound,
        part: &Part,
        mut shards: Vec<Shard>,
    ) -> Result<Option<Vec<User>>, StoreError> {
        let is_behind = |user: &User| Bound::of(user.reference()) >= boundary;
        let goes_on = |shard: &&Shard| shard.has_more && shard.users.last().is_some_and(is_behind);
        let leaves = directory.leaves.len();
        let long = LONG_TAILS.iter().find(|(most, _)| leaves <= *most);
        let limit = long.map_or(1, |(_, limit)| *limit);
        let rest = shards.iter().filter(goes_on).map(|shard| {
            let last = shard.users.last().map(User::reference);
            let before = last.map_or_else(|| part.last.clone(), |last| format!("{}#{}", last.created_at, last.id));
            let part = Part {
                first: part.first.clone().max(Part::between(Some(boundary), boundary).first),
                last: before,
            };
            async move {
                self.read_shard(tenant, shard.number, &part, Order::Newest, limit, false)
                    .await
            }
        });
        let rest = try_join_all(rest).await?;
        if rest.iter().any(|shard| shard.has_more) {
            return Ok(None);
        }
        shards.extend(rest);
        let mut users = newest_first(shards);
        users.retain(is_behind);
        // The last entry of the first reading is the first one of the second.
        users.dedup_by_key(|user| user.id);
        Ok(Some(users))
    }

    /// The users of a page in leaves next to each other, newest first.
    async fn users_of_runs(
        &self,
        tenant: Tenant,
        runs: &[Run],
        boundary: Bound,
        count: u64,
    ) -> Result<Vec<User>, StoreError> {
        let mut missing = count;
        let mut wanted = Vec::new();
        for run in runs {
            let taken = missing.min(run.users - run.skip);
            missing -= taken;
            wanted.push((run, taken));
        }
        let read = wanted
            .into_iter()
            .map(|(run, taken)| self.users_of_run(tenant, run, boundary, taken));
        Ok(try_join_all(read).await?.concat())
    }

    /// Users of one leaf.
    async fn users_of_run(
        &self,
        tenant: Tenant,
        run: &Run,
        boundary: Bound,
        count: u64,
    ) -> Result<Vec<User>, StoreError> {
        let part = Part::between(run.from, run.to.unwrap_or(boundary));
        let (users, is_all) = self.read_newest(tenant, &part, run.skip + count).await?;
        if is_all && users.len() as u64 != run.users {
            self.recount(tenant, run.from.unwrap_or(Bound::FIRST)).await?;
        }
        let skip = usize::try_from(run.skip).unwrap_or(usize::MAX);
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        Ok(users.into_iter().skip(skip).take(count).collect())
    }
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
