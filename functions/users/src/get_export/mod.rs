//! All data about a user.

mod place;

use axum::{Extension, Json, extract::State};
use daftari_domain::ids::ReportId;
use daftari_domain::reports::CreditReport;
use daftari_domain::vocabulary::UnrecognizedCode;
use daftari_domain::{Counterparty, Date, Money, Record, Reference, ShownRecord, TimeRange, Timestamp};
use daftari_platform::answer_budget::Budget;
use daftari_platform::cursor::CursorKey;
use daftari_platform::http::{CursorQuery, Query, UserAccess, routes};
use daftari_platform::listing::{Listing, read_cursor};
use daftari_platform::openapi::UserPath;
use daftari_platform::store::FrozenReport;
use daftari_platform::{Error, Platform};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::user::UserView;
use place::Place;

/// Number of frozen reports in one read.
const REPORTS_AT_ONCE: u16 = 100;

/// All data about a user. If it exceeds one answer, `next_cursor` leads to the rest: first the records, then the credit
/// reports.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Export {
    /// The profile.
    user: UserView,
    /// The messages that were not read, oldest first, all in the first answer. Their texts are not kept.
    unrecognized_messages: Vec<UnreadMessage>,
    /// Newest first, each with its source text if that is stored.
    #[schema(value_type = Vec<WholeRecord>)]
    records: Vec<Box<RawValue>>,
    /// The frozen credit reports, newest first.
    #[schema(value_type = Vec<ExportedReport>)]
    credit_reports: Vec<Box<RawValue>>,
    /// Cursor of the next answer; null at the end of the list.
    next_cursor: Option<String>,
}

/// A record with all its stored data.
#[derive(Serialize, utoipa::ToSchema)]
struct WholeRecord<'a> {
    #[serde(flatten)]
    record: ShownRecord<'a>,
    /// The source text, if stored.
    body: Option<&'a str>,
    /// The institution's fee for the movement, in addition to the amount; left out if it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    fee: Option<Money>,
    /// The code that the institution gave the transaction; left out if it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false, value_type = Reference)]
    reference: Option<&'a Reference>,
    /// The other side of the movement; left out if it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    counterparty: Option<Counterparty>,
    /// Of a loan: the date by which the lender wants the next payment, or wanted the late one; left out if it is not
    /// stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    due_date: Option<Date>,
}

impl<'a> From<&'a Record> for WholeRecord<'a> {
    fn from(record: &'a Record) -> Self {
        Self {
            record: record.into(),
            body: record.body.as_deref(),
            fee: record.details.fee,
            reference: record.details.reference.as_ref(),
            counterparty: record.details.counterparty,
            due_date: record.details.due_date,
        }
    }
}

/// A message that was not read.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = ExportedUnrecognizedMessage)]
struct UnreadMessage {
    /// When it arrived.
    received_at: Timestamp,
    /// The sender by its letters and digits, in lower case; a telephone number is masked.
    sender: String,
    /// The reason.
    code: UnrecognizedCode,
    /// Whether it mentions a loan, or a lender sent it.
    may_concern_loan: bool,
    /// The version of the reader that did not read it.
    reader: u32,
}

/// A frozen credit report.
#[derive(Serialize, utoipa::ToSchema)]
struct ExportedReport<'a> {
    /// The id of the report.
    credit_report_id: ReportId,
    /// When it was frozen.
    created_at: Timestamp,
    /// The report.
    #[schema(value_type = CreditReport)]
    credit_report: &'a RawValue,
}

