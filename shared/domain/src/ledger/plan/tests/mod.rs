//! Plans: records that fit are stored, others are refused, and every plan terminates.

mod parts;
mod refusals;

use proptest::prelude::*;

use super::super::codec::{self, PageRecords};
use super::super::limits::{MAX_INSTANT_BYTES, MAX_PAGE_BYTES, MONTH_ALLOWANCE};
use super::super::merge::merge;
use super::super::samples::{SAMPLE_MONTH, bulky_record, distinct_records, record_at};
use super::*;
use crate::{AccountId, Details, Label, RecordId};

fn month() -> Month {
    let start = SAMPLE_MONTH.parse::<Timestamp>().expect("timestamp");
    start.month()
}

/// The month that its pages contain, after checking that they are readable and cover it; and the version of its last
/// write.
struct Stored(Vec<UnpackedPage>, u64);

impl Stored {
    fn empty() -> Self {
        Self(UnpackedMonth::new(month(), vec![], 1).unpacked_pages(), 0)
    }

    fn month(&self) -> UnpackedMonth {
        UnpackedMonth::new(month(), self.0.clone(), self.1 + 1)
    }

    fn plan(&self, groups: &[Group], room: usize) -> Plan {
        let groups: Vec<&[Record]> = groups.iter().map(Vec::as_slice).collect();
        self.month().plan(&groups, room)
    }

    /// The records that changed in a version after `version`, and the others.
    fn changed_since(&self, version: u64) -> (Vec<Record>, Vec<Record>) {
        let pages = self.0.iter();
        let versioned = pages.flat_map(|page| page.records.iter().zip(&page.versions));
        let (changed, others): (Vec<_>, Vec<_>) = versioned.partition(|(_, at)| **at > version);
        let records =
            |versioned: Vec<(&Record, &u64)>| versioned.into_iter().map(|(record, _)| record.clone()).collect();
        (records(changed), records(others))
    }

    /// Writes a plan.
    fn write(&mut self, plan: &Plan) {
        for page in &plan.pages {
            assert!(page.bytes.len() <= MAX_INSTANT_BYTES);
            let PageRecords { records, versions } = codec::decode_versioned(&page.bytes, 0).expect("page");
            let page = UnpackedPage {
                start: page.start,
                end: page.end,
                records,
                versions,
            };
            match self.0.binary_search_by_key(&page.start, |old| old.start) {
                Ok(at) => self.0[at] = page,
                Err(at) => self.0.insert(at, page),
            }
        }
        self.1 += 1;
        assert_eq!(self.0.first().map(|page| page.start), Some(month().start()));
        assert_eq!(self.0.last().map(|page| page.end), Some(month().end()));
        assert!(self.0.windows(2).all(|pair| pair[0].end == pair[1].start));
    }

    fn append(&mut self, records: Vec<Record>) -> Vec<Result<Vec<Outcome>, Full>> {
        let plan = self.plan(&single(records), usize::MAX);
        self.write(&plan);
        plan.outcomes
    }

    fn records(&self) -> Vec<Record> {
        let records = self.0.iter().flat_map(|page| page.records.iter());
        records.cloned().collect()
    }

    fn pages(&self) -> usize {
        self.0.len()
    }
}

fn single(records: Vec<Record>) -> Vec<Group> {
    records.into_iter().map(|record| vec![record]).collect()
}

fn refused(outcomes: &[Result<Vec<Outcome>, Full>]) -> Vec<(usize, Full)> {
    let outcomes = outcomes.iter().enumerate();
    outcomes
        .filter_map(|(at, outcome)| Some((at, *outcome.as_ref().err()?)))
        .collect()
}

