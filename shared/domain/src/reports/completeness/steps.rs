//! The steps of one account from balance to balance.

use crate::Record;
use crate::reports::balance_order::{change, oldest_first};
use crate::reports::change::{fee, moved};
use crate::reports::draws::UnnamedDraws;
use crate::reports::survey::Entry;
use crate::reports::total::Total;

/// Limit in seconds between two messages that may have arrived in the other order.
pub const NEIGHBOUR_SECONDS: i64 = 120;

/// From one stated balance to the next.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step<'a> {
    /// The record with the balance before.
    pub(super) after: &'a Record,
    /// The record with the balance after.
    pub(super) before: &'a Record,
    pub(super) told_in: Total,
    pub(super) told_out: Total,
    /// The change of the balance minus the sum of the recorded movements.
    pub(super) difference: Total,
}

impl Step<'_> {
    pub(super) fn is_explained(&self) -> bool {
        self.difference == Total::ZERO
    }
}

/// Takes the steps of the records of one account in one currency, given in any order.
pub(super) fn each<'a>(
    entries: impl Iterator<Item = Entry<'a>>,
    draws: &mut UnnamedDraws<'_>,
    mut take: impl FnMut(Step<'a>),
) {
    let mut entries = oldest_first(entries);
    let mut last: Option<(&Record, Total)> = None;
    let (mut told_in, mut told_out) = (Total::ZERO, Total::ZERO);
    for at in 0..entries.len() {
        let expected = last.map(|(_, balance)| balance + told_in - told_out);
        if are_swapped(expected, &entries[at..]) {
            entries.swap(at, at + 1);
        }
        let (record, drawn) = (entries[at].record, entries[at].drawn());
        let moved = moved(record);
        told_in += moved.max(Total::ZERO) + drawn;
        told_out += (-moved).max(Total::ZERO) + fee(record);
        let Some(balance) = balance(record) else {
            continue;
        };
        if let Some((after, earlier)) = last {
            let missing = balance - earlier - told_in + told_out;
            if missing > Total::ZERO && draws.take(record, missing) {
                told_in += missing;
            }
            take(Step {
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
}

fn balance(record: &Record) -> Option<Total> {
    record.balance.map(Total::from)
}

/// Whether the first two of `entries` arrived in the other order. `expected` is the balance before the first one.
fn are_swapped(expected: Option<Total>, entries: &[Entry<'_>]) -> bool {
    let [first, second, rest @ ..] = entries else {
        return false;
    };
    if second.record.timestamp.unix_seconds() - first.record.timestamp.unix_seconds() > NEIGHBOUR_SECONDS {
        return false;
    }
    !explains(expected, first, second, rest) && explains(expected, second, first, rest)
}

/// Whether two records, in this order, explain both of their balances.
fn explains(expected: Option<Total>, first: &Entry<'_>, second: &Entry<'_>, rest: &[Entry<'_>]) -> bool {
    let (Some(one), Some(two)) = (balance(first.record), balance(second.record)) else {
        return false;
    };
    if one + change(second) != two {
        return false;
    }
    match expected {
        Some(expected) => expected + change(first) == one,
        None => next_is_explained(two, rest),
    }
}

/// Whether the next balance follows from this one. True for the last balance.
fn next_is_explained(mut expected: Total, rest: &[Entry<'_>]) -> bool {
    for entry in rest {
        expected += change(entry);
        if let Some(balance) = balance(entry.record) {
            return balance == expected;
        }
    }
    true
}
