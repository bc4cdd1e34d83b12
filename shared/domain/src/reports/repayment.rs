//! Repayments to income: the share of a user's income that goes to lenders.
//!
//! The public DTI adds up every account in both directions: a loan paid out is a debit, and a repayment received by the
//! loan account is a credit. This figure separates the two.
//!
//! **Repayments** are the credits of loan accounts, and the debits of depository accounts labelled `LoanRepayment`.
//! These are payments to a lender without a record on its side. If both sides of one payment are in the ledger (the
//! wallet's message and the lender's), it counts once. So a labelled debit is left out if it matches a credit of a loan
//! account: the same sum in the same currency at most [`LOAN_NOTICE_SECONDS`] apart. Each credit matches one debit. A
//! debit without the label counts only on the loan account, if at all.
//!
//! **Income** is the credits of depository accounts, less
//!
//! - *loans received*: credits labelled `LoanDisbursed`, `LoanApproved` or `Overdraft`; and credits that match a loan
//!   account's debit of the same sum at most [`LOAN_NOTICE_SECONDS`] apart, one credit per debit. For revolving loans
//!   the limit is [`TRANSFER_SECONDS`], because most draws complete a payment and are not credited to any account;
//! - *own transfers*: credits that match another depository account's debit of the same sum at most
//!   [`TRANSFER_SECONDS`] apart, each used once; and credits whose counterparty kind is `own`.
//!
//! A record may say that somebody else is the other side. A credit labelled `Salary` or `BettingAndLottery` matches no
//! debit. A bet and a payment to a lender match no credit of a transfer.
//!
//! Debits of loans and of own accounts are matched with credits together, so that as many credits as possible are the
//! other side of a debit (see [`super::matching`]).
//!
//! Limits: refunds, winnings and cash that the user pays in are income, because no message tells where the cash comes
//! from. A loan that is paid out net of fees has another sum, and counts as income if no label marks it as a loan. A
//! repayment whose sides have different amounts (the lender's notice without a fee that the wallet's debit includes)
//! counts on both sides. A salary without its label, of exactly the sum of a loan within [`LOAN_NOTICE_SECONDS`],
//! is taken for the loan if the loan's own credit is not in the ledger.
//!
//! Only records of the period count. If the sides of a payment or transfer fall into two periods, each side counts in
//! its own. Sums are per currency, as everywhere.

use serde::Serialize;

use super::change::movement;
use super::flow::{Flow, Side};
use super::matching::pair;
pub use super::pairs::{LOAN_NOTICE_SECONDS, TRANSFER_SECONDS};
use super::pairs::{Leg, Role};
use super::survey::{ByCurrency, Survey};
use crate::money::DecimalNumber;
use crate::{AccountType, CounterpartyKind, Impact, Label, LabelSet, Record};

crate::described! { "RepaymentStatus";
    /// Whether a quotient of repayments to income exists.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    #[serde(rename_all = "snake_case")]
    pub enum RepaymentStatus {
        /// It exists.
        Ok,
        /// There are transactions, but the income is zero.
        NoIncome,
        /// No transaction of the period is in the currency.
        NoData,
    }
}

/// The sums behind `repayment_to_income`, in the currency of the row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct RepaymentEvidence {
    /// Payments towards loans: credits of loan accounts, and debits of depository accounts labelled `LoanRepayment`
    /// that match no credit of a loan account.
    pub repayments: Flow,
    /// Labelled debits of depository accounts that are left out, because a loan account records the same payment.
    pub repayments_told_twice: Flow,
    /// Credits of depository accounts, without received loans and own transfers. Winnings, refunds and cash paid in are
    /// part of it.
    pub income: Flow,
    /// Credits of depository accounts that are loans paid out. They do not count as income.
    pub loans_received: Flow,
    /// Credits of depository accounts that came from another account of the user. They do not count as income.
    pub own_transfers: Flow,
}

/// The sums of one currency.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Repayment {
    repayments: Side,
    told_twice: Side,
    income: Side,
    loans_received: Side,
    own_transfers: Side,
}

impl Repayment {
    /// Repayments ÷ income, rounded half to even to six decimals. `None` if the income is zero.
    pub(crate) fn ratio(&self) -> Option<DecimalNumber> {
        self.repayments.total.ratio(self.income.total)
    }

    pub(crate) fn evidence(self) -> RepaymentEvidence {
        RepaymentEvidence {
            repayments: self.repayments.into(),
            repayments_told_twice: self.told_twice.into(),
            income: self.income.into(),
            loans_received: self.loans_received.into(),
            own_transfers: self.own_transfers.into(),
        }
    }
}

