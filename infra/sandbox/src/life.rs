//! One person's money, day by day.

use daftari_domain::{AccountType, Label, Record};

use crate::book::{Account, Book, Note};
use crate::day::Day;
use crate::plan::Life;

/// The first day of every history, 2022-01-01, as the number of days since 1970-01-01.
pub const FIRST_DAY: i64 = 18_993;
/// The days of a history: the 365 days of the features, and five weeks more.
pub const HISTORY_DAYS: i64 = 400;

impl Life {
    /// The records of the [`HISTORY_DAYS`] before a day, oldest first.
    pub(crate) fn records(&self, today: i64) -> Vec<Record> {
        let mut book = Book::new(self.seed, today - HISTORY_DAYS);
        for number in FIRST_DAY..today {
            let day = Day::new(number);
            book.wake_up(number);
            self.work(&mut book, day);
            self.pay_by_calendar(&mut book, day);
            for loan in self.loans {
                loan.live(&mut book, number - FIRST_DAY, self);
            }
            self.spend_by_chance(&mut book);
            self.bet(&mut book);
            self.hear_offers(&mut book, number - FIRST_DAY);
            self.close_the_day(&mut book);
        }
        book.records
    }

    fn hear_offers(&self, book: &mut Book, age: i64) {
        let heard = self
            .offers
            .iter()
            .filter(|(every, from, ..)| (age - from).rem_euclid(*every) == 0);
        for &(_, _, institution, label) in heard {
            let account = Account {
                kind: AccountType::Loan,
                ..self.account(institution, "default")
            };
            let limit = self.sum(self.some(book, 100, 300));
            let text = match label {
                Label::LoanDeclined => "We are sorry: your loan request has been declined.".to_owned(),
                Label::OtherLoanOffer => format!("Your limit has grown. Top up your loan to {limit} today."),
                _ => format!("You qualify for a loan of up to {limit}. Apply in the app."),
            };
            book.say(account, Note::new(&[label], text));
        }
    }

    /// Every day has a record, so that every history ends on its last day.
    fn close_the_day(&self, book: &mut Book) {
        if book.is_quiet {
            book.tell_balance(self.wallet());
        }
    }
}
