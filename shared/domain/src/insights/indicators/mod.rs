//! Indicators: what lenders ask for beyond the features of the public reference.
//!
//! The windows of 30, 60 and 90 days end at the instant. Unless a definition says otherwise, an indicator is of
//! depository accounts in the report currency, without transfers between accounts of the user. The end-of-day totals are
//! those of [`features`](super::features), of all dates.

mod sweep;
pub mod table;

use std::collections::HashSet;

use super::balances::EndOfDay;
use super::definition::{Value, Values};
use super::features::LOAN_NOTICES;
use super::view::{Item, View, dates};
use super::window::{DAY_SECONDS, Window};
use crate::money::DecimalNumber;
use crate::reports::QUOTIENT_DECIMALS;
use crate::reports::flow::{Cashflow, movement};
use crate::reports::total::{Total, quotient, scaled};
use crate::{AccountType, CounterpartyKind, Impact, Label, LabelSet, Money};

pub use table::{DAYS, Indicator};

/// Periods of 30 days whose median inflow makes the default threshold.
const THRESHOLD_PERIODS: u32 = 3;
const PERIOD_DAYS: u32 = 30;
/// The default threshold is one of so many parts of the median inflow.
const THRESHOLD_PARTS: i128 = 20;

/// Lenders of airtime, by institution id.
const AIRTIME_LENDERS: [&str; 1] = ["okoajahazi"];

const NSF: LabelSet = LabelSet::EMPTY.with(Label::InsufficientFunds).with(Label::Overdraft);
const BETS: LabelSet = LabelSet::EMPTY.with(Label::BettingAndLottery);
const DISBURSED: LabelSet = LabelSet::EMPTY.with(Label::LoanDisbursed);
const CASH: LabelSet = LabelSet::EMPTY.with(Label::Atm);

/// All indicators, and the threshold of `days_balance_below_x`. `transfers` tells of each item whether it is a side of a
/// transfer between accounts of the user.
pub(super) fn indicators(
    view: &View<'_>,
    transfers: &[bool],
    threshold: Option<Money>,
) -> (Values, Option<DecimalNumber>) {
    let threshold = threshold.map_or_else(
        || default_threshold(view, transfers),
        |threshold| Some(DecimalNumber(threshold.decimal())),
    );
    let figures = DAYS.map(|days| (days, Figures::of(view, transfers, days)));
    let mut values = Vec::new();
    for indicator in Indicator::ALL.iter().copied() {
        if indicator.has_windows() {
            for (days, figures) in &figures {
                values.push((indicator.full_name(Some(*days)), figures.value(indicator, threshold)));
            }
        } else {
            values.push((indicator.full_name(None), history_days(view).into()));
        }
    }
    (Values(values), threshold)
}

/// Days from the date of the oldest record to that of the instant.
pub(super) fn history_days(view: &View<'_>) -> Option<i64> {
    view.oldest().map(|oldest| view.at.days_since(oldest.timestamp))
}

fn default_threshold(view: &View<'_>, transfers: &[bool]) -> Option<DecimalNumber> {
    let mut inflows = Vec::new();
    for period in 0..THRESHOLD_PERIODS {
        let window = Window::days(view.at, (period + 1) * PERIOD_DAYS, period * PERIOD_DAYS);
        if !view.within(window).is_empty() {
            let figures = moves(view, transfers, window).filter(|(_, (impact, _))| *impact == Impact::Credit);
            inflows.push(figures.map(|(_, (_, amount))| amount).sum::<Total>());
        }
    }
    // Twice the median is a sum, and exact.
    inflows.sort_unstable();
    let (low, high) = (inflows.get((inflows.len().max(1) - 1) / 2)?, inflows.get(inflows.len() / 2)?);
    let twice = scaled((*low + *high).units(), QUOTIENT_DECIMALS - crate::money::MAX_SCALE);
    quotient(twice, 2 * THRESHOLD_PARTS, QUOTIENT_DECIMALS)
}

/// The movements of depository accounts, without transfers between accounts of the user.
fn moves<'v, 'a>(
    view: &'v View<'a>,
    transfers: &'v [bool],
    window: Window,
) -> impl Iterator<Item = (&'v Item<'a>, (Impact, Total))> {
    let start = view.start_of(window);
    let items = view.within(window).iter().zip(&transfers[start..]);
    items.filter_map(|(item, is_transfer)| {
        let movement = item.movement_of(AccountType::Depository)?;
        (!is_transfer).then_some((item, movement))
    })
}

/// The figures of one window.
struct Figures<'v, 'a> {
    view: &'v View<'a>,
    days: u32,
    items: &'v [Item<'a>],
    moves: Vec<(&'v Item<'a>, (Impact, Total))>,
    cashflow: Cashflow,
    totals: Vec<Total>,
    overdrafts: Vec<Total>,
}