/// A record with a random id, as most are.
fn ordinary(n: u64, seconds: i64) -> Record {
    let high = (n + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let low = (n + 1).wrapping_mul(0xBF58_476D_1CE4_E5B9).rotate_left(17);
    let mut id = [0; 16];
    id[..8].copy_from_slice(&high.to_be_bytes());
    id[8..].copy_from_slice(&low.to_be_bytes());
    Record {
        id: RecordId::from_bytes(id),
        amount: crate::Money::from_parts(i128::from(high % 1_000_000), 2).ok(),
        balance: crate::Money::from_parts(i128::from(low % 10_000_000), 2).ok(),
        ..record_at("a", seconds)
    }
}

/// A month filled in order of time, 10,000 records a batch, until a record is refused.
fn full_month() -> (Stored, u64) {
    let mut stored = Stored::empty();
    for batch in 0.. {
        let records = (batch * 10_000..(batch + 1) * 10_000).map(|n| ordinary(n, i64::try_from(n).expect("n") * 10));
        let refused = refused(&stored.append(records.collect()));
        if let Some((first, full)) = refused.first() {
            assert_eq!(*full, Full::Month);
            let kept = batch * 10_000 + u64::try_from(*first).expect("index");
            assert_eq!(refused.len(), 10_000 - *first, "the rest of the batch");
            return (stored, kept);
        }
    }
    unreachable!("months have a limit")
}

#[test]
fn a_full_month_holds_well_over_100_000_records_and_takes_what_fits() {
    let (mut stored, kept) = full_month();
    println!(
        "a month filled in order of time: {kept} records in {} pages",
        stored.pages()
    );
    assert!(kept > 200_000, "{kept}");
    assert_eq!(u64::try_from(stored.records().len()), Ok(kept));
    // Pages written in order of time are full.
    let sizes = stored
        .0
        .iter()
        .map(|page| codec::encode(&page.records, &page.versions).expect("page").len());
    let sizes: Vec<_> = sizes.collect();
    let (_, filled) = sizes.split_last().expect("pages");
    assert!(filled.iter().all(|bytes| *bytes > MAX_PAGE_BYTES / 2), "{sizes:?}");
    assert!(
        filled.iter().sum::<usize>() > filled.len() * MAX_PAGE_BYTES * 3 / 4,
        "{sizes:?}"
    );

    // A duplicate, a replacement of the same weight that moves, an unknown record, one that makes room, and one that
    // takes it.
    let moved = ordinary(7, 2_000_000);
    let lighter = Record {
        balance: None,
        ..ordinary(9, 100)
    };
    let without_sums = |n| Record {
        amount: None,
        balance: None,
        ..ordinary(n, 1_000_001)
    };
    let batch = vec![
        ordinary(5, 50),
        moved.clone(),
        ordinary(900_001, 1_000_000),
        lighter.clone(),
        ordinary(900_002, 1_000_000),
        without_sums(900_003),
    ];
    let outcomes = stored.append(batch);
    assert_eq!(outcomes[0], Ok(vec![Outcome::Duplicate]));
    assert_eq!(outcomes[1], Ok(vec![Outcome::Replaced]));
    assert_eq!(outcomes[3], Ok(vec![Outcome::Replaced]));
    assert_eq!(outcomes[2], Err(Full::Month));
    assert_eq!(outcomes[4], Err(Full::Month));
    let records = stored.records();
    assert_eq!(
        records
            .iter()
            .filter(|record| record.id == moved.id)
            .collect::<Vec<_>>(),
        [&moved]
    );
    assert!(records.contains(&lighter) && records.contains(&ordinary(5, 50)));
}

#[test]
fn a_plan_for_too_many_pages_ends_and_keeps_records_that_need_no_more_pages() {
    // Written by another encoder, for example: one page for each hour.
    let hours = 2 * i64::try_from(MAX_MONTH_PAGES).expect("pages");
    let pages = (0..hours).map(|hour| {
        let end = if hour == hours - 1 {
            month().end()
        } else {
            month().start().plus_seconds((hour + 1) * 3_600)
        };
        UnpackedPage {
            start: month().start().plus_seconds(hour * 3_600),
            end,
            records: (0..50)
                .map(|n| bulky_record(u32::try_from(hour * 50 + n).expect("n"), hour * 3_600 + n))
                .collect(),
            versions: vec![1; 50],
        }
    });
    let mut stored = Stored(pages.collect(), 1);
    let dense = |n: u32| bulky_record(1_000_000 + n, 10 * 3_600 + 200 + i64::from(n));
    let mut batch: Vec<Record> = (0..400).map(dense).collect();
    batch.push(bulky_record(0, 0));
    batch.push(record_at("light", 70 * 3_600));
    let outcomes = stored.append(batch);
    assert_eq!(stored.pages(), 2 * MAX_MONTH_PAGES);
    assert!(outcomes[..400].iter().all(|outcome| *outcome == Err(Full::Month)));
    assert_eq!(outcomes[400], Ok(vec![Outcome::Duplicate]));
    assert_eq!(outcomes[401], Ok(vec![Outcome::Accepted]));
}

#[test]
fn a_full_instant_takes_only_known_records() {
    let mut stored = Stored::empty();
    let first = stored.append((0..400).map(|n| bulky_record(n, 77)).collect());
    assert_eq!(refused(&first), []);
    let mut batch: Vec<Record> = (400..1_000).map(|n| bulky_record(n, 77)).collect();
    batch.push(bulky_record(3, 77));
    // The text of another record: a replacement of the same size.
    batch.push(Record {
        id: bulky_record(4, 77).id,
        ..bulky_record(2_000, 77)
    });
    batch.push(record_at("elsewhere", 78));
    let outcomes = stored.append(batch);
    let expected: Vec<_> = (0..600).map(|at| (at, Full::Instant)).collect();
    assert_eq!(refused(&outcomes), expected);
    assert_eq!(outcomes[600], Ok(vec![Outcome::Duplicate]));
    assert_eq!(outcomes[601], Ok(vec![Outcome::Replaced]));
    assert_eq!(outcomes[602], Ok(vec![Outcome::Accepted]));
    assert_eq!(stored.records().len(), 401);
}

#[test]
fn a_group_is_taken_as_a_whole_or_not_at_all() {
    let stored = Stored::empty();
    let light = weight(&record_at("a", 1));
    let group = |name: &str, n: i64| {
        (0..n)
            .map(|at| record_at(&format!("{name}{at}"), at))
            .collect::<Group>()
    };
    let room = ACCOUNT_WEIGHT + 5 * light;
    let plan = stored.plan(&[group("a", 3), group("b", 3), group("c", 2), group("d", 1)], room);
    let accepted = |n| Ok(vec![Outcome::Accepted; n]);
    assert_eq!(
        plan.outcomes,
        [accepted(3), Err(Full::Ledger), accepted(2), Err(Full::Ledger)]
    );
    assert_eq!(plan.changes.len(), 5);
}

#[test]
fn each_account_counts() {
    let stored = Stored::empty();
    let accounts = |n: usize| {
        let with = |at: usize| Record {
            account_id: format!("{at}").parse::<AccountId>().expect("account"),
            ..record_at(&format!("{at}"), 1)
        };
        single((0..n).map(with).collect())
    };
    let plan = stored.plan(&accounts(20), MONTH_ALLOWANCE);
    assert_eq!(
        refused(&plan.outcomes).len(),
        20 - MONTH_ALLOWANCE / (ACCOUNT_WEIGHT + 50)
    );
    assert_eq!(stored.plan(&accounts(20), usize::MAX).weight / ACCOUNT_WEIGHT, 20);
}

#[test]
fn only_pages_that_change_are_written_and_moves_are_told() {
    let mut stored = Stored::empty();
    stored.append((0..1_000).map(|n| bulky_record(n, i64::from(n) * 60)).collect());
    assert!(stored.pages() >= 3);
    let late = stored.0[stored.pages() - 1].start;
    let at_end = |id: &str| Record {
        timestamp: late.plus_seconds(60),
        ..record_at(id, 0)
    };

    let plan = stored.plan(&[vec![at_end("new")]], usize::MAX);
    assert_eq!(plan.pages.iter().map(|page| page.start).collect::<Vec<_>>(), [late]);
    assert!(!plan.moves);

    let old = bulky_record(0, 0);
    let moved = Record {
        timestamp: late.plus_seconds(60),
        ..old.clone()
    };
    let plan = stored.plan(&[vec![moved.clone()]], usize::MAX);
    assert_eq!(
        plan.pages.iter().map(|page| page.start).collect::<Vec<_>>(),
        [month().start(), late]
    );
    assert!(plan.moves);
    assert_eq!(
        plan.changes,
        [Change::Replaced {
            old: old.clone(),
            new: moved
        }]
    );

    let nothing = stored.plan(&[vec![old]], usize::MAX);
    assert_eq!((nothing.pages, nothing.moves, nothing.changes), (vec![], false, vec![]));
    let split = stored.plan(
        &single((0..500).map(|n| bulky_record(5_000 + n, 30)).take(300).collect()),
        usize::MAX,
    );
    assert!(split.pages.len() > 1 && split.moves);
}

/// A heavy record `n`: a few hundred split a page.
fn revision(n: u32, seconds: i64, revision: u32) -> Record {
    Record {
        amount: crate::Money::from_parts(i128::from(revision), 0).ok(),
        ..Record {
            id: bulky_record(n, 0).id,
            ..bulky_record(n.wrapping_mul(1_000).wrapping_add(revision), seconds)
        }
    }
}

/// The behaviour of a client: it upserts every record that changed after its version.
#[test]
fn a_client_that_applies_the_changes_ends_with_the_ledger_after_any_writes_moves_and_splits() {
    let mut stored = Stored::empty();
    let mut client: Vec<Record> = Vec::new();
    let mut known = 0;
    let mut state = 11_u32;
    let mut random = |below: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) % below
    };
    let mut sizes = BTreeSet::new();
    for round in 0..60 {
        let batch = (0..=random(120)).map(|_| revision(random(900), i64::from(random(40_000)) * 60, random(3)));
        let versions_before: Vec<u64> = stored.0.iter().flat_map(|page| page.versions.clone()).collect();
        stored.append(batch.collect());
        sizes.insert(stored.pages());
        let versions: Vec<u64> = stored.0.iter().flat_map(|page| page.versions.clone()).collect();
        assert!(
            versions
                .iter()
                .all(|version| versions_before.contains(version) || *version == stored.1)
        );
        if round % 3 == 2 {
            client = merge(client, stored.changed_since(known).0).records;
            known = stored.1;
            assert_eq!(client, stored.records());
            assert!(stored.changed_since(known).0.is_empty());
        }
    }
    assert!(sizes.len() >= 3, "pages were split: {sizes:?}");
}

