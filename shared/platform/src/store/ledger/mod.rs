//! Ledger pages in the table.

mod append;
mod read;

use daftari_domain::ledger::codec;
use daftari_domain::{Record, Timestamp};

pub use append::{Appended, Rejection};
pub use read::LedgerPages;

use super::StoreError;
use super::items::{Attributes, ItemBuilder, ItemReader};
use super::keys::{Key, SK, page_sort_key};
use crate::identity::UserKey;

/// The type of a page, as an item.
const PAGE_KIND: &str = "page";

/// A page as stored.
struct StoredPage {
    start: Timestamp,
    end: Timestamp,
    /// Raised by every write of the page.
    version: u64,
    bytes: Vec<u8>,
}

impl StoredPage {
    fn read(mut item: ItemReader) -> Result<Self, StoreError> {
        let start = item
            .string(SK)?
            .strip_prefix(&page_sort_key_prefix())
            .map(str::parse);
        let Some(Ok(start)) = start else {
            return Err(item.corrupt("sort key is not that of a page"));
        };
        let end = Timestamp::from_unix_seconds(item.number("end")?);
        let end = end.ok_or_else(|| item.corrupt("end is out of range"))?;
        Ok(Self {
            start,
            end,
            version: item.number("version")?,
            bytes: item.binary("data")?,
        })
    }

    fn item(&self, user: UserKey, count: usize) -> Attributes {
        ItemBuilder::new(&Key::page(user, self.start), PAGE_KIND)
            .number("end", self.end.unix_seconds())
            .number("version", self.version)
            .number("count", count)
            .binary("data", self.bytes.clone())
            .build()
    }

    fn records(&self, user: UserKey) -> Result<Vec<Record>, StoreError> {
        let corrupt = |reason: String| {
            let key = Key::page(user, self.start);
            StoreError::corrupt(PAGE_KIND, &key.pk, &key.sk, reason)
        };
        let records = codec::decode(&self.bytes).map_err(|error| corrupt(error.to_string()))?;
        let inside =
            |record: &Record| self.start <= record.timestamp && record.timestamp < self.end;
        if records.iter().all(inside) {
            Ok(records)
        } else {
            Err(corrupt("a record lies outside".to_owned()))
        }
    }
}

fn page_sort_key_prefix() -> String {
    page_sort_key(Timestamp::EPOCH)
        .trim_end_matches(&Timestamp::EPOCH.to_string())
        .to_owned()
}

/// Whether pages in order are one consistent state of their months: in each month the first starts with the month, and
/// each begins where the one before ends. A query that ran while a page was being split can see one half only.
/// The last page may end before its month does only where the query's own end cut off its successors.
fn is_consistent(pages: &[StoredPage], read_to: Option<Timestamp>) -> bool {
    let month_end = |page: &StoredPage| page.start.month().end();
    let begins_month = |page: &StoredPage| page.start == page.start.month().start();
    let follows = |early: &StoredPage, late: &StoredPage| {
        if late.start.month() == early.start.month() {
            late.start == early.end
        } else {
            early.end == month_end(early) && begins_month(late)
        }
    };
    let cut_off = |last: &StoredPage| read_to.is_some_and(|read_to| last.end > read_to);
    pages.first().is_none_or(begins_month)
        && pages.windows(2).all(|pair| follows(&pair[0], &pair[1]))
        && pages
            .last()
            .is_none_or(|last| last.end == month_end(last) || cut_off(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(start: &str, end: &str) -> StoredPage {
        let at = |text: &str| text.parse().expect("timestamp");
        StoredPage {
            start: at(start),
            end: at(end),
            version: 1,
            bytes: Vec::new(),
        }
    }

    const OCTOBER: &str = "2021-10-01T00:00:00Z";
    const MIDDLE: &str = "2021-10-11T07:00:00Z";
    const NOVEMBER: &str = "2021-11-01T00:00:00Z";
    const DECEMBER: &str = "2021-12-01T00:00:00Z";

    #[test]
    fn whole_months_and_tiled_months_are_consistent() {
        assert!(is_consistent(&[], None));
        assert!(is_consistent(
            &[page(OCTOBER, NOVEMBER), page(NOVEMBER, DECEMBER)],
            None
        ));
        assert!(is_consistent(
            &[
                page(OCTOBER, MIDDLE),
                page(MIDDLE, NOVEMBER),
                page(NOVEMBER, DECEMBER)
            ],
            None
        ));
        let before_middle = "2021-10-02T00:00:00Z".parse().ok();
        assert!(is_consistent(&[page(OCTOBER, MIDDLE)], before_middle));
    }

    #[test]
    fn one_half_of_a_split_is_not() {
        assert!(!is_consistent(&[page(OCTOBER, MIDDLE)], None));
        assert!(!is_consistent(
            &[page(OCTOBER, MIDDLE), page(NOVEMBER, DECEMBER)],
            None
        ));
        assert!(!is_consistent(&[page(MIDDLE, NOVEMBER)], None));
        assert!(!is_consistent(
            &[page(OCTOBER, NOVEMBER), page(MIDDLE, NOVEMBER)],
            None
        ));
        let after_middle = "2021-10-20T00:00:00Z".parse().ok();
        assert!(!is_consistent(&[page(OCTOBER, MIDDLE)], after_middle));
    }

    #[test]
    fn the_sort_key_prefix_is_what_precedes_the_start() {
        assert_eq!(page_sort_key_prefix(), "PAGE#");
    }
}
