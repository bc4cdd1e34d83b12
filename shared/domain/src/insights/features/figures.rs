//! The figures of one window, and of the features without windows.

use super::catalog::{Feature, Span, WEEKS};
use super::stacked::stacked;
use crate::hash::HashSet;
use crate::insights::activity::LOAN_LIFE;
use crate::insights::definition::Value;
use crate::insights::end_of_day::Day;
use crate::insights::statistics::sample_deviation;
use crate::insights::view::{Item, View, dates};
use crate::insights::window::Window;
use crate::money::DecimalNumber;
use crate::reports::flow::Cashflow;
use crate::reports::total::{Total, quotient, scaled};
use crate::reports::{QUOTIENT_DECIMALS, survey};
use crate::{AccountType, Currency, Impact, Label, LabelSet, Timestamp};

/// Days before the instant whose oldest and newest record determine the age of the data.
pub(super) const AGE_DAYS: u32 = 180;
/// Days before the instant whose transactions determine the primary currency.
const PRIMARY_CURRENCY_DAYS: i64 = 90;

const OPENED: LabelSet = LabelSet::EMPTY.with(Label::LoanApproved).with(Label::LoanDisbursed);
const DELINQUENT: LabelSet = LabelSet::EMPTY
    .with(Label::LoanMissedPayment)
    .with(Label::LoanDefaulted);

/// Facts about other users, which only the store knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SharedDevice {
    /// When the profile of each other user with the same device id was last changed.
    pub changed_at: Vec<Timestamp>,
}

/// The input of the figures of every window.
pub(super) struct Source<'v, 'a> {
    pub(super) view: &'v View<'a>,
    /// `None` if the user has no device id.
    pub(super) device: Option<&'v SharedDevice>,
}

/// The figures of one window.
pub(super) struct Figures<'v, 'a> {
    source: &'v Source<'v, 'a>,
    span: Span,
    window: Window,
    items: &'v [Item<'a>],
    depository: Vec<Day>,
    loan: Vec<Day>,
    cashflow: Cashflow,
    loan_flow: Cashflow,
    airtime_flow: Cashflow,
}

impl<'v, 'a> Figures<'v, 'a> {
    pub(super) fn of(source: &'v Source<'v, 'a>, span: &Span) -> Self {
        let view = source.view;
        let window = span.window(view.at);
        let items = view.within(window);
        Self {
            source,
            span: *span,
            window,
            items,
            depository: view.end_of_day(AccountType::Depository, window),
            loan: view.end_of_day(AccountType::Loan, window),
            cashflow: cashflow(items, AccountType::Depository),
            loan_flow: cashflow(items, AccountType::Loan),
            airtime_flow: cashflow(items, AccountType::Airtime),
        }
    }

