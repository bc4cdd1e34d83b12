//! The union of stored and incoming records.

use std::collections::{HashMap, HashSet};

use super::limits::Identity;
use crate::order::sort_by;
use crate::{Record, RecordId};

/// The outcome of one incoming record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was not known before.
    Accepted,
    /// The same record was there already, with the same values.
    Duplicate,
    /// The same record was there already, with other values; the incoming values replace them.
    Replaced,
}

/// A change of a ledger by one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A record that was not known before.
    Added(Record),
    /// A record with other values than before.
    Replaced {
        /// The record as it was stored.
        old: Record,
        /// The record after the change.
        new: Record,
    },
}

/// The result of a merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// Every record once, by position, oldest first.
    pub records: Vec<Record>,
    /// The outcome of each incoming record, in their order.
    pub outcomes: Vec<Outcome>,
    /// How the records differ from the stored ones, by position of the new record.
    pub changes: Vec<Change>,
}

/// Merges incoming records of one month into the month's stored ones, by [`Record::identity`].
///
/// If several incoming records have one identity, the last one wins. Merging is idempotent, and for distinct records
/// the order of merges does not matter.
pub fn merge(existing: Vec<Record>, incoming: impl IntoIterator<Item = Record>) -> Merged {
    let incoming: Vec<Record> = incoming.into_iter().collect();
    let mut merge = Merge::new(&existing, &incoming);
    let outcomes = incoming.iter().map(|record| merge.put(record).outcome).collect();
    let differences = merge.differences();
    let changes = differences
        .iter()
        .map(|difference| difference.change(&existing))
        .collect();
    let replaced: HashSet<usize> = differences.iter().filter_map(|one| one.stored).collect();
    let new: Vec<Record> = differences.iter().map(|one| one.new.clone()).collect();
    let mut records = existing;
    let mut at = 0;
    records.retain(|_| {
        at += 1;
        !replaced.contains(&(at - 1))
    });
    records.extend(new);
    records.sort_by(|a, b| a.position().cmp(&b.position()));
    Merged {
        records,
        outcomes,
        changes,
    }
}

/// A merge in progress: incoming records are put one by one, and removed again if a limit refuses them.
pub(super) struct Merge<'a> {
    stored: &'a [Record],
    /// For each incoming identity, the index of its stored record and the record that currently counts.
    known: HashMap<Identity<'a>, Known<'a>>,
}

#[derive(Clone, Copy, Default)]
struct Known<'a> {
    stored: Option<usize>,
    now: Option<&'a Record>,
}

/// A record that was put, and the one that counted before.
pub(super) struct Put<'a> {
    pub(super) outcome: Outcome,
    pub(super) before: Option<&'a Record>,
    record: &'a Record,
}

/// A record that differs from the stored state, and the index of the stored record that it replaces.
pub(super) struct Difference<'a> {
    pub(super) stored: Option<usize>,
    pub(super) new: &'a Record,
}

impl Difference<'_> {
    pub(super) fn change(&self, stored: &[Record]) -> Change {
        let new = self.new.clone();
        match self.stored {
            None => Change::Added(new),
            Some(at) => Change::Replaced {
                old: stored[at].clone(),
                new,
            },
        }
    }
}

impl<'a> Merge<'a> {
    /// Starts with the stored records. Only records among `incoming` can be put.
    pub(super) fn new(stored: &'a [Record], incoming: impl IntoIterator<Item = &'a Record>) -> Self {
        let mut known: HashMap<Identity<'a>, Known<'a>> = incoming
            .into_iter()
            .map(|record| (record.identity(), Known::default()))
            .collect();
        // Comparing ids alone rules out most stored records.
        let ids: HashSet<&RecordId> = known.keys().map(|(id, _, _)| *id).collect();
        for (at, record) in stored.iter().enumerate() {
            if !ids.contains(&record.id) {
                continue;
            }
            if let Some(known) = known.get_mut(&record.identity()) {
                *known = Known {
                    stored: Some(at),
                    now: Some(record),
                };
            }
        }
        Self { stored, known }
    }

    /// Whether a record of this identity is known.
    pub(super) fn has(&self, record: &Record) -> bool {
        self.known
            .get(&record.identity())
            .is_some_and(|known| known.now.is_some())
    }

