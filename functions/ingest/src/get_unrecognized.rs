//! The wordings that the reader does not read.

use std::str::FromStr;

use axum::response::Response;
use axum::{Extension, extract::State};
use daftari_domain::Timestamp;
use daftari_domain::ids::OrganizationId;
use daftari_domain::time::DAY_SECONDS;
use daftari_platform::cursor::CursorKey;
use daftari_platform::http::{Access, CursorQuery, Query, all, json_answer, routes};
use daftari_platform::listing::read_cursor;
use daftari_platform::store::{MIN_USERS, NearestRule, ShapeTraffic, by_traffic, months_between};
use daftari_platform::{Error, Platform, query_parameters};
use daftari_sms::READER;
use serde::Serialize;

/// Limit of the days. Shapes are stored longer, so the answer has the complete count of each.
const MAX_DAYS: usize = 31;
const DEFAULT_DAYS: usize = 30;
/// Most shapes of one answer.
const MAX_LIMIT: usize = 500;
const DEFAULT_LIMIT: usize = 100;

query_parameters! {
    /// Selects shapes.
    pub(crate) struct ShapesQuery {
        /// Number of days up to today, in UTC.
        #[param(default = json!(DEFAULT_DAYS))]
        #[within(1..=MAX_DAYS)]
        days: Option<u32>,
        /// Limit of shapes in the answer.
        #[param(default = json!(DEFAULT_LIMIT))]
        #[within(1..=MAX_LIMIT)]
        limit: Option<u32>,
    }
}

/// Shapes of unread messages, the most common first.
#[derive(Serialize, utoipa::ToSchema)]
struct UnrecognizedShapes {
    #[serde(rename = "_meta")]
    meta: ShapesMeta,
    /// The most common first; equally common ones by id.
    shapes: Vec<ShapeView>,
    /// Cursor of the next answer; null at the end of the list. Messages that arrive meanwhile may move a shape past the
    /// cursor.
    next_cursor: Option<String>,
}

/// The scope of the list.
#[derive(Serialize, utoipa::ToSchema)]
struct ShapesMeta {
    /// The organization.
    client_uuid: OrganizationId,
    /// The first second of the first day.
    utc_starttime: Timestamp,
    /// Now.
    utc_endtime: Timestamp,
    /// The version of the reader, which rises with every change of its rules.
    reader: u32,
    /// A wording is listed once at least so many different users have sent it in a calendar month. So the list may be
    /// empty although messages are not read.
    min_users: usize,
}

/// A wording that is not read, without personal data: words of the reader's languages, and masks for all other parts.
/// Listed once ten different users have sent it within a month.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = UnrecognizedShape)]
struct ShapeView {
    /// A hash of wording and sender.
    id: String,
    /// The letters and digits of the sender, in lower case. `<number>`: a telephone number. `<none>`: no sender.
    #[schema(example = "mpesa")]
    sender: String,
    /// The wording. `<m>` is money, `<d>` a date or time, `<a>` a masked number, `<f>` long digits, `<n>` a number,
    /// `<r>` a reference, `<u>` a link or short code, `<q>` a quantity, `<bad>` an amount with an invalid number, and
    /// `w` any other words. `|` separates sentences. `...` ends a truncated wording.
    #[schema(example = "<r> confirmed | <m> went w to w on <d>")]
    text: String,
    /// Number of messages with the wording. If a batch is sent again, its messages count again. Of a batch with many
    /// shapes only the most common ones count.
    count: u64,
    /// The messages by day, oldest first; days without messages are left out.
    days: Vec<DayCount>,
    /// Why the wording is not read. The text is the same for every message of the wording.
    #[schema(example = "no event")]
    reason: String,
    /// The part of the wording that the reason is about, masked like the wording. Empty if the reason is about the
    /// message as a whole.
    #[schema(example = "<m> went w to w <f> on <d>")]
    segment: String,
    /// The template that matched furthest; null if no template begins like the wording.
    nearest: Option<NearestView>,
    /// The version of the reader that did not read it.
    reader: u32,
}

/// Messages of one day.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = ShapeDay)]
struct DayCount {
    /// The day, in UTC.
    #[schema(example = "2021-11-16", format = Date)]
    date: String,
    /// Number of messages.
    count: u64,
}

