//! Movements that two messages tell.
//!
//! Some institutions send two messages about one payment: in two languages, or one for the request and one for the
//! receipt. A phone may also receive one message twice. The same code does not prove it, because it may be a payer's
//! remark or the number of a meter. The balance does: a movement changes it, so a second one would leave another.

use std::collections::{BTreeMap, HashMap};

use crate::{Money, Record, Reference, Timestamp};

/// Most seconds between the two messages.
pub const REPEAT_SECONDS: i64 = 600;
/// Most records with one code that a record is compared with: the last ones that were added.
const MAX_COMPARED: usize = 16;

/// Records whose movements are told.
#[derive(Debug, Default)]
pub struct ToldMovements<'a> {
    by_code: HashMap<&'a Reference, Vec<&'a Record>>,
    /// The records that state a balance, by time.
    balances: BTreeMap<Timestamp, Vec<&'a Record>>,
}

impl<'a> ToldMovements<'a> {
    /// Adds a record whose movement counts as told.
    pub fn add(&mut self, record: &'a Record) {
        self.add_balance(record);
        if let Some(code) = &record.details.reference {
            self.by_code.entry(code).or_default().push(record);
        }
    }

    /// Adds the balance of a record, which may show that the account changed between two others.
    pub fn add_balance(&mut self, record: &'a Record) {
        if record.balance.is_some() {
            self.balances.entry(record.timestamp).or_default().push(record);
        }
    }

    /// Whether another record tells the movement of this one: the same account, direction, amount, balance and code, at
    /// most [`REPEAT_SECONDS`] apart, and no other balance of the account between them.
    pub fn tell(&self, record: &Record) -> bool {
        let code = record.details.reference.as_ref();
        let told = code.and_then(|code| self.by_code.get(code));
        let mut told = told.into_iter().flatten().rev().take(MAX_COMPARED);
        told.any(|other| self.is_repeat(other, record))
    }

    fn is_repeat(&self, one: &Record, other: &Record) -> bool {
        let span = one.timestamp.min(other.timestamp)..=one.timestamp.max(other.timestamp);
        let changes = |between: &&Record| is_same_account(one, between) && between.balance != one.balance;
        is_same_account(one, other)
            && one.impact.is_some()
            && one.balance.is_some()
            && one.amount.is_some_and(|amount| amount != Money::default())
            && (one.impact, one.amount, one.balance) == (other.impact, other.amount, other.balance)
            && span.end().unix_seconds() - span.start().unix_seconds() <= REPEAT_SECONDS
            && one.identity() != other.identity()
            && !self.balances.range(span).flat_map(|(_, records)| records).any(changes)
    }
}

fn is_same_account(one: &Record, other: &Record) -> bool {
    let account = |record: &Record| (record.account_type, record.currency);
    one.institution_id == other.institution_id && one.account_id == other.account_id && account(one) == account(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::samples::record_at;
    use crate::{Details, Impact, KeptDetails};

    fn paid(id: &str, seconds: i64, members: &[(&str, &str)]) -> Record {
        let mut record = record_at(id, 1_000);
        record.timestamp = record.timestamp.plus_seconds(seconds);
        record.amount = "2000".parse().ok();
        record.impact = Some(Impact::Debit);
        record.balance = "26885".parse().ok();
        let mut reference = "XX261009.0754";
        for (member, value) in members {
            match *member {
                "amount" => record.amount = value.parse().ok(),
                "balance" => record.balance = value.parse().ok(),
                "reference" => reference = value,
                "impact" => record.impact = value.parse().ok(),
                "account" => record.account_id = value.parse().expect("account"),
                other => panic!("{other}"),
            }
        }
        record.details = KeptDetails::from(Details {
            reference: reference.parse().ok(),
            ..Details::default()
        });
        record
    }

    #[test]
    fn a_second_message_about_a_movement_is_told_by_its_code() {
        let first = paid("a", 0, &[]);
        let mut told = ToldMovements::default();
        told.add(&first);
        for (seconds, members, expected) in [
            (0, &[][..], true),
            (REPEAT_SECONDS, &[], true),
            (-REPEAT_SECONDS, &[], true),
            (REPEAT_SECONDS + 1, &[], false),
            (5, &[("balance", "")], false),
            (5, &[("balance", "24885")], false),
            (5, &[("amount", "2001")], false),
            (5, &[("impact", "CREDIT")], false),
            (5, &[("reference", "XX261009.0755")], false),
            (5, &[("reference", "")], false),
            (5, &[("account", "5389")], false),
        ] {
            assert_eq!(
                told.tell(&paid("b", seconds, members)),
                expected,
                "{seconds} {members:?}"
            );
        }
        assert!(!told.tell(&first), "a record does not repeat itself");
    }

    /// A payment, its reversal, and the payment once more: all balances fit.
    #[test]
    fn a_payment_after_another_balance_is_another_payment() {
        let first = paid("a", 0, &[]);
        let back = paid("b", 60, &[("impact", "CREDIT"), ("balance", "28885")]);
        let again = paid("c", 120, &[]);
        let mut told = ToldMovements::default();
        told.add(&first);
        assert!(told.tell(&again));
        told.add_balance(&back);
        assert!(!told.tell(&again));
        assert!(told.tell(&paid("d", 30, &[])));
    }
}
