//! The features: the only list of them. The endpoint, the OpenAPI document and docs/FEATURES.md are made from it.

use crate::Timestamp;
use crate::insights::definition::{NullRule, figures};
use crate::insights::window::Window;

/// Which windows a feature has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Windows {
    /// Every [`Span`].
    Spans,
    /// None: the name is used without a suffix.
    None,
    /// The 84 days up to the instant: `_0_84`.
    Weeks,
}

/// A window of features.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The suffix of names.
    pub suffix: &'static str,
    /// Days before the instant where it starts.
    pub first: u32,
    /// Days before the instant where it ends.
    pub last: u32,
    /// Whether the window is computed only on request.
    pub on_request: bool,
}

/// The windows of features. `31_90` starts at the end of `0_30`, so that the two share no record and together make
/// `0_90`.
pub const SPANS: [Span; 4] = [
    Span::new("0_30", 30, 0),
    Span::new("31_90", 90, 30),
    Span::new("0_90", 90, 0),
    Span {
        on_request: true,
        ..Span::new("0_365", 365, 0)
    },
];

impl Span {
    const fn new(suffix: &'static str, first: u32, last: u32) -> Self {
        Self {
            suffix,
            first,
            last,
            on_request: false,
        }
    }

    /// The window up to an instant.
    pub(crate) fn window(&self, at: Timestamp) -> Window {
        Window::between(at, self.first.into(), self.last.into())
    }

    /// Number of days of the window.
    pub const fn days(&self) -> u32 {
        self.first - self.last
    }
}

/// The suffix of [`Windows::Weeks`], and its days.
pub const WEEKS: (&str, u32) = ("0_84", 84);

/// A group of features with a path of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// How recent and how dense the records are.
    DataQuality,
    /// Airtime.
    Communication,
}

impl Group {
    /// Every group.
    pub const ALL: [Self; 2] = [Self::Communication, Self::DataQuality];

    /// Its name in paths.
    pub const fn name(self) -> &'static str {
        match self {
            Self::DataQuality => "data-quality",
            Self::Communication => "communication",
        }
    }

    /// The features of the group.
    pub fn has(self, feature: Feature) -> bool {
        let name = feature.definition().name;
        match self {
            Self::DataQuality => name.starts_with("data_"),
            Self::Communication => name.contains("airtime"),
        }
    }
}

/// Names of the public reference that cannot be computed from records. They are never sent.
pub const NOT_SERVED: &[(&str, &str)] = &[
    ("loan_sharks_alert_institutions_ratio", "no public list of loan sharks"),
    ("loan_sharks_fes_ratio", "no public list of loan sharks"),
    ("count_user_shared_phone_numbers", "a phone number has one user here"),
    ("count_energy_events", "records do not state the purpose of a payment"),
    ("sum_of_energy_debits", "records do not state the purpose of a payment"),
    (
        "count_utilities_events",
        "records do not state the purpose of a payment",
    ),
    (
        "count_public_institutions_events",
        "records do not state the purpose of a payment",
    ),
    ("count_charity_events", "records do not state the purpose of a payment"),
    (
        "count_financial_events",
        "records do not state the purpose of a payment",
    ),
    (
        "count_insurance_events",
        "records do not state the purpose of a payment",
    ),
    (
        "count_investment_events",
        "records do not state the purpose of a payment",
    ),
    (
        "count_salary_events",
        "the public definition is not known; see the income of a user",
    ),
];

const COUNT: NullRule = NullRule::NoRecord;
const NONE: NullRule = NullRule::NothingQualifies;
const FEWER_THAN_2: NullRule = NullRule::Other("null of fewer than 2 dates");
const LOAN_BALANCE: NullRule = NullRule::Other(
    "null without a record or an active date, 0 if no message states the balance of a loan, even if the credit report \
     derives one",
);
const NO_DEPOSITORY: NullRule = NullRule::Other("null without a depository transaction, else 0 if none qualifies");
const DEVICE: NullRule =
    NullRule::Other("null if the user has no device id, or if more users share it than can be listed");

