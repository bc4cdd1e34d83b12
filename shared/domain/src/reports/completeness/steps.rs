//! The steps of one account from balance to balance.

use crate::order::sort_by_key;
use crate::reports::flow::movement;
use crate::reports::total::Total;
use crate::{AccountType, Impact, Record};

/// How far apart two messages may be that arrived in the other order, in seconds.
pub const NEIGHBOUR_SECONDS: i64 = 120;

/// From one stated balance to the next.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step<'a> {
    /// States the balance before.
    pub(super) after: &'a Record,
    /// States the balance behind.
    pub(super) before: &'a Record,
    pub(super) told_in: Total,
    pub(super) told_out: Total,
    /// The change of the balance minus the sum of the told movements.
    pub(super) difference: Total,
}

impl Step<'_> {
    pub(super) fn is_explained(&self) -> bool {
        self.difference == Total::ZERO
    }
}

/// The steps of the records of one account, given in any order.
pub(super) fn of(mut records: Vec<&Record>, account_type: AccountType) -> Vec<Step<'_>> {
    sort_by_key(&mut records, |record| record.position());
    let account = Account { account_type };
    let mut steps = Vec::new();
    let mut last: Option<(&Record, Total)> = None;
    let (mut told_in, mut told_out) = (Total::ZERO, Total::ZERO);
    for at in 0..records.len() {
        let expected = last.map(|(_, balance)| balance + told_in - told_out);
        if account.are_swapped(expected, &records[at..]) {
            records.swap(at, at + 1);
        }
        let record = records[at];
        let moved = account.moved(record);
        told_in += moved.max(Total::ZERO);
        told_out += (-moved).max(Total::ZERO) + account.fee(record);
        let Some(balance) = balance(record) else {
            continue;
        };
        if let Some((after, earlier)) = last {
            steps.push(Step {
                after,
                before: record,
                told_in,
                told_out,
                difference: balance - earlier - told_in + told_out,
            });
        }
        last = Some((record, balance));
        (told_in, told_out) = (Total::ZERO, Total::ZERO);
    }
    steps
}

fn balance(record: &Record) -> Option<Total> {
    record.balance.map(Total::from)
}

#[derive(Clone, Copy)]
struct Account {
    account_type: AccountType,
}

impl Account {
    /// The change of the balance by a record: its movement less its stated fee.
    fn change(self, record: &Record) -> Total {
        self.moved(record) - self.fee(record)
    }

    /// The change by the movement alone. A disbursement raises the balance of a loan.
    fn moved(self, record: &Record) -> Total {
        let raises = if self.account_type.is_debt() {
            Impact::Debit
        } else {
            Impact::Credit
        };
        match movement(record) {
            Some((impact, amount)) if impact == raises => amount,
            Some((_, amount)) => -amount,
            None => Total::ZERO,
        }
    }

    /// The stated fee of a movement of a depository account, which is paid besides the amount.
    fn fee(self, record: &Record) -> Total {
        let fee = record
            .details
            .fee
            .filter(|_| !self.account_type.is_debt() && record.is_transaction());
        fee.map_or(Total::ZERO, Total::from)
    }

    /// Whether the first two of `records` arrived in the other order. `expected` is the balance before the first one.
    fn are_swapped(self, expected: Option<Total>, records: &[&Record]) -> bool {
        let [first, second, rest @ ..] = records else {
            return false;
        };
        if second.timestamp.unix_seconds() - first.timestamp.unix_seconds() > NEIGHBOUR_SECONDS {
            return false;
        }
        !self.explains(expected, first, second, rest) && self.explains(expected, second, first, rest)
    }

    /// Whether two records, in this order, explain both of their balances.
    fn explains(self, expected: Option<Total>, first: &Record, second: &Record, rest: &[&Record]) -> bool {
        let (Some(one), Some(two)) = (balance(first), balance(second)) else {
            return false;
        };
        if one + self.change(second) != two {
            return false;
        }
        match expected {
            Some(expected) => expected + self.change(first) == one,
            None => self.next_is_explained(two, rest),
        }
    }

    /// Whether the next balance follows from this one; true if there is no next balance.
    fn next_is_explained(self, mut expected: Total, rest: &[&Record]) -> bool {
        for record in rest {
            expected += self.change(record);
            if let Some(balance) = balance(record) {
                return balance == expected;
            }
        }
        true
    }
}
