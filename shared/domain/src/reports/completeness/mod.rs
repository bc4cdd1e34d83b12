//! Completeness: how much of the money of a ledger its messages state.
//!
//! A ledger is made from the messages that arrived. Balances show where some did not: from one stated balance to the
//! next, the money told must explain the change.
//!
//! | term | rule |
//! |---|---|
//! | account | all names of it that share one balance (`shared_balance`) |
//! | step | from one stated balance of an account to the next. Only the movements of steps are told: without a balance after it, a movement cannot be confirmed |
//! | expected change | the sum of the movements after the first balance up to and including the record of the second: credits less debits less the stated fees. A loan's balance is owed, so there it is debits less credits, and fees are part of the debt |
//! | draw | an overdraft that completed a movement without a credit to the account adds to the expected change, because the record of the draw tells it ([`draws`](super::draws)) |
//! | order of a second | the one that the balances prove ([`balance_order`](super::balance_order)) |
//! | swap | two messages of one moment arrive in either order: two neighbours at most [`NEIGHBOUR_SECONDS`] apart are swapped where that explains every step between them and the balance before; without a balance before, the step behind them too |
//! | gap | a step whose change is not the expected one. The rest is the *difference*: `missing_in` if positive, `missing_out` if negative |
//! | completeness | told ÷ (told + missing), where told = `told_in` + `told_out` and missing = `missing_in` + `missing_out`. Rounded half to even to four decimals; 1 if the steps have neither; null without a step |
//!
//! Fees that a record does not state are missing money, and lower the figure a little.

mod steps;

use std::cmp::Ordering;

use serde::Serialize;

use super::list_limits::{self, keep_greatest};
use super::survey::{AccountKey, ByCurrency, Survey};
use super::total::Total;
use super::{Meta, Subject, in_range};
use crate::money::DecimalNumber;
use crate::order::{sort_by, sort_by_key};
use crate::unrecognized::{UnrecognizedMessages, UnrecognizedSummary};
use crate::{AccountId, AccountType, Currency, InstitutionId, Record, RecordId, TimeRange, Timestamp};

pub use steps::NEIGHBOUR_SECONDS;
use steps::Step;

/// Most gaps listed.
pub const MAX_GAPS: usize = 20;
/// Most rows of `by_account`: one for each account and currency.
pub const MAX_ROWS: usize = 200;

/// How much of the money of a ledger the messages state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = LedgerCompleteness)]
pub struct Completeness {
    /// The report currency: the currency of the user's country if any record has it, otherwise the most common one;
    /// null if the user has no record and no known country.
    pub currency: Option<Currency>,
    /// The completeness in the report currency: told ÷ (told + missing), four decimals; null without a step.
    pub completeness: Option<DecimalNumber>,
    /// Every currency with a step, by code.
    pub by_currency: Vec<CurrencyCompleteness>,
    /// Every account with a step, once for each currency with steps. An account with several names, such as the number
    /// of a card, has one row, by the name with the most records. By institution, account id, account type and
    /// currency. If there are more than 200 rows, those with the most unexplained steps.
    pub by_account: Vec<AccountCompleteness>,
    /// Number of rows omitted from `by_account`. All sums include them. Absent if nothing is omitted.
    #[serde(skip_serializing_if = "list_limits::is_none")]
    pub by_account_omitted: u64,
    /// The largest gaps, at most 20, newest first. With several currencies, the largest gaps of each come first.
    pub gaps: Vec<Gap>,
}

/// The completeness of a ledger over a range of time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CompletenessReport {
    /// The subject, the range, and the age of the data.
    #[serde(rename = "_meta")]
    pub meta: Meta,
    /// The figures.
    #[serde(flatten)]
    pub completeness: Completeness,
    /// The messages of the range that were not read: all figures lack what they state.
    pub unrecognized: UnrecognizedSummary,
}

/// Steps from balance to balance, and the money told and missing in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = StepSums)]
pub struct Sums {
    /// `told` ÷ (`told` + `missing`), four decimals; null without a step.
    pub completeness: Option<DecimalNumber>,
    /// Steps from one stated balance to the next.
    pub steps: u64,
    /// The steps whose change the movements explain.
    pub explained_steps: u64,
    /// Sum of the movements that raise balances, and of the overdrafts that completed movements, within steps.
    pub told_in: DecimalNumber,
    /// Sum of the movements that lower balances, and of the stated fees, within steps.
    pub told_out: DecimalNumber,
    /// The part of the rise of balances that no movement states.
    pub missing_in: DecimalNumber,
    /// The part of the fall of balances that no movement states.
    pub missing_out: DecimalNumber,
}

