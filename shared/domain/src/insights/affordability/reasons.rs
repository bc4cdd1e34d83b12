//! The facts against a loan, in the order of their weight.
//!
//! [`ReasonCode::rule`] has the condition and the measured figure of each fact.
//!
//! Only records in the currency count, except for the age of the data. The status of a loan account is that of the
//! credit report: it depends on all records up to T, not only on those of the lookback. Evidence is the newest records,
//! at most [`MAX_EVIDENCE`]. The texts follow the sample of adverse-action reasons of US Regulation B (form C-1).

use rust_decimal::Decimal;

use super::data_age::{is_short, is_stale};
use super::loan::{Terms, at_money_scale};
use super::reason::{
    ACTIVE_DAYS, BETTING_DAYS, BETTING_PERCENT, LATE_DAYS, LENDERS, LOW_DATES, LOW_DAYS, MAX_EVIDENCE, Reason,
    ReasonCode, SHORT_ALERTS, SHORT_DAYS, betting_share, complete_share, half,
};
use super::request::AffordabilityRequest;
use super::room::Room;
use crate::hash::{HashMap, HashSet};
use crate::insights::LOOKBACK_DAYS;
use crate::insights::activity::{active_lenders, is_loan_activity, newest_ids, short_of_money};
use crate::insights::cash_flow::threshold::Threshold;
use crate::insights::cash_flow::{Balances, Sums};
use crate::insights::income::{Confidence, Income, periods};
use crate::insights::movements::Movement;
use crate::insights::scope::{Scope, lookback};
use crate::insights::window::Window;
use crate::money::DecimalNumber;
use crate::reports::loan_status::{Loan, LoanStatus};
use crate::reports::survey::Survey;
use crate::reports::total::Total;
use crate::reports::{QUOTIENT_DECIMALS, in_range};
use crate::time::DAY_SECONDS;
use crate::unrecognized::UnrecognizedMessages;
use crate::{AccountType, Impact, Label, Record, RecordId, TimeRange, Timestamp};

/// Most reasons of an answer.
pub const MAX_REASONS: usize = 4;

/// The weightiest reasons. `history` is the whole ledger.
pub(super) fn reasons(
    history: &[Record],
    scope: &Scope<'_>,
    income: &Income<'_>,
    room: &Room,
    terms: &Terms,
    request: &AffordabilityRequest,
    unrecognized: &UnrecognizedMessages,
) -> Vec<Reason> {
    let facts = Facts {
        loans: statuses(history, scope),
        scope,
        income,
        room,
        terms,
        request,
    };
    let rules = [
        facts.default_recent(),
        facts.delinquency_recent(),
        facts.obligations_high(),
        facts.income_low(),
        facts.disposable_low(),
        facts.income_irregular(),
        facts.income_unverified(),
        facts.income_possibly_own(),
        facts.loan_stacking(),
        facts.balance_low(),
        facts.overdraft_frequent(),
        facts.gambling_high(),
        facts.debt_unknown(),
        loan_messages_unread(scope.as_of, unrecognized),
        facts.completeness_low(),
        facts.history_short(),
        facts.data_stale(),
    ];
    rules.into_iter().flatten().take(MAX_REASONS).collect()
}

/// The only fact that needs no record.
pub(super) fn loan_messages_unread(as_of: Timestamp, unrecognized: &UnrecognizedMessages) -> Option<Reason> {
    let count = unrecognized.may_concern_loans(lookback(as_of));
    let code = ReasonCode::LoanMessagesUnread;
    (count > 0).then(|| reason(code, Some(count.into()), Decimal::ZERO, []))
}

/// A loan account with a status.
struct KnownLoan<'a> {
    status: LoanStatus,
    /// The record that determined the status.
    record: &'a Record,
    /// The newest record about the loan.
    updated: &'a Record,
    /// Whether the amount owed is known.
    is_owed_known: bool,
}