    /// The value of a feature that has windows; null for any other.
    pub(super) fn value(&self, feature: Feature) -> Value {
        let (credit, debit) = (self.cashflow.credit, self.cashflow.debit);
        let count = |label: Label| self.events(LabelSet::EMPTY.with(label));
        let total = |side: &crate::reports::flow::Side| (side.count > 0).then(|| side.total.number());
        match feature {
            Feature::AverageDepositoryBalance => mean(&active(&self.depository)).into(),
            Feature::MedianDepositoryBalance => Total::median(&mut active(&self.depository)).into(),
            Feature::MinDepositoryBalance => active(&self.depository).into_iter().min().map(Total::number).into(),
            Feature::DeviationOfDepositoryBalance => sample_deviation(&active(&self.depository)).into(),
            Feature::SlopeOfDepositoryBalance => Total::slope(&all(&self.depository)).into(),
            Feature::AverageLoanBalance => self.known(|| self.owed(|totals| mean(totals))),
            Feature::MedianLoanBalance => self.known(|| self.owed(Total::median)),
            Feature::SlopeOfLoanBalance => Total::slope(&all(&self.loan)).into(),
            Feature::AirtimePurchases => count(Label::AirtimePurchase),
            Feature::Bets => count(Label::BettingAndLottery),
            Feature::InsufficientFunds => count(Label::InsufficientFunds),
            Feature::Overdrafts => count(Label::Overdraft),
            Feature::LoansDeclined => count(Label::LoanDeclined),
            Feature::LoansDefaulted => count(Label::LoanDefaulted),
            Feature::LoanPaymentsMissed | Feature::PaymentsMissed => count(Label::LoanMissedPayment),
            Feature::LoansOpened => self.events(OPENED),
            Feature::LoanRepayments => count(Label::LoanRepayment),
            Feature::LoansRepaid => count(Label::LoanRepaid),
            Feature::LendersOpened => self.known(|| {
                let opened =
                    |item: &&Item<'_>| item.record.account_type == AccountType::Loan && item.is_labelled(OPENED);
                distinct(self.items.iter().filter(opened).map(|item| &item.record.institution_id))
            }),
            Feature::Currencies => self.known(|| {
                let moves = self.items.iter().filter(|item| item.record.is_transaction());
                distinct(moves.filter_map(|item| item.record.currency))
            }),
            Feature::Institutions => self.known(|| distinct(self.items.iter().map(|item| &item.record.institution_id))),
            Feature::DepositoryTransactions => self.known(|| {
                let is_meant = |item: &&Item<'_>| {
                    item.record.account_type == AccountType::Depository && item.record.is_transaction()
                };
                self.items.iter().filter(is_meant).count() as u64
            }),
            Feature::SharedDevices => self.source.device.map(|device| self.changed(device)).into(),
            Feature::StackedLoanAlerts => self.known(|| stacked(self.items, |item| item.is_labelled(LOAN_LIFE))),
            Feature::StackedLoanEvents => self.known(|| {
                stacked(self.items, |item| {
                    item.record.account_type.is_debt()
                        && (item.record.is_transaction() || item.record.balance.is_some())
                })
            }),
            Feature::OpenedLessDelinquent => self.difference(OPENED, DELINQUENT),
            Feature::OpenedLessRepaid => self.difference(OPENED, LabelSet::EMPTY.with(Label::LoanRepaid)),
            Feature::MedianCredit => self.median(Impact::Credit).into(),
            Feature::MedianDebit => self.median(Impact::Debit).into(),
            Feature::NetCashFlow => self.if_moved(|| self.cashflow.net()),
            Feature::SumOfCredits => total(&credit).into(),
            Feature::SumOfDebits => total(&debit).into(),
            Feature::SumOfAtmCredits => self.labelled_sum(Impact::Credit, Label::Atm),
            Feature::SumOfAtmDebits => self.labelled_sum(Impact::Debit, Label::Atm),
            Feature::SumOfBettingDebits => self.labelled_sum(Impact::Debit, Label::BettingAndLottery),
            Feature::LatestDepositoryBalances => self.latest(AccountType::Depository).map(Total::number).into(),
            Feature::LatestLoanBalances => self.latest(AccountType::Loan).map(Total::number).into(),
            Feature::OwnTransfers => self.if_moved(|| self.own_transfers()),
            Feature::SumOfLoanDebits => self.known(|| self.loan_flow.debit.total.number()),
            Feature::SumOfLoanRepayments => self.known(|| self.loan_flow.credit.total.number()),
            Feature::DebtToIncome => {
                let owed = self.latest(AccountType::Loan).unwrap_or(Total::ZERO);
                owed.ratio(credit.total).into()
            }
            Feature::AirtimeReceived => self.known(|| {
                let credits = self.items.iter().filter(|item| {
                    let record = item.record;
                    record.account_type == AccountType::Airtime
                        && record.impact == Some(Impact::Credit)
                        && record.amount.is_some()
                });
                distinct(credits.map(|item| &item.record.id))
            }),
            Feature::SumOfAirtimeCredits => self.known(|| self.airtime_flow.credit.total.number()),
            Feature::DataDensity => self.known(|| {
                let days = u64::from(self.span.days());
                share(dates(self.items).min(days), days)
            }),
            Feature::DataRecency | Feature::DataOldest | Feature::PrimaryCurrency | Feature::WeeklyDeviation => {
                Value::Null
            }
        }
    }

    /// A figure that is unknown without a record.
    fn known<T: Into<Value>>(&self, figure: impl FnOnce() -> T) -> Value {
        if self.items.is_empty() {
            Value::Null
        } else {
            figure().into()
        }
    }

    /// A figure that is unknown without a transaction of a depository account.
    fn if_moved(&self, sum: impl FnOnce() -> Total) -> Value {
        (self.cashflow.count() > 0).then(|| sum().number()).into()
    }

    /// A figure of the balances of loans on active dates; 0 if no loan has a balance.
    fn owed(&self, figure: impl FnOnce(&mut [Total]) -> Option<DecimalNumber>) -> Option<DecimalNumber> {
        if self.loan.iter().all(|day| day.total.is_none()) {
            return Some(DecimalNumber::default());
        }
        figure(&mut active(&self.loan))
    }

    fn events(&self, labels: LabelSet) -> Value {
        self.known(|| self.source.view.events(self.items, labels))
    }

    fn difference(&self, one: LabelSet, other: LabelSet) -> Value {
        let count = |labels| i64::try_from(self.source.view.events(self.items, labels)).unwrap_or(i64::MAX);
        self.known(|| count(one) - count(other))
    }

    /// The amounts of one direction on depository accounts.
    fn amounts(&self, impact: Impact) -> impl Iterator<Item = (&Item<'a>, Total)> {
        self.items.iter().filter_map(move |item| {
            let (direction, amount) = item.movement_of(AccountType::Depository)?;
            (direction == impact).then_some((item, amount))
        })
    }

    fn median(&self, impact: Impact) -> Option<DecimalNumber> {
        let mut amounts: Vec<Total> = self.amounts(impact).map(|(_, amount)| amount).collect();
        Total::median(&mut amounts)
    }

    fn labelled_sum(&self, impact: Impact, label: Label) -> Value {
        let labels = LabelSet::EMPTY.with(label);
        let labelled = self.amounts(impact).filter(|(item, _)| item.is_labelled(labels));
        self.if_moved(|| labelled.map(|(_, amount)| amount).sum())
    }

    /// The sum of the newest balances of the accounts of the type. `None` if no account states one.
    fn latest(&self, account_type: AccountType) -> Option<Total> {
        let mut newest: Vec<Option<Total>> = vec![None; self.source.view.survey.accounts.len()];
        for item in self.items {
            if let Some(balance) = item.balance_of(account_type) {
                newest[item.holder] = Some(balance);
            }
        }
        newest.into_iter().flatten().reduce(|sum, balance| sum + balance)
    }

    fn own_transfers(&self) -> Total {
        let matched = self.amounts(Impact::Debit).filter(|(item, _)| item.is_matched);
        matched.map(|(_, amount)| amount).sum()
    }

    fn changed(&self, device: &SharedDevice) -> u64 {
        let inside = device.changed_at.iter().filter(|at| self.window.contains(**at));
        inside.count() as u64
    }
}