figures! {
    /// A named feature.
    Feature,
    /// Which windows it has.
    windows: Windows;

    AverageDepositoryBalance = "average_end_of_day_depository_balance", Windows::Spans, Money, NONE,
        "dictionary, list, library",
        "Mean of the end-of-day totals of depository accounts over active days.";
    MedianDepositoryBalance = "median_end_of_day_depository_balance", Windows::Spans, Money, NONE, "list, library",
        "Median of the end-of-day totals of depository accounts over active days.";
    MinDepositoryBalance = "min_end_of_day_depository_balance", Windows::Spans, Money, NONE, "list",
        "Least of the end-of-day totals of depository accounts over active days.";
    DeviationOfDepositoryBalance = "stdev_end_of_day_depository_balance", Windows::Spans, Money,
        NullRule::Other("null of fewer than 2 active days"), "list",
        "Sample standard deviation of the end-of-day totals of depository accounts over active days.";
    SlopeOfDepositoryBalance = "slope_end_of_day_depository_balance", Windows::Spans, MoneyPerDay, FEWER_THAN_2, "list",
        "Slope of the line of least squares through the end-of-day totals of depository accounts of all dates, by days.";
    AverageLoanBalance = "average_end_of_day_loan_balance", Windows::Spans, Money, LOAN_BALANCE,
        "dictionary, list, library",
        "Mean of the end-of-day totals of accounts of type `loan` over active days.";
    MedianLoanBalance = "median_end_of_day_loan_balance", Windows::Spans, Money, LOAN_BALANCE, "list",
        "Median of the end-of-day totals of accounts of type `loan` over active days.";
    SlopeOfLoanBalance = "slope_end_of_day_loan_balance", Windows::Spans, MoneyPerDay, FEWER_THAN_2, "list",
        "Slope of the line of least squares through the end-of-day totals of accounts of type `loan` of all dates, by days.";
    AirtimePurchases = "count_airtime_purchase_events", Windows::Spans, Count, COUNT, "dictionary",
        "Events labelled `AirtimePurchase`.";
    Bets = "count_betting_and_lottery_events", Windows::Spans, Count, COUNT, "dictionary, list, library",
        "Events labelled `BettingAndLottery`.";
    InsufficientFunds = "count_insufficient_funds_events", Windows::Spans, Count, COUNT, "dictionary, list, library",
        "Events labelled `InsufficientFunds`.";
    Overdrafts = "count_overdraft_events", Windows::Spans, Count, COUNT, "list, library",
        "Events labelled `Overdraft`.";
    LoansDeclined = "count_loan_declined_events", Windows::Spans, Count, COUNT, "dictionary, list, library",
        "Events labelled `LoanDeclined`.";
    LoansDefaulted = "count_loan_defaulted_events", Windows::Spans, Count, COUNT, "dictionary, list, example, library",
        "Events labelled `LoanDefaulted`.";
    LoanPaymentsMissed = "count_loan_missed_payment_events", Windows::Spans, Count, COUNT, "dictionary, list",
        "Events labelled `LoanMissedPayment`.";
    PaymentsMissed = "count_missed_payment_events", Windows::Spans, Count, COUNT, "library",
        "Events labelled `LoanMissedPayment`: the library's name of `count_loan_missed_payment_events`.";
    LoansOpened = "count_loan_opened_events", Windows::Spans, Count, COUNT, "list",
        "Events labelled `LoanApproved` or `LoanDisbursed`.";
    LoanRepayments = "count_loan_repayment_events", Windows::Spans, Count, COUNT, "list, library",
        "Events labelled `LoanRepayment`.";
    LoansRepaid = "count_loan_repaid_events", Windows::Spans, Count, COUNT, "library",
        "Events labelled `LoanRepaid`.";
    LendersOpened = "count_opened_loans", Windows::Spans, Count, COUNT, "example, library",
        "Institutions with a record of an account of type `loan` that is labelled `LoanApproved` or `LoanDisbursed`.";
    Currencies = "count_of_currencies", Windows::Spans, Count, COUNT, "list",
        "Different stated currencies of transactions.";
    Institutions = "count_of_institutions", Windows::Spans, Count, COUNT, "list",
        "Different institutions of records.";
    DepositoryTransactions = "count_transactions_depository", Windows::Spans, Count, COUNT, "list, library",
        "Transactions of depository accounts, in every currency.";
    SharedDevices = "count_user_shared_device_ids", Windows::Spans, Count, DEVICE, "list, library",
        "Other users of the organization with the device id of the user, whose profile was last changed in the window.";
    StackedLoanAlerts = "daily_average_of_stacked_loan_alerts", Windows::Spans, InstitutionsPerDay, COUNT,
        "list, library",
        "Institutions that sent a notice of a loan (`LoanDefaulted`, `LoanMissedPayment`, `LoanRepaid`, `LoanApproved`, \
         `LoanDisbursed`, `LoanRepayment`, `LoanRepaymentReminder`) within 24 hours, on average over the 24 hours, \
         counted from the first notice, that have one. 1 if one institution sent them all.";
    StackedLoanEvents = "daily_average_of_stacked_loan_fes", Windows::Spans, InstitutionsPerDay, COUNT, "list",
        "The same over transactions and balances of accounts of type `loan` or `revolving_loan`.";
    OpenedLessDelinquent = "difference_count_of_loans_opened_to_loans_delinquent", Windows::Spans, Count, COUNT, "list",
        "`count_loan_opened_events` less the events labelled `LoanMissedPayment` or `LoanDefaulted`.";
    OpenedLessRepaid = "difference_count_of_loans_opened_to_loans_repaid", Windows::Spans, Count, COUNT, "list",
        "`count_loan_opened_events` less `count_loan_repaid_events`.";
    MedianCredit = "median_depository_credit", Windows::Spans, Money, NONE, "list",
        "Median amount of the credits of depository accounts.";
    MedianDebit = "median_depository_debit", Windows::Spans, Money, NONE, "list",
        "Median amount of the debits of depository accounts.";
    NetCashFlow = "net_cash_flow", Windows::Spans, Money, NullRule::Other("null without a depository transaction"),
        "example, list, library",
        "Credits less debits of depository accounts.";
    SumOfCredits = "sum_of_credits", Windows::Spans, Money, NONE, "list, library",
        "Sum of the credits of depository accounts.";
    SumOfDebits = "sum_of_debits", Windows::Spans, Money, NONE, "list, library",
        "Sum of the debits of depository accounts.";
    SumOfAtmCredits = "sum_of_atm_credits", Windows::Spans, Money, NO_DEPOSITORY, "list",
        "Sum of the credits of depository accounts that are labelled `ATM`.";
    SumOfAtmDebits = "sum_of_atm_debits", Windows::Spans, Money, NO_DEPOSITORY, "list",
        "Sum of the debits of depository accounts that are labelled `ATM`.";
    SumOfBettingDebits = "sum_of_betting_and_lottery_debits", Windows::Spans, Money, NO_DEPOSITORY, "list",
        "Sum of the debits of depository accounts that are labelled `BettingAndLottery`.";
    LatestDepositoryBalances = "sum_of_depository_balances_latest", Windows::Spans, Money, NONE, "list, library",
        "Sum of the newest balance in the window of each depository account.";
    LatestLoanBalances = "sum_of_loan_balances_latest", Windows::Spans, Money, NONE, "library",
        "Sum of the newest balance in the window of each account of type `loan`.";
    OwnTransfers = "sum_of_depository_transactions_between_user_accounts", Windows::Spans, Money, NO_DEPOSITORY, "list",
        "Sum of the debits of depository accounts that arrive at another depository account of the user: a credit of the \
         same amount and currency at most 600 seconds apart.";
    SumOfLoanDebits = "sum_of_loan_debits", Windows::Spans, Money, COUNT, "list",
        "Sum of the debits of accounts of type `loan`: money lent.";
    SumOfLoanRepayments = "sum_of_loan_repayments", Windows::Spans, Money, COUNT, "library",
        "Sum of the credits of accounts of type `loan`: money repaid.";
    DebtToIncome = "debt_to_income_ratio_latest", Windows::Spans, Ratio,
        NullRule::Other("null without credits, 0 with credits and no balance of a loan"), "library",
        "`sum_of_loan_balances_latest` divided by `sum_of_credits`.";
    AirtimeReceived = "count_airtime_received_events", Windows::Spans, Count, COUNT, "group pages",
        "Different ids of credits of accounts of type `airtime`.";
    SumOfAirtimeCredits = "sum_of_airtime_credits", Windows::Spans, Money, COUNT, "group pages",
        "Sum of the credits of accounts of type `airtime`.";
    DataDensity = "data_density", Windows::Spans, Ratio, NullRule::Other("null without a record"), "group pages",
        "Different UTC dates of records divided by the days of the window; at most 1.";
    DataRecency = "data_recency_minutes", Windows::None, Minutes,
        NullRule::Other("null without a record in the 180 days before"),
        "example, group pages, library",
        "Minutes since the newest record, rounded half to even.";
    DataOldest = "data_oldest_minutes", Windows::None, Minutes,
        NullRule::Other("null without a record in the 180 days before"),
        "group pages",
        "Minutes since the oldest record of the 180 days before, rounded half to even.";
    PrimaryCurrency = "primary_currency", Windows::None, Currency, NullRule::Other("null without a stated currency"),
        "list",
        "The most common stated currency of the transactions of the 90 days before; of equally common ones, the latest.";
    WeeklyDeviation = "standard_deviation_of_week_to_week_sum_of_credits", Windows::Weeks, Money,
        NullRule::Other("null of fewer than 2 weeks"), "library",
        "Sample standard deviation of the sums of the credits of depository accounts of each week, from Monday to Sunday, \
         from the week of the first credit to that of the last.";
}

impl Feature {
    /// The features of a name: a base name selects all windows; a full name selects one. `None` for an unknown name.
    pub fn named(name: &str) -> Option<(Self, Option<&'static Span>)> {
        for feature in Self::ALL.iter().copied() {
            let Some(rest) = name.strip_prefix(feature.definition().name) else {
                continue;
            };
            if rest.is_empty() {
                return Some((feature, None));
            }
            let suffix = rest.strip_prefix('_');
            let found = match feature.windows() {
                Windows::Spans => SPANS.iter().find(|span| Some(span.suffix) == suffix).map(Some),
                Windows::Weeks => (suffix == Some(WEEKS.0)).then_some(None),
                Windows::None => None,
            };
            if let Some(span) = found {
                return Some((feature, span));
            }
        }
        None
    }

    /// The full name of the feature in a window, or without one.
    pub fn full_name(self, span: Option<&Span>) -> String {
        let name = self.definition().name;
        match (self.windows(), span) {
            (Windows::Spans, Some(span)) => format!("{name}_{}", span.suffix),
            (Windows::Weeks, _) => format!("{name}_{}", WEEKS.0),
            _ => name.to_owned(),
        }
    }
}