/// Each loan account in the currency of the scope that has a status, by all records up to its time.
fn statuses<'a>(history: &'a [Record], scope: &Scope<'_>) -> Vec<KnownLoan<'a>> {
    let until = TimeRange::up_to(scope.as_of);
    let of_loans = in_range(history, until).filter(|record| record.account_type.is_debt());
    let survey = Survey::of(of_loans, scope.country_currency());
    let mut records: HashMap<usize, Vec<&'a Record>> = HashMap::default();
    for entry in survey.entries() {
        records.entry(entry.account).or_default().push(entry.record);
    }
    let found = records.into_iter().filter_map(|(account, mut records)| {
        let account = &survey.accounts[account];
        if survey.counting_currency(account) != scope.currency {
            return None;
        }
        let loan = Loan::of(&mut records, account.currency);
        Some(KnownLoan {
            status: loan.status?,
            record: loan.reason?.0,
            updated: loan.updated?,
            is_owed_known: loan.balance.is_some(),
        })
    });
    found.collect()
}

struct Facts<'f, 'a> {
    /// The loan accounts of the currency.
    loans: Vec<KnownLoan<'a>>,
    scope: &'f Scope<'a>,
    income: &'f Income<'a>,
    room: &'f Room,
    terms: &'f Terms,
    request: &'f AffordabilityRequest,
}

fn reason<'r>(
    code: ReasonCode,
    value: Option<Decimal>,
    limit: Decimal,
    evidence: impl IntoIterator<Item = &'r RecordId>,
) -> Reason {
    let round = |value: Decimal| DecimalNumber(value.round_dp(QUOTIENT_DECIMALS));
    Reason {
        code,
        text: code.text(),
        value: value.map(round),
        limit: round(limit),
        effect: code.effect(),
        record_ids: evidence.into_iter().take(MAX_EVIDENCE).cloned().collect(),
    }
}

