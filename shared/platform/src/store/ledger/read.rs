//! Reading a ledger.

use daftari_domain::ledger::limits::{MAX_LEDGER_PAGES, MAX_LEDGER_WEIGHT, MAX_MONTHS, MEMORY_PER_WEIGHT};
use daftari_domain::reports::Subject;
use daftari_domain::{Record, TimeRange, Timestamp};

use super::StoredPage;
use super::month::{PageItem, StoredMonth, are_consistent, months_of};
use crate::identity::UserKey;
use crate::store::backoff::Backoff;
use crate::store::operation::Query;
use crate::store::primary_key::{SK, page_sort_key, user_partition};
use crate::store::users::User;
use crate::store::{Store, StoreError};

/// Most items read for one answer: the pages that a ledger can have, and the lists of them.
const MAX_LEDGER_ITEMS: usize = MAX_LEDGER_PAGES + MAX_MONTHS;

/// Upper bound for reserved memory: the most records that a ledger can have.
const MAX_RECORDS: usize = MAX_LEDGER_WEIGHT * MEMORY_PER_WEIGHT / size_of::<Record>();

/// A user and the pages of its ledger that a range of time touches, as of one moment.
pub struct LedgerPages {
    /// The user.
    pub user: User,
    key: UserKey,
    range: TimeRange,
    pages: Vec<StoredPage>,
}

impl LedgerPages {
    /// The subject of a report on the ledger.
    pub fn subject(&self) -> Subject {
        Subject {
            user_uuid: self.key.id(),
            client_uuid: self.key.tenant().organization(),
            country: self.user.country,
        }
    }

    /// The records within the range, by position, oldest first.
    pub fn records(&self) -> Result<Vec<Record>, StoreError> {
        // The exact number: a vector that grows by doubling takes up to three times the memory.
        let count: usize = self.pages.iter().map(|page| page.count).sum();
        let mut records = Vec::with_capacity(count.min(MAX_RECORDS));
        for page in &self.pages {
            let page = page.records(self.key)?;
            records.extend(page.into_iter().filter(|record| self.range.contains(record.timestamp)));
        }
        Ok(records)
    }

    /// A text that differs whenever the pages differ.
    pub fn version(&self) -> String {
        let mut version = String::new();
        for page in &self.pages {
            version.push_str(&format!("{}:{};", page.start.unix_seconds(), page.version));
        }
        version
    }
}

impl Store {
    /// The user and its ledger within a range; `None` if the user does not exist.
    ///
    /// Strongly consistent. Costs 1 read unit per 4 KB of the months that the range touches, in one round trip per MB.
    /// The user is read at the same time, for 1 read unit.
    pub async fn ledger(&self, key: UserKey, range: TimeRange) -> Result<Option<LedgerPages>, StoreError> {
        let (user, pages) = futures_util::try_join!(self.user(key), self.pages(key, range))?;
        Ok(user.map(|user| LedgerPages {
            user,
            key,
            range,
            pages,
        }))
    }

    /// The pages of the months a range touches, up to the range's end.
    async fn pages(&self, user: UserKey, range: TimeRange) -> Result<Vec<StoredPage>, StoreError> {
        // No record is older than the epoch, and so no page is.
        let start = range.start.unwrap_or(Timestamp::EPOCH).max(Timestamp::EPOCH);
        let start = page_sort_key(start.month().start());
        let end = range.end.map_or_else(|| "PAGE#~".to_owned(), page_sort_key);
        if end < start {
            return Ok(Vec::new());
        }
        let mut backoff = Backoff::default();
        loop {
            let months = self.query_months(user, &start, &end).await?;
            if are_consistent(&months, range.end) {
                return Ok(months.into_iter().flat_map(|month| month.pages).collect());
            }
            backoff.wait().await?;
        }
    }

    /// The pages between two sort keys, both included, in order, by month.
    pub(super) async fn query_months(
        &self,
        user: UserKey,
        start: &str,
        end: &str,
    ) -> Result<Vec<StoredMonth>, StoreError> {
        let query = Query::partition(user_partition(user))
            .between(SK, start, end)
            .consistent();
        let items = self.table.query(query, MAX_LEDGER_ITEMS, PageItem::read).await?;
        items
            .map(months_of)
            .ok_or_else(|| StoreError::Refused(format!("ledger has more than {MAX_LEDGER_ITEMS} pages")))
    }
}
