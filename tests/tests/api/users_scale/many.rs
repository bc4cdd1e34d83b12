//! As many users as wanted, as a measurement.

use std::time::Instant;

use daftari_domain::TimeRange;
use daftari_platform::store::{Usage, UserFilter};
use daftari_tests::rounds::Rounds;
use daftari_tests::{TestApp, skipped_elsewhere};

use super::{MOST_ROUNDS, MOST_UNITS, PAGE, page, page_within, range, register, units_of};

/// `DAFTARI_TEST_USERS=1000000 cargo test --release -p daftari-tests --test api users_scale::many -- --nocapture`
#[tokio::test(flavor = "multi_thread")]
async fn many_users_are_listed_at_the_stated_cost() {
    let many: u64 = std::env::var("DAFTARI_TEST_USERS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    if many == 0
        || skipped_elsewhere(
            "many_users_are_listed_at_the_stated_cost",
            "capacity is counted by the embedded engine",
        )
    {
        return;
    }
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let (store, tenant) = (app.store_of("users"), lender.tenant);
    let started = Instant::now();
    let usage = Usage::default();
    let metered = store.counting(&usage);
    for first in (0..many).step_by(1_000) {
        let _ = register(&metered, tenant, first..(first + 1_000).min(many), app.clock.now()).await;
        app.clock.advance(1);
    }
    println!(
        "{many} users in {:?}; a user: {:.1} write units",
        started.elapsed(),
        usage.write_units() / f64::from(u32::try_from(many).expect("few users"))
    );
    app.clock.advance(60);
    let now = app.clock.now();
    let counted = store.count_users(tenant, now, |_| {}).await.expect("counted");
    println!("counted at the end: {counted}");
    let rounds = Rounds::start(app.database.endpoint()).await;
    let counting_rounds = app.store_over(&rounds.endpoint(), "users").await;
    // A thousand users a second.
    let first = now.plus_seconds(-60 - i64::try_from(many / 1_000).expect("seconds"));
    let at = |share: i64| Some(first.plus_seconds(i64::try_from(many / 1_000).expect("seconds") * share / 100));
    for created in [
        TimeRange::ALL,
        range(at(11), None),
        range(None, at(87)),
        range(at(23), at(71)),
    ] {
        let (found, _) = page(&store, tenant, created, 1, now).await;
        let pages = usize::try_from(found.total).expect("many").div_ceil(PAGE);
        for number in [1, 2, pages / 3, pages / 2, pages - 1, pages] {
            let number = number.max(1);
            let started = Instant::now();
            let (found, units) = page(&store, tenant, created, number, now).await;
            let took = started.elapsed();
            println!("{} users, page {number}: {units} read units, {took:?}", found.total);
            assert!(!found.users.is_empty());
            assert!(created != TimeRange::ALL || found.total == many);
            assert!(units <= MOST_UNITS, "{units} read units");
            let again = page_within(MOST_ROUNDS, &rounds, &counting_rounds, tenant, (created, number), now).await;
            assert_eq!(again, found);
        }
    }
    for filter in [
        UserFilter {
            external_id: Some("EXT-77".into()),
            ..UserFilter::default()
        },
        UserFilter {
            device_id: Some("device-77".into()),
            ..UserFilter::default()
        },
        UserFilter {
            search: Some("user77@".into()),
            ..UserFilter::default()
        },
    ] {
        let (total, units) = units_of(&store, tenant, &filter, now).await;
        println!("{filter:?}: {total} users, {units} read units");
        assert!(total == 1 && units <= 6.0);
    }
}