    /// Makes a record the one that counts for its identity.
    pub(super) fn put(&mut self, record: &'a Record) -> Put<'a> {
        let known = self.known.entry(record.identity()).or_default();
        let before = known.now;
        let outcome = match before {
            None => Outcome::Accepted,
            Some(before) if before == record => Outcome::Duplicate,
            Some(_) => Outcome::Replaced,
        };
        if outcome != Outcome::Duplicate {
            known.now = Some(record);
        }
        Put {
            outcome,
            before,
            record,
        }
    }

    /// Restores the state before the latest put.
    pub(super) fn take_back(&mut self, put: &Put<'a>) {
        if let Some(known) = self.known.get_mut(&put.record.identity()) {
            known.now = put.before;
        }
    }

    /// The records that differ from the stored state, by position.
    pub(super) fn differences(&self) -> Vec<Difference<'a>> {
        let mut differences: Vec<_> = self
            .known
            .values()
            .filter_map(|known| {
                let new = known.now?;
                let same = known.stored.is_some_and(|at| self.stored[at] == *new);
                (!same).then_some(Difference {
                    stored: known.stored,
                    new,
                })
            })
            .collect();
        sort_by(&mut differences, |a, b| a.new.position().cmp(&b.new.position()));
        differences
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ledger::samples::{distinct_records, record_at};

    fn merged(existing: Vec<Record>, incoming: Vec<Record>) -> Vec<Record> {
        merge(existing, incoming).records
    }

    #[test]
    fn sending_a_record_again_changes_nothing() {
        let record = record_at("a", 10);
        let first = merge(vec![], vec![record.clone()]);
        let again = merge(first.records.clone(), vec![record.clone(), record]);
        assert_eq!(first.outcomes, [Outcome::Accepted]);
        assert_eq!(again.outcomes, [Outcome::Duplicate, Outcome::Duplicate]);
        assert_eq!(again.records, first.records);
    }

    #[test]
    fn sending_a_record_with_other_values_replaces_it() {
        let old = record_at("a", 10);
        let new = record_at("a", 20);
        let result = merge(vec![old.clone(), record_at("b", 15)], vec![new.clone()]);
        assert_eq!(result.outcomes, [Outcome::Replaced]);
        assert_eq!(result.records, [record_at("b", 15), new.clone()]);
        let back = merge(result.records, vec![old.clone(), new.clone(), old.clone()]);
        assert_eq!(back.outcomes, [Outcome::Replaced; 3]);
        assert_eq!(back.records, [old, record_at("b", 15)]);
    }

    #[test]
    fn the_last_of_one_batch_holds() {
        let result = merge(vec![], vec![record_at("a", 10), record_at("a", 20)]);
        assert_eq!(result.outcomes, [Outcome::Accepted, Outcome::Replaced]);
        assert_eq!(result.records, [record_at("a", 20)]);
    }

    #[test]
    fn changes_are_the_difference_to_the_stored_records() {
        let (a, moved) = (record_at("a", 10), record_at("a", 20));
        let (b, c) = (record_at("b", 15), record_at("c", 5));
        let result = merge(vec![a.clone(), b.clone()], vec![c.clone(), b.clone(), moved.clone()]);
        let replaced = Change::Replaced {
            old: a.clone(),
            new: moved.clone(),
        };
        assert_eq!(result.changes, [Change::Added(c), replaced]);
        // A record that moves and moves back is unchanged.
        let back = merge(vec![a.clone()], vec![moved, a.clone()]);
        assert_eq!(back.outcomes, [Outcome::Replaced, Outcome::Replaced]);
        assert_eq!((back.records, back.changes), (vec![a], vec![]));
    }

    #[test]
    fn other_accounts_are_other_records() {
        let mut other = record_at("a", 10);
        other.account_id = "2".parse().expect("account");
        assert_eq!(merge(vec![], vec![record_at("a", 10), other]).records.len(), 2);
    }

    proptest! {
        #[test]
        fn merging_is_idempotent(records in distinct_records(30)) {
            let once = merged(vec![], records.clone());
            prop_assert_eq!(merged(once.clone(), records), once);
        }

        #[test]
        fn merging_distinct_records_is_commutative_and_associative(
            records in distinct_records(30), cut in 0_usize..30, shuffle in any::<prop::sample::Index>(),
        ) {
            let (a, rest) = records.split_at(cut.min(records.len()));
            let (b, c) = rest.split_at(shuffle.index(rest.len() + 1));
            let left = merged(merged(a.to_vec(), b.to_vec()), c.to_vec());
            let right = merged(a.to_vec(), merged(b.to_vec(), c.to_vec()));
            let swapped = merged(merged(c.to_vec(), b.to_vec()), a.to_vec());
            prop_assert_eq!(&left, &right);
            prop_assert_eq!(&left, &swapped);
            prop_assert_eq!(left.len(), records.len());
        }

        #[test]
        fn of_records_with_one_identity_one_is_kept(a in distinct_records(20), b in distinct_records(20)) {
            let result = merged(merged(vec![], a), b.clone());
            let mut identities: Vec<_> = result.iter().map(Record::identity).collect();
            identities.sort();
            let all = identities.len();
            identities.dedup();
            prop_assert_eq!(identities.len(), all);
            for record in &b {
                prop_assert!(result.contains(record));
            }
        }
    }
}
