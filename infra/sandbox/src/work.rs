//! Income.

use daftari_domain::{CounterpartyKind, Label};

use crate::book::{Account, Book, Note};
use crate::day::Day;
use crate::means::rounded;
use crate::plan::{Life, Work};

impl Life {
    /// The income of a day, and the sums set aside from it.
    pub(crate) fn work(&self, book: &mut Book, day: Day) {
        match self.work {
            Work::Salary { employer, payday } => {
                if day.of_month == payday {
                    self.earn(book, employer);
                }
                if day.of_month == payday + 1 {
                    self.divide(book);
                }
            }
            Work::Trade { wholesaler } => self.trade(book, day, wholesaler),
        }
        self.earn_dollars(book, day);
    }

    fn earn(&self, book: &mut Book, employer: &str) {
        let salary = self.monthly + self.some(book, 0, 20);
        let text = format!(
            "Your account has been credited with {}. Desc: SALARY {employer}",
            self.sum(salary)
        );
        let note = Note::new(&[Label::Salary], text).and(CounterpartyKind::Business, employer);
        book.credit(self.bank(), salary, note);
    }

    /// Rent, savings, and money to spend.
    fn divide(&self, book: &mut Book) {
        let (bank, wallet) = (self.bank(), self.wallet());
        if self.rent_percent > 0 {
            let rent = self.monthly / 100 * self.rent_percent;
            book.spend(bank, rent, Note::with(CounterpartyKind::Business, "landlord"));
        }
        if let Some(savings) = &self.savings {
            let put_aside = self.monthly / 100 * savings.percent;
            if book.balance(bank) > put_aside {
                book.transfer(bank, self.account(savings.institution, savings.id), put_aside);
            }
        }
        let to_spend = book.balance(bank) * 3 / 5 / 1_000 * 1_000;
        if to_spend > 0 {
            book.transfer(bank, wallet, to_spend);
        }
    }

    fn trade(&self, book: &mut Book, day: Day, wholesaler: &str) {
        let wallet = self.wallet();
        let sales = if day.is_sunday() { 0 } else { book.random.between(2, 7) };
        for sale in 0..sales {
            let price = self.some(book, 4, 15);
            // No customer repeats, so that none looks like a regular income.
            let customer = format!("customer {sale} of {}", day.number);
            book.credit(wallet, price, Note::with(CounterpartyKind::Person, &customer));
        }
        if day.of_week() == 1 {
            let stock = rounded(book.balance(wallet) * 3 / 5);
            let note = Note::with(CounterpartyKind::Business, wholesaler).costing(self.fee);
            book.spend(wallet, stock, note);
        }
        if day.of_week() == 5 && book.balance(wallet) > self.monthly / 8 {
            let takings = book.balance(wallet) / 4 / 1_000 * 1_000;
            book.transfer(wallet, self.bank(), takings);
        }
    }

    /// An invoice in dollars each month, half of which is exchanged.
    fn earn_dollars(&self, book: &mut Book, day: Day) {
        let Some((id, rate)) = self.dollars else {
            return;
        };
        let dollars = Account {
            currency: "USD",
            ..self.account(self.bank, id)
        };
        if day.of_month == 8 {
            let invoice = book.random.between(220, 410) * 100;
            let note = Note::with(CounterpartyKind::Business, "client abroad");
            book.credit(dollars, invoice, note);
        }
        if day.of_month == 9 {
            let half = book.balance(dollars) / 2;
            book.debit(dollars, half, Note::with(CounterpartyKind::Own, ""));
            book.credit(self.bank(), half * rate, Note::with(CounterpartyKind::Own, ""));
        }
    }
}
