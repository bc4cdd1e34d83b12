//! One person's money, day by day.

use daftari_domain::{AccountType, CounterpartyKind, Label, Record, Timestamp};

use crate::DAY_SECONDS;
use crate::book::{Account, Book, Note, spelled};
use crate::loans::Loan;
use crate::spending::Bets;
use crate::work::Work;

/// The first day of every history, 2022-01-01, as the number of days since 1970-01-01.
pub const FIRST_DAY: i64 = 18_993;
/// The days of a history: a year, as the features look back, and five weeks more.
pub const HISTORY_DAYS: i64 = 400;

/// A day of a life.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Day {
    /// Counted from 1970-01-01.
    pub(crate) number: i64,
    /// 1 to 31.
    pub(crate) of_month: i64,
    /// Whether it is a January.
    pub(crate) is_january: bool,
}

impl Day {
    fn new(number: i64) -> Self {
        let midnight = Timestamp::from_unix_seconds(number * DAY_SECONDS).unwrap_or(Timestamp::EPOCH);
        let month = midnight.month();
        Self {
            number,
            of_month: midnight.days_since(month.start()) + 1,
            is_january: month.to_string().ends_with("-01"),
        }
    }

    /// Whether it is a Sunday.
    pub(crate) const fn is_sunday(self) -> bool {
        self.of_week() == 0
    }

    /// 0 to 6, from Sunday on.
    pub(crate) const fn of_week(self) -> i64 {
        // 1970-01-01 was a Thursday.
        (self.number + 4).rem_euclid(7)
    }
}

/// An account that takes a share of each salary.
pub(crate) struct Savings {
    pub(crate) institution: &'static str,
    pub(crate) id: &'static str,
    /// The share of the salary.
    pub(crate) percent: i64,
}

/// The parameters of a life. Sums in hundredths.
pub(crate) struct Life {
    pub(crate) seed: u64,
    pub(crate) currency: &'static str,
    pub(crate) wallet: &'static str,
    /// The wallet's fee for sending money.
    pub(crate) fee: i64,
    pub(crate) bank: &'static str,
    /// The visible digits of the account at the bank.
    pub(crate) bank_account: &'static str,
    pub(crate) savings: Option<Savings>,
    /// The operator whose airtime is bought, if it tells its own balance.
    pub(crate) airtime: Option<&'static str>,
    /// A second account at the bank, in US dollars, and the exchange rate: units of `currency` per dollar.
    pub(crate) dollars: Option<(&'static str, i64)>,
    /// The usual money in of a month.
    pub(crate) monthly: i64,
    pub(crate) work: Work,
    /// The share of the usual money in that the rent takes; none for 0.
    pub(crate) rent_percent: i64,
    pub(crate) utility: &'static str,
    pub(crate) shops: &'static [&'static str],
    pub(crate) friends: &'static [&'static str],
    pub(crate) bets: Option<Bets>,
    pub(crate) loans: &'static [Loan],
    /// Offered or refused loans: every so many days, from which day on, institution, label.
    pub(crate) offers: &'static [(i64, i64, &'static str, Label)],
}

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

    pub(crate) const fn account(&self, institution: &'static str, id: &'static str) -> Account {
        Account {
            institution,
            id,
            kind: AccountType::Depository,
            currency: self.currency,
        }
    }

    pub(crate) const fn wallet(&self) -> Account {
        self.account(self.wallet, "default")
    }

    pub(crate) const fn bank(&self) -> Account {
        self.account(self.bank, self.bank_account)
    }

    pub(crate) fn sum(&self, hundredths: i64) -> String {
        format!("{} {}", self.currency, spelled(hundredths))
    }

    /// `low` to `high` thousandths of the usual money in of a month.
    pub(crate) fn some(&self, book: &mut Book, low: i64, high: i64) -> i64 {
        rounded(self.monthly / 1_000 * book.random.between(low * 10, high * 10) / 10)
    }

    /// Makes sure that the wallet has an amount: from the bank, and for what that lacks from a friend.
    pub(crate) fn fill_wallet(&self, book: &mut Book, amount: i64) {
        let (bank, wallet) = (self.bank(), self.wallet());
        let short = amount - book.balance(wallet);
        let from_bank = short.min(book.balance(bank));
        if from_bank > 0 {
            book.transfer(bank, wallet, from_bank);
        }
        let short = amount - book.balance(wallet);
        if short > 0 {
            let friend = book.random.pick(self.friends);
            book.credit(wallet, short, Note::with(CounterpartyKind::Person, friend));
        }
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

/// Rounded down to whole units below 1,000 and to tens above; at least one unit.
pub(crate) fn rounded(amount: i64) -> i64 {
    let step = if amount > 100_000 { 1_000 } else { 100 };
    (amount / step).max(1) * step
}
