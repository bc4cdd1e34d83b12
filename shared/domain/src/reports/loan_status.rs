//! The status of a loan: a fold over the records of its account, oldest first. Records of the same second are ordered
//! by the rank of their event ([`super::loan_order`]).
//!
//! The public reference names the statuses but not their rules. Here an account starts without a status, with unknown
//! balance and unknown principal, and each record has these effects, in this order:
//!
//! | event | effect |
//! |---|---|
//! | 1. impact `DEBIT`, or `LoanDisbursed`, or `LoanApproved` | from closed or none: open, balance 0, principal unknown. Then, if the record has impact `DEBIT` and an amount: add it to the principal (unknown counts as 0) and to a known balance. Else, if it has impact `DEBIT` or `LoanDisbursed`: balance unknown |
//! | 2. impact `CREDIT`, or `LoanRepayment` | from none: open. A known balance falls by a stated amount, not below 0. Nonperforming becomes open; defaulted and closed stay |
//! | 3. `LoanMissedPayment` | nonperforming, unless closed or defaulted |
//! | 4. `LoanDefaulted` | defaulted, unless closed |
//! | 5. `LoanRepaid` | closed |
//! | 6. `LoanRepaymentReminder` | from none: open |
//! | 7. a stated balance | becomes the balance; 0 or below: closed; above 0 from closed or none: open |
//!
//! A missed payment or default that states a balance above 0 is of a loan that is owed: on a closed account, step 7
//! comes before steps 3 and 4. Without a balance it leaves the account closed, because such notices cross with the last
//! payment. If it comes more than [`CROSSING_DAYS`] days after the closing, the days late are unknown: it may be of
//! another loan, whose opening no record states.
//!
//! Closed means balance 0 and unknown principal. Offers and refusals that neither move money nor state a balance are
//! skipped.
//!
//! A loan was *opened* by its first disbursement (impact `DEBIT` or `LoanDisbursed`) since it had no status or was
//! closed, if only approvals and reminders precede it. Payments, missed payments, defaults and balances above 0 before
//! any disbursement mean that money was lent earlier, at an unknown time; a disbursement after them is a top-up. A
//! disbursement on a loan known from reminders gives the principal. The balance stays unknown, because something may
//! have been owed before.
//!
//! Balance and principal are in the account's currency. An amount in another currency counts as not stated. A balance
//! above 0 in another currency makes the balance unknown.

use super::lateness::Lateness;
use super::loan_order::{by_effect, is_repayment};
pub use super::status_reason::{LoanStatus, StatusReason};
use super::total::Total;
use crate::order::sort_by;
use crate::{Currency, Impact, Label, LabelSet, Money, Record};

/// Days after a closing in which a notice of a late payment may have crossed with the last payment.
const CROSSING_DAYS: i64 = 7;

const OFFERS: LabelSet = LabelSet::EMPTY
    .with(Label::LoanDeclined)
    .with(Label::NewLoanOffer)
    .with(Label::OtherLoanOffer);

/// Whether a record is irrelevant to an existing loan.
///
/// An offer may state the offered amount: an amount without an impact is not a movement.
pub(crate) const fn is_passed_over(record: &Record) -> bool {
    record.labels.is_subset_of(OFFERS) && record.impact.is_none() && record.balance.is_none()
}

/// The state of one loan account.
#[derive(Clone, Debug, Default)]
pub(crate) struct Loan<'a> {
    /// The currency of balance and principal.
    pub(crate) currency: Option<Currency>,
    /// `None` until an event sets it.
    pub(crate) status: Option<LoanStatus>,
    /// The amount owed, if known.
    pub(crate) balance: Option<Total>,
    /// The amount lent since the loan was last opened, if known.
    pub(crate) principal: Option<Total>,
    /// The record that last changed the status, and its label if a label did.
    pub(crate) reason: Option<(&'a Record, Option<Label>)>,
    /// The latest record that was not skipped.
    pub(crate) updated: Option<&'a Record>,
    /// The record that last opened the loan, if known. Kept after the loan is closed.
    pub(crate) opened: Option<&'a Record>,
    /// The late periods.
    pub(crate) lateness: Lateness<'a>,
    cause: Option<Label>,
    /// Whether money was lent before any record of it.
    lent_before: bool,
}

