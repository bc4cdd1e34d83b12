//! Money in that is not income.
//!
//! The first reason that fits counts, so each payment is in one row. The rules are those of
//! [`movements`](crate::insights::movements).
//!
//! | reason | payments |
//! |---|---|
//! | `own_transfer` | from another account of the user |
//! | `loan_disbursement` | a loan paid out |
//! | `overdraft` | an overdraft paid out |
//! | `betting` | winnings |
//! | `lender` | other payments of lenders |
//! | `below_minimum_confidence` | income of streams of less confidence than asked for |

use serde::Serialize;

use crate::insights::movements::{Movement, Nature};
use crate::money::DecimalNumber;
use crate::reports::total::Total;

crate::described! { "ExclusionReason";
    /// Why money in is not income.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
    #[serde(rename_all = "snake_case")]
    pub enum ExclusionReason {
        /// It comes from another account of the user.
        OwnTransfer,
        /// It is a loan.
        LoanDisbursement,
        /// It is an overdraft.
        Overdraft,
        /// It is won in a bet or a lottery.
        Betting,
        /// It comes from a lender.
        Lender,
        /// Its stream has a lower confidence than requested.
        BelowMinimumConfidence,
    }
}

impl ExclusionReason {
    const ALL: [Self; 6] = [
        Self::OwnTransfer,
        Self::LoanDisbursement,
        Self::Overdraft,
        Self::Betting,
        Self::Lender,
        Self::BelowMinimumConfidence,
    ];

    /// The reason why a credit is not income; `None` if it is.
    pub(crate) const fn of(movement: &Movement<'_>) -> Option<Self> {
        match movement.nature {
            Nature::OwnTransfer => Some(Self::OwnTransfer),
            Nature::LoanReceived => Some(Self::LoanDisbursement),
            Nature::Overdraft => Some(Self::Overdraft),
            Nature::Betting => Some(Self::Betting),
            Nature::Lender => Some(Self::Lender),
            Nature::Repayment | Nature::Ordinary => None,
        }
    }
}

/// Money in that is not income, for one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = ExcludedIncome)]
pub struct Excluded {
    /// The reason.
    pub reason: ExclusionReason,
    /// Number of payments.
    pub count: u64,
    /// Their sum.
    pub total: DecimalNumber,
}

/// Counts and sums by reason.
#[derive(Default)]
pub(crate) struct Tally([(u64, Total); ExclusionReason::ALL.len()]);

impl Tally {
    pub(crate) fn add(&mut self, reason: ExclusionReason, amount: Total) {
        let (count, total) = &mut self.0[reason as usize];
        *count += 1;
        *total += amount;
    }

    /// The reasons that occur, in their order.
    pub(crate) fn into_rows(self) -> Vec<Excluded> {
        let rows = ExclusionReason::ALL.into_iter().zip(self.0);
        let occurring = rows.filter(|(_, (count, _))| *count > 0);
        occurring
            .map(|(reason, (count, total))| Excluded {
                reason,
                count,
                total: total.number(),
            })
            .collect()
    }
}
