//! A fact against a loan.

use serde::Serialize;

use crate::RecordId;
use crate::money::DecimalNumber;

/// Most record ids of one reason.
pub const MAX_EVIDENCE: usize = 20;

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
        /// The history is short.
        HistoryShort,
        /// The data are old.
        DataStale,
    }
}

impl ReasonCode {
    /// Every code, the weightiest first.
    pub const ALL: [Self; 14] = [
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
            Self::HistoryShort => "Limited credit experience",
            Self::DataStale => "Account data are not recent",
        }
    }

    /// The rule of the fact. Active lenders are those of [`activity`](crate::insights::activity), dates with a low
    /// balance those of [`cash_flow`](crate::insights::cash_flow), and own transfers those of
    /// [`transfers`](crate::insights::transfers).
    pub const fn rule(self) -> Rule {
        match self {
            Self::DefaultRecent => Rule {
                when: "a record of the last 90 days is labelled `LoanDefaulted`, or an account is defaulted",
                value: "records of the evidence",
                limit: "0",
                effect: ReasonEffect::Informs,
            },
            Self::DelinquencyRecent => Rule {
                when: "a record of the last 90 days is labelled `LoanMissedPayment`, or an account is nonperforming",
                value: "records of the evidence",
                limit: "0",
                effect: ReasonEffect::Informs,
            },
            Self::ObligationsHigh => Rule {
                when: "debt service ÷ stressed income is over half of `max_instalment_to_income`; debt service without income fires too, with a null value",
                value: "the ratio",
                limit: "half of `max_instalment_to_income`",
                effect: ReasonEffect::LimitsRoom,
            },
            Self::IncomeLow => Rule {
                when: "`max_instalment_to_income` × stressed income, per term unit, is below the instalment",
                value: "that money",
                limit: "the instalment",
                effect: ReasonEffect::LimitsRoom,
            },
            Self::DisposableLow => Rule {
                when: "`disposable_share` × disposable, per term unit, is below the instalment",
                value: "that money",
                limit: "the instalment",
                effect: ReasonEffect::LimitsRoom,
            },
            Self::IncomeIrregular => Rule {
                when: "regular income is under half of all income",
                value: "the share",
                limit: "0.5",
                effect: ReasonEffect::Informs,
            },
            Self::IncomeUnverified => Rule {
                when: "no stream has at least `MEDIUM` confidence",
                value: "0",
                limit: "1",
                effect: ReasonEffect::Informs,
            },
            Self::IncomePossiblyOwn => Rule {
                when: "a payment of the streams that make the income may be an own transfer",
                value: "their share of the payments of these streams",
                limit: "0",
                effect: ReasonEffect::Informs,
            },
            Self::LoanStacking => Rule {
                when: "at least 3 active lenders in 30 days",
                value: "the lenders",
                limit: "3",
                effect: ReasonEffect::Informs,
            },
            Self::BalanceLow => Rule {
                when: "at least 15 dates of the last 30 days with an end-of-day balance up to the threshold",
                value: "the dates",
                limit: "15",
                effect: ReasonEffect::Informs,
            },
            Self::OverdraftFrequent => Rule {
                when: "at least 3 alerts of insufficient funds or overdraft in 30 days",
                value: "the alerts",
                limit: "3",
                effect: ReasonEffect::Informs,
            },
            Self::GamblingHigh => Rule {
                when: "bets ÷ outflow of 90 days is at least 0.15",
                value: "the ratio",
                limit: "0.15",
                effect: ReasonEffect::Informs,
            },
            Self::HistoryShort => Rule {
                when: "the history is shorter than `min_history_days`",
                value: "the days",
                limit: "`min_history_days`",
                effect: ReasonEffect::WithholdsAnswer,
            },
            Self::DataStale => Rule {
                when: "the newest record is over `max_age_days` old",
                value: "the days",
                limit: "`max_age_days`",
                effect: ReasonEffect::WithholdsAnswer,
            },
        }
    }
}

/// When a fact is there, and its effect. The table of docs/API.md is made from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The condition.
    pub when: &'static str,
    /// The measured figure.
    pub value: &'static str,
    /// The figure it is compared with.
    pub limit: &'static str,
    /// The effect of the fact on the answer.
    pub effect: ReasonEffect,
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
