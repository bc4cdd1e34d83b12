//! Loans: repeated at one lender, each with the same course.

use daftari_domain::{AccountType, Label};

use crate::book::{Account, Book, Note, spelled};
use crate::plan::{Life, Loan, Step};

impl Loan {
    const fn account(&self, currency: &'static str) -> Account {
        Account {
            institution: self.institution,
            id: "default",
            kind: self.kind,
            currency,
        }
    }

    const fn interest(&self) -> i64 {
        self.principal * self.interest_percent / 100
    }

    /// The events of a day. Money moves through the wallet.
    pub(crate) fn live(&self, book: &mut Book, age: i64, life: &Life) {
        let since_first = age - self.first;
        if since_first < 0 {
            return;
        }
        let since = since_first.rem_euclid(self.every);
        // A loan that ends on the day of the next one is repaid first.
        let ending = if since == 0 && since_first > 0 {
            self.every
        } else {
            since
        };
        for (_, step) in self.steps.iter().filter(|(day, _)| *day == ending) {
            self.take(*step, book, life);
        }
        if since == 0 {
            self.disburse(book, life);
        }
    }

    fn take(&self, step: Step, book: &mut Book, life: &Life) {
        let account = self.account(life.currency);
        let owed = format!("{} {}", life.currency, spelled(book.balance(account)));
        match step {
            Step::Remind => {
                let text = format!("Reminder: an instalment of your loan is due in 2 days. You owe {owed}.");
                book.say(account, Note::new(&[Label::LoanRepaymentReminder], text).due_in(2));
            }
            Step::Pay(percent) => self.pay(book, life, (self.principal + self.interest()) * percent / 100),
            Step::PayRest => self.pay(book, life, book.balance(account)),
            Step::Miss => {
                let text =
                    format!("Your instalment was due yesterday and has not reached us. Please pay: you owe {owed}.");
                book.say(account, Note::new(&[Label::LoanMissedPayment], text).due_in(-1));
            }
            Step::Default => {
                let text = "Your loan is in default and has been reported to the credit bureau.".to_owned();
                book.say(account, Note::new(&[Label::LoanDefaulted], text));
            }
        }
    }

    fn disburse(&self, book: &mut Book, life: &Life) {
        let account = self.account(life.currency);
        let sum = life.sum(self.principal);
        let note = if self.kind == AccountType::RevolvingLoan {
            let text = format!("You have drawn {sum} from your overdraft to complete a payment.");
            Note::new(&[Label::Overdraft], text)
        } else {
            let text = format!("Good news! Your loan request of {sum} has been approved.");
            book.say(account, Note::new(&[Label::LoanApproved], text));
            let text = format!("{sum} has been sent to your mobile wallet.");
            Note::new(&[Label::LoanDisbursed], text)
        };
        book.charge(account, self.interest());
        book.borrow(account, life.wallet(), self.principal, note);
    }

    fn pay(&self, book: &mut Book, life: &Life, amount: i64) {
        let account = self.account(life.currency);
        life.fill_wallet(book, amount);
        let sum = life.sum(amount);
        let rest = book.balance(account) - amount;
        let note = if rest == 0 {
            let text = format!("We have received {sum}. Your loan is fully repaid. Thank you!");
            Note::new(&[Label::LoanRepayment, Label::LoanRepaid], text)
        } else {
            let text = format!("We have received {sum}. You still owe {}.", life.sum(rest));
            Note::new(&[Label::LoanRepayment], text)
        };
        book.repay(account, life.wallet(), amount, note);
    }
}
