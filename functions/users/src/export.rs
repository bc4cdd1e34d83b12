//! `GET /users/{user_uuid}/export`

use axum::{Extension, Json, extract::State};
use daftari_domain::{Record, TimeRange};
use daftari_platform::cursor::CursorKey;
use daftari_platform::http::{Query, ReadsData, UserAccess};
use daftari_platform::listing::{Listing, read_cursor};
use daftari_platform::{Error, Platform};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::user::UserView;

/// Everything held about a user. Where one answer cannot hold all records, `next_cursor` leads to the rest.
#[derive(Serialize)]
pub(crate) struct Export {
    user: UserView,
    /// Newest first, each with the text it came from where that is kept.
    records: Vec<Box<RawValue>>,
    next_cursor: Option<String>,
}

/// A record with everything that is kept of it.
#[derive(Serialize)]
struct WholeRecord<'a> {
    #[serde(flatten)]
    record: &'a Record,
    body: Option<&'a str>,
}

/// Everything held about one user: the profile, and every record with its text.
pub(crate) async fn get_export(
    State(platform): State<Platform>,
    Extension(cursors): Extension<CursorKey>,
    access: UserAccess<ReadsData>,
    query: Query,
) -> Result<Json<Export>, Error> {
    let now = platform.now();
    let (tenant, user) = (
        access.user.tenant().to_string(),
        access.user.id().to_string(),
    );
    let binding = ["export", &tenant, &user];
    let after = query
        .one("cursor")?
        .map(|cursor| read_cursor(&cursors, &binding, cursor, now))
        .transpose()?;
    let range = TimeRange {
        start: None,
        end: after.as_ref().map(|after| after.timestamp),
    };
    let ledger = access
        .store
        .ledger(access.user, range)
        .await?
        .ok_or(Error::user_not_found())?;
    let records = ledger.records()?;
    let newest_first = records
        .iter()
        .rev()
        .filter(|record| after.as_ref().is_none_or(|after| after.is_after(record)));
    let whole = |record| WholeRecord {
        record,
        body: record.body.as_deref(),
    };
    let listing = Listing::of(newest_first, usize::MAX, whole)?;
    let next_cursor = listing.next_cursor(&cursors, &binding, now);
    Ok(Json(Export {
        user: ledger.user.into(),
        records: listing.records,
        next_cursor,
    }))
}