proptest! {
    #[test]
    fn a_plan_without_limits_is_a_merge(
        first in distinct_records(40), second in distinct_records(40), cut in 0_i64..2_678_400,
    ) {
        let border = month().start().plus_seconds(cut.max(1));
        let mut sorted = first.clone();
        sorted.sort_by(|a, b| a.position().cmp(&b.position()));
        let (early, late) = sorted.split_at(sorted.partition_point(|record| record.timestamp < border));
        let versions = |records: &[Record]| vec![3; records.len()];
        let mut stored = Stored(vec![
            UnpackedPage { start: month().start(), end: border, records: early.to_vec(), versions: versions(early) },
            UnpackedPage { start: border, end: month().end(), records: late.to_vec(), versions: versions(late) },
        ], 6);
        // Known, changed, unknown and repeated records.
        let changed = first.iter().take(9).map(|record| Record { timestamp: record.timestamp.max(border), ..record.clone() });
        let incoming: Vec<Record> = changed.chain(second.iter().cloned()).chain(first.iter().skip(5).take(9).cloned()).collect();
        let merged = merge(sorted.clone(), incoming.clone());
        let plan = stored.plan(&single(incoming), usize::MAX);
        stored.write(&plan);
        prop_assert_eq!(stored.records(), merged.records.clone());
        // Exactly the records that differ from the stored ones have changed in this write.
        let changed: Vec<Record> = merged.changes.iter().map(|change| match change {
            Change::Added(new) | Change::Replaced { new, .. } => new.clone(),
        }).collect();
        let (since, others) = stored.changed_since(6);
        prop_assert_eq!(since, changed);
        prop_assert!(others.iter().all(|record| sorted.contains(record)));
        prop_assert_eq!(plan.changes, merged.changes);
        let outcomes: Vec<_> = plan.outcomes.into_iter().flat_map(|outcome| outcome.expect("room")).collect();
        prop_assert_eq!(outcomes, merged.outcomes);
    }

    #[test]
    fn no_plan_is_heavier_than_its_room(
        first in distinct_records(30), second in distinct_records(30), room in 0_usize..60_000,
    ) {
        let mut stored = Stored::empty();
        let plan = stored.plan(&single(first), room);
        stored.write(&plan);
        let before = Scale::of(&stored.records()).weight;
        prop_assert!(before <= room);
        let room = room / 2;
        let plan = stored.plan(&single(second), room);
        stored.write(&plan);
        prop_assert!(Scale::of(&stored.records()).weight <= room.max(before));
    }
}

