//! Batches that are written in parts: the parts are few, and yield the ledger of any other way to append.

use super::*;

const PAGES: u32 = 12;
const PAGE_SECONDS: i64 = 172_800;
const RECORDS: u32 = 10;

/// The stated size of every page.
const SIZE: usize = 100;
/// A part has at most six pages, so a block has three.
const MOST: usize = 6 * SIZE;

/// Record `n` on a page.
fn on_page(page: u32, n: u32, revision: u32) -> Record {
    let seconds = i64::from(page) * PAGE_SECONDS + i64::from(n) * 1_000;
    Record {
        id: format!("{n}").parse().expect("id"),
        ..record_at("any", seconds + i64::from(revision))
    }
}

/// A month of twelve pages, each with ten records.
fn twelve_pages() -> Stored {
    let page = |page: u32| {
        let start = month().start().plus_seconds(i64::from(page) * PAGE_SECONDS);
        let last = page + 1 == PAGES;
        let end = if last {
            month().end()
        } else {
            start.plus_seconds(PAGE_SECONDS)
        };
        let records = (page * RECORDS..(page + 1) * RECORDS).map(|n| on_page(page, n, 0));
        let records: Vec<Record> = records.collect();
        let versions = vec![1; records.len()];
        UnpackedPage {
            start,
            end,
            records,
            versions,
        }
    };
    Stored((0..PAGES).map(page).collect(), 1)
}

/// Appends part by part. Returns the outcome of each group, and the number of pages that each part writes.
fn append_in_parts(stored: &mut Stored, groups: &[Group]) -> (Vec<Result<Vec<Outcome>, Full>>, Vec<usize>) {
    let mut outcomes: Vec<Option<Result<Vec<Outcome>, Full>>> = vec![None; groups.len()];
    let mut written = Vec::new();
    loop {
        let open: Vec<usize> = (0..groups.len()).filter(|at| outcomes[*at].is_none()).collect();
        if open.is_empty() {
            return (outcomes.into_iter().flatten().collect(), written);
        }
        let open_groups: Vec<&[Record]> = open.iter().map(|at| groups[*at].as_slice()).collect();
        let part = stored
            .month()
            .first_part(&open_groups, &vec![SIZE; stored.pages()], MOST);
        assert!(!part.is_empty());
        let part_groups: Vec<&[Record]> = part.iter().map(|at| open_groups[*at]).collect();
        let plan = stored.month().plan(&part_groups, usize::MAX);
        stored.write(&plan);
        written.push(plan.pages.len());
        for (at, outcome) in part.iter().zip(plan.outcomes) {
            assert_eq!(outcomes[open[*at]].replace(outcome), None, "each group is in one part");
        }
    }
}

/// The numbers from 0 on in pseudo-random order.
fn shuffled(count: u32) -> Vec<u32> {
    let mut numbers: Vec<u32> = (0..count).collect();
    numbers.sort_by_key(|n| (n + 1).wrapping_mul(2_654_435_761));
    numbers
}

#[test]
fn replacements_in_random_order_write_each_page_once() {
    let mut stored = twelve_pages();
    let replaced = shuffled(PAGES * RECORDS)
        .into_iter()
        .map(|n| on_page(n / RECORDS, n, 1));
    let replaced: Vec<Record> = replaced.collect();
    let (outcomes, written) = append_in_parts(&mut stored, &single(replaced.clone()));
    assert!(outcomes.iter().all(|outcome| *outcome == Ok(vec![Outcome::Replaced])));
    assert_eq!(written, [6, 6]);
    assert!(replaced.iter().all(|record| stored.records().contains(record)));
}

#[test]
fn moves_between_any_pages_take_one_part_for_each_pair_of_blocks() {
    let mut stored = twelve_pages();
    // From each page to ten of the twelve.
    let moved = shuffled(PAGES * RECORDS)
        .into_iter()
        .map(|n| on_page((n / RECORDS + n % RECORDS) % PAGES, n, 1));
    let moved: Vec<Record> = moved.collect();
    let (outcomes, written) = append_in_parts(&mut stored, &single(moved.clone()));
    assert!(outcomes.iter().all(|outcome| *outcome == Ok(vec![Outcome::Replaced])));
    assert_eq!(written.len(), 4 * 3 / 2, "{written:?}");
    assert!(written.iter().all(|pages| *pages <= 6), "{written:?}");
    assert_eq!(stored.records().len(), moved.len());
    assert!(moved.iter().all(|record| stored.records().contains(record)));
}

#[test]
fn groups_that_share_a_record_stay_in_order_and_together() {
    let mut stored = twelve_pages();
    // The last group of the batch is linked to the first one, and both to a page in the middle.
    let groups: Vec<Group> = vec![
        vec![on_page(11, 110, 1), on_page(5, 50, 1)],
        vec![on_page(0, 0, 1)],
        vec![on_page(0, 110, 2)],
    ];
    let sizes = vec![SIZE; stored.pages()];
    let slices: Vec<&[Record]> = groups.iter().map(Vec::as_slice).collect();
    // The record of group 0 on page 11 is overwritten, so its page is touched only by records that leave it.
    assert_eq!(stored.month().first_part(&slices, &sizes, 3 * SIZE), [1, 0, 2]);
    assert_eq!(stored.month().first_part(&slices, &sizes, 2 * SIZE), [1]);
    append_in_parts(&mut stored, &groups);
    assert!(stored.records().contains(&on_page(0, 110, 2)));
    assert!(!stored.records().contains(&on_page(11, 110, 1)));
}

#[test]
fn stored_records_touch_no_page() {
    let stored = twelve_pages();
    let known: Vec<Record> = shuffled(PAGES * RECORDS)
        .into_iter()
        .map(|n| on_page(n / RECORDS, n, 0))
        .collect();
    let groups: Vec<&[Record]> = known.iter().map(std::slice::from_ref).collect();
    let part = stored.month().first_part(&groups, &vec![SIZE; stored.pages()], SIZE);
    assert_eq!(part.len(), groups.len());
}

/// Groups of known and new records on any pages, many of them of the same few identities.
fn groups() -> impl Strategy<Value = Vec<Group>> {
    let record = (0..PAGES, 0_u32..40, 0_u32..4).prop_map(|(page, n, revision)| on_page(page, n * 4, revision));
    prop::collection::vec(prop::collection::vec(record, 1..4), 0..40)
}

proptest! {
    #[test]
    fn a_batch_in_parts_ends_like_its_groups_one_by_one(groups in groups()) {
        let (mut in_parts, mut one_by_one) = (twelve_pages(), twelve_pages());
        let (outcomes, _) = append_in_parts(&mut in_parts, &groups);
        let mut expected = Vec::new();
        for group in &groups {
            let plan = one_by_one.plan(std::slice::from_ref(group), usize::MAX);
            one_by_one.write(&plan);
            expected.extend(plan.outcomes);
        }
        prop_assert_eq!(in_parts.records(), one_by_one.records());
        prop_assert_eq!(outcomes, expected);
    }
}