/// The sums of every currency with a transaction on a depository or loan account.
pub(crate) fn by_currency(survey: &Survey<'_>) -> ByCurrency<Repayment> {
    let legs = Legs::of(survey);
    let payments = pair(legs.payments, legs.notices);
    let credits = pair(legs.debits, legs.credits);

    let mut sums = ByCurrency::<Repayment>::default();
    for leg in payments.left {
        sums.entry(leg.currency).repayments.add(leg.amount);
    }
    for (leg, payment) in payments.credits {
        let sum = sums.entry(leg.currency);
        sum.repayments.add(leg.amount);
        if payment.is_some() {
            sum.told_twice.add(leg.amount);
        }
    }
    for (leg, debit) in credits.credits {
        let sum = sums.entry(leg.currency);
        let side = match (leg.role, debit) {
            (Role::LoanReceived, _) | (_, Some(Role::Lent | Role::Drawn)) => &mut sum.loans_received,
            (_, Some(_)) => &mut sum.own_transfers,
            (_, None) if is_said_to_be_own(leg.record) => &mut sum.own_transfers,
            (_, None) => &mut sum.income,
        };
        side.add(leg.amount);
    }
    sums
}

/// The payments to lenders that a depository account records and no loan account does: none has a payment of the same
/// amount at most [`LOAN_NOTICE_SECONDS`] before or after. Each payment of a loan account takes one.
pub(crate) fn unassigned<'a>(survey: &Survey<'a>) -> impl Iterator<Item = Leg<'a>> {
    let mut legs = Legs::of(survey);
    // A loan's record may state the amount of a payment without a direction.
    let labelled = survey.entries().filter(|entry| {
        let record = entry.record;
        record.account_type.is_debt() && record.impact.is_none() && record.labels.contains(Label::LoanRepayment)
    });
    legs.notices.extend(labelled.filter_map(|entry| {
        Some(Leg {
            record: entry.record,
            role: Role::Notice,
            account: entry.holder(),
            currency: entry.currency,
            amount: entry.record.amount?.into(),
        })
    }));
    pair(legs.payments, legs.notices).left.into_iter()
}

/// The movements, by their role as a side of an event.
#[derive(Default)]
struct Legs<'a> {
    /// Debits of depository accounts that are labelled as repayments.
    payments: Vec<Leg<'a>>,
    /// Credits of loan accounts: repayments.
    notices: Vec<Leg<'a>>,
    /// All other debits.
    debits: Vec<Leg<'a>>,
    /// Credits of depository accounts.
    credits: Vec<Leg<'a>>,
}

impl<'a> Legs<'a> {
    fn of(survey: &Survey<'a>) -> Self {
        let mut legs = Self::default();
        for (place, entry) in survey.entries().enumerate() {
            let Some((impact, amount)) = movement(entry.record).filter(|_| !survey.draws.is_spent(place)) else {
                continue;
            };
            if let Some(role) = role(entry.record, impact) {
                legs.list(role).push(Leg {
                    record: entry.record,
                    role,
                    account: entry.holder(),
                    currency: entry.currency,
                    amount,
                });
            }
        }
        legs
    }

    const fn list(&mut self, role: Role) -> &mut Vec<Leg<'a>> {
        match role {
            Role::Payment => &mut self.payments,
            Role::Notice => &mut self.notices,
            Role::Lent | Role::Drawn | Role::Sent => &mut self.debits,
            Role::LoanReceived | Role::Earned | Role::Received => &mut self.credits,
        }
    }
}

/// Labels of a movement whose counterparty is not the user.
pub const LABELS_OF_OTHERS: LabelSet = LabelSet::EMPTY.with(Label::Salary).with(Label::BettingAndLottery);

/// Whether the record states that the counterparty is an employer or a bookmaker.
pub(crate) fn is_earned_or_bet(record: &Record) -> bool {
    record.labels.intersects(LABELS_OF_OTHERS)
}

/// Whether the institution states that the counterparty is a lender.
pub(crate) fn is_of_lender(record: &Record) -> bool {
    record.counterparty_kind() == Some(CounterpartyKind::Lender)
}

/// Whether the institution states that the counterparty is another account of the user.
pub(crate) fn is_said_to_be_own(record: &Record) -> bool {
    record.counterparty_kind() == Some(CounterpartyKind::Own)
}

fn role(record: &Record, impact: Impact) -> Option<Role> {
    let has = |label| record.labels.contains(label);
    let is_loan = has(Label::LoanDisbursed) || has(Label::LoanApproved) || has(Label::Overdraft);
    Some(match (record.account_type, impact) {
        (AccountType::Loan | AccountType::RevolvingLoan, Impact::Credit) => Role::Notice,
        (AccountType::Loan, Impact::Debit) => Role::Lent,
        (AccountType::RevolvingLoan, Impact::Debit) => Role::Drawn,
        (AccountType::Depository, Impact::Debit) if has(Label::LoanRepayment) => Role::Payment,
        (AccountType::Depository, Impact::Debit) if is_earned_or_bet(record) || is_of_lender(record) => return None,
        (AccountType::Depository, Impact::Debit) => Role::Sent,
        (AccountType::Depository, Impact::Credit) if is_loan => Role::LoanReceived,
        (AccountType::Depository, Impact::Credit) if is_earned_or_bet(record) => Role::Earned,
        (AccountType::Depository, Impact::Credit) => Role::Received,
        (AccountType::Airtime, _) => return None,
    })
}
