//! The list of users, by page.

use daftari_domain::{TimeRange, Timestamp};
use daftari_platform::identity::Tenant;
use daftari_platform::store::{GRACE_SECONDS, Store, User, UserChanges, UserRef};
use daftari_tests::proxy::{HoldingProxy, Part};
use daftari_tests::{TestApp, skipped_elsewhere};

use super::{MANY_USERS, MOST_UNITS, PAGE, mark, page, range, register, run, write_entries};

/// Compares all pages of a range with the expected users. Returns the most read units of a page.
async fn assert_pages(store: &Store, tenant: Tenant, all: &[UserRef], created: TimeRange, now: Timestamp) -> f64 {
    let mut wanted: Vec<UserRef> = all.to_vec();
    wanted.retain(|user| created.contains(user.created_at));
    wanted.sort_unstable_by(|a, b| b.cmp(a));
    let mut most: f64 = 0.0;
    let mut listed = Vec::new();
    for number in 1..=wanted.len().div_ceil(PAGE) + 1 {
        let (found, units) = page(store, tenant, created, number, now).await;
        assert_eq!(found.total, wanted.len() as u64, "page {number} of {created:?}");
        assert_eq!(found.until, None);
        listed.extend(found.users.iter().map(User::reference));
        most = most.max(units);
    }
    assert_eq!(listed, wanted, "{created:?}");
    most
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_agree_with_the_users_registered_and_erased_while_they_are_counted() {
    if skipped_elsewhere(
        "pages_agree_with_the_users_registered_and_erased_while_they_are_counted",
        MANY_USERS,
    ) {
        return;
    }
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let (store, tenant) = (app.store_of("users"), lender.tenant);
    let (mut all, mut first) = (Vec::new(), Vec::new());
    // Bursts of several hundred a second, and quiet hours.
    for (step, count) in [300, 20, 450, 5, 40].into_iter().enumerate() {
        let now = app.clock.now();
        let registered = register(&store, tenant, 20 * step as u64..20 * (step as u64 + 1), now).await;
        all.extend(&registered);
        all.extend(write_entries(&app, tenant, count, now).await);
        app.clock.advance(if step % 2 == 0 { 3_600 } else { GRACE_SECONDS + 1 });
        let now = app.clock.now();
        mark(&app, tenant, now).await;
        let _ = run(&app).await;
        if step == 2 {
            let _ = assert_pages(&store, tenant, &all, TimeRange::ALL, now).await;
        }
        // Users of this burst, and of the first one.
        for user in [registered[3], registered[19], first.pop().unwrap_or(registered[7])] {
            all.retain(|other| *other != user);
            assert!(store.erase_user(tenant.user(user.id), now).await.expect("erased"));
        }
        if step == 0 {
            first = registered[11..15].to_vec();
        }
        let _ = assert_pages(&store, tenant, &all, TimeRange::ALL, now).await;
    }
    app.clock.advance(GRACE_SECONDS + 1);
    let now = app.clock.now();
    let counted = app.store.count_users(tenant, now, |_| {}).await.expect("counted");
    assert!(counted <= all.len() as u64);
    let times: Vec<Timestamp> = all.iter().map(|user| user.created_at).collect();
    let (oldest, middle, newest) = (times[0], times[600], times[times.len() - 1]);
    let mut most: f64 = 0.0;
    for created in [
        TimeRange::ALL,
        range(Some(middle), None),
        range(None, Some(middle)),
        range(Some(oldest.plus_seconds(1)), Some(newest.plus_seconds(-1))),
        range(Some(middle), Some(middle)),
        range(Some(newest.plus_seconds(1)), None),
        range(None, Some(oldest.plus_seconds(-1))),
    ] {
        most = most.max(assert_pages(&store, tenant, &all, created, now).await);
    }
    if app.database.is_embedded() {
        assert!(most <= MOST_UNITS, "{most} read units");
    }
    // A changed user stays in place.
    let number = format!("2547{:08}", 10);
    let changes = UserChanges {
        first_name: Some("Changed".to_owned()),
        ..UserChanges::default()
    };
    let changed = store
        .update_user_of_number(tenant, &number, &changes, now)
        .await
        .expect("changed");
    let changed = changed.expect("user");
    let created = range(Some(changed.created_at), Some(changed.created_at));
    let mut found = Vec::new();
    for number in 1..=8 {
        found.extend(page(&store, tenant, created, number, now).await.0.users);
    }
    assert!(found.contains(&changed));
}

/// A wrong count is found when its leaf is read, and repaired.
#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_appears_among_counted_ones_is_counted_by_the_next_reading() {
    if skipped_elsewhere(
        "a_user_who_appears_among_counted_ones_is_counted_by_the_next_reading",
        MANY_USERS,
    ) {
        return;
    }
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let (store, tenant) = (app.store_of("users"), lender.tenant);
    let mut all = register(&store, tenant, 0..150, app.clock.now()).await;
    let late = app.clock.now();
    app.clock.advance(60);
    let now = app.clock.now();
    assert_eq!(app.store.count_users(tenant, now, |_| {}).await.expect("counted"), 150);
    // A transaction that took a minute.
    all.extend(register(&store, tenant, 150..151, late).await);
    let _ = page(&store, tenant, TimeRange::ALL, 2, now).await;
    let _ = assert_pages(&store, tenant, &all, TimeRange::ALL, now).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn more_new_users_than_can_be_counted_are_listed_as_of_before() {
    if skipped_elsewhere("more_new_users_than_can_be_counted_are_listed_as_of_before", MANY_USERS) {
        return;
    }
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let (store, tenant) = (app.store_of("users"), lender.tenant);
    let before = write_entries(&app, tenant, 120, app.clock.now()).await;
    app.clock.advance(60);
    let now = app.clock.now();
    assert_eq!(app.store.count_users(tenant, now, |_| {}).await.expect("counted"), 120);
    let mut all = before.clone();
    all.extend(write_entries(&app, tenant, 1_680, now).await);
    let answer = lender.get("/users").await.expect_status(200);
    assert_eq!(answer.at("/_meta/total_users_count"), 120);
    let until: Timestamp = answer
        .at("/_meta/created_before")
        .as_str()
        .expect("time")
        .parse()
        .expect("time");
    assert!(until < now && until > now.plus_seconds(-60), "{until}");
    let (found, units) = page(&store, tenant, TimeRange::ALL, 1, now).await;
    assert!(found.users.iter().all(|user| before.contains(&user.reference())));
    if app.database.is_embedded() {
        assert!(units <= MOST_UNITS, "{units} read units");
    }
    // The schedule counts them.
    app.clock.advance(61);
    let now = app.clock.now();
    mark(&app, tenant, now).await;
    assert_eq!(run(&app).await.users, 1_680);
    let _ = assert_pages(&store, tenant, &all, TimeRange::ALL, now).await;
}

/// Each erasure lowers the count of its leaf, based on its own read.
#[tokio::test(flavor = "multi_thread")]
async fn users_who_are_erased_at_once_are_all_taken_off_the_count() {
    if skipped_elsewhere("users_who_are_erased_at_once_are_all_taken_off_the_count", MANY_USERS) {
        return;
    }
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let (store, tenant) = (app.store_of("users"), lender.tenant);
    let mut all = register(&store, tenant, 0..60, app.clock.now()).await;
    app.clock.advance(60);
    let now = app.clock.now();
    assert_eq!(app.store.count_users(tenant, now, |_| {}).await.expect("counted"), 60);
    // One erasure reads the head of the directory late: after the profile and the holder of the number.
    let proxy = HoldingProxy::start(app.database.endpoint()).await;
    let slow = app.store_over(&proxy.endpoint(), "users").await;
    let held = proxy.hold("GetItem", 3, Part::Request);
    let user = tenant.user(all[7].id);
    let erased = tokio::spawn(async move { slow.erase_user(user, now).await });
    held.arrived().await;
    assert!(store.erase_user(tenant.user(all[8].id), now).await.expect("erased"));
    held.release();
    assert!(erased.await.expect("task").expect("erased"));
    all.drain(7..9);
    let _ = assert_pages(&store, tenant, &all, TimeRange::ALL, now).await;
}
