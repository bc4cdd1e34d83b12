//! A stream of payments, and its status.
//!
//! | status | rule |
//! |---|---|
//! | MATURE | a frequency, and at least 3 events (`ANNUALLY`: 2), also after it has stopped |
//! | EARLY_DETECTION | a frequency, 2 events, active |
//! | TOMBSTONED | a frequency, 2 events, not active |
//! | UNKNOWN | no frequency |
//!
//! Active: the local date of T is not after the expected next date + grace. The next date is told while a stream is
//! active. It may lie in the past, within the grace: then `overdue_days` is above 0.
//!
//! `stream_id` is a hash of the direction, the currency and the token; without a token of the direction, the currency,
//! the account, the kind, the labels and the smallest amount. So the id of a stream with a token never changes; without
//! one it changes with the cluster of amounts.

use std::cmp::Ordering;

use serde::Serialize;
use uuid::Uuid;

use super::amounts::Amounts;
use super::confidence::{Category, Confidence};
use super::events::{Event, events};
use super::groups::{Group, Key, groups};
use super::list_limits::MAX_RECORD_IDS;
use super::next_date::next_date;
use super::rhythm::{Frequency, Rhythm};
use super::stream_status::StreamStatus;
use crate::Date;
use crate::insights::direction::Direction;
use crate::insights::movements::Movement;
use crate::insights::scope::Scope;
use crate::money::DecimalNumber;
use crate::order::sort_by;
use crate::reports::list_limits;
use crate::reports::total::Total;
use crate::{Counterparty, CounterpartyKind, Currency, Impact, InstitutionId, RecordId};

/// Payments that belong together. An event is the sum of the payments of one local date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = PaymentStream)]
pub struct Stream {
    /// 16 hex digits. The same in every answer while the counterparty has a token.
    #[schema(example = "5f0c2a9be1d34477", pattern = "^[0-9a-f]{16}$")]
    pub stream_id: String,
    /// Money in or out.
    pub direction: Direction,
    /// The category of the payments.
    pub category: Category,
    /// The counterparty; null if nothing is known about it.
    pub counterparty: Option<Counterparty>,
    /// The institutions of the user's accounts, by id.
    pub institution_ids: Vec<InstitutionId>,
    /// The currency of all amounts.
    pub currency: Option<Currency>,
    /// How often the events come.
    pub frequency: Frequency,
    /// How established the stream is.
    pub status: StreamStatus,
    /// Whether the next event is not overdue beyond the grace of the frequency.
    pub is_active: bool,
    /// The local date of the first event.
    pub first_date: Date,
    /// The local date of the last event.
    pub last_date: Date,
    /// The local date on which the next event is expected; null unless active.
    pub predicted_next_date: Option<Date>,
    /// Days since the predicted date; 0 if it has not passed.
    pub overdue_days: i64,
    /// Number of events.
    pub count: u64,
    /// Median of the events.
    pub median_amount: DecimalNumber,
    /// Mean of the events.
    pub average_amount: DecimalNumber,
    /// The last event.
    pub last_amount: DecimalNumber,
    /// Sum of the events.
    pub total_amount: DecimalNumber,
    /// Median × events a month while active and `MATURE`; otherwise 0.
    pub expected_monthly: DecimalNumber,
    /// 1 − deviation ÷ mean, at least 0, four decimals. Null for one event.
    pub stability: Option<DecimalNumber>,
    /// Gaps of the frequency ÷ expected events, four decimals. Null without a frequency.
    pub regularity: Option<DecimalNumber>,
    /// Confidence that the stream continues.
    pub confidence: Confidence,
    /// Records of events over twice or under half the median, oldest first; at most 400, the newest.
    pub outlier_record_ids: Vec<RecordId>,
    /// The records of all events, oldest first; at most 400, the newest.
    pub record_ids: Vec<RecordId>,
    /// Number of ids that `record_ids` omits. Absent if nothing is omitted.
    #[serde(skip_serializing_if = "list_limits::is_none")]
    pub record_ids_omitted: u64,
}

impl Stream {
    /// The order of lists: by expected money a month, then total, both descending, then id.
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        let expected = other.expected_monthly.cmp(&self.expected_monthly);
        let totals = other.total_amount.cmp(&self.total_amount);
        expected.then(totals).then_with(|| self.stream_id.cmp(&other.stream_id))
    }
}

/// A stream with its payments.
pub(crate) struct Found<'a> {
    pub(crate) stream: Stream,
    pub(crate) movements: Vec<Movement<'a>>,
}

/// The streams of payments of one direction and currency, which are ordered oldest first. Sorted by expected money a
/// month, then total, then id.
pub(crate) fn streams<'a>(
    payments: Vec<Movement<'a>>,
    currency: Option<Currency>,
    impact: Impact,
    scope: &Scope<'a>,
) -> Vec<Found<'a>> {
    let today = Date::local(scope.as_of, scope.country());
    let mut found: Vec<Found<'a>> = groups(payments)
        .into_iter()
        .map(|group| Found {
            stream: stream(&group, currency, impact, scope, today),
            movements: group.movements,
        })
        .collect();
    sort_by(&mut found, |one, other| one.stream.compare(&other.stream));
    found
}

