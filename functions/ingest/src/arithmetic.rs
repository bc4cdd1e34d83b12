//! Readings compared with the balances before them, of the batch and of the ledger.

use std::collections::{HashMap, HashSet};

use daftari_domain::ledger::ToldMovements;
use daftari_domain::order::sort_by_key;
use daftari_domain::time::DAY_SECONDS;
use daftari_domain::{AccountId, InstitutionId, Record, TimeRange};
use daftari_sms::{Balances, Check, Checked, Source};

/// How far before a reading the ledger is searched for its account's last balance.
const LOOK_BACK_SECONDS: i64 = 31 * DAY_SECONDS;

/// A contradiction disproves a reading by a weak rule only if the previous balance is at most this old. The older it
/// is, the likelier a message in between is missing. Later messages cannot be compared with a reading that is not
/// stored. Without this limit, one missing message would block an account whose messages are all read by weak rules.
const CONTRADICTED_WITHIN_SECONDS: i64 = DAY_SECONDS;

/// A reading, with the template or rule that read it.
pub(crate) type ReadBy<'r> = (Option<Source>, &'r [Record]);

/// The result of comparing a batch's readings with balances.
pub(crate) struct Judged {
    /// Whether each reading is disproved, in their order.
    pub(crate) disproved: Vec<bool>,
    /// The result for each unknown record, with the index of its reading.
    pub(crate) checks: Vec<(usize, Check)>,
}

/// The range of the ledger that readings are compared with; `None` if no reading depends on it.
///
/// The range reaches to the last of all readings, because all of them are then compared with it.
pub(crate) fn range_to_compare<'r>(readings: impl Iterator<Item = ReadBy<'r>> + Clone) -> Option<TimeRange> {
    let weak = readings.clone().filter(|(source, _)| is_weak(*source));
    let stated = weak.flat_map(|(_, records)| records.iter().filter(|record| record.balance.is_some()));
    let first = stated.map(|record| record.timestamp).min()?;
    let all = readings.flat_map(|(_, records)| records);
    Some(TimeRange {
        start: Some(first.plus_seconds(-LOOK_BACK_SECONDS)),
        end: all.map(|record| record.timestamp).max(),
    })
}

