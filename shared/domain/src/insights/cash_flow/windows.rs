//! The last 30, 60 and 90 days.

use serde::Serialize;

use super::balances::Balances;
use super::sums::Sums;
use super::threshold::Threshold;
use crate::Currency;
use crate::insights::activity::{Idle, idle};
use crate::insights::movements::Movement;
use crate::insights::scope::Scope;
use crate::insights::window::Window;
use crate::money::DecimalNumber;
use crate::reports::survey::Entry;
use crate::reports::total::Total;

/// The last 30, 60 and 90 days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CashFlowWindows {
    /// T − 30 days to T.
    #[serde(rename = "30d")]
    pub days_30: CashFlowWindow,
    /// T − 60 days to T.
    #[serde(rename = "60d")]
    pub days_60: CashFlowWindow,
    /// T − 90 days to T.
    #[serde(rename = "90d")]
    pub days_90: CashFlowWindow,
}

/// The cash flow of the last days. All figures are null if the user has no record in the window.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CashFlowWindow {
    /// Money in, without own transfers.
    pub inflow: Option<DecimalNumber>,
    /// Money out, without own transfers.
    pub outflow: Option<DecimalNumber>,
    /// Inflow less outflow.
    pub net: Option<DecimalNumber>,
    /// Number of payments in.
    pub credit_count: Option<u64>,
    /// Number of payments out.
    pub debit_count: Option<u64>,
    /// Alerts of insufficient funds and overdrafts.
    pub nsf_overdraft_count: Option<u64>,
    /// Loans paid into depository accounts, which are part of the inflow.
    pub loan_disbursed: Option<DecimalNumber>,
    /// Payments to lenders, each once: those with a record on a loan account, and those with a record only on the
    /// paying account.
    pub loan_repaid: Option<DecimalNumber>,
    /// Money spent on bets and lotteries.
    pub betting: Option<DecimalNumber>,
    /// Mean of the end-of-day balances. Null if no date has one.
    pub average_daily_balance: Option<DecimalNumber>,
    /// The lowest end-of-day balance. Null if no date has one.
    pub min_balance: Option<DecimalNumber>,
    /// Dates whose end-of-day balance is at most the threshold. Null without a balance or a threshold.
    pub days_below_threshold: Option<u64>,
    /// Days of 24 hours back from T without a transaction. Days before the user's first record do not count: nothing is
    /// known about them.
    pub days_without_transactions: Option<u64>,
    /// The longest run of such days.
    pub longest_gap_days: Option<u64>,
}

pub(super) fn windows<'a>(
    scope: &Scope<'a>,
    currency: Option<Currency>,
    balances: &Balances,
    threshold: Option<Threshold>,
    others: &[Entry<'a>],
) -> CashFlowWindows {
    let window = |days| window(scope, currency, balances, threshold, others, days);
    CashFlowWindows {
        days_30: window(30),
        days_60: window(60),
        days_90: window(90),
    }
}

fn window<'a>(
    scope: &Scope<'a>,
    currency: Option<Currency>,
    balances: &Balances,
    threshold: Option<Threshold>,
    others: &[Entry<'a>],
    days: u8,
) -> CashFlowWindow {
    let window = Window::last(scope.as_of, days.into());
    if !scope
        .survey
        .entries()
        .any(|entry| window.contains(entry.record.timestamp))
    {
        return CashFlowWindow::default();
    }
    let sums = Sums::of(scope.movements_in(currency), others, |at| window.contains(at));
    let times = scope.movements_in(currency).map(Movement::at);
    let Idle {
        days: idle_days,
        longest,
    } = idle(times, scope.oldest(), scope.as_of, days.into());
    let totals: Vec<Total> = balances.totals(window).map(|(_, total)| total).collect();
    let below = threshold.map(|threshold| totals.iter().filter(|total| threshold.is_reached(**total)).count() as u64);
    CashFlowWindow {
        inflow: Some(sums.inflow.number()),
        outflow: Some(sums.outflow.number()),
        net: Some(sums.net().number()),
        credit_count: Some(sums.credit_count),
        debit_count: Some(sums.debit_count),
        nsf_overdraft_count: Some(sums.nsf_overdraft_count()),
        loan_disbursed: Some(sums.loan_disbursed.number()),
        loan_repaid: Some(sums.loan_repaid.number()),
        betting: Some(sums.betting.number()),
        average_daily_balance: totals.iter().copied().sum::<Total>().average(totals.len() as u64),
        min_balance: totals.iter().min().map(|least| least.number()),
        days_below_threshold: below.filter(|_| !totals.is_empty()),
        days_without_transactions: Some(idle_days),
        longest_gap_days: Some(longest),
    }
}
