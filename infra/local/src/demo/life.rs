//! Two years of one person's money.

use daftari_domain::{AccountType, Label, Record, Timestamp};

use super::book::{Account, Book, Note, known, spelled};
use super::loans::Loan;

/// The first day of the data.
pub(super) const FIRST_DAY: &str = "2019-11-16T00:00:00+00:00";
/// Its last day, counted from the first: 15 November 2021.
pub(super) const LAST_DAY: i64 = 730;

const DAY_SECONDS: i64 = 86_400;

/// The parameters of the two years. Sums in hundredths.
pub(super) struct Life {
    pub(super) seed: u64,
    pub(super) currency: &'static str,
    pub(super) wallet: &'static str,
    pub(super) bank: &'static str,
    /// The visible digits of the account at the bank.
    pub(super) bank_account: &'static str,
    pub(super) savings: Option<&'static str>,
    /// The operator whose airtime is bought.
    pub(super) airtime: Option<&'static str>,
    /// A second account at the bank, in US dollars, and the exchange rate: units of `currency` per dollar.
    pub(super) dollars: Option<(&'static str, i64)>,
    pub(super) salary: i64,
    pub(super) payday: i64,
    pub(super) shops: &'static [&'static str],
    pub(super) bets: bool,
    /// Days on which a card payment takes the account at the bank below zero.
    pub(super) overdrawn_on: &'static [i64],
    pub(super) loans: &'static [Loan],
    /// Offered or refused loans: day, institution, label.
    pub(super) offers: &'static [(i64, &'static str, Label)],
}

impl Life {
    /// The records, oldest first.
    pub(super) fn records(&self) -> Vec<Record> {
        let first: Timestamp = known(FIRST_DAY);
        let mut book = Book::new(self.seed);
        for day in 0..=LAST_DAY {
            let midnight = first.plus_seconds(day * DAY_SECONDS);
            book.wake_up(midnight);
            let day_of_month = known(&midnight.to_string()[8..10]);
            self.live_by_calendar(&mut book, day_of_month);
            self.live_by_week(&mut book, day);
            self.live_by_chance(&mut book);
            for loan in self.loans {
                loan.live(&mut book, day, self.wallet(), self.bank());
            }
            self.hear_offers(&mut book, day);
        }
        book.records
    }

    const fn account(&self, institution: &'static str, id: &'static str) -> Account {
        Account {
            institution,
            id,
            kind: AccountType::Depository,
            currency: self.currency,
        }
    }

    const fn wallet(&self) -> Account {
        self.account(self.wallet, "default")
    }

    const fn bank(&self) -> Account {
        self.account(self.bank, self.bank_account)
    }

    fn sum(&self, hundredths: i64) -> String {
        format!("{} {}", self.currency, spelled(hundredths))
    }

    /// `low` to `high` thousandths of the salary, rounded to whole units below 1,000 and to tens above.
    fn some(&self, book: &mut Book, low: i64, high: i64) -> i64 {
        let amount = self.salary / 1_000 * book.random.between(low * 10, high * 10) / 10;
        let step = if amount > 100_000 { 1_000 } else { 100 };
        (amount / step).max(1) * step
    }

    fn live_by_calendar(&self, book: &mut Book, day_of_month: i64) {
        let (bank, wallet) = (self.bank(), self.wallet());
        if day_of_month == self.payday {
            let salary = self.salary + self.some(book, 0, 40);
            let text = format!("Your account has been credited with {}. Desc: SALARY", self.sum(salary));
            book.credit(bank, salary, Some(Note::new(&[Label::Salary], text)));
        }
        if day_of_month == self.payday + 1 {
            let spending = self.some(book, 330, 400);
            book.debit(bank, spending, None);
            book.credit(wallet, spending, None);
            if let Some(savings) = self.savings {
                let put_aside = self.some(book, 30, 60);
                book.debit(wallet, put_aside, None);
                book.credit(self.account(savings, "default"), put_aside, None);
            }
        }
        if day_of_month == 3 && book.balance(bank) > self.salary / 4 {
            book.debit(bank, self.salary / 4, None);
        }
        if day_of_month == 12 {
            let cash = self.some(book, 60, 110);
            let text = format!(
                "{} withdrawn at an ATM from account ending {}.",
                self.sum(cash),
                bank.id
            );
            book.spend(bank, cash, Some(Note::new(&[Label::Atm], text)));
        }
        if day_of_month == 18 {
            book.tell_balance(bank);
        }
        self.live_on_dollars(book, day_of_month);
    }