/// A movement of 500 with a code and a balance.
fn coded(id: &str, seconds: i64, code: &str) -> Record {
    let details = Details {
        reference: code.parse().ok(),
        ..Details::default()
    };
    Record {
        amount: "500".parse().ok(),
        balance: "700".parse().ok(),
        details: details.into(),
        ..record_at(id, seconds)
    }
}

#[test]
fn a_group_of_a_message_that_only_tells_known_movements_is_a_duplicate() {
    let (first, again, other) = (coded("a", 10, "QJ81"), coded("b", 20, "QJ81"), coded("c", 30, "QJ82"));
    let batch = single(vec![first.clone(), again.clone(), other.clone()]);
    let mut stored = Stored::empty();
    let kept = stored.plan(&batch, usize::MAX);
    assert_eq!(kept.changes.len(), 3, "records of the ledger are stored as they are");

    let planned = |stored: &Stored, groups: &[Group]| {
        let groups: Vec<&[Record]> = groups.iter().map(Vec::as_slice).collect();
        stored.month().dropping_repeats().plan(&groups, usize::MAX)
    };
    let plan = planned(&stored, &batch);
    let outcomes = [Outcome::Accepted, Outcome::Duplicate, Outcome::Accepted];
    assert_eq!(plan.outcomes, outcomes.map(|outcome| Ok(vec![outcome])));
    stored.write(&plan);
    assert_eq!(stored.records(), [first.clone(), other]);
    let resent = planned(&stored, &batch);
    assert!(resent.pages.is_empty());
    assert!(
        resent
            .outcomes
            .iter()
            .all(|outcome| *outcome == Ok(vec![Outcome::Duplicate]))
    );

    // A message that also tells another movement is stored as a whole.
    let more = vec![again, coded("b", 20, "QJ83")];
    assert_eq!(planned(&stored, std::slice::from_ref(&more)).changes.len(), 1);
    // A stored record is replaced, whatever it repeats.
    let changed = Record {
        labels: [Label::Pos].into_iter().collect(),
        ..first
    };
    assert_eq!(
        planned(&stored, &[vec![changed]]).outcomes,
        [Ok(vec![Outcome::Replaced])]
    );
}
