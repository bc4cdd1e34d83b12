//! Marks of lists that may have more new users than a page can read, and counting these users on a schedule.
//!
//! Registrations fold while they come. After the last one of a burst, some seconds of users are left in the tail, and
//! the next registration may be hours away. So a mark names the tenant to the function that counts on a schedule: it
//! finds the lists that are due without looking at any other.
//!
//! One of [`MARKING_ODDS`] registrations marks its tenant before it writes its user. A process that has written a mark
//! relies on it for [`RELIED_SECONDS`], so a burst writes few. A mark is removed only if it is [`SETTLED_SECONDS`] old,
//! the tail is then found to be short, and nobody has written the mark again. By then every registration that relied on
//! the mark is done, so its user was in the tail that was found. A mark that is missing nevertheless is written by the
//! next reader who finds the list cut at an old boundary.

use daftari_domain::Timestamp;
use futures_util::future::try_join_all;

use super::counting::Head;
use super::folding::GRACE_SECONDS;
use super::layout::Layout;
use super::list_directory::Bound;
use super::marks::RELIED_SECONDS;
use super::shards::{Order, Part};
use crate::identity::{Environment, Tenant};
use crate::store::attributes::{Attributes, number};
use crate::store::backoff::Backoff;
use crate::store::fault::Fault;
use crate::store::items::{ItemBuilder, ItemReader};
use crate::store::operation::{Delete, Put, Query};
use crate::store::primary_key::Key;
use crate::store::primary_key_users::{SHARDS, uncounted_partition};
use crate::store::{Store, StoreError};

/// One of so many registrations marks its tenant. A mark may be removed while 32 users are in the tail, and a page
/// reads 65 or more. That the other 33 come and none of them marks happens once in about 13,000 bursts. Then the first
/// reader who finds the list cut marks it.
pub(super) const MARKING_ODDS: u32 = 4;

/// How old a mark must be to be removed.
const SETTLED_SECONDS: i64 = 60;

/// Longest registration: API Gateway waits no longer.
const REGISTRATION_SECONDS: i64 = 30;

const _: () = assert!(
    // Clocks of functions differ by less than the grace period.
    RELIED_SECONDS + REGISTRATION_SECONDS + GRACE_SECONDS <= SETTLED_SECONDS,
    "a registration that relies on a mark is done before the mark is removed"
);

/// A boundary that is older than this is due to a missing mark, if a page cannot read the users behind it.
const LATE_SECONDS: i64 = 180;

/// A tail with no more users in each partition of the list is left to registrations: pages read it.
const FEW_OF_SHARD: u16 = 4;

/// Most users of one partition of the list in one folding, and that one transaction can count: 18,400 of all. A burst
/// of 1,000 registrations a second leaves about 16,000.
pub(super) const MAX_COUNTED_OF_SHARD: u16 = 2_300;

/// Most tries to count more of one list at a time.
const MAX_FOLDINGS_OF_LIST: usize = 20;

/// Most pages of marks of a partition: 1 MB each, which are some 6,000 marks.
const MAX_PAGES_OF_MARKS: usize = 5;

const MARKED: &str = "marked";

/// A list with a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UncountedList {
    tenant: Tenant,
    marked_at: Timestamp,
}

impl UncountedList {
    /// Whose users they are.
    pub const fn tenant(self) -> Tenant {
        self.tenant
    }

    fn read(item: &ItemReader) -> Result<Self, StoreError> {
        let environment = item.string("environment")?;
        let environment = Environment::ALL.into_iter().find(|one| one.as_str() == environment);
        let environment = environment.ok_or_else(|| item.corrupt("environment"))?;
        let marked_at = Timestamp::from_unix_seconds(item.number(MARKED)?);
        Ok(Self {
            tenant: Tenant::of_operator(item.parsed("organization")?, environment),
            marked_at: marked_at.ok_or_else(|| item.corrupt(MARKED))?,
        })
    }
}

/// The outcome of counting a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountedList {
    /// Users counted.
    pub users: u64,
    /// Whether pages can read all users who are not counted.
    pub is_done: bool,
}

impl Store {
    /// Marks a tenant's list, unless this process did so lately. Costs 1 write unit. A failure is logged: others mark
    /// the list too.
    pub(super) async fn mark_uncounted(&self, tenant: Tenant, now: Timestamp) {
        self.write_mark(tenant, now, Put::new(mark(tenant, now))).await;
    }

    /// Marks a tenant whose list a reader found cut at a boundary, if it should have been counted long ago.
    pub(super) async fn mark_late(&self, tenant: Tenant, head: Head, now: Timestamp) {
        if head.boundary < Bound::second(now.plus_seconds(-LATE_SECONDS)) {
            // A mark that is there keeps its age, so that the list does not lose its turn.
            let put = Put::new(mark(tenant, now)).on_condition("attribute_not_exists(PK)");
            self.write_mark(tenant, now, put).await;
        }
    }