fn stream(group: &Group<'_>, currency: Option<Currency>, impact: Impact, scope: &Scope<'_>, today: Date) -> Stream {
    let movements = &group.movements;
    let events = events(movements, scope.country());
    let dates: Vec<Date> = events.iter().map(|event| event.date).collect();
    let rhythm = Rhythm::of(&dates);
    let expected = rhythm.and_then(|rhythm| Some((rhythm, next_date(&rhythm, &dates)?)));
    let active = expected.filter(|(rhythm, next)| today.days_since(*next) <= rhythm.terms.grace);
    let next = active.map(|(_, next)| next);
    let frequency = rhythm.map_or(Frequency::Unknown, |rhythm| rhythm.terms.frequency);
    let status = status(frequency, events.len(), next.is_some());
    let amounts = Amounts::new(events.iter().map(|event| event.amount).collect());
    let stability = amounts.stability();
    let regularity = rhythm.map(|rhythm| rhythm.regularity());
    let counterparty = counterparty(movements);
    let category = Category::of(movements, impact, counterparty.map(|counterparty| counterparty.kind));
    let expected_monthly = match active {
        Some((rhythm, _)) if status == StreamStatus::Mature => amounts.median_times(rhythm.per_month()),
        _ => DecimalNumber::default(),
    };
    let confidence = Confidence::of(
        status,
        category == Category::Salary,
        events.len(),
        stability,
        regularity,
    );
    let (first_date, last_date) = (dates[0], dates[dates.len() - 1]);
    let outliers = events.iter().filter(|event| amounts.is_outlier(event.amount));
    let (outlier_record_ids, _) = ids(outliers.flat_map(|event: &Event<'_, '_>| event.movements));
    let (record_ids, record_ids_omitted) = ids(movements.iter());
    Stream {
        stream_id: id(group, currency, impact),
        direction: impact.into(),
        category,
        counterparty,
        institution_ids: institutions(movements),
        currency,
        frequency,
        status,
        is_active: next.is_some(),
        first_date,
        last_date,
        predicted_next_date: next,
        overdue_days: next.map_or(0, |next| today.days_since(next).max(0)),
        count: events.len() as u64,
        median_amount: amounts.median(),
        average_amount: amounts.average(),
        last_amount: amounts.last().number(),
        total_amount: amounts.total().number(),
        expected_monthly,
        stability,
        regularity: regularity.and_then(|(kept, expected)| Total::from_units(kept).share(Total::from_units(expected))),
        confidence,
        outlier_record_ids,
        record_ids,
        record_ids_omitted,
    }
}

fn status(frequency: Frequency, events: usize, active: bool) -> StreamStatus {
    match (frequency, events) {
        (Frequency::Unknown, _) => StreamStatus::Unknown,
        (Frequency::Annually, 2) | (_, 3..) => StreamStatus::Mature,
        _ if active => StreamStatus::EarlyDetection,
        _ => StreamStatus::Tombstoned,
    }
}

/// The token, with the kind from the newest payment that states it.
fn counterparty(movements: &[Movement<'_>]) -> Option<Counterparty> {
    let newest = movements
        .iter()
        .rev()
        .filter_map(|movement| movement.record.details.counterparty);
    let told = |counterparty: &Counterparty| counterparty.kind != CounterpartyKind::Unknown;
    newest.clone().find(told).or_else(|| newest.clone().next())
}

fn institutions(movements: &[Movement<'_>]) -> Vec<InstitutionId> {
    let ids: std::collections::BTreeSet<&InstitutionId> = movements
        .iter()
        .map(|movement| &movement.record.institution_id)
        .collect();
    ids.into_iter().cloned().collect()
}

/// The newest ids of payments, which are ordered oldest first, and the number of omitted ones.
fn ids<'m, 'a: 'm>(movements: impl Iterator<Item = &'m Movement<'a>>) -> (Vec<RecordId>, u64) {
    let mut ids: Vec<RecordId> = movements.map(|movement| movement.record.id.clone()).collect();
    let omitted = ids.len().saturating_sub(MAX_RECORD_IDS);
    ids.drain(..omitted);
    (ids, omitted as u64)
}

/// The name under which stream ids are hashed.
const NAMESPACE: Uuid = Uuid::from_u128(0x7b1f_6c6e_2f0d_4d8e_9d1b_3a54_5c0e_61aa);

fn id(group: &Group<'_>, currency: Option<Currency>, impact: Impact) -> String {
    let code = currency.map_or("", Currency::code);
    let what = match group.key {
        Key::Account { kind, labels, .. } => {
            let smallest = group.movements.iter().map(|movement| movement.amount).min();
            let (Some(first), Some(smallest)) = (group.movements.first(), smallest) else {
                unreachable!("a group has payments");
            };
            let (record, units) = (first.record, smallest.units());
            let kind = kind.map_or("", CounterpartyKind::as_str);
            let (institution, account) = (record.institution_id.as_str(), record.account_id.as_str());
            format!("{institution} {account} {kind} {labels:?} {units}")
        }
        Key::Token(token) => token.to_string(),
    };
    let hash = Uuid::new_v5(&NAMESPACE, format!("{impact} {code} {what}").as_bytes());
    let (high, _) = hash.as_u64_pair();
    format!("{high:016x}")
}