/// The value of a feature without windows, or with windows of its own.
pub(super) fn value_without_span(view: &View<'_>, feature: Feature) -> Value {
    let age = Window::last(view.at, AGE_DAYS.into());
    match feature {
        Feature::DataRecency => view.within(age).last().map(|item| minutes(view.at, item)).into(),
        Feature::DataOldest => view.within(age).first().map(|item| minutes(view.at, item)).into(),
        Feature::PrimaryCurrency => primary_currency(view).into(),
        Feature::WeeklyDeviation => sample_deviation(&weekly_credits(view)).into(),
        _ => Value::Null,
    }
}

fn cashflow(items: &[Item<'_>], account_type: AccountType) -> Cashflow {
    let mut cashflow = Cashflow::default();
    for movement in items.iter().filter_map(|item| item.movement_of(account_type)) {
        cashflow.add(movement);
    }
    cashflow
}

/// The totals of the active dates that have one.
fn active(days: &[Day]) -> Vec<Total> {
    days.iter()
        .filter(|day| day.active)
        .filter_map(|day| day.total)
        .collect()
}

/// The totals of all dates that have one, by date.
fn all(days: &[Day]) -> Vec<(i64, Total)> {
    let first = days.first().map_or(0, |day| day.number);
    days.iter()
        .filter_map(|day| Some((day.number - first, day.total?)))
        .collect()
}

fn mean(values: &[Total]) -> Option<DecimalNumber> {
    let sum: Total = values.iter().copied().sum();
    sum.average(values.len() as u64)
}

fn share(part: u64, whole: u64) -> Option<DecimalNumber> {
    let part = scaled(i128::from(part), QUOTIENT_DECIMALS);
    quotient(part, i128::from(whole), QUOTIENT_DECIMALS)
}

fn distinct<T: Eq + std::hash::Hash>(values: impl Iterator<Item = T>) -> u64 {
    values.collect::<HashSet<T>>().len() as u64
}

/// Minutes from a record to an instant, rounded half to even.
fn minutes(at: Timestamp, item: &Item<'_>) -> i64 {
    let seconds = at.unix_seconds() - item.record.timestamp.unix_seconds();
    let (whole, rest) = (seconds.div_euclid(60), seconds.rem_euclid(60));
    let up = rest > 30 || (rest == 30 && whole % 2 != 0);
    whole + i64::from(up)
}

fn primary_currency(view: &View<'_>) -> Option<Currency> {
    let mut votes = survey::Votes::default();
    for item in view.within(Window::last(view.at, PRIMARY_CURRENCY_DAYS)) {
        if let Some(currency) = item.record.currency.filter(|_| item.record.is_transaction()) {
            votes.cast(currency, item.record);
        }
    }
    votes.winner()
}

/// The credits of depository accounts by week, from the week of the first one to the week of the last one.
fn weekly_credits(view: &View<'_>) -> Vec<Total> {
    // The epoch was a Thursday, and weeks start on Mondays.
    let week = |item: &Item<'_>| (item.date() + 3).div_euclid(7);
    let mut weeks: Vec<Total> = Vec::new();
    let mut first = None;
    for item in view.within(Window::last(view.at, WEEKS.1.into())) {
        if let Some((Impact::Credit, amount)) = item.movement_of(AccountType::Depository) {
            let index = week(item) - *first.get_or_insert(week(item));
            let index = usize::try_from(index).expect("items are in the order of time");
            weeks.resize(weeks.len().max(index + 1), Total::ZERO);
            weeks[index] += amount;
        }
    }
    weeks
}