/// All data about one user.
///
/// The profile, every record with its text, the messages that were not read, and every frozen credit report, for a
/// request by the person concerned. Follow `next_cursor` until it is null.
#[utoipa::path(
    get, path = routes::GET_EXPORT.path, tag = "Users", params(UserPath, CursorQuery),
    responses((status = 200, description = "The user's data, or a part of it", body = Export))
)]
pub(crate) async fn get_export(
    State(platform): State<Platform>,
    Extension(cursors): Extension<CursorKey>,
    access: UserAccess,
    query: Query<CursorQuery>,
) -> Result<Json<Export>, Error> {
    let now = platform.now();
    let (tenant, user) = (access.user.tenant().to_string(), access.user.id().to_string());
    let binding = ["export", &tenant, &user];
    let from = query
        .read(|values| values.one("cursor"))?
        .map(|cursor| read_cursor(&cursors, &binding, cursor, now))
        .transpose()?
        .unwrap_or(Place::Start);
    let (listed, unrecognized_messages) = tokio::join!(list_records(&access, &from), list_unread(&access, &from));
    let (user, records) = listed?;
    let unrecognized_messages = unrecognized_messages?;
    let (credit_reports, next) = match records.last {
        Some(last) => (Vec::new(), Some(Place::AfterRecord(last))),
        None => list_reports(&access, from.report(), records.room).await?,
    };
    Ok(Json(Export {
        user,
        unrecognized_messages,
        records: records.records,
        credit_reports,
        next_cursor: next.map(|next| cursors.sign(&binding, &next.to_string(), now)),
    }))
}

/// The user, and the records from a position on.
async fn list_records(access: &UserAccess, from: &Place) -> Result<(UserView, Listing), Error> {
    let after = match from {
        Place::Start => None,
        Place::AfterRecord(position) => Some(position),
        Place::Reports(_) => {
            let user = access.store().await?.user(access.user).await?;
            let user = user.ok_or(Error::user_not_found())?;
            return Ok((user.into(), Listing::default()));
        }
    };
    let range = TimeRange {
        start: None,
        end: after.map(|after| after.timestamp),
    };
    let ledger = access.ledger(range).await?;
    let records = ledger.records()?;
    let newest_first = records
        .iter()
        .rev()
        .filter(|record| after.is_none_or(|after| after.is_after(record)));
    let listing = Listing::of(newest_first, usize::MAX, WholeRecord::from)?;
    Ok((ledger.user.into(), listing))
}

/// The messages that were not read, if the export begins.
async fn list_unread(access: &UserAccess, from: &Place) -> Result<Vec<UnreadMessage>, Error> {
    if !matches!(from, Place::Start) {
        return Ok(Vec::new());
    }
    let unrecognized = access.store().await?.unrecognized(access.user).await?;
    let shown = unrecognized.iter().map(|(key, note)| UnreadMessage {
        received_at: key.received_at,
        sender: note.sender.clone(),
        code: note.code,
        may_concern_loan: note.may_concern_loan,
        reader: note.reader,
    });
    Ok(shown.collect())
}

/// The credit reports after a given one, newest first, as many as fit. Also the position of the next one, if there are
/// more.
async fn list_reports(
    access: &UserAccess,
    after: Option<ReportId>,
    mut room: Budget,
) -> Result<(Vec<Box<RawValue>>, Option<Place>), Error> {
    let store = access.store().await?;
    let mut shown = Vec::new();
    let mut last = after;
    // An answer without records contains at least one report, so that a client makes progress.
    let fresh = room.is_untouched();
    loop {
        let (reports, more) = store.reports(access.user, last, REPORTS_AT_ONCE).await?;
        for report in reports {
            let json = render(&report)?;
            let first = fresh && shown.is_empty();
            if !room.takes(json.get()) && !first {
                return Ok((shown, Some(Place::Reports(last))));
            }
            shown.push(json);
            last = Some(report.id);
        }
        if !more {
            return Ok((shown, None));
        }
    }
}

fn render(report: &FrozenReport) -> Result<Box<RawValue>, Error> {
    let report = ExportedReport {
        credit_report_id: report.id,
        created_at: report.created_at,
        credit_report: &report.report,
    };
    serde_json::value::to_raw_value(&report).map_err(|error| Error::internal(format!("rendering a report: {error}")))
}
