//! Sums in proportion to a person's money, and money for the wallet.

use daftari_domain::CounterpartyKind;

use crate::book::{Book, Note};
use crate::plan::Life;

impl Life {
    /// `low` to `high` thousandths of the usual monthly income.
    pub(crate) fn some(&self, book: &mut Book, low: i64, high: i64) -> i64 {
        rounded(self.monthly / 1_000 * book.random.between(low * 10, high * 10) / 10)
    }

    /// Ensures that the wallet has an amount: from the bank, and the rest from a friend.
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
}

/// Rounded down to whole units below 1,000 and to tens above; at least one unit.
pub(crate) fn rounded(amount: i64) -> i64 {
    let step = if amount > 100_000 { 1_000 } else { 100 };
    (amount / step).max(1) * step
}
