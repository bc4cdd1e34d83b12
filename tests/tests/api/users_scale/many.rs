//! A measurement with any number of users.

use std::time::Instant;

use daftari_domain::ids::UserId;
use daftari_domain::{TimeRange, Timestamp};
use daftari_platform::identity::Tenant;
use daftari_platform::store::{NewUser, Store, Usage, UserChanges, UserFilter};
use daftari_tests::proxy::without_tokens;
use daftari_tests::rounds::Rounds;
use daftari_tests::{TestApp, skipped_elsewhere};
use uuid::Uuid;

use super::{MOST_ROUNDS, MOST_UNITS, PAGE, TRIES, page, range, register_all, units_of};

/// `DAFTARI_TEST_USERS=1000000`, and the command of `docs/DATA-MODEL.md`.
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
    let writing = app
        .store_over(&without_tokens(app.database.endpoint()).await, "users")
        .await;
    let started = Instant::now();
    let usage = Usage::default();
    let metered = writing.counting(&usage);
    for first in (0..many).step_by(1_000) {
        let _ = register_all(
            &metered,
            tenant,
            (first..(first + 1_000).min(many)).map(usual_user).collect(),
            app.clock.now(),
        )
        .await;
        app.clock.advance(1);
        if first % 50_000 == 0 {
            println!("{first} users after {:?}", started.elapsed());
        }
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
    let (mut dearest, mut most_trips) = (0.0_f64, 0);
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
            let trips = round_trips(&rounds, &counting_rounds, tenant, (created, number), now).await;
            println!(
                "{} users, page {number}: {units} read units, {trips} round trips, {took:?}",
                found.total
            );
            assert!(!found.users.is_empty());
            assert!(created != TimeRange::ALL || found.total == many);
            dearest = dearest.max(units);
            most_trips = most_trips.max(trips);
        }
    }
    println!("the dearest page: {dearest} read units, {most_trips} round trips");
    for filter in [
        UserFilter {
            external_id: Some(usual_user(77).changes.external_id.flatten().expect("id")),
            ..UserFilter::default()
        },
        UserFilter {
            device_id: usual_user(77).changes.device_id,
            ..UserFilter::default()
        },
        UserFilter {
            search: Some("wanjiru77@".into()),
            ..UserFilter::default()
        },
    ] {
        let (total, units) = units_of(&store, tenant, &filter, now).await;
        println!("{filter:?}: {total} users, {units} read units");
        assert!(total == 1 && units <= 6.0);
    }
    assert!(dearest <= MOST_UNITS, "{dearest} read units");
    assert!(most_trips <= MOST_ROUNDS, "{most_trips} round trips");
}

/// The `n`th user, with a random id and values of the usual length: an entry of the list has about 350 bytes.
fn usual_user(n: u64) -> NewUser {
    let id = |kind: &str| format!("{kind}{n:08}-5b1d-4c3e-9f60-{n:012}");
    NewUser {
        id: UserId(Uuid::new_v4()),
        phone_number: format!("2547{n:08}"),
        old_spellings: Vec::new(),
        country: None,
        changes: UserChanges {
            first_name: Some(format!("Wanjiru{n}")),
            last_name: Some(format!("Kamau-Otieno{}", n / 7)),
            email: Some(format!("wanjiru{n}@customers.example.org")),
            external_id: Some(Some(id("c"))),
            device_id: Some(id("d")),
            is_kyc_verified: Some(n.is_multiple_of(2)),
        },
    }
}

/// The lowest number of round trips of a page in several attempts: on a busy machine, the calls of one round trip are
/// sent apart.
async fn round_trips(
    rounds: &Rounds,
    store: &Store,
    tenant: Tenant,
    (created, number): (TimeRange, usize),
    now: Timestamp,
) -> usize {
    let mut fewest = usize::MAX;
    for _ in 0..TRIES {
        let _ = rounds.taken();
        let _ = page(store, tenant, created, number, now).await;
        fewest = fewest.min(rounds.taken());
    }
    fewest
}