impl<'a> Facts<'_, 'a> {
    fn records(&self) -> impl Iterator<Item = &'a Record> {
        let entries = self.scope.entries_in(self.scope.currency);
        entries.map(|entry| entry.record)
    }

    fn last(&self, days: i64) -> Window {
        Window::last(self.scope.as_of, days)
    }

    fn default_recent(&self) -> Option<Reason> {
        self.late(ReasonCode::DefaultRecent, Label::LoanDefaulted, LoanStatus::Defaulted)
    }

    fn delinquency_recent(&self) -> Option<Reason> {
        let missed = Label::LoanMissedPayment;
        self.late(ReasonCode::DelinquencyRecent, missed, LoanStatus::Nonperforming)
    }

    /// Labelled records of [`LATE_DAYS`], and the records that determined the status of accounts.
    fn late(&self, code: ReasonCode, label: Label, status: LoanStatus) -> Option<Reason> {
        let window = self.last(LATE_DAYS);
        let labelled = self.records();
        let labelled = labelled.filter(|record| record.labels.contains(label) && window.contains(record.timestamp));
        let ids = newest_ids(labelled.chain(self.accounts_with(status)));
        let found = Decimal::from(ids.len());
        (!ids.is_empty()).then(|| reason(code, Some(found), Decimal::ZERO, ids))
    }

    /// The records that determined a status of loan accounts of the currency.
    fn accounts_with(&self, status: LoanStatus) -> impl Iterator<Item = &'a Record> {
        let found = self.loans.iter().filter(move |loan| loan.status == status);
        found.map(|loan| loan.record)
    }

    fn obligations_high(&self) -> Option<Reason> {
        let (debt, stressed) = (self.room.debt_service.monthly.0, self.room.income.stressed.0);
        let limit = self.request.policy.max_instalment_to_income / Decimal::TWO;
        let value = (!stressed.is_zero()).then(|| debt / stressed);
        let fires = at_money_scale(debt) > at_money_scale(limit * stressed);
        fires.then(|| {
            reason(
                ReasonCode::ObligationsHigh,
                value,
                limit,
                &self.room.debt_service.record_ids,
            )
        })
    }

    fn income_low(&self) -> Option<Reason> {
        let records = self.counted_income();
        self.below_instalment(ReasonCode::IncomeLow, self.room.of_income, records)
    }

    fn disposable_low(&self) -> Option<Reason> {
        let periods = self.scope.periods();
        let newest = periods.newest(u32::try_from(self.room.disposable.periods.len()).expect("a few periods"));
        let debits = self.scope.movements_in(self.scope.currency);
        let debits = debits.filter(|movement| {
            movement.is(Impact::Debit) && !movement.is_own_transfer() && newest.contains(movement.at())
        });
        let records = newest_ids(debits.map(|movement| movement.record));
        self.below_instalment(ReasonCode::DisposableLow, self.room.of_disposable, records)
    }

    fn below_instalment(&self, code: ReasonCode, monthly: Decimal, records: Vec<&RecordId>) -> Option<Reason> {
        let (value, instalment) = (self.terms.in_unit(monthly), self.terms.instalment());
        (at_money_scale(value) < instalment).then(|| reason(code, Some(value), instalment, records))
    }

    /// The records of the streams of the income.
    fn counted_income(&self) -> Vec<&'a RecordId> {
        newest_ids(self.counted_movements().map(|movement| movement.record))
    }

    fn counted_movements(&self) -> impl Iterator<Item = &Movement<'a>> {
        let ids: HashSet<&String> = self.room.income.stream_ids.iter().collect();
        let streams = self.income.found.iter();
        let counted = streams.filter(move |found| ids.contains(&found.stream.stream_id));
        counted.flat_map(|found| &found.movements)
    }

    fn income_possibly_own(&self) -> Option<Reason> {
        let possible = || self.counted_movements().filter(|movement| movement.may_be_own());
        let part: Total = possible().map(|movement| movement.amount).sum();
        let whole: Total = self.counted_movements().map(|movement| movement.amount).sum();
        let records = newest_ids(possible().map(|movement| movement.record));
        let code = ReasonCode::IncomePossiblyOwn;
        let value = part.ratio(whole).map(|share| share.0);
        (part > Total::ZERO).then(|| reason(code, value, Decimal::ZERO, records))
    }

    fn income_irregular(&self) -> Option<Reason> {
        // From the exact sums, because the averages are rounded.
        let (regular, irregular) = periods::sums(&self.income.found, self.scope.periods());
        let share = regular.ratio(regular + irregular).map(|share| share.0);
        (regular < irregular).then(|| reason(ReasonCode::IncomeIrregular, share, half(), self.unverified()))
    }

    fn income_unverified(&self) -> Option<Reason> {
        let mut streams = self.income.found.iter();
        let verified = streams.any(|found| found.stream.confidence >= Confidence::Medium);
        let code = ReasonCode::IncomeUnverified;
        (!verified).then(|| reason(code, Some(Decimal::ZERO), Decimal::ONE, self.unverified()))
    }

    /// The records of irregular income.
    fn unverified(&self) -> Vec<&'a RecordId> {
        let streams = self.income.found.iter();
        let low = streams.filter(|found| found.stream.confidence == Confidence::Low);
        newest_ids(low.flat_map(|found| found.movements.iter().map(|movement| movement.record)))
    }

    fn loan_stacking(&self) -> Option<Reason> {
        let window = self.last(ACTIVE_DAYS);
        let lenders = active_lenders(self.scope.entries_in(self.scope.currency), window).len() as u64;
        let active = self.records();
        let active = active.filter(|record| window.contains(record.timestamp) && is_loan_activity(record));
        let code = ReasonCode::LoanStacking;
        (lenders >= LENDERS).then(|| reason(code, Some(lenders.into()), LENDERS.into(), newest_ids(active)))
    }

    fn balance_low(&self) -> Option<Reason> {
        let window = self.last(LOW_DAYS);
        let currency = self.scope.currency;
        let threshold = Threshold::usual(self.scope, currency)?;
        let balances = Balances::of(self.scope, currency, window);
        let low = balances
            .totals(window)
            .filter(|(_, total)| threshold.is_reached(*total));
        let low: HashSet<i64> = low.map(|(day, _)| day).collect();
        let days = low.len() as u64;
        let stated = self.records().filter(|record| {
            record.account_type == AccountType::Depository
                && record.balance.is_some()
                && low.contains(&record.timestamp.day())
                && window.contains(record.timestamp)
        });
        let code = ReasonCode::BalanceLow;
        (days >= LOW_DATES).then(|| reason(code, Some(days.into()), LOW_DATES.into(), newest_ids(stated)))
    }

    fn overdraft_frequent(&self) -> Option<Reason> {
        let ids = short_of_money(self.scope.entries_in(self.scope.currency), self.last(SHORT_DAYS));
        let count = ids.len() as u64;
        let code = ReasonCode::OverdraftFrequent;
        (count >= SHORT_ALERTS).then(|| reason(code, Some(count.into()), SHORT_ALERTS.into(), ids))
    }

    fn gambling_high(&self) -> Option<Reason> {
        let window = self.last(BETTING_DAYS);
        let movements = self.scope.movements_in(self.scope.currency);
        let sums = Sums::of(movements, &[], |at| window.contains(at));
        let rate = sums.betting.ratio(sums.outflow)?.0;
        // From the exact sums, because the ratio is rounded.
        let fires = sums.betting.units() * 100 >= sums.outflow.units() * i128::from(BETTING_PERCENT);
        let bets = self.scope.movements_in(self.scope.currency).filter(|movement| {
            movement.is(Impact::Debit)
                && !movement.is_own_transfer()
                && movement.record.labels.contains(Label::BettingAndLottery)
                && window.contains(movement.at())
        });
        let bets = newest_ids(bets.map(|movement| movement.record));
        fires.then(|| reason(ReasonCode::GamblingHigh, Some(rate), betting_share(), bets))
    }

    fn debt_unknown(&self) -> Option<Reason> {
        let window = self.last(LOOKBACK_DAYS);
        let unknown = self.loans.iter().filter(|loan| {
            loan.status != LoanStatus::Closed && !loan.is_owed_known && window.contains(loan.updated.timestamp)
        });
        let unknown: Vec<&Record> = unknown.map(|loan| loan.record).collect();
        let count = Decimal::from(unknown.len());
        let code = ReasonCode::DebtUnknown;
        (!unknown.is_empty()).then(|| reason(code, Some(count), Decimal::ZERO, newest_ids(unknown.into_iter())))
    }

    fn completeness_low(&self) -> Option<Reason> {
        let completeness = self.scope.completeness()?.0;
        let code = ReasonCode::CompletenessLow;
        (completeness < complete_share()).then(|| reason(code, Some(completeness), complete_share(), []))
    }

    fn history_short(&self) -> Option<Reason> {
        let policy = &self.request.policy;
        let days = self.scope.history_days().unwrap_or(0);
        let limit = policy.min_history_days.into();
        is_short(self.scope, policy).then(|| reason(ReasonCode::HistoryShort, Some(days.into()), limit, []))
    }

    fn data_stale(&self) -> Option<Reason> {
        let policy = &self.request.policy;
        let latest = self.scope.survey.latest()?;
        let seconds = self.scope.as_of.unix_seconds() - latest.timestamp.unix_seconds();
        let days = Decimal::from(seconds) / Decimal::from(DAY_SECONDS);
        let limit = policy.max_age_days.into();
        is_stale(self.scope, latest, policy).then(|| reason(ReasonCode::DataStale, Some(days), limit, [&latest.id]))
    }
}