/// A template of an institution.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = ShapeNearest)]
struct NearestView {
    /// The institution's id.
    institution: String,
    /// The template's name.
    template: String,
}

impl From<ShapeTraffic> for ShapeView {
    fn from(shape: ShapeTraffic) -> Self {
        let day = |(day, count): (Timestamp, u64)| {
            let mut date = day.naive_iso();
            date.truncate("2021-11-16".len());
            DayCount { date, count }
        };
        let nearest = |rule: NearestRule| NearestView {
            institution: rule.institution,
            template: rule.template,
        };
        Self {
            id: shape.id,
            sender: shape.wording.sender,
            text: shape.wording.text,
            count: shape.count,
            days: shape.days.into_iter().map(day).collect(),
            reason: shape.wording.reason,
            segment: shape.wording.segment,
            nearest: shape.wording.nearest.map(nearest),
            reader: shape.wording.reader,
        }
    }
}

/// The last shape of an answer.
struct Place {
    count: u64,
    id: String,
}

impl Place {
    fn is_before(&self, shape: &ShapeTraffic) -> bool {
        (self.count, &shape.id) > (shape.count, &self.id)
    }
}

impl FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (count, id) = text.split_once(' ').ok_or(())?;
        let count = count.parse().map_err(|_| ())?;
        Ok(Self {
            count,
            id: id.to_owned(),
        })
    }
}

/// The wordings that the reader does not read, the most frequent first.
///
/// Of all users of the organization: the work list for new templates. The wordings contain no personal data. A wording
/// is listed once ten different users have sent it within a month.
#[utoipa::path(
    get, path = routes::GET_UNRECOGNIZED.path, tag = "Ledger", params(ShapesQuery, CursorQuery),
    responses((status = 200, description = "The shapes", body = UnrecognizedShapes))
)]
pub(crate) async fn get_unrecognized(
    State(platform): State<Platform>,
    Extension(cursors): Extension<CursorKey>,
    access: Access,
    query: Query<(ShapesQuery, CursorQuery)>,
) -> Result<Response, Error> {
    let now = platform.now();
    let (days, limit, cursor) =
        query.read(|values| all((values.number("days"), values.number("limit"), values.one("cursor"))))?;
    let (days, limit) = (days.unwrap_or(DEFAULT_DAYS), limit.unwrap_or(DEFAULT_LIMIT));
    let since = first_day(now, days);
    let binding = ["shapes", &access.tenant().to_string(), &days.to_string()];
    let after: Option<Place> = cursor
        .map(|cursor| read_cursor(&cursors, &binding, cursor, now))
        .transpose()?;
    let mut shapes = Vec::new();
    for month in months_between(since, now) {
        shapes.extend(access.store().await?.kept_shapes(access.tenant(), month).await?);
    }
    let mut traffic = by_traffic(shapes, since);
    traffic.retain(|shape| after.as_ref().is_none_or(|after| after.is_before(shape)));
    let more = traffic.len() > limit;
    traffic.truncate(limit);
    let last = traffic.last().filter(|_| more);
    let next_cursor = last.map(|last| cursors.sign(&binding, &format!("{} {}", last.count, last.id), now));
    json_answer(&UnrecognizedShapes {
        meta: ShapesMeta {
            client_uuid: access.tenant().organization(),
            utc_starttime: since,
            utc_endtime: now,
            reader: READER,
            min_users: MIN_USERS,
        },
        shapes: traffic.into_iter().map(ShapeView::from).collect(),
        next_cursor,
    })
}

/// The first second of the first of `days` days that end today.
fn first_day(now: Timestamp, days: usize) -> Timestamp {
    let back = i64::try_from(days).unwrap_or(i64::MAX).saturating_sub(1);
    let today = now.unix_seconds().rem_euclid(DAY_SECONDS);
    now.plus_seconds(-today - back * DAY_SECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_begin_at_midnight_and_include_today() {
        let now = "2021-11-16T21:00:00Z".parse().expect("timestamp");
        assert_eq!(first_day(now, 1).to_string(), "2021-11-16T00:00:00+00:00");
        assert_eq!(first_day(now, 30).to_string(), "2021-10-18T00:00:00+00:00");
    }
}
