//! The movements of depository accounts, and what each of them is. All products use this one classification.
//!
//! The first row that fits decides.
//!
//! | direction | nature | rule |
//! |---|---|---|
//! | both | own transfer | [`super::transfers`] |
//! | credit | loan received | labelled `LoanDisbursed` or `LoanApproved`; or the same sum as a DEBIT of a loan account within [`LOAN_NOTICE_SECONDS`], of a revolving loan within [`TRANSFER_SECONDS`], each used once |
//! | credit | overdraft | labelled `Overdraft` |
//! | credit | betting | labelled `BettingAndLottery` |
//! | credit | lender | counterparty kind `lender` |
//! | debit | repayment | labelled `LoanRepayment`; or counterparty kind `lender`; or the same sum as a CREDIT of a loan or revolving account within [`LOAN_NOTICE_SECONDS`], each used once |
//! | debit | betting | labelled `BettingAndLottery` |
//! | both | ordinary | everything else |

use std::collections::HashMap;

use super::transfers::{LOAN_LABELS, OwnTransfers};
use crate::reports::flow::movement;
use crate::reports::pairs::{LOAN_NOTICE_SECONDS, Leg, Role, TRANSFER_SECONDS, pair_off};
use crate::reports::survey::{Entry, Survey};
use crate::reports::total::Total;
use crate::{AccountType, CounterpartyKind, Currency, Impact, Label, Record, Timestamp};

/// What a movement is.
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
    /// The index of its account in the survey.
    pub(crate) account: usize,
    pub(crate) currency: Option<Currency>,
    pub(crate) impact: Impact,
    pub(crate) amount: Total,
    pub(crate) nature: Nature,
}

impl Movement<'_> {
    pub(crate) const fn at(&self) -> Timestamp {
        self.record.timestamp
    }

    pub(crate) fn is(&self, impact: Impact) -> bool {
        self.impact == impact
    }

    pub(crate) fn is_own_transfer(&self) -> bool {
        self.nature == Nature::OwnTransfer
    }

    /// Whether it is money that a lender paid out.
    pub(crate) fn is_loan_received(&self) -> bool {
        matches!(self.nature, Nature::LoanReceived | Nature::Overdraft | Nature::Lender)
    }
}

/// The transactions of depository accounts, oldest first, each with its nature.
pub(crate) fn movements<'a>(survey: &Survey<'a>) -> Vec<Movement<'a>> {
    let transfers = OwnTransfers::of(survey.entries());
    let loans = Loans::of(survey, &transfers);
    let found = survey.entries().filter_map(|entry| {
        let record = entry.record;
        let (impact, amount) = movement(record).filter(|_| record.account_type == AccountType::Depository)?;
        let nature = match loans.0.get(&std::ptr::from_ref(record)) {
            _ if transfers.includes(record) => Nature::OwnTransfer,
            Some(nature) => *nature,
            None => stated_nature(record, impact),
        };
        Some(Movement {
            record,
            account: entry.account,
            currency: entry.currency,
            impact,
            amount,
            nature,
        })
    });
    let mut found: Vec<Movement<'a>> = found.collect();
    found.sort_by(|a, b| a.record.position().cmp(&b.record.position()));
    found
}

/// The nature by labels and counterparty alone.
fn stated_nature(record: &Record, impact: Impact) -> Nature {
    let has = |label| record.labels.contains(label);
    let counterparty = record.details.counterparty;
    let is_lender = counterparty.is_some_and(|counterparty| counterparty.kind == CounterpartyKind::Lender);
    match impact {
        Impact::Credit if has(Label::LoanDisbursed) || has(Label::LoanApproved) => Nature::LoanReceived,
        Impact::Credit if has(Label::Overdraft) => Nature::Overdraft,
        Impact::Debit if has(Label::LoanRepayment) || is_lender => Nature::Repayment,
        _ if has(Label::BettingAndLottery) => Nature::Betting,
        Impact::Credit if is_lender => Nature::Lender,
        _ => Nature::Ordinary,
    }
}

/// Depository movements that are the other side of a loan account's movement.
struct Loans(HashMap<*const Record, Nature>);

impl Loans {
    fn of<'a>(survey: &Survey<'a>, transfers: &OwnTransfers<'a>) -> Self {
        let mut legs: HashMap<Role, Vec<Leg<'a>>> = HashMap::new();
        let is_owed = |entry: &Entry<'_>| {
            let account = entry.record.account_type;
            entry.record.is_transaction() && matches!(account, AccountType::Loan | AccountType::RevolvingLoan)
        };
        if !survey.entries().any(|entry| is_owed(&entry)) {
            return Self(HashMap::new());
        }
        for entry in survey.entries() {
            let Some((impact, amount)) = movement(entry.record) else {
                continue;
            };
            if let Some(role) = role(entry.record, impact).filter(|_| !transfers.includes(entry.record)) {
                legs.entry(role).or_default().push(Leg {
                    record: entry.record,
                    role,
                    account: entry.account,
                    currency: entry.currency,
                    amount,
                });
            }
        }
        let mut natures = HashMap::new();
        let mut list = |role| legs.remove(&role).unwrap_or_default();
        let (mut lent, mut drawn, mut notices) = (list(Role::Lent), list(Role::Drawn), list(Role::Notice));
        let (mut labelled, mut received) = (list(Role::LoanReceived), list(Role::Received));
        let (mut payments, mut sent) = (list(Role::Payment), list(Role::Sent));
        // Labelled sides first, so that no other movement takes their loan. Their own nature is by the label.
        pair_off(&mut lent, &mut labelled, LOAN_NOTICE_SECONDS);
        pair_off(&mut drawn, &mut labelled, LOAN_NOTICE_SECONDS);
        pair_off(&mut notices, &mut payments, LOAN_NOTICE_SECONDS);
        let loans = [
            pair_off(&mut lent, &mut received, LOAN_NOTICE_SECONDS),
            pair_off(&mut drawn, &mut received, TRANSFER_SECONDS),
        ];
        for (_, credit) in loans.into_iter().flatten() {
            natures.insert(std::ptr::from_ref(credit.record), Nature::LoanReceived);
        }
        for (_, debit) in pair_off(&mut notices, &mut sent, LOAN_NOTICE_SECONDS) {
            natures.insert(std::ptr::from_ref(debit.record), Nature::Repayment);
        }
        Self(natures)
    }
}

fn role(record: &Record, impact: Impact) -> Option<Role> {
    Some(match (record.account_type, impact) {
        (AccountType::Loan | AccountType::RevolvingLoan, Impact::Credit) => Role::Notice,
        (AccountType::Loan, Impact::Debit) => Role::Lent,
        (AccountType::RevolvingLoan, Impact::Debit) => Role::Drawn,
        (AccountType::Depository, Impact::Debit) if record.labels.contains(Label::LoanRepayment) => Role::Payment,
        (AccountType::Depository, Impact::Debit) => Role::Sent,
        (AccountType::Depository, Impact::Credit) if record.labels.intersects(LOAN_LABELS) => Role::LoanReceived,
        (AccountType::Depository, Impact::Credit) => Role::Received,
        (AccountType::Airtime, _) => return None,
    })
}
