//! Reads the list of users, which is spread over several partitions.

use futures_util::future::try_join_all;

use super::entries::read_entry;
use super::list_directory::Bound;
use super::profile::{User, UserRef};
use crate::identity::Tenant;
use crate::store::items::ItemReader;
use crate::store::operation::Query;
use crate::store::primary_key::SK;
use crate::store::primary_key_users::{SHARDS, list_partition};
use crate::store::{Store, StoreError};

/// Most entries read of one partition at a time.
const MAX_ENTRIES: u16 = 2_000;

/// A part of the list: sort keys from `first` to `last`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) first: String,
    pub(super) last: String,
}

impl Part {
    /// From a bound to the end.
    pub(super) fn behind(from: Bound) -> Self {
        Self {
            last: "~".to_owned(),
            ..Self::between(Some(from), from)
        }
    }

    /// From one bound to another, or from the beginning.
    pub(super) fn between(from: Option<Bound>, to: Bound) -> Self {
        let first = from.map(Bound::sort_key).filter(|key| !key.is_empty());
        Self {
            // DynamoDB has no empty key. Every time begins with a digit.
            first: first.unwrap_or_else(|| "0".to_owned()),
            last: Some(to.sort_key())
                .filter(|key| !key.is_empty())
                .unwrap_or_else(|| "0".to_owned()),
        }
    }
}

/// The order in which entries are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Newest,
    Oldest,
}

impl Order {
    /// Whether one user comes before another.
    fn is_before(self, one: UserRef, other: UserRef) -> bool {
        match self {
            Self::Newest => one > other,
            Self::Oldest => one < other,
        }
    }
}

/// The users read from one partition.
#[derive(Clone, Debug)]
pub(super) struct Shard {
    pub(super) users: Vec<User>,
    /// Whether there are more entries behind the last one.
    pub(super) has_more: bool,
}

impl Store {
    /// A part of the list, by partition: at most `limit` entries of each. One round trip; half a read unit for about 12
    /// entries, or one if strongly consistent.
    pub(super) async fn read_shards(
        &self,
        tenant: Tenant,
        part: &Part,
        order: Order,
        limit: u16,
        is_consistent: bool,
    ) -> Result<Vec<Shard>, StoreError> {
        let all = (0..SHARDS).map(|number| self.read_shard(tenant, number, part, order, limit, is_consistent));
        try_join_all(all).await
    }

    /// One partition of [`Self::read_shards`].
    pub(super) async fn read_shard(
        &self,
        tenant: Tenant,
        number: u8,
        part: &Part,
        order: Order,
        limit: u16,
        is_consistent: bool,
    ) -> Result<Shard, StoreError> {
        let query = Query::partition(list_partition(tenant, number));
        let mut query = query.between(SK, &part.first, &part.last).limit(limit);
        if order == Order::Newest {
            query = query.descending();
        }
        if is_consistent {
            query = query.consistent();
        }
        let (items, next) = self.table.query_once(query, None).await?;
        let users = items.into_iter().map(|item| read_entry(&ItemReader::new(item)));
        Ok(Shard {
            users: users.collect::<Result<_, _>>()?,
            has_more: next.is_some(),
        })
    }

    /// At least the first `count` users of a part. Reads as many of each partition as it is likely to have, and more if
    /// that was not enough.
    pub(super) async fn read_end(
        &self,
        tenant: Tenant,
        part: &Part,
        order: Order,
        count: u64,
    ) -> Result<PartEnd, StoreError> {
        let mut limit = likely_share(count);
        loop {
            let shards = self.read_shards(tenant, part, order, limit, false).await?;
            // Unread entries come after the last entry read of their partition.
            let unread = shards.iter().filter(|shard| shard.has_more);
            let unread = unread.filter_map(|shard| shard.users.last()).map(User::reference);
            let unread = unread.reduce(|one, other| if order.is_before(other, one) { other } else { one });
            let mut users = newest_first(shards);
            if order == Order::Oldest {
                users.reverse();
            }
            let wanted = usize::try_from(count).unwrap_or(usize::MAX);
            let nth = wanted.checked_sub(1).and_then(|at| users.get(at)).map(User::reference);
            let is_enough = unread.is_none_or(|unread| nth.is_some_and(|nth| !order.is_before(unread, nth)));
            if is_enough || limit >= MAX_ENTRIES {
                return Ok(PartEnd { users, order, unread });
            }
            limit = limit.saturating_mul(4).min(MAX_ENTRIES);
        }
    }
}

/// The first users of a part of the list, in an order.
#[derive(Clone, Debug)]
pub(super) struct PartEnd {
    pub(super) users: Vec<User>,
    order: Order,
    /// Users after this one may be missing; `None` if the part is complete.
    unread: Option<UserRef>,
}

impl PartEnd {
    /// The number of users between two bounds; `None` if some of them were not read.
    pub(super) fn users_between(&self, from: Option<Bound>, to: Bound) -> Option<u64> {
        let unread = self.unread.map(Bound::of);
        let is_cut = unread.is_some_and(|unread| match self.order {
            Order::Newest => from.is_none_or(|from| unread >= from),
            Order::Oldest => unread < to,
        });
        if is_cut {
            return None;
        }
        let bounds = self.users.iter().map(|user| Bound::of(user.reference()));
        Some(
            bounds
                .filter(|at| from.is_none_or(|from| *at >= from) && *at < to)
                .count() as u64,
        )
    }
}

/// The users of all partitions, newest first.
pub(super) fn newest_first(shards: Vec<Shard>) -> Vec<User> {
    let mut users: Vec<User> = shards.into_iter().flat_map(|shard| shard.users).collect();
    users.sort_unstable_by_key(|user| std::cmp::Reverse(user.reference()));
    users
}

/// Upper bound for the number of users of one partition among `count` users. It fails once in a hundred thousand
/// readings.
pub(super) fn likely_share(count: u64) -> u16 {
    // In hundredths: the mean, plus 4.65 times the root of the mean. The sum is close to that of the binomial
    // distribution.
    let mean = count.saturating_mul(100) / u64::from(SHARDS);
    let root = count.saturating_mul(10_000 / u64::from(SHARDS)).isqrt();
    let share = mean.saturating_add(root.saturating_mul(465) / 100).saturating_add(110);
    let share = share.div_ceil(100).min(count);
    u16::try_from(share).unwrap_or(MAX_ENTRIES).clamp(1, MAX_ENTRIES)
}

#[cfg(test)]
#[allow(clippy::float_arithmetic, reason = "probabilities")]
mod tests {
    use super::*;

    /// Upper bound for the probability that one of the partitions has more than `share` of `count` users.
    fn exceeds(count: u32, share: u32) -> f64 {
        let p = 1.0 / f64::from(SHARDS);
        let mut of_one = (1.0 - p).powi(i32::try_from(count).expect("count"));
        let mut more = 0.0;
        for users in 0..=count {
            if users > share {
                more += of_one;
            }
            of_one *= f64::from(count - users) / f64::from(users + 1) * p / (1.0 - p);
        }
        more * f64::from(SHARDS)
    }

    #[test]
    fn a_partition_rarely_has_more_than_its_likely_share() {
        for count in 1..=450_u32 {
            let share = u32::from(likely_share(count.into()));
            assert!(exceeds(count, share) < 2e-5, "{share} of {count}");
            assert!(
                exceeds(count, share.saturating_sub(4)) > 1e-6,
                "{share} of {count} is too many"
            );
        }
    }
}
