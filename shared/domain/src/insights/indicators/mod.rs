//! Indicators: figures that lenders use beyond the features of the public reference.
//!
//! The windows of 30, 60 and 90 days end at the instant. Unless a definition says otherwise, an indicator is of
//! depository accounts in the report currency, without transfers between accounts of the user. The end-of-day totals
//! are those of [`features`](super::features), of all dates.

pub mod catalog;
mod sweep;

use super::activity::{Idle, SHORT_OF_MONEY, idle, is_loan_activity};
use super::cash_flow::threshold::{Threshold, is_of_depository};
use super::definition::{Value, Values};
use super::income::{Income, Stream, StreamStatus};
use super::movements::received_by_lender;
use super::view::{Item, View, dates};
use super::window::{Periods, Window};
use crate::hash::HashSet;
use crate::money::DecimalNumber;
use crate::reports::QUOTIENT_DECIMALS;
use crate::reports::flow::Cashflow;
use crate::reports::total::{FITS, Total, quotient, scaled};
use crate::{AccountType, CounterpartyKind, Impact, Label, LabelSet, Money};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

pub use catalog::{DAYS, Indicator};

/// Lenders of airtime, by institution id.
const AIRTIME_LENDERS: [&str; 1] = ["okoajahazi"];

const BETS: LabelSet = LabelSet::EMPTY.with(Label::BettingAndLottery);
const DISBURSED: LabelSet = LabelSet::EMPTY.with(Label::LoanDisbursed);
const CASH: LabelSet = LabelSet::EMPTY.with(Label::Atm);

/// All indicators, and the threshold of `days_balance_below_x`. Indicators of income are included if the income is
/// given.
pub(super) fn indicators(
    view: &View<'_>,
    threshold: Option<Money>,
    income: Option<&Income<'_>>,
) -> (Values, Option<DecimalNumber>) {
    let threshold = threshold.map(Threshold::stated).or_else(|| usual_threshold(view));
    let figures = DAYS.map(|days| (days, Figures::of(view, days)));
    let mut values = Vec::new();
    for indicator in Indicator::ALL.iter().copied() {
        let mut add = |days, value| values.push((indicator.full_name(days), value));
        match (indicator, income) {
            (Indicator::HistoryDays, _) => add(None, history_days(view).into()),
            (Indicator::IncomeStability, Some(income)) => add(None, stability(income).into()),
            (Indicator::IncomeRegularity, Some(income)) => add(None, regularity(income).into()),
            (Indicator::IncomeStability | Indicator::IncomeRegularity, None) => {}
            _ => {
                for (days, figures) in &figures {
                    add(Some(*days), figures.value(indicator, threshold));
                }
            }
        }
    }
    (Values(values), threshold.map(Threshold::number))
}

/// Days from the date of the oldest record to that of the instant.
pub(super) fn history_days(view: &View<'_>) -> Option<i64> {
    view.oldest().map(|oldest| view.at.days_since(oldest.timestamp))
}

/// The threshold by the rule of the cash flow, from the records of the features. Older records do not count for full
/// periods here.
fn usual_threshold(view: &View<'_>) -> Option<Threshold> {
    let mut depository = view.items.iter().filter(|item| is_of_depository(item.record));
    let periods = Periods::new(view.at, depository.next().map(|item| item.record.timestamp));
    let has_records = |window| {
        let mut items = view.within(window).iter();
        items.any(|item| item.is_reported && is_of_depository(item.record))
    };
    Threshold::of_periods(periods, has_records, |window| {
        let credits = moves(view, window).filter(|(_, (impact, _))| *impact == Impact::Credit);
        credits.map(|(_, (_, amount))| amount).sum()
    })
}

/// The movements of depository accounts, without transfers between accounts of the user.
fn moves<'v, 'a>(view: &'v View<'a>, window: Window) -> impl Iterator<Item = (&'v Item<'a>, (Impact, Total))> {
    let others = view.within(window).iter().filter(|item| !item.is_own);
    others.filter_map(|item| Some((item, item.movement_of(AccountType::Depository)?)))
}