/// Compares readings with the previous balances, in the order of time. `known` are records of the ledger.
///
/// A reading that contradicts the balances is usually accepted, because a message may be missing. A reading by a weak
/// rule is disproved if the balances fit the other direction, or if a balance of the last day contradicts it. Its own
/// balance still counts as the previous one for the next message of the batch, so that only one message is lost.
pub(crate) fn judge(known: &[Record], readings: &[ReadBy<'_>]) -> Judged {
    let mut judged = Judged {
        disproved: vec![false; readings.len()],
        checks: Vec::new(),
    };
    // A month may hold many records of other accounts.
    let accounts: HashSet<_> = readings
        .iter()
        .flat_map(|(_, records)| records.iter().map(account))
        .collect();
    let known = || known.iter().filter(|record| accounts.contains(&account(record)));
    // A stored or repeated message follows the first one of its kind.
    let mut seen: HashMap<_, bool> = known().map(|record| (record.identity(), false)).collect();
    let stored = known().map(|record| (None, record));
    let read = readings.iter().enumerate();
    let read = read.flat_map(|(at, (_, records))| records.iter().map(move |record| (Some(at), record)));
    let mut all: Vec<(Option<usize>, &Record)> = stored.chain(read).collect();
    sort_by_key(&mut all, |(_, record)| record.timestamp);
    let mut balances = Balances::default();
    let mut told = ToldMovements::default();
    for (at, record) in all {
        // A second message about a movement states the same balance again.
        if told.tell(record) {
            continue;
        }
        let Some(at) = at else {
            told.add(record);
            balances.check(record);
            continue;
        };
        if let Some(disproved) = seen.get(&record.identity()) {
            judged.disproved[at] |= disproved;
            continue;
        }
        let source = readings[at].0;
        let checked = balances.check(record);
        let disproved = is_weak(source) && is_disproof(checked, record);
        judged.checks.push((at, checked.check));
        judged.disproved[at] |= disproved;
        if !disproved {
            told.add(record);
        }
        seen.insert(record.identity(), disproved);
    }
    judged
}

/// Whether a check disproves a reading by a weak rule.
fn is_disproof(checked: Checked, record: &Record) -> bool {
    match checked.check {
        Check::Reversed => true,
        Check::Contradicted => checked
            .before
            .is_some_and(|before| before.plus_seconds(CONTRADICTED_WITHIN_SECONDS) >= record.timestamp),
        Check::Confirmed | Check::Uncheckable => false,
    }
}

fn account(record: &Record) -> (&InstitutionId, &AccountId) {
    (&record.institution_id, &record.account_id)
}

fn is_weak(source: Option<Source>) -> bool {
    source.is_some_and(|source| source.is_weak())
}

#[cfg(test)]
mod tests {
    use daftari_domain::{AccountType, Impact, KeptDetails, LabelSet};

    use super::*;

    const WEAK: Option<Source> = Some(Source {
        institution: "mpesa",
        template: "clauses/payment_of",
    });
    const STRONG: Option<Source> = Some(Source {
        institution: "mpesa",
        template: "clauses/went_from_your",
    });

    /// A debit of 40 that leaves `balance`.
    fn debit(id: &str, time: &str, balance: &str) -> Record {
        Record {
            id: id.parse().expect("id"),
            timestamp: format!("2026-05-01T{time}:00Z").parse().expect("time"),
            institution_id: "mpesa".parse().expect("institution"),
            account_id: "default".parse().expect("account"),
            account_type: AccountType::Depository,
            amount: "40".parse().ok(),
            balance: balance.parse().ok(),
            currency: "KES".parse().ok(),
            impact: Some(Impact::Debit),
            labels: LabelSet::EMPTY,
            body: None,
            details: KeptDetails::NONE,
        }
    }

    fn disproved(known: &[Record], readings: &[(Option<Source>, Record)]) -> Vec<bool> {
        let readings: Vec<ReadBy<'_>> = readings
            .iter()
            .map(|(source, record)| (*source, std::slice::from_ref(record)))
            .collect();
        judge(known, &readings).disproved
    }

    #[test]
    fn a_weak_reading_whose_other_direction_fits_is_not_believed() {
        let first = (STRONG, debit("a", "10:00", "100"));
        let second = |source, balance| (source, debit("b", "10:01", balance));
        for (source, balance, expected) in [
            (WEAK, "140", true),
            (STRONG, "140", false),
            (WEAK, "60", false),
            // A wrong amount, or a missing message between the two.
            (WEAK, "310", true),
            (STRONG, "310", false),
            // A fee that the text does not state.
            (WEAK, "55", false),
        ] {
            // In either order.
            let found = disproved(&[], &[second(source, balance), first.clone()]);
            assert_eq!(found, [expected, false], "{source:?} {balance}");
            let found = disproved(std::slice::from_ref(&first.1), &[second(source, balance)]);
            assert_eq!(found, [expected], "{source:?} {balance}, after a stored record");
        }
    }

    #[test]
    fn a_contradiction_by_a_balance_of_longer_ago_proves_nothing() {
        let first = Record {
            timestamp: "2026-04-30T10:00:00Z".parse().expect("time"),
            ..debit("a", "10:00", "100")
        };
        for (time, expected) in [("10:00", true), ("10:01", false)] {
            let found = disproved(std::slice::from_ref(&first), &[(WEAK, debit("b", time, "310"))]);
            assert_eq!(found, [expected], "{time}");
        }
        // The balances fit the other direction exactly, so the direction was probably misread.
        let found = disproved(&[first], &[(WEAK, debit("b", "10:01", "140"))]);
        assert_eq!(found, [true]);
    }

    #[test]
    fn one_missing_message_costs_one_reading_of_a_batch() {
        let all = [
            (WEAK, debit("a", "10:00", "1000")),
            // A message is missing here.
            (WEAK, debit("b", "10:01", "500")),
            (WEAK, debit("c", "10:02", "460")),
        ];
        assert_eq!(disproved(&[], &all), [false, true, false]);
    }

    #[test]
    fn a_message_that_comes_again_is_judged_as_the_first_time() {
        let (first, turned) = (debit("a", "10:00", "100"), debit("b", "10:01", "140"));
        let again = [(WEAK, turned.clone()), (WEAK, turned.clone())];
        assert_eq!(disproved(std::slice::from_ref(&first), &again), [true, true]);
        // Stored records stay.
        assert_eq!(disproved(&[first, turned], &again), [false, false]);
    }

    #[test]
    fn the_ledger_is_read_only_where_a_weak_reading_states_a_balance() {
        let record = debit("a", "10:00", "100");
        let bare = Record {
            balance: None,
            ..record.clone()
        };
        let range = |source, record: &Record| range_to_compare([(source, std::slice::from_ref(record))].into_iter());
        assert_eq!(range(STRONG, &record), None);
        assert_eq!(range(WEAK, &bare), None);
        let found = range(WEAK, &record).expect("range");
        assert_eq!(found.end, Some(record.timestamp));
        assert!(found.contains(record.timestamp.plus_seconds(-LOOK_BACK_SECONDS)));
    }
}
