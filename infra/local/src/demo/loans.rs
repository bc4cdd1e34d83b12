//! Loans of the demo data: taken, and repaid in instalments or not.

use daftari_domain::{AccountType, Label};

use super::book::{Account, Book, Note, spelled};

/// State of a loan at the end of the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// Every instalment is paid.
    Repaid,
    /// The next instalment is not due yet.
    Open,
    /// An instalment was missed.
    Missed,
    /// An instalment was missed, and the lender wrote the loan off a month later.
    Defaulted,
}

/// One loan. Days count from the first day of the data.
#[derive(Clone, Copy, Debug)]
pub(super) struct Loan {
    pub(super) institution: &'static str,
    pub(super) kind: AccountType,
    pub(super) day: i64,
    pub(super) principal: i64,
    pub(super) interest_percent: i64,
    pub(super) instalments: i64,
    pub(super) days_between: i64,
    /// Number of paid instalments, if not all are paid.
    pub(super) paid: i64,
    pub(super) ending: Ending,
}

impl Loan {
    fn account(&self, currency: &'static str) -> Account {
        Account {
            institution: self.institution,
            id: "default",
            kind: self.kind,
            currency,
        }
    }

    const fn instalments_paid(&self) -> i64 {
        match self.ending {
            Ending::Repaid => self.instalments,
            _ => self.paid,
        }
    }

    /// The events of the loan on a day. Money moves through `wallet`, which `bank` tops up.
    pub(super) fn live(&self, book: &mut Book, day: i64, wallet: Account, bank: Account) {
        let since = day - self.day;
        if since == 0 {
            self.disburse(book, wallet);
            return;
        }
        let (due, late) = (since / self.days_between, since % self.days_between);
        let paid = self.instalments_paid();
        let upcoming = since + 2;
        if upcoming % self.days_between == 0 && upcoming / self.days_between <= self.instalments.min(paid + 1) {
            self.remind(book, wallet.currency);
        }
        if late == 0 && (1..=paid).contains(&due) {
            self.repay(book, due, wallet, bank);
        }
        let missed = self.days_between * (paid + 1);
        if matches!(self.ending, Ending::Missed | Ending::Defaulted) && since == missed + 1 {
            self.miss(book, wallet.currency);
        }
        if self.ending == Ending::Defaulted && since == missed + 31 {
            self.default(book, wallet.currency);
        }
    }

    fn disburse(&self, book: &mut Book, wallet: Account) {
        let account = self.account(wallet.currency);
        let sum = format!("{} {}", wallet.currency, spelled(self.principal));
        let interest = self.principal * self.interest_percent / 100;
        if self.kind == AccountType::RevolvingLoan {
            book.charge(account, interest);
            let text = format!("You have drawn {sum} from your overdraft to complete a payment.");
            book.debit(account, self.principal, Some(Note::new(&[Label::Overdraft], text)));
        } else {
            let text = format!("Good news! Your loan request of {sum} has been approved.");
            book.say(account, Some(Note::new(&[Label::LoanApproved], text)));
            book.charge(account, interest);
            let text = format!(
                "{sum} has been sent to your mobile wallet. Repay in {} instalments, every {} days.",
                self.instalments, self.days_between
            );
            book.debit(account, self.principal, Some(Note::new(&[Label::LoanDisbursed], text)));
        }
        book.credit(wallet, self.principal, None);
    }

    fn remind(&self, book: &mut Book, currency: &'static str) {
        let account = self.account(currency);
        let text = format!(
            "Reminder: an instalment of your loan is due in 2 days. You owe {currency} {}.",
            spelled(book.balance(account))
        );
        book.say(account, Some(Note::new(&[Label::LoanRepaymentReminder], text)));
    }

    fn repay(&self, book: &mut Book, number: i64, wallet: Account, bank: Account) {
        let account = self.account(wallet.currency);
        let owed = book.balance(account);
        let amount = owed / (self.instalments - number + 1);
        let short = amount - book.balance(wallet);
        if short > 0 {
            book.debit(bank, short, None);
            book.credit(wallet, short, None);
        }
        book.debit(wallet, amount, None);
        let sum = format!("{} {}", wallet.currency, spelled(amount));
        let note = if amount == owed {
            let text = format!("We have received {sum}. Your loan is fully repaid. Thank you!");
            Some(Note::new(&[Label::LoanRepayment, Label::LoanRepaid], text))
        } else {
            let rest = spelled(owed - amount);
            let text = format!("We have received {sum}. You still owe {} {rest}.", wallet.currency);
            Some(Note::new(&[Label::LoanRepayment], text))
        };
        book.credit(account, amount, note);
    }

    fn miss(&self, book: &mut Book, currency: &'static str) {
        let account = self.account(currency);
        let text = format!(
            "Your instalment was due yesterday and has not reached us. Please pay: you owe {currency} {}.",
            spelled(book.balance(account))
        );
        book.say(account, Some(Note::new(&[Label::LoanMissedPayment], text)));
    }

    fn default(&self, book: &mut Book, currency: &'static str) {
        let text = "Your loan is in default and has been reported to the credit bureau.".to_owned();
        book.say(self.account(currency), Some(Note::new(&[Label::LoanDefaulted], text)));
    }
}
