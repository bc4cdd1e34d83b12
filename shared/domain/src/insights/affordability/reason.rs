//! A fact against a loan.

use std::fmt;

use rust_decimal::Decimal;
use serde::Serialize;

use crate::RecordId;
use crate::insights::LOOKBACK_DAYS;
use crate::money::DecimalNumber;

/// Most record ids of one reason.
pub const MAX_EVIDENCE: usize = 20;

/// Days in which a missed payment or a default is recent.
pub(super) const LATE_DAYS: i64 = 90;
/// Days in which a lender is active.
pub(super) const ACTIVE_DAYS: i64 = 30;
/// Active lenders from which on loans are stacked.
pub(super) const LENDERS: u64 = 3;
/// Days in which low balances are counted.
pub(super) const LOW_DAYS: i64 = 30;
/// Dates with a low balance from which on balances are low.
pub(super) const LOW_DATES: u64 = 15;
/// Days in which alerts of insufficient funds and overdraft are counted.
pub(super) const SHORT_DAYS: i64 = 30;
/// Such alerts from which on money is short.
pub(super) const SHORT_ALERTS: u64 = 3;
/// Days in which bets are compared with the outflow.
pub(super) const BETTING_DAYS: i64 = 90;
/// The part of the outflow from which on bets are much, in percent.
pub(super) const BETTING_PERCENT: i64 = 15;

/// The completeness below which messages are missing.
pub(super) fn complete_share() -> Decimal {
    Decimal::new(8, 1)
}

/// [`BETTING_PERCENT`] as a share.
pub(super) fn betting_share() -> Decimal {
    Decimal::new(BETTING_PERCENT, 2)
}

/// The share below which regular income is not the most.
pub(super) fn half() -> Decimal {
    Decimal::new(5, 1)
}

crate::described! { "AffordabilityReasonCode";
    /// A fact against a loan.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
    #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
    pub enum ReasonCode {
        /// A loan has defaulted recently.
        DefaultRecent,
        /// A payment was missed recently.
        DelinquencyRecent,
        /// Debt service is much of the income.
        ObligationsHigh,
        /// The income does not carry the instalment.
        IncomeLow,
        /// The cash flow does not carry the instalment.
        DisposableLow,
        /// Most income is irregular.
        IncomeIrregular,
        /// No income is regular.
        IncomeUnverified,
        /// Income may come from other accounts of the user.
        IncomePossiblyOwn,
        /// Several lenders are active at once.
        LoanStacking,
        /// Balances are low on most days.
        BalanceLow,
        /// Money was often short.
        OverdraftFrequent,
        /// Bets are much of the outflow.
        GamblingHigh,
        /// The amount owed on a loan is not known.
        DebtUnknown,
        /// Messages that may concern loans were not read.
        LoanMessagesUnread,
        /// Much of the money moved without a message.
        CompletenessLow,
        /// The history is short.
        HistoryShort,
        /// The data are old.
        DataStale,
    }
}

impl ReasonCode {
    /// Every code, the weightiest first.
    pub const ALL: [Self; 17] = [
        Self::DefaultRecent,
        Self::DelinquencyRecent,
        Self::ObligationsHigh,
        Self::IncomeLow,
        Self::DisposableLow,
        Self::IncomeIrregular,
        Self::IncomeUnverified,
        Self::IncomePossiblyOwn,
        Self::LoanStacking,
        Self::BalanceLow,
        Self::OverdraftFrequent,
        Self::GamblingHigh,
        Self::DebtUnknown,
        Self::LoanMessagesUnread,
        Self::CompletenessLow,
        Self::HistoryShort,
        Self::DataStale,
    ];

