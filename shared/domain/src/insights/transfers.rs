//! Own transfers: money that moves from one depository account of the user to another.
//!
//! | step | rule |
//! |---|---|
//! | sides | a DEBIT and a CREDIT on two depository accounts, of the same amount and currency, at most [`TRANSFER_SECONDS`] apart |
//! | choice | the earliest debit chooses first and takes the nearest credit; of two equally near ones the earlier |
//! | once | each side belongs to one transfer at most |
//! | loans | a credit labelled `LoanDisbursed`, `LoanApproved` or `Overdraft` and a debit labelled `LoanRepayment` do not count as sides: the lender is the other side |
//! | others | nor does a movement labelled `Salary` or `BettingAndLottery`, or whose counterparty kind is `lender`: the record says that the other side is not the user |
//! | own kind | a movement whose counterparty kind is `own` is an own transfer without a match too: the institution says so |
//! | untold debit | a credit from an institution is an own transfer without a debit, if the balance of another depository account of the user fell untold by exactly the amount, around the credit. The counterparty is an institution if its kind is `institution`, or if a matched credit has its token (but not its kind `person` or `agent`) |
//! | possible | a credit from an institution without such a fall, of a user with another depository account; and any other credit with such a fall. They count as income, and answers list them separately ([`OwnTransfers::possible`]). |
//!
//! A fall is a step of the completeness ([`Fall`]) of at most [`MAX_FALL_SECONDS`] whose balance is lower than
//! told. It is around a credit if the credit is at most [`TRANSFER_SECONDS`] before or after the step. Each fall has
//! one credit: credits of own kind choose first, then proven ones, then possible ones; earlier ones choose before later
//! ones, and each takes the fall that ends first.

use crate::hash::{HashMap, HashSet};
use crate::order::sort_by_key;
use crate::reports::change::movement;
use crate::reports::completeness::Fall;
use crate::reports::pairs::{Leg, Role, TRANSFER_SECONDS, pair_off};
use crate::reports::repayment::{is_earned_or_bet, is_of_lender, is_said_to_be_own};
use crate::reports::survey::Survey;
use crate::reports::total::Total;
use crate::time::DAY_SECONDS;
use crate::{AccountType, CounterpartyKind, CounterpartyToken, Currency, Impact, Label, LabelSet, Record};

/// Labels of a credit that is a loan.
pub(crate) const LOAN_LABELS: LabelSet = LabelSet::EMPTY
    .with(Label::LoanDisbursed)
    .with(Label::LoanApproved)
    .with(Label::Overdraft);

/// The own transfers of a ledger.
pub(crate) struct OwnTransfers<'s, 'a> {
    /// The addresses of the matched records, ascending.
    matched: Vec<*const Record>,
    /// The addresses of the credits whose debit a balance proves, ascending.
    proven: Vec<*const Record>,
    /// The other credits that may be sides, oldest first.
    unmatched: Vec<Leg<'a>>,
    /// The tokens of institutions.
    institutions: HashSet<CounterpartyToken>,
    falls: Falls<'s, 'a>,
}

impl<'s, 'a> OwnTransfers<'s, 'a> {
    /// Finds the transfers of a ledger, using the falls that no record states.
    pub(crate) fn of(survey: &'s Survey<'a>, untold_falls: &'s [Fall]) -> Self {
        let (mut debits, mut credits) = (Vec::new(), Vec::new());
        for entry in survey.entries() {
            let record = entry.record;
            let is_of_another = is_earned_or_bet(record) || is_of_lender(record);
            let may_be_own = is_said_to_be_own(record) || !is_of_another;
            let may_be_own = may_be_own && record.account_type == AccountType::Depository;
            let Some((impact, amount)) = movement(record).filter(|_| may_be_own) else {
                continue;
            };
            let leg = |role| Leg {
                record,
                role,
                account: entry.holder(),
                currency: entry.currency,
                amount,
            };
            match impact {
                Impact::Debit if !record.labels.contains(Label::LoanRepayment) => debits.push(leg(Role::Sent)),
                Impact::Credit if !record.labels.intersects(LOAN_LABELS) => credits.push(leg(Role::Received)),
                _ => {}
            }
        }
        let pairs = pair_off(&mut debits, &mut credits, TRANSFER_SECONDS);
        let sides = pairs.iter().flat_map(|(debit, credit)| [debit.record, credit.record]);
        let mut found = Self {
            matched: addresses(sides),
            proven: Vec::new(),
            institutions: pairs.iter().filter_map(|(_, credit)| token_of(credit.record)).collect(),
            falls: Falls::new(survey, untold_falls),
            unmatched: credits,
        };
        sort_by_key(&mut found.unmatched, |leg| leg.record.position());
        let own = found.take(|_, leg| is_said_to_be_own(leg.record));
        for leg in &own {
            found.falls.take(leg);
        }
        let proven = found.take(|found, leg| found.is_of_institution(leg.record) && found.falls.take(leg));
        found.proven = addresses(proven.iter().map(|leg| leg.record));
        found
    }

