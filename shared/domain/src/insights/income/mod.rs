//! Income: amounts, payers, regularity and the next expected date.
//!
//! The fold has these steps, each with its rules in the file of its name:
//!
//! | step | file |
//! |---|---|
//! | 1. own transfers, loans, winnings and payments of lenders do not count as income | [`excluded`] |
//! | 2. payments with one token are one stream; payments without a token by account, kind, labels and amount | [`groups`] |
//! | 3. payments of one stream on one local date are one event | [`events`] |
//! | 4. the gaps between events determine the frequency | [`rhythm`] |
//! | 5. the frequency determines the next date and the status | [`next_date`], [`stream`] |
//! | 6. median, average, stability, outliers, money a month | [`amounts`] |
//! | 7. confidence and category | [`confidence`] |
//! | 8. averages over whole periods of 30 days | [`periods`] |
//!
//! Decisions where the definition is open:
//!
//! - *Regular* income is that of streams with status `MATURE`, also if they have stopped; all other income is
//!   irregular.
//! - `minimum_confidence` leaves out streams of less confidence from the list **and** from every figure; their payments
//!   are counted in `excluded` as `below_minimum_confidence`, so that the parts always make the whole.
//! - A currency's status is `no_data` without a depository transaction in it, `short_history` below
//!   [`SHORT_HISTORY_DAYS`] days, then `no_income`, else `ok`. A short history comes first: without enough of it, the
//!   absence of income means little. Figures are given in any case.
//! - Limits: [`MAX_STREAMS`] streams, the most expected money first; [`MAX_RECORD_IDS`] ids a stream, the newest.

pub(crate) mod amounts;
pub(crate) mod confidence;
pub(crate) mod events;
pub(crate) mod excluded;
pub(crate) mod groups;
mod list_limits;
pub(crate) mod next_date;
pub(crate) mod periods;
pub(crate) mod rhythm;
pub mod stream;
mod stream_status;

use serde::Serialize;

pub use confidence::{Category, Confidence};
pub use excluded::{Excluded, ExclusionReason};
pub use list_limits::{MAX_RECORD_IDS, MAX_STREAMS};
pub use periods::{ConfidenceSums, IncomeSummary, PossibleOwnTransfers};
pub use rhythm::Frequency;
pub use stream::Stream;
pub use stream_status::StreamStatus;

use super::meta::InsightsMeta;
use super::scope::Scope;
use crate::reports::Subject;
use crate::reports::list_limits as report_limits;
use crate::reports::survey::ByCurrency;
use crate::reports::total::Total;
use crate::{Currency, Impact, Record, Timestamp};
use stream::Found;

/// Below this number of days of history, the status is `short_history`.
pub const SHORT_HISTORY_DAYS: i64 = 30;

/// The income of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct IncomeReport {
    /// The user, the time and the data behind the figures.
    #[serde(rename = "_meta")]
    pub meta: InsightsMeta,
    /// Whether there is income.
    pub status: IncomeStatus,
    /// The report currency: the requested one, otherwise the currency of the user's country if any record has it,
    /// otherwise the most common one. Null if the user has no record and no known country.
    pub currency: Option<Currency>,
    /// Averages and counts.
    pub summary: IncomeSummary,
    /// The streams of payments, by expected money a month, then total, then id; at most 100.
    pub streams: Vec<Stream>,
    /// Number of streams that the list omits. All figures include them. Absent if nothing is omitted.
    #[serde(skip_serializing_if = "report_limits::is_none")]
    pub streams_left_out: u64,
    /// Money in that is not income, by reason.
    pub excluded: Vec<Excluded>,
    /// Every currency with a depository transaction, by code.
    pub by_currency: Vec<CurrencyIncome>,
}

crate::described! { "IncomeStatus";
    /// Whether there is income.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    #[serde(rename_all = "snake_case")]
    pub enum IncomeStatus {
        /// There is income.
        Ok,
        /// There are transactions, but the income is 0.
        NoIncome,
        /// No depository transaction of the 365 days is in the currency.
        NoData,
        /// The depository records go back less than 30 days. Figures are computed nevertheless.
        ShortHistory,
    }
}

/// Income in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CurrencyIncome {
    /// The currency. Null if neither the records nor the country determine it.
    pub currency: Option<Currency>,
    /// Whether there is income.
    pub status: IncomeStatus,
    /// Averages and counts.
    pub summary: IncomeSummary,
}

/// The income of a user at `as_of`, in `currency` or otherwise in the report currency, from streams of at least
/// `minimum_confidence`.
pub fn income(
    records: &[Record],
    subject: &Subject,
    as_of: Timestamp,
    currency: Option<Currency>,
    minimum_confidence: Confidence,
) -> IncomeReport {
    let scope = Scope::new(records, subject, as_of, currency);
    let top = Income::of(&scope, scope.currency, minimum_confidence);
    let mut currencies = ByCurrency::<bool>::default();
    for movement in &scope.movements {
        *currencies.entry(movement.currency) = true;
    }
    let by_currency = currencies.into_sorted().map(|(currency, _)| {
        let other = (currency != scope.currency).then(|| Income::of(&scope, currency, minimum_confidence));
        let income = other.as_ref().unwrap_or(&top);
        CurrencyIncome {
            currency,
            status: income.status,
            summary: income.summary.clone(),
        }
    });
    let by_currency = by_currency.collect();
    let streams_left_out = top.found.len().saturating_sub(MAX_STREAMS) as u64;
    IncomeReport {
        meta: scope.meta(),
        status: top.status,
        currency: scope.currency,
        summary: top.summary,
        streams: top
            .found
            .into_iter()
            .take(MAX_STREAMS)
            .map(|found| found.stream)
            .collect(),
        streams_left_out,
        excluded: top.excluded,
        by_currency,
    }
}

/// The income in one currency.
pub(crate) struct Income<'a> {
    pub(crate) status: IncomeStatus,
    pub(crate) summary: IncomeSummary,
    pub(crate) found: Vec<Found<'a>>,
    pub(crate) excluded: Vec<Excluded>,
}

impl<'a> Income<'a> {
    pub(crate) fn of(scope: &Scope<'a>, currency: Option<Currency>, minimum: Confidence) -> Self {
        let credits = scope
            .movements_in(currency)
            .filter(|movement| movement.is(Impact::Credit));
        let mut tally = excluded::Tally::default();
        let income = credits.filter(|movement| match ExclusionReason::of(movement) {
            Some(reason) => {
                tally.add(reason, movement.amount);
                false
            }
            None => true,
        });
        let mut found = stream::streams(income.copied().collect(), currency, Impact::Credit, scope);
        found.retain(|found| {
            let counts = found.stream.confidence >= minimum;
            if !counts {
                for movement in &found.movements {
                    tally.add(ExclusionReason::BelowMinimumConfidence, movement.amount);
                }
            }
            counts
        });
        let summary = periods::summary(&found, scope.periods());
        let status = if scope.movements_in(currency).next().is_none() {
            IncomeStatus::NoData
        } else if scope.history_days().is_none_or(|days| days < SHORT_HISTORY_DAYS) {
            IncomeStatus::ShortHistory
        } else if found
            .iter()
            .flat_map(|found| &found.movements)
            .all(|one| one.amount == Total::ZERO)
        {
            IncomeStatus::NoIncome
        } else {
            IncomeStatus::Ok
        };
        Self {
            status,
            summary,
            found,
            excluded: tally.into_rows(),
        }
    }
}
