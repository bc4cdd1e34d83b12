//! Refusals at a full second: few rounds, and no record is refused unnecessarily.

use super::*;
use crate::Label;
use crate::LabelSet;

/// The length of a large text. Some twenty of them fill a second.
const TEXT: usize = 20_000;

/// More rounds than bisecting a batch of 1,000 takes.
const FEW: usize = 12;

/// A record with a large text.
fn with_text(n: u32, seconds: i64, body: String) -> Record {
    Record {
        labels: LabelSet::EMPTY.with(Label::Atm),
        body: Some(body.into()),
        ..record_at(&format!("large-{n:06}"), seconds)
    }
}

/// A record with a large text that does not compress well.
fn large(n: u32, seconds: i64) -> Record {
    let mut state = u64::from(n).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let letters = (0..TEXT).map(|_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        char::from(b'!' + u8::try_from((state >> 33) % 90).expect("below 90"))
    });
    with_text(n, seconds, letters.collect())
}

/// A record of the same weight that packs into few bytes.
fn compressible(n: u32, seconds: i64) -> Record {
    with_text(n, seconds, "x".repeat(TEXT))
}

/// A month whose second 77 has no room for a further large record.
fn full_second() -> Stored {
    let mut stored = Stored::empty();
    let all = (0..100).find(|n| stored.append(vec![large(*n, 77)])[0].is_err());
    assert!(all.is_some_and(|all| all > 10), "{all:?}");
    stored
}

fn plan_in_rounds(stored: &Stored, groups: &[Group], room: usize) -> (Plan, usize) {
    let groups: Vec<&[Record]> = groups.iter().map(Vec::as_slice).collect();
    stored.month().plan_in_rounds(&groups, room)
}

#[test]
fn copies_of_a_record_are_refused_together() {
    let stored = full_second();
    let mut batch = vec![large(1_000, 77); 1_000];
    batch.push(large(0, 77));
    let (plan, rounds) = plan_in_rounds(&stored, &single(batch), usize::MAX);
    assert!(plan.outcomes[..1_000].iter().all(|one| *one == Err(Full::Instant)));
    assert_eq!(plan.outcomes[1_000], Ok(vec![Outcome::Duplicate]));
    assert!(rounds <= FEW, "{rounds} rounds");
}

#[test]
fn records_that_take_the_room_of_refused_ones_are_refused_with_them() {
    let stored = full_second();
    let room = stored.plan(&[], usize::MAX).weight + weight(&large(1_000, 77));
    let batch: Vec<Record> = (1_000..1_100).map(|n| large(n, 77)).collect();
    let (plan, rounds) = plan_in_rounds(&stored, &single(batch), room);
    assert!(plan.outcomes.iter().all(|one| *one == Err(Full::Instant)));
    assert!(rounds <= FEW, "{rounds} rounds");
}

#[test]
fn records_that_take_the_room_of_those_refused_for_the_number_of_pages_are_refused_with_them() {
    // One page for each hour. The first has no room for a further large record without a split.
    let bytes = |records: &[Record]| codec::encode(records, &vec![1; records.len()]).expect("page").len();
    let mut full: Vec<Record> = Vec::new();
    while full.len() < 100 && bytes(&full) <= MAX_PAGE_BYTES {
        let n = u32::try_from(full.len()).expect("count");
        full.push(large(n, i64::from(n)));
    }
    full.pop();
    let hours = i64::try_from(MAX_MONTH_PAGES).expect("pages");
    let page = |hour: i64| {
        let records = if hour == 0 { full.clone() } else { Vec::new() };
        let end = month().start().plus_seconds((hour + 1) * 3_600);
        UnpackedPage {
            start: month().start().plus_seconds(hour * 3_600),
            end: if hour + 1 == hours { month().end() } else { end },
            versions: vec![1; records.len()],
            records,
        }
    };
    let stored = Stored((0..hours).map(page).collect(), 1);
    let room = stored.plan(&[], usize::MAX).weight + weight(&large(1_099, 1_099));
    let batch = (1_000..1_100).map(|n| large(n, i64::from(n)));
    let (plan, rounds) = plan_in_rounds(&stored, &single(batch.collect()), room);
    assert_eq!(plan.outcomes, vec![Err(Full::Month); 100]);
    assert!(rounds <= FEW, "{rounds} rounds");
}

#[test]
fn a_replacement_that_packs_worse_is_refused_without_the_other_records_of_its_page() {
    let mut stored = Stored::empty();
    stored.append((0..5).map(|n| compressible(n, 77)).collect());
    let all = (100..200).find(|n| stored.append(vec![large(*n, 77)])[0].is_err());
    assert!(all.is_some_and(|all| all > 110), "{all:?}");
    assert_eq!(stored.pages(), 1);
    let replacement = large(0, 77);
    assert_eq!(weight(&replacement), weight(&compressible(0, 77)));
    let batch = vec![replacement.clone(), record_at("elsewhere", 78), replacement];
    let (plan, rounds) = plan_in_rounds(&stored, &single(batch), usize::MAX);
    let accepted = Ok(vec![Outcome::Accepted]);
    assert_eq!(plan.outcomes, [Err(Full::Instant), accepted, Err(Full::Instant)]);
    assert_eq!(rounds, 2);
}

#[test]
fn a_batch_that_its_second_cannot_hold_changes_nothing_when_it_is_sent_again() {
    let mut stored = Stored::empty();
    let mut batch: Vec<Record> = (0..40).map(|n| large(n, 77)).collect();
    batch.push(record_at("elsewhere", 78));
    let first = stored.append(batch.clone());
    assert_eq!(refused(&first).len(), 40);
    let kept = stored.records();
    let second = stored.append(batch);
    assert_eq!(refused(&second), refused(&first));
    assert_eq!(stored.records(), kept);
}
