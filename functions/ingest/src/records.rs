//! `POST /users/{user_uuid}/ledger`

use axum::{Json, extract::State};
use daftari_domain::ledger::Outcome;
use daftari_domain::{Record, Timestamp};
use daftari_platform::http::{IngestsData, JsonBody, UserAccess, read_json};
#[cfg(feature = "openapi")]
use daftari_platform::openapi::UserPath;
use daftari_platform::store::{Appended, Rejection};
use daftari_platform::{Error, Platform};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::wire::WireRecord;

/// Most records in a batch.
const MAX_RECORDS: usize = 1_000;

/// How far a phone's clock may be ahead.
const FUTURE_SECONDS: i64 = 24 * 60 * 60;

/// A batch of records. Each is read by itself, so that one that is wrong does not keep the others out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub(crate) struct Batch {
    /// The records, in any order.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<WireRecord>, max_items = 1_000))]
    records: Vec<Box<RawValue>>,
}

/// What became of a batch. The four counts add up to the size of the batch.
#[derive(Default, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub(crate) struct BatchResult {
    /// Records that were not known before.
    accepted: usize,
    /// Records that were known, with the same values.
    duplicates: usize,
    /// Records that were known with other values, which these replace.
    replaced: usize,
    /// Records that were not stored, in the order of the batch.
    rejected: Vec<RejectedRecord>,
}

/// A record that was not stored.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
struct RejectedRecord {
    /// Its place in the batch, from 0.
    index: usize,
    /// The reason, for programs.
    #[cfg_attr(feature = "openapi", schema(example = "negative_amount"))]
    code: &'static str,
    /// The reason, for people.
    detail: String,
    /// The field at fault, as a JSON pointer into the body.
    pointer: String,
}

/// Appends records to a user's ledger. What is counted as stored is durable, and sending it again changes nothing.
#[cfg_attr(feature = "openapi", utoipa::path(
    post, path = "/users/{user_uuid}/ledger", tag = "Ledger", params(UserPath), request_body = Batch,
    responses((status = 200, description = "What became of each record", body = BatchResult))
))]
pub(crate) async fn post_ledger(
    State(platform): State<Platform>,
    access: UserAccess<IngestsData>,
    JsonBody(batch): JsonBody<Batch>,
) -> Result<Json<BatchResult>, Error> {
    if batch.records.len() > MAX_RECORDS {
        return Err(Error::invalid(
            "/records",
            format!("must hold at most {MAX_RECORDS} records"),
        ));
    }
    let latest = platform.now().plus_seconds(FUTURE_SECONDS);
    let mut result = BatchResult::default();
    let mut places = Vec::with_capacity(batch.records.len());
    let mut records = Vec::with_capacity(batch.records.len());
    for (index, json) in batch.records.iter().enumerate() {
        match read_record(json, index, latest) {
            Ok(record) => {
                places.push(index);
                records.push(record);
            }
            Err(rejected) => result.rejected.push(rejected),
        }
    }
    let appended = access
        .store
        .append(access.user, records)
        .await?
        .ok_or(Error::user_not_found())?;
    result.add(&places, &appended);
    Ok(Json(result))
}

fn read_record(json: &RawValue, index: usize, latest: Timestamp) -> Result<Record, RejectedRecord> {
    let place = format!("/records/{index}");
    let wire: WireRecord = read_json(json.get().as_bytes(), &place).map_err(|error| {
        let first = match error {
            Error::Invalid { errors, .. } => errors.into_iter().next(),
            _ => None,
        };
        let (pointer, detail) = first.map_or_else(
            || (place.clone(), "is not a record".to_owned()),
            |error| (error.pointer, error.detail),
        );
        RejectedRecord {
            index,
            code: "invalid_record",
            detail,
            pointer,
        }
    })?;
    let record = Record::from(wire);
    match record.check(latest) {
        Ok(()) => Ok(record),
        Err(fault) => {
            let pointer = fault
                .field()
                .map_or_else(|| place.clone(), |field| format!("{place}/{field}"));
            Err(RejectedRecord {
                index,
                code: fault.code(),
                detail: fault.to_string(),
                pointer,
            })
        }
    }
}

impl BatchResult {
    fn add(&mut self, places: &[usize], appended: &Appended) {
        for (index, outcome) in places.iter().copied().zip(&appended.0) {
            match outcome {
                Ok(Outcome::Accepted) => self.accepted += 1,
                Ok(Outcome::Duplicate) => self.duplicates += 1,
                Ok(Outcome::Replaced) => self.replaced += 1,
                Err(rejection) => self.rejected.push(RejectedRecord::full(index, *rejection)),
            }
        }
        self.rejected.sort_by_key(|rejected| rejected.index);
    }
}

impl RejectedRecord {
    fn full(index: usize, rejection: Rejection) -> Self {
        let (code, detail) = match rejection {
            Rejection::InstantFull => (
                "instant_full",
                "the ledger holds as many records of this second as it can",
            ),
            Rejection::MonthFull => (
                "month_full",
                "the ledger holds as many records of this month as it can",
            ),
        };
        Self {
            index,
            code,
            detail: detail.to_owned(),
            pointer: format!("/records/{index}"),
        }
    }
}
