//! The answer.

use serde::Serialize;

use super::reason::Reason;
use super::request::{IncomeBasis, Policy};
use crate::insights::meta::InsightsMeta;
use crate::money::DecimalNumber;
use crate::reports::list_limits;
use crate::{Currency, RecordId, Timestamp};

/// Whether a loan fits. It is arithmetic on the lender's own policy and not a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct AffordabilityReport {
    /// The user, the time and the data behind the figures.
    #[serde(rename = "_meta")]
    pub meta: InsightsMeta,
    /// Whether the data suffice.
    pub status: AffordabilityStatus,
    /// The currency of all amounts: the requested one, or otherwise the report currency.
    pub currency: Option<Currency>,
    /// Whether the instalment is within the room. Null unless the status is `ok`.
    pub can_afford: Option<bool>,
    /// The instalment, rounded up to the minor unit.
    pub instalment: DecimalNumber,
    /// The largest instalment by policy and data. Null for `no_data` and `mixed_currency`.
    pub room: Option<DecimalNumber>,
    /// The largest principal on these terms. Null for `no_data` and `mixed_currency`.
    pub max_principal: Option<DecimalNumber>,
    /// All instalments less the principal, and the fees that are not financed.
    pub total_cost_of_credit: DecimalNumber,
    /// The income behind the room.
    pub income: IncomeFigures,
    /// The user's payments to lenders.
    pub debt_service: DebtService,
    /// The cash flow before debt service.
    pub disposable: Disposable,
    /// The weightiest facts against the loan, at most 4, weightiest first.
    pub reasons: Vec<Reason>,
    /// The policy used.
    pub policy: Policy,
}

crate::described! { "AffordabilityStatus";
    /// Whether the data suffice.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    #[serde(rename_all = "snake_case")]
    pub enum AffordabilityStatus {
        /// They suffice.
        Ok,
        /// The 365 days have no record.
        NoData,
        /// The income is 0.
        NoIncome,
        /// The history is shorter than `min_history_days`.
        ShortHistory,
        /// The newest record is older than `max_age_days`.
        Stale,
        /// No record is in the currency.
        MixedCurrency,
    }
}

/// The income behind the room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct IncomeFigures {
    /// Money a month.
    pub monthly: DecimalNumber,
    /// `monthly` × (1 − `income_haircut`).
    pub stressed: DecimalNumber,
    /// Which income counts.
    pub basis: IncomeBasis,
    /// The streams that count, at most 100.
    pub stream_ids: Vec<String>,
}

/// The user's payments to lenders, each once: those with a record on a loan account, and those with a record only on
/// the paying account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct DebtService {
    /// Money a month: the average of the last full periods of 30 days of the depository history, at most 3.
    pub monthly: DecimalNumber,
    /// The repayments, newest first; at most 400.
    pub record_ids: Vec<RecordId>,
    /// Number of ids that `record_ids` omits. Absent if nothing is omitted.
    #[serde(skip_serializing_if = "list_limits::is_none")]
    pub record_ids_omitted: u64,
}

/// The cash flow before debt service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Disposable {
    /// The median of the periods. May be negative.
    pub monthly: DecimalNumber,
    /// The periods of 30 days, newest first.
    pub periods: Vec<DisposablePeriod>,
}

/// A period of 30 days: `from` < timestamp ≤ `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct DisposablePeriod {
    /// The last instant before the period.
    pub from: Timestamp,
    /// The last instant of the period.
    pub to: Timestamp,
    /// Inflow − outflow + repayments, without own transfers and loans received.
    pub net: DecimalNumber,
}
