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
        /// A loan was given up on lately.
        DefaultRecent,
        /// A payment was missed lately.
        DelinquencyRecent,
        /// Debt service takes much of the income.
        ObligationsHigh,
        /// The income does not carry the instalment.
        IncomeLow,
        /// The cash flow does not carry the instalment.
        DisposableLow,
        /// Most income has no rhythm.
        IncomeIrregular,
        /// No income has a rhythm.
        IncomeUnverified,
        /// Income may come from other accounts of the user.
        IncomePossiblyOwn,
        /// Several lenders at once.
        LoanStacking,
        /// Balances are low on most days.
        BalanceLow,
        /// Money was short often.
        OverdraftFrequent,
        /// Bets take much of the outflow.
        GamblingHigh,
        /// The history is short.
        HistoryShort,
        /// The data are old.
        DataStale,
    }
}

impl ReasonCode {
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

    /// The effect of the fact on the answer.
    pub const fn effect(self) -> ReasonEffect {
        match self {
            Self::ObligationsHigh | Self::IncomeLow | Self::DisposableLow => ReasonEffect::LimitsRoom,
            Self::HistoryShort | Self::DataStale => ReasonEffect::WithholdsAnswer,
            _ => ReasonEffect::Informs,
        }
    }
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