impl<'v, 'a> Figures<'v, 'a> {
    fn of(view: &'v View<'a>, transfers: &'v [bool], days: u32) -> Self {
        let window = Window::days(view.at, days, 0);
        let moves: Vec<_> = moves(view, transfers, window).collect();
        let mut cashflow = Cashflow::default();
        moves.iter().for_each(|(_, movement)| cashflow.add(*movement));
        let totals = |account_type| {
            let days = EndOfDay::of(view, window, account_type).all();
            days.into_iter().map(|(_, total)| total).collect()
        };
        Self {
            view,
            days,
            items: view.within(window),
            moves,
            cashflow,
            totals: totals(AccountType::Depository),
            overdrafts: totals(AccountType::RevolvingLoan),
        }
    }

    fn value(&self, indicator: Indicator, threshold: Option<DecimalNumber>) -> Value {
        let Cashflow { credit, debit } = self.cashflow;
        match indicator {
            Indicator::Inflow => (credit.count > 0).then(|| credit.total.number()).into(),
            Indicator::Outflow => (debit.count > 0).then(|| debit.total.number()).into(),
            Indicator::InflowToOutflow => {
                let ratio = credit.total.ratio(debit.total);
                ratio.filter(|_| credit.count > 0).into()
            }
            Indicator::NsfOverdrafts => self.events(NSF),
            Indicator::DaysBelowThreshold => match threshold {
                Some(threshold) => self.days_of(|total| total.number() <= threshold),
                None => Value::Null,
            },
            Indicator::DaysBelowZero => self.days_of(|total| total <= Total::ZERO),
            Indicator::MinBalance => self.totals.iter().min().map(|total| total.number()).into(),
            Indicator::MaxBalance => self.totals.iter().max().map(|total| total.number()).into(),
            Indicator::DaysWithoutTransactions => self.known(|| self.gaps().iter().sum::<u64>()),
            Indicator::LongestGap => self.known(|| self.gaps().into_iter().max().unwrap_or_default()),
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
            Indicator::HistoryDays => Value::Null,
        }
    }

    /// A figure that cannot be told without a record.
    fn known(&self, figure: impl FnOnce() -> u64) -> Value {
        if self.items.is_empty() { Value::Null } else { figure().into() }
    }

    fn events(&self, labels: LabelSet) -> Value {
        self.known(|| self.view.events(self.items, labels))
    }

    fn days_of(&self, is_meant: impl Fn(Total) -> bool) -> Value {
        let days = self.totals.iter().filter(|total| is_meant(**total)).count() as u64;
        (!self.totals.is_empty()).then_some(days).into()
    }

    fn amounts(&self, impact: Impact, is_meant: impl Fn(&Item<'_>) -> bool) -> impl Iterator<Item = Total> {
        let moves = self.moves.iter().filter(move |(_, (direction, _))| *direction == impact);
        moves.filter(move |(item, _)| is_meant(item)).map(|(_, (_, amount))| *amount)
    }

    fn share_of_outflow(&self, is_meant: impl Fn(&Item<'_>) -> bool) -> Value {
        let part: Total = self.amounts(Impact::Debit, is_meant).sum();
        part.ratio(self.cashflow.debit.total).into()
    }

    fn repaid(&self) -> Total {
        let of_loans = self.items.iter().filter_map(|item| {
            let of_type = |account_type| item.movement_of(account_type);
            of_type(AccountType::Loan).or_else(|| of_type(AccountType::RevolvingLoan))
        });
        let credits = of_loans.filter(|(impact, _)| *impact == Impact::Credit);
        credits.map(|(_, amount)| amount).sum()
    }

    fn lenders(&self) -> u64 {
        let lends = |item: &&Item<'_>| {
            let is_loan = matches!(item.record.account_type, AccountType::Loan | AccountType::RevolvingLoan);
            item.is_labelled(LOAN_NOTICES) || (is_loan && movement(item.record).is_some())
        };
        let found: HashSet<_> = self.items.iter().filter(lends).map(|item| &item.record.institution_id).collect();
        found.len() as u64
    }

    /// The lengths of the runs of days without a transaction.
    fn gaps(&self) -> Vec<u64> {
        let mut moves = vec![false; self.days as usize];
        for (item, _) in &self.moves {
            let before = self.view.at.unix_seconds() - item.record.timestamp.unix_seconds();
            if let Some(day) = usize::try_from(before / DAY_SECONDS).ok().and_then(|day| moves.get_mut(day)) {
                *day = true;
            }
        }
        let runs = moves.split(|moves| *moves);
        runs.map(|run| run.len() as u64).collect()
    }

    fn mean_distance(&self) -> Option<DecimalNumber> {
        let mut dates: Vec<i64> = self.moves.iter().map(|(item, _)| item.date()).collect();
        dates.dedup();
        let span = i128::from(dates.last()? - dates.first()?);
        let gaps = dates.len() as i128 - 1;
        quotient(scaled(span, QUOTIENT_DECIMALS), gaps, QUOTIENT_DECIMALS)
    }
}
