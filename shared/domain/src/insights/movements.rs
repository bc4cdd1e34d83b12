//! The movements of depository accounts, classified. All products use this one classification.
//!
//! The first row that fits decides.
//!
//! | direction | nature | rule |
//! |---|---|---|
//! | both | own transfer | [`super::transfers`] |
//! | credit | loan received | labelled `LoanDisbursed` or `LoanApproved`; or, without the label `Salary` or `BettingAndLottery`, the same sum as a DEBIT of a loan account within [`LOAN_NOTICE_SECONDS`], of a revolving loan within [`TRANSFER_SECONDS`], each used once |
//! | credit | overdraft | labelled `Overdraft` |
//! | credit | betting | labelled `BettingAndLottery` |
//! | credit | lender | counterparty kind `lender` |
//! | debit | repayment | labelled `LoanRepayment`; or counterparty kind `lender`; or, without the label `BettingAndLottery`, the same sum as a CREDIT of a loan or revolving account within [`LOAN_NOTICE_SECONDS`], each used once |
//! | debit | betting | labelled `BettingAndLottery` |
//! | both | ordinary | everything else |
//!
//! Sides are chosen as for `repayment_to_income` ([`matching`](crate::reports::matching)): as many pairs as possible. A
//! debit that nothing calls a repayment takes a credit of a loan account that is left, the nearest one.

use super::transfers::{LOAN_LABELS, OwnTransfers, addresses, has};
use crate::order::sort_by_key;
use crate::reports::change::movement;
use crate::reports::completeness::Fall;
use crate::reports::matching::pair;
use crate::reports::pairs::{LOAN_NOTICE_SECONDS, Leg, Role, pair_off};
use crate::reports::repayment::{is_earned_or_bet, is_of_lender};
use crate::reports::survey::{Entry, Survey};
use crate::reports::total::Total;
use crate::{AccountType, Currency, Impact, Label, Record, Timestamp};

/// The class of a movement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nature {
    OwnTransfer,
    LoanReceived,
    Overdraft,
    Betting,
    Lender,
    Repayment,
    Ordinary,
}

/// A transaction of a depository account.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Movement<'a> {
    pub(crate) record: &'a Record,
    at: Timestamp,
    /// The index of its account in the survey.
    pub(crate) holder: usize,
    pub(crate) currency: Option<Currency>,
    pub(crate) impact: Impact,
    pub(crate) amount: Total,
    pub(crate) nature: Nature,
    /// Whether a loan account has a record of the same event.
    has_other_side: bool,
    /// Whether it is income that may come from another account of the user.
    may_be_own: bool,
}

impl Movement<'_> {
    pub(crate) const fn at(&self) -> Timestamp {
        self.at
    }

    pub(crate) fn is(&self, impact: Impact) -> bool {
        self.impact == impact
    }

    pub(crate) fn is_own_transfer(&self) -> bool {
        self.nature == Nature::OwnTransfer
    }

    /// Whether it is income that may come from another account of the user ([`OwnTransfers::possible`]).
    pub(crate) const fn may_be_own(&self) -> bool {
        self.may_be_own
    }

    /// Whether it is a repayment that no loan account has a record of.
    pub(crate) fn is_repayment_told_once(&self) -> bool {
        self.nature == Nature::Repayment && !self.has_other_side
    }

    /// Whether it is money that a lender paid out.
    pub(crate) fn is_loan_received(&self) -> bool {
        matches!(self.nature, Nature::LoanReceived | Nature::Overdraft | Nature::Lender)
    }
}

/// The transactions of depository accounts, oldest first, each with its nature.
pub(crate) fn movements<'a>(survey: &Survey<'a>, untold_falls: &[Fall]) -> Vec<Movement<'a>> {
    let transfers = OwnTransfers::of(survey, untold_falls);
    let loans = Loans::of(survey, &transfers);
    let found = survey.entries().filter_map(|entry| {
        let record = entry.record;
        let (impact, amount) = movement(record).filter(|_| record.account_type == AccountType::Depository)?;
        let other_side = loans.nature(record);
        let nature = if transfers.includes(record) {
            Nature::OwnTransfer
        } else {
            other_side.unwrap_or_else(|| stated_nature(record, impact))
        };
        Some(Movement {
            record,
            at: record.timestamp,
            holder: entry.holder(),
            currency: entry.currency,
            impact,
            amount,
            nature,
            has_other_side: other_side.is_some(),
            may_be_own: false,
        })
    });
    let mut found: Vec<Movement<'a>> = found.collect();
    let possible = transfers.possible();
    for movement in found.iter_mut().filter(|movement| movement.nature == Nature::Ordinary) {
        movement.may_be_own = has(&possible, movement.record);
    }
    found
}

