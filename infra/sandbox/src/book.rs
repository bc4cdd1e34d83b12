//! The accounts of one person, and the records of their movements.

use std::collections::HashMap;

use daftari_domain::time::DAY_SECONDS;
use daftari_domain::{
    AccountType, Counterparty, CounterpartyKind, CounterpartyToken, Currency, Date, Details, Impact, KeptDetails,
    Label, LabelSet, Money, Record, RecordId, Timestamp,
};

use crate::random::{Random, mix};

/// Sums are in hundredths of the currency's unit.
pub(crate) const UNIT: i64 = 100;

/// Every event is at or after six in the morning, UTC, and before this many seconds of the day. All countries are at
/// most three hours ahead, so a record has the same local date.
const LAST_SECOND: i64 = 20 * 3_600;

/// An account of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Account {
    pub(crate) institution: &'static str,
    pub(crate) id: &'static str,
    pub(crate) kind: AccountType,
    pub(crate) currency: &'static str,
}

impl Account {
    /// Whether its balance is money owed rather than money held.
    const fn is_debt(&self) -> bool {
        self.kind.is_debt()
    }
}

/// The parts of a message besides the movement.
#[derive(Clone, Default)]
pub(crate) struct Note {
    labels: LabelSet,
    text: Option<String>,
    other: Option<Counterparty>,
    fee: i64,
    /// The days to the due date that the message states.
    due_in: Option<i64>,
}

impl Note {
    /// A message with labels, whose text is stored.
    pub(crate) fn new(labels: &[Label], text: String) -> Self {
        Self {
            labels: labels.iter().copied().collect(),
            text: Some(text),
            ..Self::default()
        }
    }

    /// A message that names the counterparty. Equal names are the same person.
    pub(crate) fn with(kind: CounterpartyKind, name: &str) -> Self {
        Self::default().and(kind, name)
    }

    /// The same message with a counterparty.
    pub(crate) fn and(mut self, kind: CounterpartyKind, name: &str) -> Self {
        let token = (kind != CounterpartyKind::Own).then(|| token(name));
        self.other = Some(Counterparty { token, kind });
        self
    }

    /// The same message, which states a due date: a number of days from its own.
    pub(crate) const fn due_in(mut self, days: i64) -> Self {
        self.due_in = Some(days);
        self
    }

    /// The same message with a fee.
    pub(crate) const fn costing(mut self, fee: i64) -> Self {
        self.fee = fee;
        self
    }
}

/// A substitute for the pseudonym of a name. A real one needs the key of a deployment.
fn token(name: &str) -> CounterpartyToken {
    let hash = name.bytes().fold(0, |hash, byte| mix(hash ^ u64::from(byte)));
    CounterpartyToken(hash.to_be_bytes())
}

/// The records of a person, oldest first. Balances follow from the amounts and fees.
pub(crate) struct Book {
    pub(crate) random: Random,
    pub(crate) records: Vec<Record>,
    balances: HashMap<Account, i64>,
    midnight: i64,
    second: i64,
    /// Earlier records are discarded. Their effect on the balances remains.
    kept_from: i64,
    /// Whether the day has a record yet.
    pub(crate) is_quiet: bool,
}

impl Book {
    /// `kept_from` is a day, counted from 1970-01-01.
    pub(crate) fn new(seed: u64, kept_from: i64) -> Self {
        Self {
            random: Random::new(seed),
            records: Vec::new(),
            balances: HashMap::new(),
            midnight: 0,
            second: 0,
            kept_from: kept_from * DAY_SECONDS,
            is_quiet: true,
        }
    }

    /// Starts the next day, counted from 1970-01-01.
    pub(crate) const fn wake_up(&mut self, day: i64) {
        self.midnight = day * DAY_SECONDS;
        self.second = 6 * 3_600;
        self.is_quiet = true;
    }

    pub(crate) fn balance(&self, account: Account) -> i64 {
        self.balances.get(&account).copied().unwrap_or(0)
    }

    /// Raises the debt without a record of its own: interest and fees.
    pub(crate) fn charge(&mut self, account: Account, amount: i64) {
        *self.balances.entry(account).or_insert(0) += amount;
    }

    /// Money in, or a payment towards a loan.
    pub(crate) fn credit(&mut self, account: Account, amount: i64, note: Note) {
        self.pause();
        self.move_money(account, amount, Impact::Credit, note);
    }

    /// Money out, or a loan's disbursement.
    pub(crate) fn debit(&mut self, account: Account, amount: i64, note: Note) {
        self.pause();
        self.move_money(account, amount, Impact::Debit, note);
    }

