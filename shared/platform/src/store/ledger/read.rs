//! Reading a ledger.

use daftari_domain::reports::Subject;
use daftari_domain::{Record, TimeRange, Timestamp};

use super::{StoredPage, is_consistent};
use crate::identity::UserKey;
use crate::store::backoff::Backoff;
use crate::store::items::string;
use crate::store::keys::{PK, SK, page_sort_key, user_partition};
use crate::store::users::User;
use crate::store::{Store, StoreError};

/// Most pages read for one answer: far more than a phone's lifetime of months, far less than would exhaust a function.
const MAX_PAGES: usize = 2_000;

/// A user and the pages of its ledger that a range of time touches, as of one moment.
pub struct LedgerPages {
    /// The user.
    pub user: User,
    key: UserKey,
    range: TimeRange,
    pages: Vec<StoredPage>,
}

impl LedgerPages {
    /// Whom a report on the ledger is about.
    pub fn subject(&self) -> Subject {
        Subject {
            user_uuid: self.key.id().0,
            client_uuid: self.key.tenant().organization().0,
            country: self.user.country,
        }
    }

    /// The records within the range, by position, oldest first.
    pub fn records(&self) -> Result<Vec<Record>, StoreError> {
        let mut records = Vec::new();
        for page in &self.pages {
            let page = page.records(self.key)?;
            records.extend(
                page.into_iter()
                    .filter(|record| self.range.contains(record.timestamp)),
            );
        }
        Ok(records)
    }

    /// A text that differs whenever the pages do.
    pub fn version(&self) -> String {
        let mut version = String::new();
        for page in &self.pages {
            version.push_str(&format!("{}:{};", page.start.unix_seconds(), page.version));
        }
        version
    }
}

impl Store {
    /// The user and its ledger within a range; `None` if there is no such user.
    ///
    /// Strongly consistent. Costs 1 read unit per 4 KB of the months that the range touches, in one round trip per MB,
    /// and 1 for the user, read beside.
    pub async fn ledger(
        &self,
        key: UserKey,
        range: TimeRange,
    ) -> Result<Option<LedgerPages>, StoreError> {
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
        // No record is older than the epoch, so no page is.
        let start = range
            .start
            .unwrap_or(Timestamp::EPOCH)
            .max(Timestamp::EPOCH);
        let start = page_sort_key(start.month().start());
        let end = range.end.map_or_else(|| "PAGE#~".to_owned(), page_sort_key);
        if end < start {
            return Ok(Vec::new());
        }
        let mut backoff = Backoff::default();
        loop {
            let pages = self.query_pages(user, &start, &end).await?;
            if is_consistent(&pages, range.end) {
                return Ok(pages);
            }
            backoff.wait().await?;
        }
    }

    /// The pages between two sort keys, both included, in order.
    pub(super) async fn query_pages(
        &self,
        user: UserKey,
        start: &str,
        end: &str,
    ) -> Result<Vec<StoredPage>, StoreError> {
        let query = self
            .query()
            .consistent_read(true)
            .key_condition_expression("#pk = :pk AND #sk BETWEEN :start AND :end")
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#sk", SK)
            .expression_attribute_values(":pk", string(user_partition(user)))
            .expression_attribute_values(":start", string(start))
            .expression_attribute_values(":end", string(end));
        let pages = self.all_answers(query, MAX_PAGES, StoredPage::read).await?;
        pages.ok_or_else(|| StoreError::Refused(format!("ledger has more than {MAX_PAGES} pages")))
    }
}
