//! Movements that two messages tell.
//!
//! Some institutions send two messages about one payment: in two languages, or one for the request and one for the
//! receipt. A phone may also receive one message twice. The code of the transaction shows that they are one movement.

use std::collections::HashMap;

use crate::{AccountId, AccountType, Currency, Impact, InstitutionId, Money, Record, Reference};

/// Most seconds between the two messages.
pub const REPEAT_SECONDS: i64 = 600;

/// The facts in which two records of one movement agree.
type Movement<'a> = (
    &'a InstitutionId,
    &'a AccountId,
    AccountType,
    Option<Currency>,
    Impact,
    Money,
    &'a Reference,
);

/// Records by their movement. Records without a code are not in it.
#[derive(Debug, Default)]
pub struct ToldMovements<'a> {
    records: HashMap<Movement<'a>, Vec<&'a Record>>,
}

impl<'a> ToldMovements<'a> {
    /// Adds a record.
    pub fn add(&mut self, record: &'a Record) {
        if let Some(movement) = movement(record) {
            self.records.entry(movement).or_default().push(record);
        }
    }

    /// Whether another record tells the movement of this one: same account, amount, direction and code, at most
    /// [`REPEAT_SECONDS`] apart, and the same balance if both state one.
    pub fn tell(&self, record: &Record) -> bool {
        let told = movement(record).and_then(|movement| self.records.get(&movement));
        told.is_some_and(|told| told.iter().any(|other| is_repeat(other, record)))
    }
}

fn is_repeat(one: &Record, other: &Record) -> bool {
    let seconds = one.timestamp.unix_seconds() - other.timestamp.unix_seconds();
    let agree = one.balance.is_none() || other.balance.is_none() || one.balance == other.balance;
    seconds.abs() <= REPEAT_SECONDS && agree && one.identity() != other.identity()
}

fn movement(record: &Record) -> Option<Movement<'_>> {
    Some((
        &record.institution_id,
        &record.account_id,
        record.account_type,
        record.currency,
        record.impact?,
        record.amount?,
        record.details.reference.as_ref()?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::samples::record_at;
    use crate::{Details, KeptDetails};

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
            (5, &[("balance", "")], true),
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
        assert!(!told.tell(&first), "a record is no repeat of itself");
    }
}
