//! Averages over rolling periods of 30 days back from T.
//!
//! `full_periods` is the number of whole periods since the user's oldest depository record, at least 1. An average is
//! the income of these periods ÷ their number; older income is left out, so that a part of a period does not lower it.

use std::cmp::Reverse;

use serde::Serialize;

use super::confidence::Confidence;
use super::list_limits::MAX_POSSIBLE_IDS;
use super::stream::Found;
use super::stream_status::StreamStatus;
use crate::RecordId;
use crate::insights::movements::Movement;
use crate::insights::window::{ONE_PERIOD, Periods};
use crate::money::DecimalNumber;
use crate::order::sort_by_key;
use crate::reports::total::Total;

/// Expected money a month, by the confidence of the streams.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub struct ConfidenceSums {
    /// Of streams of high confidence.
    pub high: DecimalNumber,
    /// Of streams of medium confidence.
    pub medium: DecimalNumber,
    /// Of streams of low confidence: always 0, because only `MATURE` streams are expected to continue.
    pub low: DecimalNumber,
}

/// Averages and counts of income in one currency.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct IncomeSummary {
    /// Income of the full periods of 30 days ÷ their number.
    pub monthly_average: DecimalNumber,
    /// The part of it from `MATURE` streams.
    pub monthly_average_regular: DecimalNumber,
    /// The part of it from all other payments.
    pub monthly_average_irregular: DecimalNumber,
    /// Expected money a month of the active `MATURE` streams.
    pub expected_monthly: DecimalNumber,
    /// `expected_monthly` by the confidence of the streams.
    pub by_confidence: ConfidenceSums,
    /// Number of streams, including those that the list leaves out.
    pub income_streams: u64,
    /// Number of payments that are income, over all 365 days.
    pub income_transactions: u64,
    /// The payments among them that may come from another account of the user.
    pub possible_own_transfers: PossibleOwnTransfers,
}

/// Payments that count as income and may come from another account of the user: those of banks and wallets, if the user
/// has another depository account, and those whose amount left another account of the user without a record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PossibleOwnTransfers {
    /// Number of payments.
    pub count: u64,
    /// Their sum.
    pub total: DecimalNumber,
    /// Their records, newest first; at most 20.
    pub record_ids: Vec<RecordId>,
}

/// The income of the full periods from `MATURE` streams, and from all other payments.
pub(crate) fn sums(streams: &[Found<'_>], periods: Periods) -> (Total, Total) {
    let window = periods.covered();
    let (mut regular, mut irregular) = (Total::ZERO, Total::ZERO);
    for found in streams {
        let inside = found.movements.iter().filter(|movement| window.contains(movement.at()));
        let total: Total = inside.map(|movement| movement.amount).sum();
        match found.stream.status {
            StreamStatus::Mature => regular += total,
            _ => irregular += total,
        }
    }
    (regular, irregular)
}

/// Averages and counts of streams.
pub(crate) fn summary(streams: &[Found<'_>], periods: Periods) -> IncomeSummary {
    let (regular, irregular) = sums(streams, periods);
    let mut transactions = 0;
    let mut sums = ConfidenceSums::default();
    for found in streams {
        transactions += found.movements.len() as u64;
        let sum = match found.stream.confidence {
            Confidence::High => &mut sums.high,
            Confidence::Medium => &mut sums.medium,
            Confidence::Low => &mut sums.low,
        };
        sum.0 += found.stream.expected_monthly.0;
    }
    let movements = streams.iter().flat_map(|found| &found.movements);
    let mut possible: Vec<&Movement<'_>> = movements.filter(|movement| movement.may_be_own()).collect();
    sort_by_key(&mut possible, |movement| Reverse(movement.record.position()));
    let average = |total: Total| total.average(periods.full.into()).expect(ONE_PERIOD);
    IncomeSummary {
        monthly_average: average(regular + irregular),
        monthly_average_regular: average(regular),
        monthly_average_irregular: average(irregular),
        expected_monthly: DecimalNumber(sums.high.0 + sums.medium.0 + sums.low.0),
        by_confidence: sums,
        income_streams: streams.len() as u64,
        income_transactions: transactions,
        possible_own_transfers: PossibleOwnTransfers {
            count: possible.len() as u64,
            total: possible.iter().map(|movement| movement.amount).sum::<Total>().number(),
            record_ids: possible
                .into_iter()
                .take(MAX_POSSIBLE_IDS)
                .map(|movement| movement.record.id.clone())
                .collect(),
        },
    }
}
