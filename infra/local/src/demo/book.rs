//! The accounts of one person, and the records of their movements.

use std::collections::HashMap;

use daftari_domain::{AccountType, Currency, Impact, Label, LabelSet, Money, Record, RecordId, Timestamp};

use super::random::Random;

/// Sums are in hundredths of the currency's unit.
pub(super) const UNIT: i64 = 100;

/// An account of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Account {
    pub(super) institution: &'static str,
    pub(super) id: &'static str,
    pub(super) kind: AccountType,
    pub(super) currency: &'static str,
}

impl Account {
    /// Whether its balance is money owed rather than money held.
    const fn is_debt(&self) -> bool {
        self.kind.is_debt()
    }
}

/// The rest of a message besides the movement: its labels and its text.
pub(super) struct Note {
    pub(super) labels: LabelSet,
    pub(super) text: String,
}

impl Note {
    pub(super) fn new(labels: &[Label], text: String) -> Self {
        let labels = labels.iter().copied().collect();
        Self { labels, text }
    }
}

/// The records of a person, oldest first. Balances follow from the amounts.
pub(super) struct Book {
    pub(super) random: Random,
    pub(super) records: Vec<Record>,
    balances: HashMap<Account, i64>,
    clock: Timestamp,
}

impl Book {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            random: Random::new(seed),
            records: Vec::new(),
            balances: HashMap::new(),
            clock: Timestamp::EPOCH,
        }
    }

    /// Starts the next day: nothing happens before six in the morning.
    pub(super) fn wake_up(&mut self, midnight: Timestamp) {
        self.clock = midnight.plus_seconds(6 * 3_600);
    }

    pub(super) fn balance(&self, account: Account) -> i64 {
        self.balances.get(&account).copied().unwrap_or(0)
    }

    /// Raises the debt without a record of its own: interest and fees.
    pub(super) fn charge(&mut self, account: Account, amount: i64) {
        *self.balances.entry(account).or_insert(0) += amount;
    }

    /// Money in, or a payment towards a loan.
    pub(super) fn credit(&mut self, account: Account, amount: i64, note: Option<Note>) {
        self.move_money(account, amount, Impact::Credit, note);
    }

    /// Money out, or a loan's disbursement.
    pub(super) fn debit(&mut self, account: Account, amount: i64, note: Option<Note>) {
        self.move_money(account, amount, Impact::Debit, note);
    }

    /// Money out, if there is enough. Otherwise the institution reports insufficient funds.
    pub(super) fn spend(&mut self, account: Account, amount: i64, note: Option<Note>) -> bool {
        let enough = self.balance(account) >= amount;
        if enough {
            self.debit(account, amount, note);
        } else {
            let text = format!(
                "Transaction failed. You do not have enough money to pay {} {}. Your balance is {} {}.",
                account.currency,
                spelled(amount),
                account.currency,
                spelled(self.balance(account))
            );
            self.say(account, Some(Note::new(&[Label::InsufficientFunds], text)));
        }
        enough
    }

    /// A message without a movement or a balance.
    pub(super) fn say(&mut self, account: Account, note: Option<Note>) {
        self.write(account, None, None, note);
    }

    /// A message with a balance only.
    pub(super) fn tell_balance(&mut self, account: Account) {
        let balance = self.balance(account);
        self.write(account, None, Some(balance), None);
    }

    fn move_money(&mut self, account: Account, amount: i64, impact: Impact, note: Option<Note>) {
        let adds = (impact == Impact::Credit) != account.is_debt();
        let balance = self.balances.entry(account).or_insert(0);
        *balance += if adds { amount } else { -amount };
        let balance = *balance;
        self.write(account, Some((amount, impact)), Some(balance), note);
    }

    fn write(&mut self, account: Account, movement: Option<(i64, Impact)>, balance: Option<i64>, note: Option<Note>) {
        self.clock = self.clock.plus_seconds(self.random.between(90, 3_000));
        let has_money = movement.is_some() || balance.is_some();
        self.records.push(Record {
            id: RecordId::from_bytes(self.random.bytes()),
            timestamp: self.clock,
            institution_id: known(account.institution),
            account_id: known(account.id),
            account_type: account.kind,
            amount: movement.map(|(amount, _)| money(amount)),
            balance: balance.map(money),
            currency: has_money.then(|| known::<Currency>(account.currency)),
            impact: movement.map(|(_, impact)| impact),
            labels: note.as_ref().map(|note| note.labels).unwrap_or_default(),
            body: note.map(|note| note.text.into()),
            details: daftari_domain::KeptDetails::NONE,
        });
    }
}

/// Parses a word written in this program. A test parses all of them.
pub(super) fn known<T: std::str::FromStr>(text: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    text.parse().expect("a word of the demo data is well formed")
}

fn money(hundredths: i64) -> Money {
    Money::from_parts(i128::from(hundredths), 2).expect("a sum of the demo data is small")
}

/// `12,345.67`
pub(super) fn spelled(hundredths: i64) -> String {
    let whole = (hundredths / UNIT).abs().to_string();
    let mut text = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    let sign = if hundredths < 0 { "-" } else { "" };
    format!("{sign}{text}.{:02}", (hundredths % UNIT).abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_spelled_with_separators() {
        for (sum, text) in [
            (0, "0.00"),
            (7, "0.07"),
            (123_456, "1,234.56"),
            (100_000_000, "1,000,000.00"),
            (-12_345, "-123.45"),
        ] {
            assert_eq!(spelled(sum), text);
        }
    }
}
