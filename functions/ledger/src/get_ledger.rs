//! A user's records.

use axum::response::{IntoResponse, Response};
use axum::{Extension, Json, extract::State};
use daftari_domain::TimeRange;
use daftari_domain::ledger::LedgerFilter;
use daftari_domain::reports::{Completeness, completeness};
use daftari_domain::views::Warning;
use daftari_platform::cursor::{CursorKey, confirmable_in};
use daftari_platform::http::{AccountTypesQuery, CursorQuery, LabelsQuery, RangeQuery, routes, unknown_institutions};
use daftari_platform::http::{Query, UserAccess, etag};
use daftari_platform::listing::{Listing, Position, read_cursor};
use daftari_platform::openapi::UserPath;
use daftari_platform::{Error, Platform};
use http::{HeaderMap, StatusCode};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::include::{Include, IncludeQuery};
use crate::query::{LedgerQuery, LedgerRequest, RecordsQuery, read_request};
use crate::record_view::RecordView;

/// Ledger records, newest first. `next_cursor` is null at the end of the list.
#[derive(Serialize, utoipa::ToSchema)]
struct LedgerPage {
    /// Newest first; records of one second by id, descending.
    #[schema(value_type = Vec<RecordView>)]
    records: Vec<Box<RawValue>>,
    /// Cursor of the next answer; null at the end of the list.
    next_cursor: Option<String>,
    /// Facts about the whole ledger; absent unless requested.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    meta: Option<LedgerMeta>,
    /// Hints about parameters that may be misspelt. Omitted if empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<Warning>,
}

/// About the ledger as a whole.
#[derive(Serialize, utoipa::ToSchema)]
struct LedgerMeta {
    /// How much of the money the messages state, over all records of the range: `include=completeness`.
    completeness: Completeness,
}

/// A user's ledger, newest first.
///
/// The whole history is in one answer, if it fits. Otherwise follow `next_cursor` until it is null. Filters of
/// different parameters must all match. Send the `ETag` of an answer as `If-None-Match`: an unchanged ledger answers
/// 304.
#[utoipa::path(
    get, path = routes::GET_LEDGER.path, tag = "Ledger",
    params(
        UserPath, RangeQuery, LabelsQuery, AccountTypesQuery, RecordsQuery, CursorQuery, IncludeQuery,
        ("If-None-Match" = Option<String>, Header, description = "The `ETag` of an earlier answer."),
    ),
    responses(
        (status = 200, description = "The records", body = LedgerPage, headers(("ETag" = String, description = "Changes whenever the answer would, and every 12 hours, so that `next_cursor` of an answer that a 304 confirms works for at least 12 hours more"))),
        (status = 304, description = "Nothing changed since the answer with that `ETag`"),
    )
)]
pub(crate) async fn get_ledger(
    State(platform): State<Platform>,
    Extension(cursors): Extension<CursorKey>,
    access: UserAccess,
    headers: HeaderMap,
    query: Query<LedgerQuery>,
) -> Result<Response, Error> {
    let now = platform.now();
    let LedgerRequest {
        filter,
        limit,
        includes,
        cursor,
    } = query.read(read_request)?;
    let (tenant, user, selection) = (
        access.user.tenant().to_string(),
        access.user.id().to_string(),
        filter.to_string(),
    );
    let binding = ["ledger", &tenant, &user, &selection];
    let after: Option<Position> = cursor
        .map(|cursor| read_cursor(&cursors, &binding, cursor, now))
        .transpose()?;
    let whole = includes.has(Include::Completeness);
    let range = if whole {
        filter.list.range
    } else {
        remaining_range(&filter, after.as_ref())
    };
    let ledger = access.ledger(range).await?;
    let place = after.as_ref().map(ToString::to_string).unwrap_or_default();
    let tag = etag::of(&[
        &tenant,
        &user,
        &selection,
        &limit.to_string(),
        &includes.to_string(),
        &place,
        &ledger.version(),
        &confirmable_in(now),
    ]);
    if etag::matches(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, etag::headers(&tag)).into_response());
    }
    let records = ledger.records()?;
    let newest_first = records
        .iter()
        .rev()
        .filter(|record| filter.admits(record) && after.as_ref().is_none_or(|after| after.is_after(record)));
    let with_details = includes.has(Include::Details);
    let listing = Listing::of(newest_first, limit, |record| RecordView::new(record, with_details))?;
    let next_cursor = listing.next_cursor(&cursors, &binding, now);
    let meta = whole.then(|| LedgerMeta {
        completeness: completeness(&records, &ledger.subject(), range),
    });
    // With a cursor, only the rest of the range is read.
    let asked = filter.institution_id.iter().filter(|_| after.is_none());
    let page = LedgerPage {
        records: listing.records,
        next_cursor,
        meta,
        warnings: unknown_institutions("institution_id", asked, &records),
    };
    Ok((etag::headers(&tag), Json(page)).into_response())
}

/// The rest of the range after a cursor. The list continues at or before the last returned record.
fn remaining_range(filter: &LedgerFilter, after: Option<&Position>) -> TimeRange {
    let range = filter.list.range;
    TimeRange {
        end: after.map(|after| after.timestamp).or(range.end),
        ..range
    }
}
