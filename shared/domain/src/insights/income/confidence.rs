//! The confidence in a stream, and the category of its payments.
//!
//! | confidence | rule |
//! |---|---|
//! | HIGH | `MATURE`, and salaries, or at least 6 events with a stability of at least 0.8 and a regularity of at least 0.9 |
//! | MEDIUM | `MATURE` |
//! | LOW | any other |
//!
//! | category | rule, the first that fits |
//! |---|---|
//! | SALARY | money in; at least half of the payments are labelled `Salary` |
//! | LOAN_REPAYMENT | money out; at least half of the payments are repayments of loans |
//! | BUSINESS | the counterparty is a business |
//! | TRANSFER | a person |
//! | CASH_DEPOSIT | money in by an agent |
//! | CASH_WITHDRAWAL | money out by an agent |
//! | INSTITUTION | a bank or a wallet |
//! | UNKNOWN | any other |
//!
//! The kind of a counterparty comes from the newest payment that states it.

use std::str::FromStr;

use rust_decimal::Decimal;
use serde::Serialize;

use super::stream_status::StreamStatus;
use crate::insights::movements::{Movement, Nature};
use crate::money::DecimalNumber;
use crate::vocabulary::UnknownWord;
use crate::{CounterpartyKind, Impact, Label};

crate::described! { "Confidence";
    /// Confidence that a stream continues.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
    #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
    pub enum Confidence {
        /// No rhythm, or too few events.
        #[default]
        Low,
        /// A rhythm.
        Medium,
        /// A salary with a rhythm, or many regular and similar payments.
        High,
    }
}

impl FromStr for Confidence {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        match text {
            "LOW" => Ok(Self::Low),
            "MEDIUM" => Ok(Self::Medium),
            "HIGH" => Ok(Self::High),
            _ => Err(UnknownWord {
                known: "LOW, MEDIUM, HIGH",
            }),
        }
    }
}

/// Fewest events of a stream of high confidence that is not a salary.
const HIGH_EVENTS: usize = 6;

impl Confidence {
    /// `regularity` is a fraction; `None` without a rhythm.
    pub(crate) fn of(
        status: StreamStatus,
        is_salary: bool,
        events: usize,
        stability: Option<DecimalNumber>,
        regularity: Option<(i128, i128)>,
    ) -> Self {
        let stable = stability.is_some_and(|stability| stability.0 >= Decimal::new(8, 1));
        let regular = regularity.is_some_and(|(kept, expected)| kept * 10 >= expected * 9);
        match status {
            StreamStatus::Mature if is_salary || (events >= HIGH_EVENTS && stable && regular) => Self::High,
            StreamStatus::Mature => Self::Medium,
            _ => Self::Low,
        }
    }
}

crate::described! { "StreamCategory";
    /// The category of a stream's payments.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
    pub enum Category {
        /// Salaries, by the words of the institution.
        Salary,
        /// Repayments of loans.
        LoanRepayment,
        /// Payments of or to a business.
        Business,
        /// Payments of or to a person.
        Transfer,
        /// Cash paid in at an agent.
        CashDeposit,
        /// Cash taken out at an agent.
        CashWithdrawal,
        /// Payments of or to a bank or a wallet.
        Institution,
        /// Not known.
        Unknown,
    }
}

impl Category {
    pub(crate) fn of(movements: &[Movement<'_>], impact: Impact, kind: Option<CounterpartyKind>) -> Self {
        let half = |fits: &dyn Fn(&Movement<'_>) -> bool| {
            let count = movements.iter().filter(|movement| fits(movement)).count();
            2 * count >= movements.len()
        };
        let credit = impact == Impact::Credit;
        match kind {
            _ if credit && half(&|movement| movement.record.labels.contains(Label::Salary)) => Self::Salary,
            _ if !credit && half(&|movement| movement.nature == Nature::Repayment) => Self::LoanRepayment,
            Some(CounterpartyKind::Business) => Self::Business,
            Some(CounterpartyKind::Person) => Self::Transfer,
            Some(CounterpartyKind::Agent) if credit => Self::CashDeposit,
            Some(CounterpartyKind::Agent) => Self::CashWithdrawal,
            Some(CounterpartyKind::Institution) => Self::Institution,
            _ => Self::Unknown,
        }
    }
}
