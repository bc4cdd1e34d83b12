//! Finds users in the single layout: by the index `GSI1` and one partition of terms. A tenant has this layout until its
//! users are migrated.

use std::collections::BTreeSet;

use daftari_domain::TimeRange;

use super::entries::user_of_sort_key;
use super::profile::UserRef;
use crate::identity::Tenant;
use crate::store::items::ItemReader;
use crate::store::operation::Query;
use crate::store::primary_key::{GSI1, GSI1_PK, GSI1_SK, term_partition, users_partition};
use crate::store::{Store, StoreError};

/// Most index entries read for one list: about 30 round trips.
const MAX_SINGLE_ENTRIES: usize = 100_000;

impl Store {
    /// The users of a range of time; `None` if there are too many. Half a read unit for about 20 users.
    pub(super) async fn users_of_index(
        &self,
        tenant: Tenant,
        range: TimeRange,
    ) -> Result<Option<Vec<UserRef>>, StoreError> {
        let start = range.start.map_or_else(|| "0".to_owned(), |start| start.to_string());
        // '~' sorts after the '#' that follows the time in a key, so the last second is included.
        let end = range.end.map_or_else(|| "~".to_owned(), |end| format!("{end}~"));
        let query = Query::index(GSI1, GSI1_PK, users_partition(tenant)).between(GSI1_SK, start, end);
        let read = |item: ItemReader| user_of_sort_key(&item, GSI1_SK);
        self.table.query(query, MAX_SINGLE_ENTRIES, read).await
    }

    /// The users with a term that starts with `prefix`, in no order, each once; `None` if there are too many. Strongly
    /// consistent.
    pub(super) async fn users_of_terms(
        &self,
        tenant: Tenant,
        prefix: &str,
    ) -> Result<Option<Vec<UserRef>>, StoreError> {
        let query = Query::partition(term_partition(tenant))
            .begins_with(prefix)
            .consistent();
        let read = |item: ItemReader| {
            Ok(UserRef {
                created_at: item.parsed("created_at")?,
                id: item.parsed("uuid")?,
            })
        };
        let found = self.table.query(query, MAX_SINGLE_ENTRIES, read).await?;
        Ok(found.map(|found| found.into_iter().collect::<BTreeSet<_>>().into_iter().collect()))
    }
}