    /// Removes the chosen credits from the unmatched ones. The oldest chooses first.
    fn take(&mut self, mut is_chosen: impl FnMut(&mut Self, &Leg<'a>) -> bool) -> Vec<Leg<'a>> {
        let unmatched = std::mem::take(&mut self.unmatched);
        let (chosen, left) = unmatched.into_iter().partition(|leg| is_chosen(self, leg));
        self.unmatched = left;
        chosen
    }

    /// Whether a record of the ledger is a side of an own transfer: matched, proven, or stated by the institution.
    pub(crate) fn includes(&self, record: &Record) -> bool {
        is_said_to_be_own(record) || self.is_matched(record) || has(&self.proven, record)
    }

    /// Whether a record of the ledger is a side of a matched transfer.
    pub(crate) fn is_matched(&self, record: &Record) -> bool {
        has(&self.matched, record)
    }

    /// The addresses of the credits that may be own transfers, ascending.
    pub(crate) fn possible(mut self) -> Vec<*const Record> {
        let accounts = self.falls.survey.accounts.iter();
        let depository = accounts.filter(|account| account.key.account_type == AccountType::Depository);
        if depository.count() < 2 {
            return Vec::new();
        }
        let possible = self.take(|found, leg| found.is_of_institution(leg.record) || found.falls.take(leg));
        addresses(possible.iter().map(|leg| leg.record))
    }

    /// Whether a bank or wallet is the counterparty, so that the money may be the user's own.
    fn is_of_institution(&self, record: &Record) -> bool {
        let is_institution = record.counterparty_kind() == Some(CounterpartyKind::Institution);
        is_institution || token_of(record).is_some_and(|token| self.institutions.contains(&token))
    }
}

/// Most falls of one sum that are examined for one credit. The limit bounds the work on malicious ledgers.
const MAX_NEAR_FALLS: usize = 100;

/// Longest fall that proves one debit. A longer one may be the sum of many.
const MAX_FALL_SECONDS: i64 = 30 * DAY_SECONDS;

struct Candidate<'f> {
    fall: &'f Fall,
    is_taken: bool,
}

/// The falls of a ledger, by currency and amount.
struct Falls<'s, 'a> {
    survey: &'s Survey<'a>,
    by_sum: HashMap<(Option<Currency>, Total), Vec<Candidate<'s>>>,
}

impl<'s, 'a> Falls<'s, 'a> {
    fn new(survey: &'s Survey<'a>, falls: &'s [Fall]) -> Self {
        let mut by_sum: HashMap<_, Vec<Candidate<'s>>> = HashMap::default();
        let is_short = |fall: &&Fall| fall.to.unix_seconds() - fall.from.unix_seconds() <= MAX_FALL_SECONDS;
        for fall in falls.iter().filter(is_short) {
            let falls = by_sum.entry((fall.currency, fall.amount)).or_default();
            falls.push(Candidate { fall, is_taken: false });
        }
        for falls in by_sum.values_mut() {
            sort_by_key(falls, |Candidate { fall, .. }| {
                (fall.to, fall.from, survey.accounts[fall.account].key)
            });
        }
        Self { survey, by_sum }
    }

    /// Removes the fall that a credit explains.
    fn take(&mut self, credit: &Leg<'_>) -> bool {
        let falls = self
            .by_sum
            .get_mut(&credit.sum())
            .map_or(&mut [][..], Vec::as_mut_slice);
        let (earliest, latest) = (credit.second() - TRANSFER_SECONDS, credit.second() + TRANSFER_SECONDS);
        let first = falls.partition_point(|one| one.fall.to.unix_seconds() < earliest);
        let mut near = falls[first..].iter_mut().take(MAX_NEAR_FALLS);
        let found = near.find(|Candidate { fall, is_taken }| {
            !*is_taken && fall.account != credit.account && fall.from.unix_seconds() <= latest
        });
        found.map(|candidate| candidate.is_taken = true).is_some()
    }
}

pub(crate) fn addresses<'r>(records: impl Iterator<Item = &'r Record>) -> Vec<*const Record> {
    let mut addresses: Vec<*const Record> = records.map(std::ptr::from_ref).collect();
    addresses.sort_unstable();
    addresses
}

/// Whether a record is among some addresses, which are in ascending order.
pub(crate) fn has(addresses: &[*const Record], record: &Record) -> bool {
    addresses.binary_search(&std::ptr::from_ref(record)).is_ok()
}

/// The token of a counterparty that is not known to be a person or an agent.
fn token_of(record: &Record) -> Option<CounterpartyToken> {
    let is_nobody = |kind| matches!(kind, CounterpartyKind::Person | CounterpartyKind::Agent);
    let counterparty = record.details.counterparty;
    counterparty.filter(|counterparty| !is_nobody(counterparty.kind))?.token
}
