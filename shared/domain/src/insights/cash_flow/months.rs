//! Calendar months.

use serde::Serialize;

use super::balances::Balances;
use super::sums::Sums;
use crate::insights::LOOKBACK_DAYS;
use crate::insights::scope::Scope;
use crate::insights::window::Window;
use crate::money::DecimalNumber;
use crate::reports::survey::Entry;
use crate::reports::total::Total;
use crate::reports::{month_text, months as all_months};
use crate::{Currency, Month};

/// The cash flow of a calendar month (UTC).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CashFlowMonth {
    /// The month, as `2021-10`.
    #[serde(serialize_with = "month_text")]
    pub month: Month,
    /// Whether the history covers only a part of the month.
    pub partial: bool,
    /// The end-of-day balance of the date before the month. Null if no balance was stated in the 10 days up to it, or
    /// if it is before the 365 days.
    pub starting_balance: Option<DecimalNumber>,
    /// The end-of-day balance of the last date of the month, or of the date of T.
    pub ending_balance: Option<DecimalNumber>,
    /// Money in, without own transfers.
    pub inflow: DecimalNumber,
    /// Money out, without own transfers.
    pub outflow: DecimalNumber,
    /// Inflow less outflow.
    pub net: DecimalNumber,
    /// Number of payments in.
    pub credit_count: u64,
    /// Number of payments out.
    pub debit_count: u64,
    /// Alerts of insufficient funds and overdrafts.
    pub nsf_overdraft_count: u64,
    /// Loans paid into depository accounts, which are part of the inflow.
    pub loan_disbursed: DecimalNumber,
    /// Payments to lenders, each once: those with a record on a loan account, and those with a record only on the
    /// paying account.
    pub loan_repaid: DecimalNumber,
    /// Money spent on bets and lotteries.
    pub betting: DecimalNumber,
}

/// A month with its exact net.
pub(super) struct MonthSums {
    pub(super) row: CashFlowMonth,
    net: Total,
}

/// The months from that of the oldest depository record to that of T.
pub(super) fn months<'a>(
    scope: &Scope<'a>,
    currency: Option<Currency>,
    balances: &Balances,
    others: &[Entry<'a>],
) -> Vec<MonthSums> {
    let Some(oldest) = scope.oldest_depository() else {
        return Vec::new();
    };
    // The start of the lookback cuts its month, unless it is the start of that month.
    let start = Window::last(scope.as_of, LOOKBACK_DAYS).after.plus_seconds(1);
    let history = start.max(oldest);
    let months: Vec<Month> = all_months(history.month(), scope.as_of.month()).collect();
    let mut sums = vec![Sums::default(); months.len()];
    let place = |month: Month| months.binary_search(&month).ok();
    for movement in scope.movements_in(currency) {
        if let Some(place) = place(movement.at().month()) {
            sums[place].add_movement(movement);
        }
    }
    for entry in others {
        if let Some(place) = place(entry.record.timestamp.month()) {
            sums[place].add_entry(*entry);
        }
    }
    let rows = months.iter().zip(sums).map(|(month, sums)| {
        let last = month.end().plus_seconds(-1);
        let row = CashFlowMonth {
            month: *month,
            partial: history > month.start() || scope.as_of < last,
            starting_balance: balances.at(month.start().day() - 1).map(Total::number),
            ending_balance: balances.at(last.min(scope.as_of).day()).map(Total::number),
            inflow: sums.inflow.number(),
            outflow: sums.outflow.number(),
            net: sums.net().number(),
            credit_count: sums.credit_count,
            debit_count: sums.debit_count,
            nsf_overdraft_count: sums.nsf_overdraft_count(),
            loan_disbursed: sums.loan_disbursed.number(),
            loan_repaid: sums.loan_repaid.number(),
            betting: sums.betting.number(),
        };
        MonthSums { row, net: sums.net() }
    });
    rows.collect()
}

/// The slope of the monthly net over whole months.
pub(super) fn trend(months: &[MonthSums]) -> Option<DecimalNumber> {
    let whole = (0..).zip(months).filter(|(_, month)| !month.row.partial);
    let points: Vec<(i64, Total)> = whole.map(|(x, month)| (x, month.net)).collect();
    Total::slope(&points)
}
