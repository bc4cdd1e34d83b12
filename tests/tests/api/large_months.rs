//! The cost of appends to months of several pages, on the real engine.

use daftari_domain::ledger::Outcome;
use daftari_domain::{Money, Record, RecordId, TimeRange, Timestamp};
use daftari_platform::store::{Rejection, Store, Usage};
use daftari_tests::{Lender, TestApp, records, skipped_elsewhere};
use serde_json::Value;

/// Record `n` with a text that hardly compresses.
fn bulky(n: u64, at: Timestamp) -> Record {
    // An odd multiplier permutes the numbers, so the ids are distinct and unordered.
    let id = u128::from(n + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
    Record {
        id: RecordId::from_bytes(id.to_be_bytes()),
        timestamp: at,
        body: Some(records::incompressible(n, 900).into()),
        ..records::parsed(&records::record("any", "2021-10-01T00:00:00Z"))
    }
}

/// The record with another amount.
fn revised(record: &Record) -> Record {
    Record {
        amount: Money::from_parts(777, 2).ok(),
        ..record.clone()
    }
}

fn october(seconds: u64) -> Timestamp {
    let start: Timestamp = "2021-10-01T00:00:00Z".parse().expect("month");
    start.plus_seconds(i64::try_from(seconds).expect("seconds"))
}

/// Appends records and returns the rejections. An unoptimized engine takes seconds for a transaction of 4 MB and may
/// exceed the time limit of a call, so a batch that fails is sent again.
async fn append(store: &Store, lender: &Lender, user: &str, records: Vec<Record>) -> Vec<Rejection> {
    let groups: Vec<Vec<Record>> = records.into_iter().map(|record| vec![record]).collect();
    append_groups(store, lender, user, groups)
        .await
        .into_iter()
        .filter_map(Result::err)
        .collect()
}

async fn append_groups(
    store: &Store,
    lender: &Lender,
    user: &str,
    groups: Vec<Vec<Record>>,
) -> Vec<Result<Outcome, Rejection>> {
    for _ in 0..5 {
        match store.append_groups(lender.user_key(user), groups.clone()).await {
            Ok(appended) => return appended.expect("user").outcomes,
            Err(error) => println!("sent again: {error}"),
        }
    }
    panic!("the engine is too slow");
}

/// Every record that is stored, by id.
async fn stored(app: &TestApp, lender: &Lender, user: &str) -> Vec<Record> {
    let ledger = app.store.ledger(lender.user_key(user), TimeRange::ALL).await;
    let mut records = ledger.expect("read").expect("user").records().expect("records");
    records.sort_by(|a, b| a.id.cmp(&b.id));
    records
}

/// The bytes of a user's pages, and their number.
async fn size(app: &TestApp, user: &str) -> (usize, usize) {
    let pages = app.pages_of(user).await;
    (pages.iter().map(|(_, bytes)| bytes).sum(), pages.len())
}

/// Units for writing this number of bytes in transactions, plus a tenth.
fn units_of(bytes: usize) -> f64 {
    f64::from(u32::try_from(bytes / 1_024 * 2 * 11 / 10).expect("units"))
}

/// The cost of appending to a month of several pages: all pages are read, and the changed ones are written.
#[tokio::test]
async fn an_append_to_a_large_month_writes_only_changed_pages() {
    let name = "large_months: an_append_to_a_large_month_writes_only_changed_pages";
    if skipped_elsewhere(name, "only the embedded engine counts capacity by size") {
        return;
    }
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    // 54,000 records of November 2019, all in one month, and then more in time order.
    let all = records::history(56_000, 46);
    let (before, after) = all.split_at(54_000);
    let parsed = |records: &[Value]| records.iter().map(records::parsed).collect::<Vec<_>>();
    for batch in before.chunks(18_000) {
        let stored = app.store.append(lender.user_key(&user), parsed(batch)).await;
        stored.expect("stored").expect("user");
    }
    let (bytes, pages) = size(&app, &user).await;
    println!("a month of {bytes} bytes in {pages} pages");
    assert!(bytes > 1_100_000, "{bytes}");
    let earlier = records::record("earlier", "2019-11-02T00:00:00Z");
    for (what, batch, most) in [
        ("one record at the end", &after[..1], 620.0),
        ("1,000 records at the end", &after[1..1_001], 620.0),
        ("one record in the middle", std::slice::from_ref(&earlier), 620.0),
        ("a duplicate", &before[..1], 0.0),
    ] {
        let usage = Usage::default();
        let store = app.store.counting(&usage);
        let stored = store.append(lender.user_key(&user), parsed(batch)).await;
        assert!(
            stored
                .expect("stored")
                .expect("user")
                .outcomes
                .iter()
                .all(Result::is_ok)
        );
        let (reads, writes) = (usage.read_units(), usage.write_units());
        println!("{what}: {reads} read units, {writes} write units");
        assert!(writes <= most, "{what}: {writes}");
        let most = u32::try_from(bytes / 4_096 + 10).expect("units");
        assert!(reads <= f64::from(most), "{what}: {reads}");
    }
}

/// A month at its limit, in which records are replaced with other amounts, and then with other times.
#[tokio::test]
async fn a_batch_in_random_order_writes_the_pages_of_a_full_month_a_few_times() {
    let name = "large_months: a_batch_in_random_order_writes_the_pages_of_a_full_month_a_few_times";
    if skipped_elsewhere(name, "only the embedded engine counts capacity by size") {
        return;
    }
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let mut all: Vec<Record> = (0..8_800).map(|n| bulky(n, october(n * 300))).collect();
    for batch in all.chunks(2_200) {
        assert_eq!(append(&app.store, &lender, &user, batch.to_vec()).await, []);
    }
    let (bytes, pages) = size(&app, &user).await;
    println!("a month of {bytes} bytes in {pages} pages");
    // Their ids are unordered, so this shuffles their times.
    all.sort_by(|a, b| a.id.cmp(&b.id));
    let count = 1_000;

    let replaced: Vec<Record> = all[..count].iter().map(revised).collect();
    let usage = Usage::default();
    let rejected = append(&app.store.counting(&usage), &lender, &user, replaced.clone()).await;
    let units = usage.write_units();
    println!("{count} records with other amounts: {units} write units");
    assert_eq!(rejected, []);
    all.splice(..count, replaced);
    assert!(stored(&app, &lender, &user).await == all);
    assert!(units <= units_of(bytes), "{units}");

    // Each moves to the place of another.
    let moved = (0..count).map(|at| Record {
        timestamp: all[(at * 7 + 1) % count].timestamp,
        ..all[at].clone()
    });
    let moved: Vec<Record> = moved.collect();
    let usage = Usage::default();
    let rejected = append(&app.store.counting(&usage), &lender, &user, moved.clone()).await;
    let units = usage.write_units();
    println!("{count} records at other times: {units} write units");
    assert_eq!(rejected, []);
    all.splice(..count, moved);
    assert!(stored(&app, &lender, &user).await == all);
    assert!(units <= 5.0 * units_of(bytes), "{units}");
}

/// Twelve seconds, each full.
async fn twelve_full_seconds(app: &TestApp, lender: &Lender, user: &str) -> Vec<Vec<Record>> {
    let second = |second: u64| (0..510).map(move |n| bulky(second * 1_000 + n, october(second * 86_400)));
    let seconds: Vec<Vec<Record>> = (0..12).map(|at| second(at).collect()).collect();
    for records in seconds.chunks(4) {
        assert_eq!(append(&app.store, lender, user, records.concat()).await, []);
    }
    let (bytes, pages) = size(app, user).await;
    assert!(bytes > 4_200_000 && pages == 12, "{bytes} bytes in {pages} pages");
    seconds
}

#[tokio::test]
async fn a_batch_that_changes_more_full_seconds_than_a_transaction_takes_is_written_in_parts() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let seconds = twelve_full_seconds(&app, &lender, &user).await;
    // One of each second in turn.
    let changed = (0..120).map(|at| revised(&seconds[at % 12][at / 12]));
    let changed: Vec<Record> = changed.collect();
    let (bytes, _) = size(&app, &user).await;
    let usage = Usage::default();
    assert_eq!(
        append(&app.store.counting(&usage), &lender, &user, changed.clone()).await,
        []
    );
    let records = stored(&app, &lender, &user).await;
    assert_eq!(records.len(), seconds.concat().len());
    assert!(changed.iter().all(|record| records.contains(record)));
    println!(
        "120 records in 12 full seconds of {bytes} bytes: {} write units",
        usage.write_units()
    );
    assert!(usage.write_units() <= units_of(bytes), "{}", usage.write_units());
}

#[tokio::test]
async fn only_the_group_that_no_transaction_can_write_is_refused() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let seconds = twelve_full_seconds(&app, &lender, &user).await;
    let everywhere: Vec<Record> = seconds.iter().map(|records| revised(&records[0])).collect();
    let known = vec![seconds[3][5].clone()];
    let elsewhere = vec![bulky(77_777, october(20 * 86_400))];
    let batch = [everywhere.clone(), known, elsewhere.clone()];
    let results = append_groups(&app.store, &lender, &user, batch.to_vec()).await;
    let (refused, kept) = results.split_at(12);
    assert!(
        refused.iter().all(|result| *result == Err(Rejection::MonthFull)),
        "{refused:?}"
    );
    assert!(kept.iter().all(Result::is_ok), "{kept:?}");
    let records = stored(&app, &lender, &user).await;
    assert!(records.contains(&elsewhere[0]));
    assert!(!everywhere.iter().any(|record| records.contains(record)));
}
