//! Spending: by the calendar, by chance, and in bets.
//!
//! Random spending is a share of the balance, so that no balance grows or falls without limit.

use daftari_domain::{AccountType, CounterpartyKind, Label};

use crate::book::{Account, Book, Note};
use crate::day::Day;
use crate::means::rounded;
use crate::plan::Life;

/// Number of wins in a hundred bets, and their multiple of the stake.
const WINS_PERCENT: i64 = 12;
const PAYOUT: i64 = 3;

impl Life {
    /// Payments on certain days of the month and of the week.
    pub(crate) fn pay_by_calendar(&self, book: &mut Book, day: Day) {
        let (bank, wallet) = (self.bank(), self.wallet());
        if day.of_month == 5 {
            let bill = self.some(book, 28, 34);
            let note = Note::with(CounterpartyKind::Business, self.utility).costing(self.fee);
            book.spend(wallet, bill, note);
        }
        if day.of_month == 12 {
            let cash = self.some(book, 40, 70);
            let text = format!(
                "{} withdrawn at an ATM from account ending {}.",
                self.sum(cash),
                bank.id
            );
            book.spend(bank, cash, Note::new(&[Label::Atm], text));
        }
        if day.of_month == 18 {
            book.tell_balance(bank);
        }
        if day.is_january && day.of_month == 15 {
            self.lock_savings(book);
        }
        if day.of_week() == 2 {
            self.buy_airtime(book);
        }
    }

    /// Once a year, most of the savings move to a deposit elsewhere, which sends no messages.
    fn lock_savings(&self, book: &mut Book) {
        if let Some(savings) = &self.savings {
            let account = self.account(savings.institution, savings.id);
            let amount = rounded(book.balance(account) * 9 / 10);
            book.spend(account, amount, Note::with(CounterpartyKind::Own, ""));
        }
    }

    fn buy_airtime(&self, book: &mut Book) {
        let amount = self.some(book, 3, 9);
        let text = format!("You have bought airtime of {}.", self.sum(amount));
        let bought = book.spend(self.wallet(), amount, Note::new(&[Label::AirtimePurchase], text));
        if let (true, Some(operator)) = (bought, self.airtime) {
            let account = Account {
                kind: AccountType::Airtime,
                ..self.account(operator, "default")
            };
            book.credit(account, amount, Note::default());
            let used = book.balance(account);
            book.debit(account, used, Note::default());
        }
    }

    /// Shops, friends and cash.
    pub(crate) fn spend_by_chance(&self, book: &mut Book) {
        let (bank, wallet) = (self.bank(), self.wallet());
        if book.random.chance(84) {
            let price = share(book, wallet, 12, 50);
            let shop = book.random.pick(self.shops);
            book.spend(wallet, price, Note::with(CounterpartyKind::Business, shop));
        }
        if book.random.chance(32) {
            let gift = share(book, wallet, 10, 35);
            let friend = book.random.pick(self.friends);
            let note = Note::with(CounterpartyKind::Person, friend).costing(self.fee);
            book.spend(wallet, gift, note);
        }
        if book.random.chance(8) {
            let cash = share(book, wallet, 30, 90);
            let note = Note::with(CounterpartyKind::Agent, "agent").costing(self.fee);
            book.spend(wallet, cash, note);
        }
        if book.random.chance(3) {
            // More than the balance.
            let price = rounded(book.balance(wallet) * 6 / 5) + self.fee;
            book.spend(wallet, price, Note::default());
        }
        if book.random.chance(9) {
            let price = share(book, bank, 30, 100);
            let shop = book.random.pick(self.shops);
            let text = format!(
                "Card payment of {} at {shop}, account ending {}.",
                self.sum(price),
                bank.id
            );
            let note = Note::new(&[Label::Pos], text).and(CounterpartyKind::Business, shop);
            book.spend(bank, price, note);
        }
    }

    /// A bet, and sometimes a win.
    pub(crate) fn bet(&self, book: &mut Book) {
        let Some(bets) = &self.bets else {
            return;
        };
        if !book.random.chance(bets.days_percent) {
            return;
        }
        let wallet = self.wallet();
        let stake = share(book, wallet, bets.stake / 3, bets.stake);
        let note = |text| Note::new(&[Label::BettingAndLottery], text).and(CounterpartyKind::Business, "betting shop");
        let placed = book.spend(
            wallet,
            stake,
            note(format!("Bet of {} placed. Good luck!", self.sum(stake))),
        );
        if placed && book.random.chance(WINS_PERCENT) {
            let win = stake * PAYOUT;
            book.credit(
                wallet,
                win,
                note(format!("You won! {} has been paid out.", self.sum(win))),
            );
        }
    }
}

/// `low` to `high` thousandths of an account's balance.
fn share(book: &mut Book, account: Account, low: i64, high: i64) -> i64 {
    rounded(book.balance(account) / 1_000 * book.random.between(low, high + 1))
}
