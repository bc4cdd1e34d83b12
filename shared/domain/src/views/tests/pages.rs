use std::num::NonZeroU32;

use proptest::prelude::*;
use proptest::sample::select;
use serde::Serialize;

use crate::ids::AcctUuid;
use crate::reports::tests::records::{Build, any_ledger, kenyan, record};
use crate::views::accounts::PageRequest;
use crate::views::{ListFilter, PAGE_SIZE, accounts, institutions};
use crate::{InstitutionId, KeptText, Label, Record};

fn mpesa() -> InstitutionId {
    "mpesa".parse().expect("id")
}

fn page(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).expect("a page number")
}

/// `count` transactions in pseudo-random order, with some hundred per second.
fn ledger(count: usize) -> Vec<Record> {
    let numbers = (0..count).map(|index| index * 7_919 % count.max(1));
    let records = numbers.map(|number| {
        let second = format!("2021-10-01T00:00:{:02}", number / 100);
        record("mpesa", &second).id(&format!("r{number:06}")).credit("1")
    });
    records.collect()
}

#[test]
fn pages_put_together_are_the_whole_list_newest_first() {
    for (count, pages) in [(0, 1), (1, 1), (999, 1), (1_000, 1), (1_001, 2), (2_500, 3)] {
        let ledger = ledger(count);
        let all = ListFilter::default();
        let first = institutions::transactions(&ledger, Some(&mpesa()), &all, page(1));
        assert_eq!(first.num_pages, pages, "{count} records");
        let mut ids = Vec::new();
        for number in 1..=u32::try_from(pages).expect("few pages") {
            let found = institutions::transactions(&ledger, Some(&mpesa()), &all, page(number)).transactions;
            assert!(found.len() <= PAGE_SIZE);
            ids.extend(found.iter().map(|item| item.id.to_string()));
        }
        let newest_first: Vec<_> = (0..count).rev().map(|number| format!("r{number:06}")).collect();
        assert_eq!(ids, newest_first);
    }
}

#[test]
fn a_page_past_the_end_is_empty() {
    let ledger = ledger(1_500);
    for number in [3, 4, u32::MAX] {
        let found = institutions::transactions(&ledger, Some(&mpesa()), &ListFilter::default(), page(number));
        assert!(found.transactions.is_empty());
        assert_eq!((found.page.get(), found.num_pages), (number, 2));
    }
}

#[test]
fn older_pages_hold_the_same_records_and_count_all_of_them() {
    let ledger = ledger(2_500);
    let mut total = 0;
    for number in 1..=3 {
        let request = PageRequest {
            acct_uuid: AcctUuid::of(kenyan().user_uuid, &mpesa()),
            filter: ListFilter::default(),
            page: page(number),
        };
        let found = accounts::transactions(&ledger, &kenyan(), &request);
        assert_eq!((found.meta.total_count, found.meta.max_pages), (2_500, 3));
        total += found
            .transactions
            .iter()
            .map(|account| account.records.len())
            .sum::<usize>();
    }
    assert_eq!(total, 2_500);
}

/// Limit of a page's size in an answer, which is JSON in a JSON string: quotes and backslashes count twice.
const PAGE_BYTES: usize = 4_000_000;

fn answer_bytes(page: &impl Serialize) -> usize {
    let json = serde_json::to_string(page).expect("json");
    let twice = json.bytes().filter(|byte| matches!(byte, b'"' | b'\\'));
    json.len() + twice.count()
}

/// Alerts with long texts of these characters.
fn texts() -> impl Strategy<Value = Vec<Record>> {
    let text = (select(vec!['a', '"', '\\', '\n', '\u{1}', 'ብ']), 0_usize..1_600);
    let runs = proptest::collection::vec((text, 1_usize..900), 0..5);
    runs.prop_map(|runs| {
        let texts = runs
            .into_iter()
            .flat_map(|((c, len), count)| std::iter::repeat_n(c.to_string().repeat(len), count));
        let records = texts.enumerate().map(|(index, text)| Record {
            body: Some(KeptText::stored(&text)),
            ..record("mpesa", &format!("2021-10-01T00:00:{:02}", index % 60))
                .id(&format!("r{index:06}"))
                .label(Label::Atm)
        });
        records.collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn pages_of_long_texts_fit_into_an_answer_and_are_the_whole_list(ledger in texts()) {
        let all = ListFilter::default();
        let (mut ids, mut number) = (Vec::new(), 1);
        loop {
            let found = institutions::alerts(&ledger, Some(&mpesa()), &all, page(number));
            let request = PageRequest {
                acct_uuid: AcctUuid::of(kenyan().user_uuid, &mpesa()),
                filter: all,
                page: page(number),
            };
            let older = accounts::alerts(&ledger, &kenyan(), &request);
            prop_assert_eq!(older.meta.max_pages, found.num_pages);
            prop_assert!(older.alerts.iter().map(|item| item.smslog_id).eq(found.alerts.iter().map(|item| item.id)));
            prop_assert!(found.alerts.len() <= PAGE_SIZE);
            prop_assert!(answer_bytes(&found) <= PAGE_BYTES);
            prop_assert!(answer_bytes(&older) <= PAGE_BYTES);
            prop_assert!(!found.alerts.is_empty() || ledger.is_empty());
            ids.extend(found.alerts.iter().map(|item| item.id.clone()));
            if u64::from(number) == found.num_pages {
                break;
            }
            number += 1;
        }
        let past = institutions::alerts(&ledger, Some(&mpesa()), &all, page(number + 1));
        prop_assert!(past.alerts.is_empty());
        let mut newest_first: Vec<_> = ledger.iter().collect();
        newest_first.sort_by(|a, b| b.position().cmp(&a.position()));
        prop_assert!(ids.iter().eq(newest_first.iter().map(|record| &record.id)));
    }
}

proptest! {
    #[test]
    fn every_record_is_in_the_lists_of_its_institution_and_in_no_other(ledger in any_ledger()) {
        let all = ListFilter::default();
        let view = institutions::institutions(&ledger, &kenyan());
        let (mut transactions, mut balances, mut alerts) = (0, 0, 0);
        for institution in view.institutions {
            let id = institution.institution_id;
            let found = institutions::transactions(&ledger, Some(id), &all, page(1)).transactions;
            prop_assert!(found.iter().all(|item| item.institution_id == id));
            prop_assert!(found.is_sorted_by_key(|item| std::cmp::Reverse(item.timestamp)));
            transactions += found.len();
            balances += institutions::balances(&ledger, Some(id), &all, page(1)).balances.len();
            alerts += institutions::alerts(&ledger, Some(id), &all, page(1)).alerts.len();
        }
        prop_assert_eq!(transactions, ledger.iter().filter(|record| record.is_transaction()).count());
        prop_assert_eq!(balances, ledger.iter().filter(|record| record.balance.is_some()).count());
        prop_assert_eq!(alerts, ledger.iter().filter(|record| !record.labels.is_empty()).count());
    }
}
