//! Frozen credit reports: documents that stay as they were made, in the partition of their user.

use std::fmt;
use std::io::{Read, Write};
use std::str::FromStr;

use daftari_domain::Timestamp;
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use serde::Serialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::backoff::Backoff;
use super::error::Fault;
use super::items::{ItemBuilder, ItemReader, string};
use super::key::{Key, PK, REPORT_PREFIX, SK, user_partition};
use super::{Store, StoreError};
use crate::identity::UserKey;
use crate::listing::{Budget, MAX_ANSWER_BYTES};

/// Largest document kept, compressed: an item holds 400 KB with its keys.
const MAX_COMPRESSED_BYTES: usize = 390_000;

/// Room in an answer for what stands around a document.
const RESERVED_BYTES: usize = 1_000;

/// The id of a frozen report: a UUIDv7, so that ids sort by the time of freezing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(transparent)]
#[schema(value_type = Uuid)]
pub struct ReportId(Uuid);

impl ReportId {
    /// A new one.
    pub fn at(now: Timestamp) -> Self {
        let millis = u64::try_from(now.unix_seconds()).unwrap_or(0) * 1_000;
        let mut random = [0; 10];
        random.copy_from_slice(&Uuid::new_v4().as_bytes()[..10]);
        Self(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }
}

impl fmt::Display for ReportId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for ReportId {
    type Err = uuid::Error;

    /// Hyphenated form only, in either case: one report has one path.
    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        let text = if text.len() == 36 { text } else { "" };
        Uuid::try_parse(text).map(Self)
    }
}

/// A report ready to be frozen: JSON text, compressed.
#[derive(Clone, Debug)]
pub struct ReportDocument(Vec<u8>);

impl ReportDocument {
    /// Compresses a report; `None` if it is larger than what can be kept, or shown in one answer.
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
    /// Freezes a report under a new id; `None` if there is no such user.
    pub async fn create_report(
        &self,
        user: UserKey,
        document: &ReportDocument,
        now: Timestamp,
    ) -> Result<Option<ReportId>, StoreError> {
        let id = ReportId::at(now);
        let item = ItemBuilder::new(&Key::report(user, id), "report")
            .string("created_at", now)
            .binary("data", document.0.clone())
            .build();
        let mut backoff = Backoff::default();
        loop {
            match self.create_for(user, item.clone()).await {
                Ok(()) => return Ok(Some(id)),
                Err(Fault::Condition) => return Ok(None),
                // The profile was just being written.
                Err(Fault::Conflict) => backoff.wait().await?,
                Err(Fault::Error(error)) => return Err(error),
            }
        }
    }

    /// A frozen report; the outer `None` if there is no such user, the inner if the user has no such report. Strongly
    /// consistent.
    pub async fn report(&self, user: UserKey, id: ReportId) -> Result<Option<Option<FrozenReport>>, StoreError> {
        let report = self.get(Key::report(user, id));
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
        let query = self
            .query()
            .consistent_read(true)
            .scan_index_forward(false)
            .limit(i32::from(most))
            .key_condition_expression("#pk = :pk AND begins_with(#sk, :prefix)")
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#sk", SK)
            .expression_attribute_values(":pk", string(user_partition(user)))
            .expression_attribute_values(":prefix", string(REPORT_PREFIX));
        let from = after.map(|id| Key::report(user, id).into_attributes());
        let (items, next) = self.one_answer(query, from).await?;
        let reports = items.into_iter().map(|item| FrozenReport::read(ItemReader::new(item)));
        Ok((reports.collect::<Result<_, _>>()?, next.is_some()))
    }
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
    fn what_an_item_cannot_hold_is_refused() {
        let mut noise = String::new();
        let mut state = 1_u64;
        while noise.len() < 2 * MAX_COMPRESSED_BYTES {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            noise.push_str(&format!("{state:016x}"));
        }
        assert!(ReportDocument::new(&raw(&format!("{:?}", &noise[..MAX_COMPRESSED_BYTES]))).is_some());
        assert!(ReportDocument::new(&raw(&format!("{noise:?}"))).is_none());
    }

    #[test]
    fn ids_sort_by_time_and_have_one_form() {
        let early = ReportId::at(Timestamp::EPOCH);
        let late = ReportId::at(Timestamp::EPOCH.plus_seconds(1));
        assert!(early < late && early.to_string() < late.to_string());
        assert_eq!(late.to_string().parse::<ReportId>().ok(), Some(late));
        let simple = late.to_string().replace('-', "");
        for text in ["", "x", &simple, &format!("{{{late}}}")] {
            assert!(text.parse::<ReportId>().is_err(), "{text}");
        }
    }
}
