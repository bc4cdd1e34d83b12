//! Ledger pages in the table.

mod append;
mod appended;
mod batch;
mod month;
mod read;
mod reserve;
mod write;

use daftari_domain::ledger::UnpackedPage;
use daftari_domain::ledger::codec::{self, PageRecords};
use daftari_domain::{Record, Timestamp};

pub use appended::{Appended, Rejection};
pub use read::LedgerPages;

use super::StoreError;
use super::attributes::Attributes;
use super::items::{ItemBuilder, ItemReader};
use super::primary_key::{Key, SK, page_start};
use crate::identity::UserKey;

/// The type of a page, as an item.
const PAGE_KIND: &str = "page";

/// A page as stored.
struct StoredPage {
    start: Timestamp,
    end: Timestamp,
    /// Incremented by every write of the page.
    version: u64,
    /// The number of the month's last move when the page was written, if the month has a page list.
    moved: Option<u64>,
    /// The weight limit of the month; on the first page of a month without a page list.
    reserved: usize,
    count: usize,
    bytes: Vec<u8>,
}

impl StoredPage {
    fn read(mut item: ItemReader) -> Result<Self, StoreError> {
        let Some(start) = page_start(item.string(SK)?) else {
            return Err(item.corrupt("sort key is not that of a page"));
        };
        let end = Timestamp::from_unix_seconds(item.number("end")?);
        let end = end.ok_or_else(|| item.corrupt("end is out of range"))?;
        Ok(Self {
            start,
            end,
            version: item.number("version")?,
            moved: item.optional_number("moved")?,
            reserved: item.optional_number("reserved")?.unwrap_or_default(),
            count: item.number("count")?,
            bytes: item.binary("data")?,
        })
    }

    fn item(self, user: UserKey) -> Attributes {
        let mut item = ItemBuilder::new(&Key::page(user, self.start), PAGE_KIND)
            .number("end", self.end.unix_seconds())
            .number("version", self.version)
            .number("count", self.count);
        if let Some(moved) = self.moved {
            item = item.number("moved", moved);
        }
        if self.reserved > 0 {
            item = item.number("reserved", self.reserved);
        }
        item.binary("data", self.bytes).build()
    }

    fn records(&self, user: UserKey) -> Result<Vec<Record>, StoreError> {
        self.versioned_records(user).map(|page| page.records)
    }

    fn versioned_records(&self, user: UserKey) -> Result<PageRecords, StoreError> {
        let corrupt = |reason: String| {
            let key = Key::page(user, self.start);
            StoreError::corrupt(PAGE_KIND, &key.pk, &key.sk, reason)
        };
        let page = codec::decode_versioned(&self.bytes, self.version).map_err(|error| corrupt(error.to_string()))?;
        let inside = |record: &Record| self.start <= record.timestamp && record.timestamp < self.end;
        if page.records.iter().all(inside) {
            Ok(page)
        } else {
            Err(corrupt("a record lies outside".to_owned()))
        }
    }

    fn unpacked(&self, user: UserKey) -> Result<UnpackedPage, StoreError> {
        let PageRecords { records, versions } = self.versioned_records(user)?;
        Ok(UnpackedPage {
            start: self.start,
            end: self.end,
            records,
            versions,
        })
    }
}
