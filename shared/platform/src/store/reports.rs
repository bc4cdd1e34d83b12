//! Frozen credit reports: documents that never change, in the partition of their user.

use std::io::{Read, Write};

use daftari_domain::Timestamp;
use daftari_domain::ids::ReportId;
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::backoff::Backoff;
use super::call::ITEM_BYTES;
use super::fault::Fault;
use super::items::{ItemBuilder, ItemReader};
use super::operation::Query;
use super::primary_key::{Key, REPORT_PREFIX, SK, user_partition};
use super::{Store, StoreError};
use crate::answer_budget::{Budget, MAX_ANSWER_BYTES};
use crate::identity::UserKey;

/// Largest document kept, compressed.
const MAX_COMPRESSED_BYTES: usize = 390_000;

/// Most bytes of a report's item without the document: its keys, attribute names and their values.
const OVERHEAD_BYTES: usize = 1_000;

const _: () = assert!(MAX_COMPRESSED_BYTES + OVERHEAD_BYTES <= ITEM_BYTES);

/// Room in an answer for everything but the document, in bytes.
const RESERVED_BYTES: usize = 1_000;

/// A report ready to be frozen: JSON text, compressed.
#[derive(Clone, Debug)]
pub struct ReportDocument(Vec<u8>);

impl ReportDocument {
    /// Compresses a report; `None` if it exceeds the size of an item or of an answer.
    pub fn new(report: &RawValue) -> Option<Self> {
        if !Budget::reserving(RESERVED_BYTES).takes(report.get()) {
            return None;
        }
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(report.get().as_bytes()).ok()?;
        let bytes = encoder.finish().ok()?;
        (bytes.len() <= MAX_COMPRESSED_BYTES).then_some(Self(bytes))
    }

    fn read(bytes: &[u8]) -> Result<Box<RawValue>, String> {
        let mut text = String::new();
        ZlibDecoder::new(bytes)
            .take(MAX_ANSWER_BYTES as u64)
            .read_to_string(&mut text)
            .map_err(|error| error.to_string())?;
        RawValue::from_string(text).map_err(|error| error.to_string())
    }
}

/// A report as it was frozen.
#[derive(Clone, Debug)]
pub struct FrozenReport {
    /// Its id.
    pub id: ReportId,
    /// When it was frozen.
    pub created_at: Timestamp,
    /// The report.
    pub report: Box<RawValue>,
}

impl FrozenReport {
    fn read(mut item: ItemReader) -> Result<Self, StoreError> {
        let id = item.string(SK)?.strip_prefix(REPORT_PREFIX);
        let Some(Ok(id)) = id.map(str::parse) else {
            return Err(item.corrupt("sort key is not that of a report"));
        };
        let created_at = item.parsed("created_at")?;
        let document = item.binary("data")?;
        let report = ReportDocument::read(&document).map_err(|error| item.corrupt(error))?;
        Ok(Self { id, created_at, report })
    }
}

impl Store {
    /// Freezes a report under a new id; `None` if the user does not exist.
    pub async fn create_report(
        &self,
        user: UserKey,
        document: &ReportDocument,
        now: Timestamp,
    ) -> Result<Option<ReportId>, StoreError> {
        let id = new_id(now);
        let item = ItemBuilder::new(&Key::report(user, id), "report")
            .string("created_at", now)
            .binary("data", document.0.clone())
            .build();
        let mut backoff = Backoff::default();
        loop {
            match self.create_for(user, item.clone()).await {
                Ok(()) => return Ok(Some(id)),
                Err(Fault::Condition) => return Ok(None),
                // Another transaction was writing the profile.
                Err(Fault::Conflict) => backoff.wait().await?,
                Err(Fault::Error(error)) => return Err(error),
            }
        }
    }

    /// A frozen report. The outer option is `None` if the user does not exist, the inner one if the user has no such
    /// report. Strongly consistent.
    pub async fn report(&self, user: UserKey, id: ReportId) -> Result<Option<Option<FrozenReport>>, StoreError> {
        let report = self.table.get(Key::report(user, id));
        let (user, item) = futures_util::try_join!(self.user(user), report)?;
        let report = item.map(FrozenReport::read).transpose()?;
        Ok(user.map(|_| report))
    }

    /// The frozen reports of a user that come after `after`, newest first: at most `most` and 1 MB of them, and whether
    /// there may be more. Strongly consistent.
    pub async fn reports(
        &self,
        user: UserKey,
        after: Option<ReportId>,
        most: u16,
    ) -> Result<(Vec<FrozenReport>, bool), StoreError> {
        let query = Query::partition(user_partition(user))
            .begins_with(REPORT_PREFIX)
            .consistent()
            .descending()
            .limit(most);
        let from = after.map(|id| Key::report(user, id).into_attributes());
        let (items, next) = self.table.query_once(query, from).await?;
        let reports = items.into_iter().map(|item| FrozenReport::read(ItemReader::new(item)));
        Ok((reports.collect::<Result<_, _>>()?, next.is_some()))
    }
}

fn new_id(now: Timestamp) -> ReportId {
    let mut random = [0; 10];
    random.copy_from_slice(&Uuid::new_v4().as_bytes()[..10]);
    ReportId::at(now, random)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(text: &str) -> Box<RawValue> {
        RawValue::from_string(text.to_owned()).expect("json")
    }

    #[test]
    fn documents_come_back_to_the_letter() {
        let report = raw(r#"{"balance":13404.0,"none":null,"text":"é"}"#);
        let document = ReportDocument::new(&report).expect("fits");
        let read = ReportDocument::read(&document.0).expect("document");
        assert_eq!(read.get(), report.get());
        assert!(ReportDocument::read(&document.0[1..]).is_err());
    }

    #[test]
    fn a_report_too_large_for_an_item_is_refused() {
        let mut noise = String::new();
        let mut state = 1_u64;
        while noise.len() < 2 * MAX_COMPRESSED_BYTES {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            noise.push_str(&format!("{state:016x}"));
        }
        assert!(ReportDocument::new(&raw(&format!("{:?}", &noise[..MAX_COMPRESSED_BYTES]))).is_some());
        assert!(ReportDocument::new(&raw(&format!("{noise:?}"))).is_none());
    }
}
