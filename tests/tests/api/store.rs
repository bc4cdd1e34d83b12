//! The store on the real engine: conflicts, splits, long lists, costs.

use std::collections::BTreeSet;

use daftari_domain::TimeRange;
use daftari_platform::store::Usage;
use daftari_tests::{Lender, TestApp, records, skipped_elsewhere};
use serde_json::{Value, json};

fn ids(records: &[Value]) -> BTreeSet<String> {
    records
        .iter()
        .map(|record| record["id"].as_str().expect("id").to_owned())
        .collect()
}

#[tokio::test]
async fn many_writers_of_one_page_neither_lose_nor_duplicate_records() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let batches: Vec<Vec<Value>> = (0..24)
        .map(|writer| {
            (0..20)
                .map(|n| {
                    let at = format!("2021-10-{:02}T{:02}:00:00Z", n + 1, writer);
                    records::record(&format!("w{writer}-{n}"), &at)
                })
                .collect()
        })
        .collect();
    // Every batch twice, like a client that received no answer.
    let writes = batches.iter().chain(&batches).map(|batch| lender.append(&user, batch));
    let answers = futures_util::future::join_all(writes).await;
    let sum = |name: &str| {
        answers
            .iter()
            .map(|answer| answer.at(name).as_u64().expect("count"))
            .sum::<u64>()
    };
    assert_eq!((sum("/accepted"), sum("/duplicates"), sum("/replaced")), (480, 480, 0));
    let stored = lender.ledger(&user).await;
    assert_eq!(stored.len(), 480);
    assert_eq!(ids(&stored), batches.iter().flat_map(|batch| ids(batch)).collect());
}

/// A record with a text that hardly compresses, so that a month fills several pages.
fn bulky(n: u32, at: &str) -> Value {
    records::with(
        records::record(&format!("bulky-{n:05}"), at),
        &json!({ "labels": ["POS"], "body": records::incompressible(n.into(), 900) }),
    )
}

fn october(minute: u32) -> String {
    let (day, hour, minute) = (minute / 1_440 + 1, minute / 60 % 24, minute % 60);
    format!("2021-10-{day:02}T{hour:02}:{minute:02}:00Z")
}

#[tokio::test]
async fn a_month_that_outgrows_a_page_is_split_and_read_as_one() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let all: Vec<Value> = (0..1_600).map(|n| bulky(n, &october(n * 25))).collect();
    for batch in all.chunks(400) {
        lender.append(&user, batch).await;
    }
    let pages = app.pages_of(&user).await;
    assert!(pages.len() >= 3, "{pages:?}");
    assert!(pages.iter().all(|(_, bytes)| *bytes <= 300_000), "{pages:?}");
    assert_eq!(pages[0].0, "PAGE#2021-10-01T00:00:00+00:00");
    assert_eq!(ids(&lender.ledger(&user).await), ids(&all));
    // Every range returns just its own records, wherever the pages begin.
    for (from, to) in [(0, 1_600), (3, 4), (390, 410), (700, 1_300), (1_599, 1_600)] {
        let range = format!(
            "utc_starttime={}&utc_endtime={}",
            october(from * 25),
            october((to - 1) * 25)
        );
        let answer = lender
            .get(&format!("/users/{user}/ledger?{range}"))
            .await
            .expect_status(200);
        let found = answer.at("/records");
        let expected = &all[from as usize..to as usize];
        assert_eq!(ids(found.as_array().expect("records")), ids(expected), "{range}");
    }
    // A replaced record may move to another page, and stays unique.
    let moved = records::with(all[0].clone(), &json!({ "timestamp": "2021-10-28T12:34:56Z" }));
    let answer = lender.append(&user, &[moved]).await;
    assert_eq!(answer.at("/replaced"), 1);
    let stored = lender.ledger(&user).await;
    assert_eq!(stored.len(), all.len());
    assert_eq!(stored.iter().filter(|record| record["id"] == "bulky-00000").count(), 1);
}

#[tokio::test]
async fn writers_that_split_a_page_together_lose_nothing() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let all: Vec<Value> = (0..900).map(|n| bulky(n, &october(n * 40))).collect();
    // Interleaved, so that every writer changes every part of the month.
    let batches: Vec<Vec<Value>> = (0..6)
        .map(|writer| all.iter().skip(writer).step_by(6).cloned().collect())
        .collect();
    let readers = async {
        for _ in 0..20 {
            // Meanwhile a reader sees a consistent state, never an error.
            let _ = lender.ledger(&user).await;
        }
    };
    let writers = futures_util::future::join_all(batches.iter().map(|batch| lender.append(&user, batch)));
    tokio::join!(writers, readers);
    assert!(app.pages_of(&user).await.len() >= 3);
    assert_eq!(ids(&lender.ledger(&user).await), ids(&all));
}

#[tokio::test]
async fn concurrent_writers_of_one_record_at_different_times_leave_one_record() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let all: Vec<Value> = (0..900).map(|n| bulky(n, &october(n * 40))).collect();
    for batch in all.chunks(450) {
        lender.append(&user, batch).await;
    }
    assert!(app.pages_of(&user).await.len() >= 3);
    // Each in another page, and none known before, so a later writer must notice the first one.
    let times = [100, 9_000, 18_000, 27_000, 35_000].map(october);
    let writes: Vec<_> = times.iter().map(|at| vec![records::record("contended", at)]).collect();
    let writes = writes.iter().map(|batch| lender.append(&user, batch));
    let answers = futures_util::future::join_all(writes).await;
    let accepted = answers.iter().filter(|answer| answer.at("/accepted") == 1);
    assert_eq!(accepted.count(), 1);
    let stored = lender.ledger(&user).await;
    let contended = stored.iter().filter(|record| record["id"] == "contended");
    assert_eq!((contended.count(), stored.len()), (1, 901));
}

