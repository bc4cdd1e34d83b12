//! The indicators: the only list of them. The endpoint, the OpenAPI document and docs/FEATURES.md are made from it.

use crate::insights::definition::{NullRule, figures};

/// Days before the instant of the windows of indicators: `_30d`, `_60d`, `_90d`.
pub const DAYS: [u32; 3] = [30, 60, 90];

const COUNT: NullRule = NullRule::NoRecord;
const NONE: NullRule = NullRule::NothingQualifies;
const NO_BALANCE: NullRule = NullRule::Other("null if no date has a balance");
const NO_OUTFLOW: NullRule = NullRule::Other("null without an outflow");
const NO_INFLOW: NullRule = NullRule::Other("null without an inflow");

figures! {
    /// A named indicator.
    Indicator,
    /// Whether it has a value for each of [`DAYS`].
    has_windows: bool;

    Inflow = "total_inflow_amount", true, Money, NONE, "Plaid",
        "Sum of the credits.";
    Outflow = "total_outflow_amount", true, Money, NONE, "Plaid",
        "Sum of the debits.";
    InflowToOutflow = "inflow_outflow_ratio", true, Ratio, NullRule::Other("null without an outflow or an inflow"),
        "Belvo, Indicina",
        "`total_inflow_amount` divided by `total_outflow_amount`.";
    NsfOverdrafts = "nsf_overdraft_transactions_count", true, Count, COUNT, "Plaid",
        "Events labelled `InsufficientFunds` or `Overdraft`, of every account.";
    DaysBelowThreshold = "days_balance_below_x", true, Days,
        NullRule::Other("null if no date has a balance, or if there is no threshold"), "Belvo",
        "Number of dates with an end-of-day total of at most `threshold`. The default threshold is 5 % of the median inflow \
         of the last 3 full periods of 30 days. Without a record of a depository account in them, there is no threshold.";
    DaysBelowZero = "days_balance_below_0", true, Days, NO_BALANCE, "Belvo, Plaid",
        "Number of dates with an end-of-day total of 0 or less.";
    MinBalance = "min_balance", true, Money, NO_BALANCE, "Belvo",
        "Least end-of-day total of all dates.";
    MaxBalance = "max_balance", true, Money, NO_BALANCE, "Belvo",
        "Greatest end-of-day total of all dates.";
    DaysWithoutTransactions = "days_with_no_transactions", true, Days, COUNT, "Plaid",
        "Days without a transaction, transfers between accounts of the user included. Days are the periods of 24 hours back \
         from the instant. Days before the first record of the user do not count, because nothing is known about them.";
    LongestGap = "longest_gap_days", true, Days, COUNT, "Plaid",
        "Longest run of days of `days_with_no_transactions`.";
    DaysBetweenTransactions = "average_days_between_transactions", true, MeanDays,
        NullRule::Other("null of fewer than 2 dates"), "Plaid",
        "Mean number of days from one UTC date with a transaction to the next, transfers between accounts of the user \
         included.";
    MaxInflow = "max_inflow_amount", true, Money, NONE, "Belvo",
        "Largest credit.";
    GamblingRate = "gambling_rate", true, Ratio, NO_OUTFLOW, "Indicina",
        "Share of the outflow that is labelled `BettingAndLottery`.";
    LoanInflowRate = "loan_inflow_rate", true, Ratio, NO_INFLOW, "Indicina",
        "Share of the inflow that is labelled `LoanDisbursed`.";
    LoanRepaymentRate = "loan_repayment_rate", true, Ratio, NO_INFLOW, "Indicina",
        "Credits of accounts of type `loan` and `revolving_loan` divided by the inflow.";
    ActiveLenders = "active_lenders", true, Count, COUNT, "ours",
        "Institutions with a record of an account of type `loan` or `revolving_loan` that is a transaction or a notice of a \
         loan (the labels of `daily_average_of_stacked_loan_alerts`).";
    NewLoans = "new_loans", true, Count, COUNT, "ours",
        "Events labelled `LoanDisbursed`, of every account.";
    SweepRate = "account_sweep_rate", true, Ratio, NONE, "Indicina",
        "Share of the credits of at least the median credit after which at least 90 % of the amount leaves the account \
         within 24 hours. Transfers between accounts of the user are neither credits nor debits here. Credits of the last 24 \
         hours before the instant are left out.";
    CashRate = "cash_reliance_rate", true, Ratio, NO_OUTFLOW, "Plaid",
        "Share of the outflow that is labelled `ATM` or has an agent as its counterparty.";
    OverdraftDays = "overdraft_days", true, Days, COUNT, "ours",
        "Number of dates on which the end-of-day total of accounts of type `revolving_loan` is above 0.";
    AirtimeCredits = "airtime_credit_events", true, Count, COUNT, "ours",
        "Events labelled `LoanDisbursed` of accounts of type `revolving_loan` of a lender of airtime (`okoajahazi`).";
    ActiveDays = "active_days", true, Days, COUNT, "ours",
        "Different UTC dates of records.";
    IncomeStability = "income_stability", false, Ratio,
        NullRule::Other("null without a regular stream of two payments"),
        "Belvo",
        "Mean stability of the amounts of the regular income streams of 365 days, weighted by their totals. With `all_time` \
         only, since it needs a year.";
    IncomeRegularity = "income_regularity", false, Ratio, NullRule::Other("null without a regular stream"), "Belvo",
        "Mean regularity of the dates of the regular income streams of 365 days, weighted by their totals. With `all_time` \
         only, since it needs a year.";
    HistoryDays = "history_days", false, Days, NullRule::Other("null without a record"), "Plaid",
        "Days from the date of the oldest record to that of the instant. Of the 180 days before (376 with `all_time`).";
}

impl Indicator {
    /// The name with a window, or without one.
    pub fn full_name(self, days: Option<u32>) -> String {
        let name = self.definition().name;
        match days {
            Some(days) => format!("{name}_{days}d"),
            None => name.to_owned(),
        }
    }
}