    /// The fact in words.
    pub const fn text(self) -> &'static str {
        match self {
            Self::DefaultRecent | Self::DelinquencyRecent => {
                "Delinquent past or present credit obligations with others"
            }
            Self::ObligationsHigh => "Excessive obligations in relation to income",
            Self::IncomeLow | Self::DisposableLow => "Income insufficient for amount of credit requested",
            Self::IncomeIrregular => "Temporary or irregular employment",
            Self::IncomeUnverified => "Unable to verify income",
            Self::IncomePossiblyOwn => "Income may come from own accounts",
            Self::LoanStacking => "Several lenders at the same time",
            Self::BalanceLow => "Low balances on most days",
            Self::OverdraftFrequent => "Frequent overdrafts or insufficient funds",
            Self::GamblingHigh => "High share of spending on bets and lotteries",
            Self::DebtUnknown => "Amounts owed on loans are not known",
            Self::LoanMessagesUnread => "Messages that may concern loans were not read",
            Self::CompletenessLow => "Account data are incomplete",
            Self::HistoryShort => "Limited credit experience",
            Self::DataStale => "Account data are not recent",
        }
    }

    /// The effect of the fact on the answer.
    pub const fn effect(self) -> ReasonEffect {
        match self {
            Self::ObligationsHigh | Self::IncomeLow | Self::DisposableLow => ReasonEffect::LimitsRoom,
            Self::HistoryShort | Self::DataStale => ReasonEffect::WithholdsAnswer,
            Self::DefaultRecent
            | Self::DelinquencyRecent
            | Self::IncomeIrregular
            | Self::IncomeUnverified
            | Self::IncomePossiblyOwn
            | Self::LoanStacking
            | Self::BalanceLow
            | Self::OverdraftFrequent
            | Self::GamblingHigh
            | Self::DebtUnknown
            | Self::LoanMessagesUnread
            | Self::CompletenessLow => ReasonEffect::Informs,
        }
    }

    /// The rule of the fact. Active lenders are those of [`activity`](crate::insights::activity), dates with a low
    /// balance those of [`cash_flow`](crate::insights::cash_flow), and own transfers those of
    /// [`transfers`](crate::insights::transfers).
    pub fn rule(self) -> Rule {
        let rule = |when: String, value, limit: &dyn fmt::Display| Rule {
            when,
            value,
            limit: limit.to_string(),
        };
        let late = |label: &str, status: &str| {
            let when =
                format!("a record of the last {LATE_DAYS} days is labelled `{label}`, or an account is {status}");
            rule(when, "records of the evidence", &0)
        };
        let below = |money: &str| {
            let when = format!("{money}, per term unit, is below the instalment");
            rule(when, "that money", &"the instalment")
        };
        match self {
            Self::DefaultRecent => late("LoanDefaulted", "defaulted"),
            Self::DelinquencyRecent => late("LoanMissedPayment", "nonperforming"),
            Self::ObligationsHigh => rule(
                "debt service ÷ stressed income is over half of `max_instalment_to_income`; debt service without \
                 income fires too, with a null value"
                    .to_owned(),
                "the ratio",
                &"half of `max_instalment_to_income`",
            ),
            Self::IncomeLow => below("`max_instalment_to_income` × stressed income"),
            Self::DisposableLow => below("`disposable_share` × disposable"),
            Self::IncomeIrregular => rule(
                "regular income is under half of all income".to_owned(),
                "the share",
                &half(),
            ),
            Self::IncomeUnverified => rule("no stream has at least `MEDIUM` confidence".to_owned(), "0", &1),
            Self::IncomePossiblyOwn => rule(
                "a payment of the streams that make the income may be an own transfer".to_owned(),
                "their share of the payments of these streams",
                &0,
            ),
            Self::LoanStacking => rule(
                format!("at least {LENDERS} active lenders in {ACTIVE_DAYS} days"),
                "the lenders",
                &LENDERS,
            ),
            Self::BalanceLow => rule(
                format!(
                    "at least {LOW_DATES} dates of the last {LOW_DAYS} days with an end-of-day balance up to the threshold"
                ),
                "the dates",
                &LOW_DATES,
            ),
            Self::OverdraftFrequent => rule(
                format!("at least {SHORT_ALERTS} alerts of insufficient funds or overdraft in {SHORT_DAYS} days"),
                "the alerts",
                &SHORT_ALERTS,
            ),
            Self::GamblingHigh => rule(
                format!("bets ÷ outflow of {BETTING_DAYS} days is at least {}", betting_share()),
                "the ratio",
                &betting_share(),
            ),
            Self::DebtUnknown => rule(
                format!(
                    "the amount owed on a loan is unknown in the credit report; the loan is not closed, and a message of \
                     the last {LOOKBACK_DAYS} days mentions it"
                ),
                "the loan accounts",
                &0,
            ),
            Self::LoanMessagesUnread => rule(
                format!(
                    "of the last {LOOKBACK_DAYS} days, a message was not read that mentions a loan or that a lender sent \
                     (`unrecognized.may_concern_loans` of the completeness)"
                ),
                "the messages",
                &0,
            ),
            Self::CompletenessLow => rule(
                format!("`_meta.completeness` is below {}", complete_share()),
                "the completeness",
                &complete_share(),
            ),
            Self::HistoryShort => rule(
                "the history is shorter than `min_history_days`".to_owned(),
                "the days",
                &"`min_history_days`",
            ),
            Self::DataStale => rule(
                "the newest record is over `max_age_days` old".to_owned(),
                "the days",
                &"`max_age_days`",
            ),
        }
    }
}

/// When a fact is there. The table of docs/API.md is made from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The condition.
    pub when: String,
    /// The measured figure.
    pub value: &'static str,
    /// The figure it is compared with.
    pub limit: String,
}

crate::described! { "AffordabilityReasonEffect";
    /// The effect of a fact on the answer.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    #[serde(rename_all = "snake_case")]
    pub enum ReasonEffect {
        /// Its figure is part of the room.
        LimitsRoom,
        /// `can_afford` is null because of it.
        WithholdsAnswer,
        /// It changes no figure.
        Informs,
    }
}

/// A fact against the loan, with its evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = AffordabilityReason)]
pub struct Reason {
    /// The fact.
    pub code: ReasonCode,
    /// The fact in words.
    pub text: &'static str,
    /// The measured figure. Null for obligations without income.
    pub value: Option<DecimalNumber>,
    /// The figure it is compared with.
    pub limit: DecimalNumber,
    /// Its effect on the answer.
    pub effect: ReasonEffect,
    /// The newest records behind it, newest first; at most 20.
    pub record_ids: Vec<RecordId>,
}