    /// Money out, if the balance suffices. Otherwise the institution reports insufficient funds.
    pub(crate) fn spend(&mut self, account: Account, amount: i64, note: Note) -> bool {
        let enough = self.balance(account) >= amount + note.fee;
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
            self.say(account, Note::new(&[Label::InsufficientFunds], text));
        }
        enough
    }

    /// Moves money between two accounts of the person. Both institutions report it within a minute.
    pub(crate) fn transfer(&mut self, from: Account, to: Account, amount: i64) {
        self.pause();
        self.move_money(from, amount, Impact::Debit, Note::with(CounterpartyKind::Own, ""));
        self.follow();
        self.move_money(to, amount, Impact::Credit, Note::with(CounterpartyKind::Own, ""));
    }

    /// Money lent: the lender and the receiving account report it within a minute.
    pub(crate) fn borrow(&mut self, loan: Account, to: Account, amount: i64, note: Note) {
        self.pause();
        self.move_money(loan, amount, Impact::Debit, note);
        self.follow();
        self.move_money(
            to,
            amount,
            Impact::Credit,
            Note::with(CounterpartyKind::Lender, loan.institution),
        );
    }

    /// Money repaid: the paying account and the lender report it within a minute.
    pub(crate) fn repay(&mut self, loan: Account, from: Account, amount: i64, note: Note) {
        self.pause();
        self.move_money(
            from,
            amount,
            Impact::Debit,
            Note::with(CounterpartyKind::Lender, loan.institution),
        );
        self.follow();
        self.move_money(loan, amount, Impact::Credit, note);
    }

    /// A message without a movement or a balance.
    pub(crate) fn say(&mut self, account: Account, note: Note) {
        self.pause();
        self.write(account, None, None, note);
    }

    /// A message with a balance only.
    pub(crate) fn tell_balance(&mut self, account: Account) {
        self.pause();
        let balance = self.balance(account);
        self.write(account, None, Some(balance), Note::default());
    }

    /// Advances the time to the next event of the day. The less of the day is left, the shorter the interval.
    fn pause(&mut self) {
        let left = LAST_SECOND - self.second;
        self.second += self.random.between(90, 3_000).min(left / 12).max(2);
    }

    fn follow(&mut self) {
        self.second += self.random.between(3, 50).min((LAST_SECOND - self.second) / 12).max(1);
    }

    fn move_money(&mut self, account: Account, amount: i64, impact: Impact, note: Note) {
        let adds = (impact == Impact::Credit) != account.is_debt();
        let balance = self.balances.entry(account).or_insert(0);
        *balance += if adds { amount } else { -amount };
        *balance -= note.fee;
        let balance = *balance;
        self.write(account, Some((amount, impact)), Some(balance), note);
    }

    fn write(&mut self, account: Account, movement: Option<(i64, Impact)>, balance: Option<i64>, note: Note) {
        let (id, reference) = (self.random.bytes(), self.random.letters());
        self.is_quiet = false;
        let at = self.midnight + self.second;
        if at < self.kept_from {
            return;
        }
        let timestamp = Timestamp::from_unix_seconds(at).expect("a day of the sandbox is a date");
        let details = Details {
            fee: (note.fee > 0).then(|| money(note.fee)),
            reference: movement.map(|_| known(&reference)),
            counterparty: note.other,
            due_date: note.due_in.map(|days| Date::utc(timestamp).plus_days(days)),
        };
        let has_money = movement.is_some() || balance.is_some();
        self.records.push(Record {
            id: RecordId::from_bytes(id),
            timestamp,
            institution_id: known(account.institution),
            account_id: known(account.id),
            account_type: account.kind,
            amount: movement.map(|(amount, _)| money(amount)),
            balance: balance.map(money),
            currency: has_money.then(|| known::<Currency>(account.currency)),
            impact: movement.map(|(_, impact)| impact),
            labels: note.labels,
            body: note.text.map(Into::into),
            details: KeptDetails::from(details),
        });
    }
}

/// Parses a word written in this program. A test parses all of them.
pub(crate) fn known<T: std::str::FromStr>(text: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    text.parse().expect("a word of the sandbox is well formed")
}

fn money(hundredths: i64) -> Money {
    Money::from_parts(i128::from(hundredths), 2).expect("a sum of the sandbox is small")
}

/// `12,345.67`
pub(crate) fn spelled(hundredths: i64) -> String {
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
