//! Appending records.

use axum::{Json, extract::State};
use daftari_domain::ledger::Outcome;
use daftari_domain::order::sort_by_key;
use daftari_domain::{NewRecord, Record, Timestamp};
use daftari_platform::http::{Broken, JsonBody, Object, Query, UserAccess, all, check_record, routes};
use daftari_platform::openapi::UserPath;
use daftari_platform::store::Appended;
use daftari_platform::{Code, Error, Platform};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::rejected::{Element, FUTURE_SECONDS, MAX_ELEMENTS, Rejected, check_length, read_element};

/// The name of the list in the body.
const LIST: &str = "records";

/// A batch of up to 1,000 records.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RecordBatch)]
pub(crate) struct Batch {
    /// The records, in any order.
    #[schema(value_type = Vec<NewRecord>, max_items = 1_000)]
    records: Vec<Box<RawValue>>,
}

const _: () = assert!(MAX_ELEMENTS == 1_000, "`max_items` takes a literal only");

impl Object for Batch {
    const REQUIRED: &'static [(&'static str, &'static str)] = &[(LIST, "[]")];
}

/// The outcome of a batch. The four counts add up to the size of the batch.
#[derive(Default, Serialize, utoipa::ToSchema)]
#[schema(as = RecordBatchResult)]
pub(crate) struct BatchResult {
    /// New records.
    accepted: usize,
    /// Records that existed with the same values.
    duplicates: usize,
    /// Records that existed with other values and were replaced.
    replaced: usize,
    /// Records that were not stored, in the order of the batch.
    rejected: Vec<Rejected>,
}

/// Appends records to a user's ledger.
///
/// For records from a source other than SMS. Each record is stored or rejected separately: the answer is 200 even if
/// all are rejected, so check `rejected`. Stored records are durable. Idempotent: sending a batch again changes
/// nothing. A record with the `id` of a stored one in the same account and month replaces it.
#[utoipa::path(
    post, path = routes::POST_LEDGER.path, tag = "Ledger", params(UserPath), request_body = Batch,
    responses((status = 200, description = "The outcome of each record", body = BatchResult))
)]
pub(crate) async fn post_ledger(
    State(platform): State<Platform>,
    access: UserAccess,
    query: Result<Query<(), Batch>, Error>,
    body: Result<JsonBody<Batch>, Error>,
) -> Result<Json<BatchResult>, Error> {
    let (_, JsonBody(batch)) = all((query, body))?;
    check_length(LIST, &batch.records)?;
    let latest = platform.now().plus_seconds(FUTURE_SECONDS);
    let mut result = BatchResult::default();
    let mut places = Vec::with_capacity(batch.records.len());
    let mut records = Vec::with_capacity(batch.records.len());
    for (index, json) in batch.records.iter().enumerate() {
        match read_element::<NewRecord>(index, json, latest) {
            Ok(record) => {
                places.push(index);
                records.push(record);
            }
            Err(rejected) => result.rejected.push(rejected),
        }
    }
    let appended = access.store().await?.append(access.user, records).await?;
    let appended = appended.ok_or(Error::user_not_found())?;
    result.add(&places, &appended);
    Ok(Json(result))
}

impl Element for NewRecord {
    type Read = Record;

    const LIST: &'static str = LIST;

    const CODE: Code = Code::InvalidRecord;

    fn check(self, latest: Timestamp) -> (Record, Vec<Broken>) {
        check_record(self, latest)
    }
}

impl BatchResult {
    fn add(&mut self, places: &[usize], appended: &Appended) {
        for (index, outcome) in places.iter().copied().zip(&appended.outcomes) {
            match outcome {
                Ok(Outcome::Accepted) => self.accepted += 1,
                Ok(Outcome::Duplicate) => self.duplicates += 1,
                Ok(Outcome::Replaced) => self.replaced += 1,
                Err(rejection) => self.rejected.push(Rejected::full(LIST, index, *rejection)),
            }
        }
        sort_by_key(&mut self.rejected, |rejected| rejected.index);
    }
}