    /// Writes a mark, unless this process did so lately. A mark that the condition keeps serves as well.
    async fn write_mark(&self, tenant: Tenant, now: Timestamp, put: Put) {
        if self.marks.has_recent(tenant, now) {
            return;
        }
        match self.table.put(put).await {
            Ok(()) | Err(Fault::Condition) => self.marks.remember(tenant, now),
            Err(fault) => {
                let error = StoreError::from(fault);
                tracing::warn!(target: "daftari::users", %error, "a list of users was not marked");
            }
        }
    }

    /// The marked lists, the oldest mark first: at most `most`. Costs half a read unit for each of 8 partitions, and
    /// half a unit more for about 30 marks. Eventually consistent.
    pub async fn uncounted_lists(&self, most: usize) -> Result<Vec<UncountedList>, StoreError> {
        let lists = try_join_all((0..SHARDS).map(|number| self.marks_of(number))).await?;
        let mut lists: Vec<UncountedList> = lists.into_iter().flatten().collect();
        lists.sort_unstable_by_key(|list| list.marked_at);
        lists.truncate(most);
        Ok(lists)
    }

    /// The marks of a partition. They are in the order of tenants, so the oldest are known only after all are read.
    async fn marks_of(&self, number: u8) -> Result<Vec<UncountedList>, StoreError> {
        let (mut lists, mut from) = (Vec::new(), None);
        for _ in 0..MAX_PAGES_OF_MARKS {
            let query = Query::partition(uncounted_partition(number));
            let (items, next) = self.table.query_once(query, from).await?;
            lists.extend(items.into_iter().filter_map(|item| {
                let list = UncountedList::read(&ItemReader::new(item));
                // One damaged mark does not keep all other lists from being counted.
                list.inspect_err(|error| {
                    tracing::error!(target: "daftari::users", %error, "a mark of a list of users cannot be read");
                })
                .ok()
            }));
            from = next;
            if from.is_none() {
                break;
            }
        }
        Ok(lists)
    }

    /// Counts the users of a marked list who are due, unless they are few. Removes the mark once that is so and no
    /// registration relies on the mark. Can be repeated, and run at the same time as others.
    ///
    /// Costs 9 read units for a list that is done. Else about 22, 1 for 12 users, and up to 100 write units for 18,400
    /// users.
    pub async fn count_list(&self, list: UncountedList, now: Timestamp) -> Result<CountedList, StoreError> {
        let mut users = 0;
        let mut backoff = Backoff::default();
        for _ in 0..MAX_FOLDINGS_OF_LIST {
            let head = self.directory_head(list.tenant).await?;
            if head.is_some_and(|head| head.layout < Layout::Both) {
                // A migration moves users in an order of its own, and counts them at its end. The mark stays until
                // then.
                return Ok(CountedList { users, is_done: true });
            }
            let long = match head {
                Some(head) if !self.has_short_tail(list.tenant, head).await? => head,
                _ => {
                    self.unmark(list, now).await?;
                    return Ok(CountedList { users, is_done: true });
                }
            };
            let due = self.read_due(list.tenant, long, now, MAX_COUNTED_OF_SHARD).await?;
            let is_nobody_due = due.users.is_empty();
            let folded = self.fold(list.tenant, long, due).await?;
            users += folded.users as u64;
            if is_nobody_due {
                break;
            }
            if folded.users == 0 {
                // Another change of the directory was faster.
                backoff.wait().await?;
            }
        }
        Ok(CountedList { users, is_done: false })
    }

    /// Strongly consistent, so that it sees every user whose registration is done.
    async fn has_short_tail(&self, tenant: Tenant, head: Head) -> Result<bool, StoreError> {
        let tail = Part::behind(head.boundary);
        let shards = self.read_shards(tenant, &tail, Order::Oldest, FEW_OF_SHARD + 1, true);
        let few = usize::from(FEW_OF_SHARD);
        Ok(shards.await?.iter().all(|shard| shard.users.len() <= few))
    }

    /// Removes a mark that nobody relies on, unless it was written again.
    async fn unmark(&self, list: UncountedList, now: Timestamp) -> Result<(), StoreError> {
        if list.marked_at > now.plus_seconds(-SETTLED_SECONDS) {
            return Ok(());
        }
        let delete = Delete::new(Key::uncounted(list.tenant))
            .on_condition(format!("{MARKED} = :{MARKED}"))
            .value(&format!(":{MARKED}"), number(list.marked_at.unix_seconds()));
        match self.table.delete(delete).await {
            Ok(()) | Err(Fault::Condition) => Ok(()),
            Err(fault) => Err(fault.into()),
        }
    }
}

/// The mark of a tenant.
pub(super) fn mark(tenant: Tenant, now: Timestamp) -> Attributes {
    ItemBuilder::new(&Key::uncounted(tenant), "uncounted")
        .string("organization", tenant.organization())
        .string("environment", tenant.environment())
        .number(MARKED, now.unix_seconds())
        .build()
}
