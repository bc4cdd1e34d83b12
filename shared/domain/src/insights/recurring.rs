//! Recurring payments: the streams of money in and of money out.
//!
//! The streams of money in are those of [`income`](super::income()). The streams of money out follow the same rules.
//! They cover all debits except own transfers: rent, subscriptions, repayments of loans. Streams without a recognized
//! frequency are listed after the others.

use serde::Serialize;

use super::direction::Direction;
use super::income::stream::{Found, streams};
use super::income::{Confidence, Income, MAX_STREAMS, Stream};
use super::meta::InsightsMeta;
use super::scope::Scope;
use crate::order::sort_by;
use crate::reports::Subject;
use crate::reports::list_limits;
use crate::{Currency, Impact, Record, Timestamp};

/// The recurring payments of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct RecurringReport {
    /// The user, the time and the data behind the figures.
    #[serde(rename = "_meta")]
    pub meta: InsightsMeta,
    /// The report currency, as in the income report.
    pub currency: Option<Currency>,
    /// The streams, by expected money a month, then total, then id; at most 100.
    pub streams: Vec<Stream>,
    /// Number of streams that the list omits. Absent if nothing is omitted.
    #[serde(skip_serializing_if = "list_limits::is_none")]
    pub streams_left_out: u64,
}

/// The streams of one direction or both at `as_of`, in `currency` or otherwise in the report currency.
pub fn recurring(
    records: &[Record],
    subject: &Subject,
    as_of: Timestamp,
    currency: Option<Currency>,
    direction: Option<Direction>,
) -> RecurringReport {
    let scope = Scope::new(records, subject, as_of, currency);
    let mut found: Vec<Found<'_>> = Vec::new();
    if direction != Some(Direction::Outflow) {
        found.extend(Income::of(&scope, scope.currency, Confidence::Low).found);
    }
    if direction != Some(Direction::Inflow) {
        let debits = scope.movements_in(scope.currency);
        let debits = debits.filter(|movement| movement.is(Impact::Debit) && !movement.is_own_transfer());
        found.extend(streams(
            debits.copied().collect(),
            scope.currency,
            Impact::Debit,
            &scope,
        ));
    }
    let mut streams: Vec<Stream> = found.into_iter().map(|found| found.stream).collect();
    sort_by(&mut streams, Stream::compare);
    let streams_left_out = streams.len().saturating_sub(MAX_STREAMS) as u64;
    streams.truncate(MAX_STREAMS);
    RecurringReport {
        meta: scope.meta(),
        currency: scope.currency,
        streams,
        streams_left_out,
    }
}