/// Completeness in one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CurrencyCompleteness {
    /// The currency; null if neither records nor country determine it.
    pub currency: Option<Currency>,
    #[serde(flatten)]
    /// The figures.
    pub sums: Sums,
}

/// Completeness of one account in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct AccountCompleteness {
    /// The institution.
    pub institution_id: InstitutionId,
    /// The account within the institution.
    pub account_id: AccountId,
    /// The type of the account.
    pub account_type: AccountType,
    /// The currency of the figures.
    pub currency: Option<Currency>,
    /// The figures.
    #[serde(flatten)]
    pub sums: Sums,
}

/// A step that the movements do not explain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = CompletenessGap)]
pub struct Gap {
    /// The institution.
    pub institution_id: InstitutionId,
    /// The account within the institution, as the record after the gap names it.
    pub account_id: AccountId,
    /// The type of the account.
    pub account_type: AccountType,
    /// The currency of the difference.
    pub currency: Option<Currency>,
    /// The record that states the balance before the gap.
    pub after_record_id: RecordId,
    /// The record that states the balance after the gap.
    pub before_record_id: RecordId,
    /// Time of the record before the gap.
    pub from: Timestamp,
    /// Time of the record after the gap.
    pub to: Timestamp,
    /// The change of the balance less the expected change. For a loan, of the amount owed.
    pub difference: DecimalNumber,
}

/// The completeness of a ledger over `range`.
pub fn completeness(records: &[Record], subject: &Subject, range: TimeRange) -> Completeness {
    let survey = Survey::of(in_range(records, range), subject.country_currency());
    let mut all = ByCurrency::<Tally>::default();
    let mut by_account = Vec::new();
    let mut gaps = Vec::new();
    let mut tallies: Vec<ByCurrency<Tally>> = vec![ByCurrency::default(); survey.accounts.len()];
    each_step(&survey, |account, currency, step| {
        tallies[account].entry(currency).add(&step);
        if !step.is_explained() {
            gaps.push((step.difference.max(-step.difference), gap(currency, &step)));
        }
    });
    for account in survey.accounts_in_order() {
        let key = survey.accounts[account].key;
        for (currency, tally) in std::mem::take(&mut tallies[account]).into_sorted() {
            all.entry(currency).merge(tally);
            by_account.push(AccountCompleteness {
                institution_id: key.institution_id.clone(),
                account_id: key.account_id.clone(),
                account_type: key.account_type,
                currency,
                sums: tally.sums(),
            });
        }
    }
    let currency = survey.report_currency(None);
    let by_account_omitted = keep_greatest(&mut by_account, MAX_ROWS, |row| {
        (row.sums.steps - row.sums.explained_steps, row.sums.steps)
    });
    Completeness {
        currency,
        completeness: all.get(currency).and_then(Tally::completeness),
        by_currency: all
            .into_sorted()
            .map(|(currency, tally)| CurrencyCompleteness {
                currency,
                sums: tally.sums(),
            })
            .collect(),
        by_account,
        by_account_omitted,
        gaps: largest(gaps),
    }
}

/// The completeness of a ledger over `range`, with its subject and the user's messages that were not read.
pub fn completeness_report(
    records: &[Record],
    subject: &Subject,
    range: TimeRange,
    unrecognized: &UnrecognizedMessages,
) -> CompletenessReport {
    let newest = in_range(records, range).max_by_key(|record| record.position());
    let mut meta = Meta::new(subject, range, newest);
    meta.count_unread(unrecognized);
    CompletenessReport {
        meta,
        completeness: completeness(records, subject, range),
        unrecognized: unrecognized.summary(range),
    }
}

/// Takes the steps with their currency and the index of the account that holds the money: by account, then currency,
/// then time.
fn each_step<'a>(survey: &Survey<'a>, mut take: impl FnMut(usize, Option<Currency>, Step<'a>)) {
    // The indexes of the entries, which take less memory than the entries of all accounts.
    let mut folds: Vec<ByCurrency<Vec<u32>>> = Vec::new();
    folds.resize_with(survey.accounts.len(), ByCurrency::default);
    for (place, entry) in (0_u32..).zip(survey.entries()) {
        folds[entry.holder()].entry(entry.currency).push(place);
    }
    let mut draws = survey.draws.unnamed();
    for account in survey.accounts_in_order() {
        for (currency, places) in std::mem::take(&mut folds[account]).into_sorted() {
            let entries = places.iter().map(|place| survey.entry(*place as usize));
            steps::each(entries, &mut draws, |step| take(account, currency, step));
        }
    }
}

