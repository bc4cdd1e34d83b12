//! Finds users in the sharded layout by words and ids.

use std::collections::BTreeSet;

use daftari_domain::Timestamp;
use daftari_domain::ids::UserId;
use futures_util::future::try_join_all;

use super::profile::UserRef;
use crate::identity::Tenant;
use crate::store::items::ItemReader;
use crate::store::operation::Query;
use crate::store::primary_key::SK;
use crate::store::primary_key_users::{SHARDS, device_partition, external_partition, word_partition};
use crate::store::{Store, StoreError};

/// Most users that a word or an id may match.
pub(super) const MAX_MATCHES: usize = 1_000;

/// Most words read of one partition: the mean of [`MAX_MATCHES`] plus seven standard deviations.
const MAX_WORDS_OF_SHARD: u16 = 200;

impl Store {
    /// The users with a word that starts with `prefix`, in no order, each once; `None` if there are too many.
    /// Eventually consistent: half a read unit for each partition, and for about 50 matches.
    pub(super) async fn users_of_words(
        &self,
        tenant: Tenant,
        prefix: &str,
    ) -> Result<Option<Vec<UserRef>>, StoreError> {
        let queries = (0..SHARDS).map(|shard| {
            let query = Query::partition(word_partition(tenant, prefix, shard));
            let query = query.begins_with(prefix).limit(MAX_WORDS_OF_SHARD);
            self.table.query_once(query, None)
        });
        let mut found = BTreeSet::new();
        for (items, next) in try_join_all(queries).await? {
            if next.is_some() {
                return Ok(None);
            }
            for item in items {
                found.insert(user_of_word(&ItemReader::new(item))?);
            }
        }
        Ok((found.len() <= MAX_MATCHES).then(|| found.into_iter().collect()))
    }

    /// The users of a device; `None` if there are too many. Strongly consistent.
    pub(super) async fn ids_of_device(&self, tenant: Tenant, device: &str) -> Result<Option<Vec<UserId>>, StoreError> {
        self.ids_in(device_partition(tenant, device)).await
    }

    /// The users with an external id; `None` if there are too many. Strongly consistent.
    pub(super) async fn ids_of_external(
        &self,
        tenant: Tenant,
        external: &str,
    ) -> Result<Option<Vec<UserId>>, StoreError> {
        self.ids_in(external_partition(tenant, external)).await
    }

    async fn ids_in(&self, partition: String) -> Result<Option<Vec<UserId>>, StoreError> {
        // One more than the limit shows that there are too many.
        let limit = u16::try_from(MAX_MATCHES + 1).expect("the limit is small");
        let query = Query::partition(partition).consistent().limit(limit);
        let (items, _) = self.table.query_once(query, None).await?;
        if items.len() > MAX_MATCHES {
            return Ok(None);
        }
        let ids = items.into_iter().map(|item| ItemReader::new(item).parsed(SK));
        ids.collect::<Result<_, _>>().map(Some)
    }
}

fn user_of_word(item: &ItemReader) -> Result<UserRef, StoreError> {
    // A word may contain any character, but a uuid none of these.
    let id = item.string(SK)?.rsplit_once('#').and_then(|(_, id)| id.parse().ok());
    let created_at = Timestamp::from_unix_seconds(item.number("created")?);
    match (created_at, id) {
        (Some(created_at), Some(id)) => Ok(UserRef { created_at, id }),
        _ => Err(item.corrupt(SK)),
    }
}