impl<'a> Loan<'a> {
    /// Folds the records of one account. Sorts them into the order in which they take effect.
    pub(crate) fn of(records: &mut [&'a Record], currency: Option<Currency>) -> Self {
        sort_by(records, |a, b| by_effect(a, b));
        let mut loan = Self {
            currency,
            ..Self::default()
        };
        for record in records {
            loan.apply(record);
        }
        loan
    }

    /// The reason of the status. `None` without a status.
    pub(crate) fn status_reason(&self) -> Option<StatusReason> {
        self.reason.map(|(record, label)| StatusReason::new(record, label))
    }

    fn apply(&mut self, record: &'a Record) {
        if is_passed_over(record) {
            return;
        }
        self.updated = Some(record);
        let before = self.status;
        let has = |label| record.labels.contains(label);
        self.disburse(record);
        self.repay(record);
        let is_late = has(Label::LoanMissedPayment) || has(Label::LoanDefaulted);
        let states_debt = record.balance.is_some_and(|balance| balance > Money::ZERO);
        if is_late && self.is(&[LoanStatus::Closed]) {
            if states_debt {
                self.turn(LoanStatus::Open, None);
                self.begin();
            } else if self.was_closed_long_before(record) {
                self.lateness.doubt();
            }
        }
        if has(Label::LoanMissedPayment) && !self.is(&[LoanStatus::Closed, LoanStatus::Defaulted]) {
            self.turn(LoanStatus::Nonperforming, Some(Label::LoanMissedPayment));
        }
        if has(Label::LoanDefaulted) && !self.is(&[LoanStatus::Closed]) {
            self.turn(LoanStatus::Defaulted, Some(Label::LoanDefaulted));
        }
        if has(Label::LoanRepaid) {
            self.close(Some(Label::LoanRepaid));
        }
        if has(Label::LoanRepaymentReminder) && self.status.is_none() {
            self.turn(LoanStatus::Open, Some(Label::LoanRepaymentReminder));
        }
        if let Some(balance) = record.balance {
            self.state_balance(balance, self.is_own_currency(record));
        }
        if is_repayment(record) || is_late || states_debt {
            self.lent_before |= self.opened.is_none();
        }
        if let Some(status) = self.status.filter(|_| self.status != before) {
            self.reason = Some((record, self.cause));
            self.lateness.change(status, record, self.cause);
        } else if is_late {
            self.lateness.notice(record);
        }
        if self.is(&[LoanStatus::Closed]) {
            self.lateness.forget_due(record);
        } else {
            self.lateness.state_due(record, is_repayment(record));
        }
    }

    fn disburse(&mut self, record: &'a Record) {
        let debit = record.impact == Some(Impact::Debit);
        let disbursed = record.labels.contains(Label::LoanDisbursed);
        let approved = record.labels.contains(Label::LoanApproved);
        if !(debit || disbursed || approved) {
            return;
        }
        if self.status.is_none() || self.is(&[LoanStatus::Closed]) {
            let labels = [
                disbursed.then_some(Label::LoanDisbursed),
                approved.then_some(Label::LoanApproved),
            ];
            self.turn(LoanStatus::Open, labels.into_iter().flatten().next());
            self.balance = Some(Total::ZERO);
            self.principal = None;
            self.begin();
            self.lateness.forget_due(record);
        }
        if (debit || disbursed) && !self.lent_before {
            self.opened = self.opened.or(Some(record));
        }
        match self.stated_amount(record) {
            Some(amount) if debit => {
                self.principal = Some(self.principal.unwrap_or_default() + amount);
                self.balance = self.balance.map(|balance| balance + amount);
            }
            _ if debit || disbursed => self.balance = None,
            _ => {}
        }
    }

    fn repay(&mut self, record: &Record) {
        if !is_repayment(record) {
            return;
        }
        if self.status.is_none() || self.is(&[LoanStatus::Nonperforming]) {
            let labelled = record.labels.contains(Label::LoanRepayment);
            self.turn(LoanStatus::Open, labelled.then_some(Label::LoanRepayment));
        }
        if let Some(amount) = self.stated_amount(record) {
            let left = self.balance.map(|balance| balance - amount);
            self.balance = left.map(|left| left.max(Total::ZERO));
        }
    }

    fn state_balance(&mut self, balance: Money, own_currency: bool) {
        if balance <= Money::ZERO {
            return self.close(None);
        }
        if self.status.is_none() || self.is(&[LoanStatus::Closed]) {
            self.turn(LoanStatus::Open, None);
            self.begin();
        }
        self.balance = own_currency.then(|| balance.into());
    }

    /// Begins another loan on the account, of whose opening nothing is known yet.
    const fn begin(&mut self) {
        self.opened = None;
        self.lent_before = false;
    }

    /// Whether the record that closed the loan is too old for `record` to have crossed with it.
    fn was_closed_long_before(&self, record: &Record) -> bool {
        let closed = self.reason.map(|(closing, _)| closing.timestamp);
        closed.is_some_and(|closed| record.timestamp.days_since(closed) > CROSSING_DAYS)
    }

    fn close(&mut self, label: Option<Label>) {
        self.turn(LoanStatus::Closed, label);
        self.balance = Some(Total::ZERO);
        self.principal = None;
    }

    fn turn(&mut self, status: LoanStatus, label: Option<Label>) {
        if self.status != Some(status) {
            self.status = Some(status);
            self.cause = label;
        }
    }

    fn is(&self, statuses: &[LoanStatus]) -> bool {
        self.status.is_some_and(|status| statuses.contains(&status))
    }

    fn stated_amount(&self, record: &Record) -> Option<Total> {
        let amount = record.amount.filter(|_| self.is_own_currency(record));
        amount.map(Total::from)
    }

    fn is_own_currency(&self, record: &Record) -> bool {
        record.currency.is_none() || record.currency == self.currency
    }
}
