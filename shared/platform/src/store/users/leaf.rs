//! The seconds of a leaf: the second in which each of its users was registered.
//!
//! A range of time may begin and end anywhere in a leaf. These items yield the number of the leaf's users before such a
//! time, at half a read unit. The entries of the users would cost 10.

use super::list_directory::{Bound, Leaf};
use super::profile::UserRef;
use super::varint::{read_varint, unzigzag, write_varint, zigzag};
use crate::identity::Tenant;
use crate::store::items::{ItemBuilder, ItemReader};
use crate::store::operation::{Put, Query};
use crate::store::primary_key::{Key, SK};
use crate::store::primary_key_users::{LEAF_PREFIX, directory_partition};
use crate::store::{Store, StoreError};

const SECONDS: &str = "seconds";

/// The registration times of the users of one leaf.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct LeafSeconds {
    /// The lowest sort key in the list of the leaf's users; empty for the first leaf of the directory.
    pub(super) from: String,
    /// Unix seconds, ascending, one for each user.
    seconds: Vec<i64>,
}

impl LeafSeconds {
    /// The seconds of the leaf that begins at a sort key: the stored ones, unless they belong to another leaf.
    pub(super) fn of(from: String, stored: Option<Self>) -> Self {
        match stored {
            Some(stored) if stored.from == from => stored,
            _ => Self {
                from,
                seconds: Vec::new(),
            },
        }
    }

    pub(super) fn add(&mut self, user: UserRef) {
        let second = user.created_at.unix_seconds();
        let at = self.seconds.partition_point(|other| *other <= second);
        self.seconds.insert(at, second);
    }

    pub(super) fn remove(&mut self, user: UserRef) {
        if let Ok(at) = self.seconds.binary_search(&user.created_at.unix_seconds()) {
            self.seconds.remove(at);
        }
    }

    /// Whether it has as many users as the directory states.
    pub(super) fn agrees_with(&self, leaf: Leaf) -> bool {
        u32::try_from(self.seconds.len()) == Ok(leaf.users)
    }

    /// Number of users of the leaf.
    pub(super) fn users(&self) -> u64 {
        self.seconds.len() as u64
    }

    /// Number of users who were registered before a second.
    pub(super) fn users_before(&self, second: i64) -> u64 {
        self.seconds.partition_point(|other| *other < second) as u64
    }

    fn read(item: ItemReader) -> Result<Self, StoreError> {
        let mut item = item;
        let from = item.string(SK)?.strip_prefix(LEAF_PREFIX);
        let from = from.ok_or_else(|| item.corrupt(SK))?.to_owned();
        let seconds = decode(&item.binary(SECONDS)?).ok_or_else(|| item.corrupt(SECONDS))?;
        Ok(Self { from, seconds })
    }

    pub(super) fn put(&self, tenant: Tenant) -> Put {
        let item = ItemBuilder::new(&Key::directory_leaf(tenant, &self.from), "leaf");
        Put::new(item.binary(SECONDS, encode(&self.seconds)).build())
    }
}

/// The difference of each second from the previous one, as variable-length integers. The first is absolute.
fn encode(seconds: &[i64]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(seconds.len() * 2);
    let mut before = 0;
    for second in seconds {
        write_varint(&mut bytes, zigzag(second.wrapping_sub(before)));
        before = *second;
    }
    bytes
}

/// The inverse of [`encode`]; `None` for invalid bytes.
fn decode(mut bytes: &[u8]) -> Option<Vec<i64>> {
    let mut seconds: Vec<i64> = Vec::new();
    while !bytes.is_empty() {
        let before = seconds.last().copied().unwrap_or_default();
        let second = before.wrapping_add(unzigzag(read_varint(&mut bytes)?));
        if seconds.last().is_some_and(|last| *last > second) {
            return None;
        }
        seconds.push(second);
    }
    Some(seconds)
}

impl Store {
    /// The seconds of the leaf that contains the users at a sort key of the list. Costs half a read unit, or one if
    /// strongly consistent.
    pub(super) async fn leaf_at(
        &self,
        tenant: Tenant,
        sort_key: &str,
        is_consistent: bool,
    ) -> Result<Option<LeafSeconds>, StoreError> {
        let last = format!("{LEAF_PREFIX}{sort_key}");
        let query = Query::partition(directory_partition(tenant))
            .between(SK, LEAF_PREFIX, last)
            .descending()
            .limit(1);
        let query = if is_consistent { query.consistent() } else { query };
        let (items, _) = self.table.query_once(query, None).await?;
        let item = items.into_iter().next();
        item.map(|item| LeafSeconds::read(ItemReader::new(item))).transpose()
    }

    /// [`Self::leaf_at`] for a bound, eventually consistent; `None` without a bound.
    pub(super) async fn leaf_of_end(
        &self,
        tenant: Tenant,
        end: Option<Bound>,
    ) -> Result<Option<LeafSeconds>, StoreError> {
        match end {
            None => Ok(None),
            Some(end) => self.leaf_at(tenant, &end.sort_key(), false).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn encoded_seconds_are_read_back(seconds in proptest::collection::vec(-9_i64..4_000_000_000, 0..500)) {
            let mut seconds = seconds;
            seconds.sort_unstable();
            prop_assert_eq!(decode(&encode(&seconds)), Some(seconds));
        }
    }

    #[test]
    fn damaged_seconds_are_not_read() {
        let bytes = encode(&[1_700_000_000, 1_700_000_000, 1_700_000_400]);
        assert!(decode(&bytes[..bytes.len() - 1]).is_none());
        assert!(decode(&encode(&[5, 4])).is_none(), "descending");
        assert!(decode(&[0x80; 12]).is_none());
    }
}