/// Mean stability of the amounts of regular streams, weighted by their totals.
fn stability(income: &Income<'_>) -> Option<DecimalNumber> {
    weighted(income, |stream| stream.stability)
}

/// Mean regularity of the dates of regular streams, weighted by their totals.
fn regularity(income: &Income<'_>) -> Option<DecimalNumber> {
    weighted(income, |stream| stream.regularity)
}

/// The mean of a figure of `MATURE` streams, weighted by their totals. Streams without the figure are left out.
fn weighted(income: &Income<'_>, figure: impl Fn(&Stream) -> Option<DecimalNumber>) -> Option<DecimalNumber> {
    let (mut sum, mut weights) = (0_i128, 0_i128);
    for found in income
        .found
        .iter()
        .filter(|found| found.stream.status == StreamStatus::Mature)
    {
        if let Some(figure) = figure(&found.stream) {
            let total: Total = found.movements.iter().map(|movement| movement.amount).sum();
            let millionths = (figure.0 * Decimal::from(10_u32.pow(QUOTIENT_DECIMALS))).to_i128()?;
            sum = total
                .units()
                .checked_mul(millionths)
                .and_then(|part| sum.checked_add(part))
                .expect(FITS);
            weights += total.units();
        }
    }
    quotient(sum, weights, QUOTIENT_DECIMALS)
}

/// The figures of one window.
struct Figures<'v, 'a> {
    view: &'v View<'a>,
    items: &'v [Item<'a>],
    moves: Vec<(&'v Item<'a>, (Impact, Total))>,
    idle: Idle,
    cashflow: Cashflow,
    totals: Vec<Total>,
    overdrafts: Vec<Total>,
}

impl<'v, 'a> Figures<'v, 'a> {
    fn of(view: &'v View<'a>, days: u32) -> Self {
        let window = Window::last(view.at, days.into());
        let moves: Vec<_> = moves(view, window).collect();
        let items = view.within(window);
        // A transfer between accounts of the user is a transaction too.
        let transactions = items
            .iter()
            .filter(|item| item.movement_of(AccountType::Depository).is_some());
        let times = transactions.map(|item| item.record.timestamp);
        let mut cashflow = Cashflow::default();
        for (_, movement) in &moves {
            cashflow.add(*movement);
        }
        let totals = |account_type| {
            let days = view.end_of_day(account_type, window);
            days.into_iter().filter_map(|day| day.total).collect()
        };
        Self {
            view,
            items,
            idle: idle(
                times,
                view.oldest().map(|record| record.timestamp),
                view.at,
                days as usize,
            ),
            moves,
            cashflow,
            totals: totals(AccountType::Depository),
            overdrafts: totals(AccountType::RevolvingLoan),
        }
    }