/// The payments to lenders: credits of loan accounts, and repayments of `movements` without such a credit. If both
/// sides record a payment, it counts once.
pub(crate) fn payments_to_lenders<'a, 'm>(
    entries: impl Iterator<Item = Entry<'a>> + 'm,
    movements: impl Iterator<Item = &'m Movement<'a>> + 'm,
) -> impl Iterator<Item = (&'a Record, Total)> + 'm
where
    'a: 'm,
{
    let received = entries.filter_map(|entry| received_by_lender(entry.record).map(|amount| (entry.record, amount)));
    let told_once = movements.filter(|movement| movement.is_repayment_told_once());
    received.chain(told_once.map(|movement| (movement.record, movement.amount)))
}

/// The amount that a loan account was credited with: a repayment.
pub(crate) fn received_by_lender(record: &Record) -> Option<Total> {
    let received = movement(record).filter(|(impact, _)| record.account_type.is_debt() && *impact == Impact::Credit);
    received.map(|(_, amount)| amount)
}

/// The nature by labels and counterparty alone.
fn stated_nature(record: &Record, impact: Impact) -> Nature {
    let has = |label| record.labels.contains(label);
    let is_lender = is_of_lender(record);
    match impact {
        Impact::Credit if has(Label::LoanDisbursed) || has(Label::LoanApproved) => Nature::LoanReceived,
        Impact::Credit if has(Label::Overdraft) => Nature::Overdraft,
        Impact::Debit if has(Label::LoanRepayment) || is_lender => Nature::Repayment,
        _ if has(Label::BettingAndLottery) => Nature::Betting,
        Impact::Credit if is_lender => Nature::Lender,
        _ => Nature::Ordinary,
    }
}

/// Depository movements that are the other side of a loan account's movement: the addresses of their records,
/// ascending.
struct Loans(Vec<(*const Record, Nature)>);

impl Loans {
    fn of<'a>(survey: &Survey<'a>, transfers: &OwnTransfers<'_, 'a>) -> Self {
        let amounts = amounts_of_loans(survey);
        if amounts.is_empty() {
            return Self(Vec::new());
        }
        let mut legs = Legs::default();
        for (place, entry) in survey.entries().enumerate() {
            let Some((impact, amount)) = movement(entry.record).filter(|_| !survey.draws.is_spent(place)) else {
                continue;
            };
            if amounts.binary_search(&amount).is_err() || transfers.includes(entry.record) {
                continue;
            }
            if let Some((role, list)) = legs.role(entry.record, impact) {
                list.push(Leg {
                    record: entry.record,
                    role,
                    account: entry.holder(),
                    currency: entry.currency,
                    amount,
                });
            }
        }
        Self(legs.natures())
    }

    fn nature(&self, record: &Record) -> Option<Nature> {
        let record = std::ptr::from_ref(record);
        let found = self.0.binary_search_by_key(&record, |(address, _)| *address);
        found.ok().map(|place| self.0[place].1)
    }
}

/// The amounts of the movements of loan accounts, ascending. A movement of another amount has no other side there.
fn amounts_of_loans(survey: &Survey<'_>) -> Vec<Total> {
    let amounts = survey.entries().filter_map(|entry| {
        let is_debt = entry.record.account_type.is_debt();
        movement(entry.record).filter(|_| is_debt).map(|(_, amount)| amount)
    });
    let mut amounts: Vec<Total> = amounts.collect();
    amounts.sort_unstable();
    amounts.dedup();
    amounts
}

/// The movements that may be sides of a loan's event, by their role.
#[derive(Default)]
struct Legs<'a> {
    lent: Vec<Leg<'a>>,
    drawn: Vec<Leg<'a>>,
    notices: Vec<Leg<'a>>,
    labelled: Vec<Leg<'a>>,
    received: Vec<Leg<'a>>,
    payments: Vec<Leg<'a>>,
    sent: Vec<Leg<'a>>,
}

impl<'a> Legs<'a> {
    /// The role of a movement, and the list of it.
    fn role(&mut self, record: &Record, impact: Impact) -> Option<(Role, &mut Vec<Leg<'a>>)> {
        Some(match (record.account_type, impact) {
            (AccountType::Loan | AccountType::RevolvingLoan, Impact::Credit) => (Role::Notice, &mut self.notices),
            (AccountType::Loan, Impact::Debit) => (Role::Lent, &mut self.lent),
            (AccountType::RevolvingLoan, Impact::Debit) => (Role::Drawn, &mut self.drawn),
            (AccountType::Depository, Impact::Debit)
                if record.labels.contains(Label::LoanRepayment) || is_of_lender(record) =>
            {
                (Role::Payment, &mut self.payments)
            }
            (AccountType::Depository, Impact::Credit) if record.labels.intersects(LOAN_LABELS) => {
                (Role::LoanReceived, &mut self.labelled)
            }
            (AccountType::Depository, _) if is_earned_or_bet(record) => return None,
            (AccountType::Depository, Impact::Debit) => (Role::Sent, &mut self.sent),
            (AccountType::Depository, Impact::Credit) => (Role::Received, &mut self.received),
            (AccountType::Airtime, _) => return None,
        })
    }

    /// The natures of the depository movements that have another side, by address. The label determines the nature of a
    /// labelled credit.
    fn natures(mut self) -> Vec<(*const Record, Nature)> {
        let payments: Vec<*const Record> = self.payments.iter().map(Leg::address).collect();
        let paid = pair(self.payments, self.notices);
        let notices = paid.credits.iter().filter(|(_, payment)| payment.is_none());
        let mut notices: Vec<Leg<'a>> = notices.map(|(notice, _)| *notice).collect();
        let repaid = pair_off(&mut notices, &mut self.sent, LOAN_NOTICE_SECONDS);
        let unpaid = addresses(paid.left.iter().map(|payment| payment.record));
        let paid = payments
            .into_iter()
            .filter(|payment| unpaid.binary_search(payment).is_err());

        self.lent.append(&mut self.drawn);
        self.received.append(&mut self.labelled);
        let received = pair(self.lent, self.received).credits.into_iter();
        let received = received.filter(|(credit, debit)| credit.role == Role::Received && debit.is_some());

        let repayments = paid.chain(repaid.iter().map(|(_, sent)| sent.address()));
        let repayments = repayments.map(|record| (record, Nature::Repayment));
        let received = received.map(|(credit, _)| (credit.address(), Nature::LoanReceived));
        let mut natures: Vec<_> = repayments.chain(received).collect();
        sort_by_key(&mut natures, |(record, _)| *record);
        natures
    }
}
