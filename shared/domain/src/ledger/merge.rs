//! The union of stored and incoming records.

use std::collections::HashMap;

use crate::Record;

/// What became of one incoming record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was not known before.
    Accepted,
    /// The same record was there already, with the same values.
    Duplicate,
    /// The same record was there already, with other values; those of the incoming one hold.
    Replaced,
}

/// The result of a merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// Every record once, by position, oldest first.
    pub records: Vec<Record>,
    /// What became of each incoming record, in the order they came.
    pub outcomes: Vec<Outcome>,
}

/// Merges incoming records of one month into the month's stored ones, by [`Record::identity`].
///
/// Of records with one identity the last incoming one holds. Merging again what was merged changes nothing, and for
/// distinct records the order of merges does not matter.
pub fn merge(existing: Vec<Record>, incoming: impl IntoIterator<Item = Record>) -> Merged {
    let mut records = existing;
    let mut outcomes = Vec::new();
    let mut changes: Vec<Option<Record>> = Vec::new();
    {
        /// Where the record of an identity stands: among the stored ones or among the changes.
        enum At {
            Stored(usize),
            Change(usize),
        }
        let mut known: HashMap<_, At> = records
            .iter()
            .enumerate()
            .map(|(at, record)| (owned_identity(record), At::Stored(at)))
            .collect();
        let mut replaced = Vec::new();
        for record in incoming {
            let change = At::Change(changes.len());
            let earlier = known.get_mut(&owned_identity(&record));
            let outcome = match &earlier {
                None => Outcome::Accepted,
                Some(At::Stored(at)) if records[*at] == record => Outcome::Duplicate,
                Some(At::Change(at)) if changes[*at].as_ref() == Some(&record) => {
                    Outcome::Duplicate
                }
                Some(_) => Outcome::Replaced,
            };
            outcomes.push(outcome);
            if outcome == Outcome::Duplicate {
                continue;
            }
            match earlier {
                None => {
                    known.insert(owned_identity(&record), change);
                }
                Some(place) => match std::mem::replace(place, change) {
                    At::Stored(at) => replaced.push(at),
                    At::Change(at) => changes[at] = None,
                },
            }
            changes.push(Some(record));
        }
        replaced.sort_unstable();
        let mut at = 0;
        records.retain(|_| {
            let keep = replaced.binary_search(&at).is_err();
            at += 1;
            keep
        });
    }
    records.extend(changes.into_iter().flatten());
    records.sort_by(|a, b| a.position().cmp(&b.position()));
    Merged { records, outcomes }
}

fn owned_identity(record: &Record) -> (crate::RecordId, crate::InstitutionId, crate::AccountId) {
    let (id, institution, account) = record.identity();
    (id.clone(), institution.clone(), account.clone())
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
    fn other_accounts_are_other_records() {
        let mut other = record_at("a", 10);
        other.account_id = "2".parse().expect("account");
        assert_eq!(
            merge(vec![], vec![record_at("a", 10), other]).records.len(),
            2
        );
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