    fn value(&self, indicator: Indicator, threshold: Option<Threshold>) -> Value {
        let Cashflow { credit, debit } = self.cashflow;
        match indicator {
            Indicator::Inflow => (credit.count > 0).then(|| credit.total.number()).into(),
            Indicator::Outflow => (debit.count > 0).then(|| debit.total.number()).into(),
            Indicator::InflowToOutflow => {
                let ratio = credit.total.ratio(debit.total);
                ratio.filter(|_| credit.count > 0).into()
            }
            Indicator::NsfOverdrafts => self.events(SHORT_OF_MONEY),
            Indicator::DaysBelowThreshold => match threshold {
                Some(threshold) => self.days_of(|total| threshold.is_reached(total)),
                None => Value::Null,
            },
            Indicator::DaysBelowZero => self.days_of(|total| total <= Total::ZERO),
            Indicator::MinBalance => self.totals.iter().min().map(|total| total.number()).into(),
            Indicator::MaxBalance => self.totals.iter().max().map(|total| total.number()).into(),
            Indicator::DaysWithoutTransactions => self.known(|| self.idle.days),
            Indicator::LongestGap => self.known(|| self.idle.longest),
            Indicator::DaysBetweenTransactions => self.mean_distance().into(),
            Indicator::MaxInflow => self.amounts(Impact::Credit, |_| true).max().map(Total::number).into(),
            Indicator::GamblingRate => self.share_of_outflow(|item| item.is_labelled(BETS)),
            Indicator::LoanInflowRate => {
                let loans: Total = self.amounts(Impact::Credit, |item| item.is_labelled(DISBURSED)).sum();
                loans.ratio(credit.total).into()
            }
            Indicator::LoanRepaymentRate => self.repaid().ratio(credit.total).into(),
            Indicator::ActiveLenders => self.known(|| self.lenders()),
            Indicator::NewLoans => self.events(DISBURSED),
            Indicator::SweepRate => sweep::rate(self.view, &self.moves).into(),
            Indicator::CashRate => self.share_of_outflow(|item| {
                let counterparty = item.record.details.counterparty;
                let is_agent = counterparty.is_some_and(|other| other.kind == CounterpartyKind::Agent);
                is_agent || item.is_labelled(CASH)
            }),
            Indicator::OverdraftDays => self.known(|| {
                let drawn = self.overdrafts.iter().filter(|total| **total > Total::ZERO);
                drawn.count() as u64
            }),
            Indicator::AirtimeCredits => self.known(|| {
                self.view.distinct_events(self.items.iter().filter(|item| {
                    item.record.account_type == AccountType::RevolvingLoan
                        && item.is_labelled(DISBURSED)
                        && AIRTIME_LENDERS.contains(&item.record.institution_id.as_str())
                }))
            }),
            Indicator::ActiveDays => self.known(|| dates(self.items)),
            Indicator::HistoryDays | Indicator::IncomeStability | Indicator::IncomeRegularity => Value::Null,
        }
    }

    /// A figure that is unknown without a record.
    fn known(&self, figure: impl FnOnce() -> u64) -> Value {
        if self.items.is_empty() {
            Value::Null
        } else {
            figure().into()
        }
    }

    fn events(&self, labels: LabelSet) -> Value {
        self.known(|| self.view.events(self.items, labels))
    }

    fn days_of(&self, is_meant: impl Fn(Total) -> bool) -> Value {
        let days = self.totals.iter().filter(|total| is_meant(**total)).count() as u64;
        (!self.totals.is_empty()).then_some(days).into()
    }

    fn amounts(&self, impact: Impact, is_meant: impl Fn(&Item<'_>) -> bool) -> impl Iterator<Item = Total> {
        let moves = self
            .moves
            .iter()
            .filter(move |(_, (direction, _))| *direction == impact);
        moves
            .filter(move |(item, _)| is_meant(item))
            .map(|(_, (_, amount))| *amount)
    }

    fn share_of_outflow(&self, is_meant: impl Fn(&Item<'_>) -> bool) -> Value {
        let part: Total = self.amounts(Impact::Debit, is_meant).sum();
        part.ratio(self.cashflow.debit.total).into()
    }

    fn repaid(&self) -> Total {
        let credits = self.items.iter().filter(|item| item.movement().is_some());
        credits.filter_map(|item| received_by_lender(item.record)).sum()
    }

    fn lenders(&self) -> u64 {
        let active = self.items.iter().filter(|item| is_loan_activity(item.record));
        let found: HashSet<_> = active.map(|item| &item.record.institution_id).collect();
        found.len() as u64
    }

    fn mean_distance(&self) -> Option<DecimalNumber> {
        let transactions = self
            .items
            .iter()
            .filter(|item| item.movement_of(AccountType::Depository).is_some());
        let mut dates: Vec<i64> = transactions.map(Item::date).collect();
        dates.dedup();
        let span = i128::from(dates.last()? - dates.first()?);
        let gaps = dates.len() as i128 - 1;
        quotient(scaled(span, QUOTIENT_DECIMALS), gaps, QUOTIENT_DECIMALS)
    }
}