#[tokio::test]
async fn appending_groups_reads_the_pages_only() {
    let name = "store: appending_groups_reads_the_pages_only";
    if skipped_elsewhere(name, "only the embedded engine counts capacity by size") {
        return;
    }
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let batch = |id: &str| vec![records::parsed(&records::record(id, "2021-10-08T10:41:25Z"))];
    lender
        .append(&user, &[records::record("a", "2021-10-08T10:41:25Z")])
        .await;
    let key = lender.user_key(&user);
    let (checked, unchecked) = (Usage::default(), Usage::default());
    let stored = app.store.counting(&checked).append(key, batch("b")).await;
    stored.expect("stored").expect("user");
    let stored = app.store.counting(&unchecked).append_groups(key, [batch("c")]).await;
    stored.expect("stored").expect("user");
    let units = |usage: &Usage| format!("{} read, {} written", usage.read_units(), usage.write_units());
    assert_eq!(units(&checked), "2 read, 1 written", "the profile and the page");
    assert_eq!(units(&unchecked), "1 read, 1 written", "the page");
}

#[tokio::test]
async fn appending_groups_of_an_erased_user_creates_no_page() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register_with_a_record().await;
    let batch = |id: &str| vec![records::parsed(&records::record(id, "2021-10-08T10:41:25Z"))];
    let key = lender.user_key(&user);
    let _ = lender.delete(&format!("/users/{user}")).await.expect_status(204);
    let late = app.store.append_groups(key, [batch("d")]).await;
    assert_eq!(late.expect("no fault"), None, "the user was erased in the meantime");
    assert!(app.pages_of(&user).await.is_empty());
}

#[tokio::test]
async fn an_instant_that_is_full_rejects_only_its_own_records() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let at = "2021-10-08T10:41:25Z";
    let first: Vec<Value> = (0..450).map(|n| bulky(n, at)).collect();
    lender.append(&user, &first).await;
    let mut second: Vec<Value> = (450..1_000).map(|n| bulky(n, at)).collect();
    second.push(records::record("elsewhere", "2021-10-09T00:00:00Z"));
    let answer = lender
        .post(&format!("/users/{user}/ledger"), &json!({ "records": second }))
        .await;
    let answer = answer.expect_status(200);
    assert_eq!(answer.at("/accepted"), 1);
    assert_eq!(answer.at("/rejected").as_array().expect("rejected").len(), 550);
    assert_eq!(answer.at("/rejected/0/code"), "instant_full");
    assert_eq!(lender.ledger(&user).await.len(), 451);
}

#[tokio::test]
async fn lists_longer_than_one_answer_of_the_store_are_complete() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    // A megabyte of pages: six months of one or two pages each.
    let user = lender.register("254123456789").await;
    for month in 4..=9 {
        let batch: Vec<Value> = (0..800)
            .map(|n| bulky(n, &format!("2021-{month:02}-{:02}T{:02}:00:00Z", n / 30 + 1, n % 24)))
            .collect();
        for part in batch.chunks(400) {
            lender.append(&user, part).await;
        }
    }
    let bytes: usize = app.pages_of(&user).await.iter().map(|(_, bytes)| bytes).sum();
    assert!(bytes > 1_100_000, "{bytes}");
    assert_eq!(lender.ledger(&user).await.len(), 4_800);
}

/// Stores records in ten requests to the store, which counts the consumed units.
async fn write_units(app: &TestApp, lender: &Lender, user: &str, records: &[Value]) -> f64 {
    let usage = Usage::default();
    let store = app.store.counting(&usage);
    for batch in records.chunks(records.len() / 10) {
        let batch = batch.iter().map(records::parsed).collect();
        let appended = store
            .append(lender.user_key(user), batch)
            .await
            .expect("stored")
            .expect("user");
        assert!(appended.outcomes.iter().all(Result::is_ok));
    }
    usage.write_units()
}

/// 10,000 records over 24 months, the purpose of pages.
#[tokio::test]
async fn bulk_writes_and_full_reads_stay_within_their_price() {
    let name = "store: bulk_writes_and_full_reads_stay_within_their_price";
    if skipped_elsewhere(name, "only the embedded engine counts capacity by size") {
        return;
    }
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let in_order = records::history(10_000, 6_300);
    let user = lender.register("254123456789").await;
    let units = write_units(&app, &lender, &user, &in_order).await;
    println!("10,000 records in time order: {units} write units");
    assert!(units <= 10_000.0 / 15.0, "{units}");

    let usage = Usage::default();
    let ledger = app
        .store
        .counting(&usage)
        .ledger(lender.user_key(&user), TimeRange::ALL)
        .await;
    assert_eq!(
        ledger.expect("read").expect("user").records().expect("records").len(),
        10_000
    );
    println!("reading them all back: {} read units", usage.read_units());
    assert!(usage.read_units() <= 90.0, "{}", usage.read_units());

    let mut shuffled = in_order;
    // Ids are unordered, so sorting by id shuffles the times.
    shuffled.sort_by_key(|record| record["id"].to_string());
    let user = lender.register("254123456780").await;
    let units = write_units(&app, &lender, &user, &shuffled).await;
    println!("10,000 records shuffled: {units} write units");
    assert!(units <= 10_000.0 / 4.0, "{units}");
}