/// A fall of the balance of a depository account that no record states.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fall {
    /// The index of the account that holds the money.
    pub(crate) account: usize,
    pub(crate) currency: Option<Currency>,
    /// By how much the balance fell; above 0.
    pub(crate) amount: Total,
    /// Time of the balance before.
    pub(crate) from: Timestamp,
    /// Time of the balance after.
    pub(crate) to: Timestamp,
}

/// The figures of a survey's steps for other products, computed in one pass.
#[derive(Debug)]
pub(crate) struct StepFigures {
    tallies: ByCurrency<Tally>,
    /// The falls that no record states, by account, then currency, then time.
    pub(crate) untold_falls: Vec<Fall>,
}

impl StepFigures {
    pub(crate) fn of(survey: &Survey<'_>) -> Self {
        let mut found = Self {
            tallies: ByCurrency::default(),
            untold_falls: Vec::new(),
        };
        each_step(survey, |account, currency, step| {
            found.tallies.entry(currency).add(&step);
            let is_depository = survey.accounts[account].key.account_type == AccountType::Depository;
            if is_depository && step.difference < Total::ZERO {
                found.untold_falls.push(Fall {
                    account,
                    currency,
                    amount: -step.difference,
                    from: step.after.timestamp,
                    to: step.before.timestamp,
                });
            }
        });
        found
    }

    /// The completeness in one currency, for the ledger's answer.
    pub(crate) fn completeness_in(&self, currency: Option<Currency>) -> Option<DecimalNumber> {
        self.tallies.get(currency).and_then(Tally::completeness)
    }
}

fn gap(currency: Option<Currency>, step: &Step<'_>) -> Gap {
    let key = AccountKey::of(step.before);
    Gap {
        institution_id: key.institution_id.clone(),
        account_id: key.account_id.clone(),
        account_type: key.account_type,
        currency,
        after_record_id: step.after.id.clone(),
        before_record_id: step.before.id.clone(),
        from: step.after.timestamp,
        to: step.before.timestamp,
        difference: step.difference.number(),
    }
}

/// The largest gaps of each currency in turn, newest first: sizes of different currencies are not compared.
fn largest(mut gaps: Vec<(Total, Gap)>) -> Vec<Gap> {
    sort_by(&mut gaps, |(one_size, one), (other_size, other)| {
        other_size.cmp(one_size).then_with(|| by_newest(one, other))
    });
    let mut ranks = ByCurrency::<usize>::default();
    let mut ranked: Vec<(usize, Gap)> = gaps
        .into_iter()
        .map(|(_, gap)| {
            let rank = ranks.entry(gap.currency);
            *rank += 1;
            (*rank, gap)
        })
        .filter(|(rank, _)| *rank <= MAX_GAPS)
        .collect();
    sort_by_key(&mut ranked, |(rank, _)| *rank);
    ranked.truncate(MAX_GAPS);
    let mut gaps: Vec<Gap> = ranked.into_iter().map(|(_, gap)| gap).collect();
    sort_by(&mut gaps, by_newest);
    gaps
}

fn by_newest(one: &Gap, other: &Gap) -> Ordering {
    let newest = other.to.cmp(&one.to);
    let account = newest.then_with(|| one.institution_id.cmp(&other.institution_id));
    let account = account.then_with(|| one.account_id.cmp(&other.account_id));
    let account = account.then(one.account_type.cmp(&other.account_type));
    account.then_with(|| one.before_record_id.cmp(&other.before_record_id))
}

#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    steps: u64,
    explained: u64,
    told_in: Total,
    told_out: Total,
    missing_in: Total,
    missing_out: Total,
}

impl Tally {
    fn add(&mut self, step: &Step<'_>) {
        self.merge(Self {
            steps: 1,
            explained: u64::from(step.is_explained()),
            told_in: step.told_in,
            told_out: step.told_out,
            missing_in: step.difference.max(Total::ZERO),
            missing_out: (-step.difference).max(Total::ZERO),
        });
    }

    fn merge(&mut self, other: Self) {
        self.steps += other.steps;
        self.explained += other.explained;
        self.told_in += other.told_in;
        self.told_out += other.told_out;
        self.missing_in += other.missing_in;
        self.missing_out += other.missing_out;
    }

    fn completeness(&self) -> Option<DecimalNumber> {
        if self.steps == 0 {
            return None;
        }
        let told = self.told_in + self.told_out;
        let money = told + self.missing_in + self.missing_out;
        Some(told.share(money).unwrap_or(DecimalNumber(1.into())))
    }

    fn sums(&self) -> Sums {
        Sums {
            completeness: self.completeness(),
            steps: self.steps,
            explained_steps: self.explained,
            told_in: self.told_in.number(),
            told_out: self.told_out.number(),
            missing_in: self.missing_in.number(),
            missing_out: self.missing_out.number(),
        }
    }
}