    fn live_on_dollars(&self, book: &mut Book, day_of_month: i64) {
        let Some((id, rate)) = self.dollars else {
            return;
        };
        let dollars = Account {
            currency: "USD",
            ..self.account(self.bank, id)
        };
        if day_of_month == 8 {
            let invoice = book.random.between(220, 410) * 100;
            book.credit(dollars, invoice, None);
        }
        if day_of_month == 9 {
            let half = book.balance(dollars) / 2;
            book.debit(dollars, half, None);
            book.credit(self.bank(), half * rate, None);
        }
    }

    fn live_by_week(&self, book: &mut Book, day: i64) {
        if day % 7 == 2 {
            let amount = self.some(book, 3, 9);
            let text = format!("You have bought airtime of {}.", self.sum(amount));
            let bought = book.spend(self.wallet(), amount, Some(Note::new(&[Label::AirtimePurchase], text)));
            if let (true, Some(operator)) = (bought, self.airtime) {
                let account = Account {
                    kind: AccountType::Airtime,
                    ..self.account(operator, "default")
                };
                book.credit(account, amount, None);
                let used = book.balance(account);
                book.debit(account, used, None);
            }
        }
        if self.overdrawn_on.contains(&day) {
            let bank = self.bank();
            let amount = book.balance(bank).max(0) + self.some(book, 10, 60);
            let text = format!(
                "Card payment of {} at {}. Your account {} is overdrawn.",
                self.sum(amount),
                self.shops[0],
                bank.id
            );
            book.debit(bank, amount, Some(Note::new(&[Label::Overdraft, Label::Pos], text)));
        }
    }

    fn live_by_chance(&self, book: &mut Book) {
        let (bank, wallet) = (self.bank(), self.wallet());
        if book.random.chance(13) {
            let gift = self.some(book, 8, 50);
            book.credit(wallet, gift, None);
        }
        if book.random.chance(48) {
            let price = self.some(book, 4, 30);
            book.spend(wallet, price, None);
        }
        if book.random.chance(7) && book.balance(bank) > self.salary / 10 {
            let price = self.some(book, 15, 70);
            let shop = book.random.pick(self.shops);
            let text = format!(
                "Card payment of {} at {shop}, account ending {}.",
                self.sum(price),
                bank.id
            );
            book.spend(bank, price, Some(Note::new(&[Label::Pos], text)));
        }
        if self.bets && book.random.chance(5) {
            let stake = self.some(book, 2, 12);
            let text = format!("Bet of {} placed. Good luck!", self.sum(stake));
            let placed = book.spend(wallet, stake, Some(Note::new(&[Label::BettingAndLottery], text)));
            if placed && book.random.chance(20) {
                let text = format!("You won! {} has been paid out.", self.sum(stake * 3));
                book.credit(wallet, stake * 3, Some(Note::new(&[Label::BettingAndLottery], text)));
            }
        }
    }

    fn hear_offers(&self, book: &mut Book, day: i64) {
        for &(_, institution, label) in self.offers.iter().filter(|(on, ..)| *on == day) {
            let account = Account {
                kind: AccountType::Loan,
                ..self.account(institution, "default")
            };
            let limit = self.sum(self.some(book, 100, 300));
            let text = match label {
                Label::LoanDeclined => "We are sorry: your loan request has been declined.".to_owned(),
                Label::OtherLoanOffer => {
                    format!("Your limit has grown. Top up your loan to {limit} today.")
                }
                _ => format!("You qualify for a loan of up to {limit}. Apply in the app."),
            };
            book.say(account, Some(Note::new(&[label], text)));
        }
    }
}
