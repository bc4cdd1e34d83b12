//! Counting users on a schedule: the marks that name the lists, and runs that meet others or are killed.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use count_users::{Looks, Run, count_users};
use daftari_domain::{TimeRange, Timestamp};
use daftari_platform::identity::Tenant;
use daftari_platform::store::{GRACE_SECONDS, Store, Usage};
use daftari_tests::proxy::{HoldingProxy, Part};
use daftari_tests::{TestApp, skipped_elsewhere};

use super::{MANY_USERS, MOST_UNITS, mark, page, register, run, write_entries};

/// The lists that are marked.
async fn marked(app: &TestApp) -> usize {
    let items = app.items().await;
    let kind = |item: &std::collections::HashMap<String, aws_sdk_dynamodb::types::AttributeValue>| {
        item["type"].as_s().is_ok_and(|kind| kind == "uncounted")
    };
    items.iter().filter(|item| kind(item)).count()
}

/// How many users are listed, and up to when if that is not the present.
async fn listed(app: &TestApp, tenant: Tenant) -> (u64, Option<Timestamp>) {
    let store = app.store_of("users");
    let (found, units) = page(&store, tenant, TimeRange::ALL, 1, app.clock.now()).await;
    assert!(!app.database.is_embedded() || units <= MOST_UNITS, "{units} read units");
    (found.total, found.until)
}

/// A tenant with users of a burst, who are due and not counted, and a mark.
async fn after_a_burst(users: usize) -> (TestApp, Tenant) {
    let app = TestApp::start().await;
    let tenant = app.lender().await.tenant;
    let _ = write_entries(&app, tenant, users, app.clock.now()).await;
    mark(&app, tenant, app.clock.now()).await;
    app.clock.advance(GRACE_SECONDS + 1);
    (app, tenant)
}

/// A tenant with 60 users, who are counted.
async fn with_counted_users() -> (TestApp, Tenant) {
    let app = TestApp::start().await;
    let tenant = app.lender().await.tenant;
    let _ = write_entries(&app, tenant, 60, app.clock.now()).await;
    app.clock.advance(60);
    let counted = app.store.count_users(tenant, app.clock.now(), |_| {}).await;
    assert_eq!(counted.expect("counted"), 60);
    (app, tenant)
}

/// A run with a store of its own.
async fn run_by(store: Store, now: Timestamp) -> Run {
    count_users(&store, || now, async |_| {}, Looks::WhileWaiting)
        .await
        .expect("counted")
}

#[tokio::test(flavor = "multi_thread")]
async fn registrations_mark_their_tenant_and_the_schedule_counts_them() {
    if skipped_elsewhere(
        "registrations_mark_their_tenant_and_the_schedule_counts_them",
        MANY_USERS,
    ) {
        return;
    }
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let (store, tenant) = (app.store_of("users"), lender.tenant);
    assert_eq!(run(&app).await, Run::default());
    let _ = register(&store, tenant, 0..60, app.clock.now()).await;
    assert_eq!(marked(&app).await, 1);
    // Nobody is due, so the mark stays for the next run.
    let first = run(&app).await;
    assert_eq!((first.users, first.waiting), (0, 1));
    app.clock.advance(GRACE_SECONDS + 1);
    assert_eq!(run(&app).await.users, 60);
    let answer = lender.get("/users").await.expect_status(200);
    assert_eq!(answer.at("/_meta/total_users_count"), 60);
    // A registration may rely on a mark for a while.
    assert_eq!(marked(&app).await, 1);
    app.clock.advance(60);
    assert_eq!(run(&app).await, Run::default());
    assert_eq!(marked(&app).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_marks_a_tenant_again_only_after_some_seconds() {
    if skipped_elsewhere("a_process_marks_a_tenant_again_only_after_some_seconds", MANY_USERS) {
        return;
    }
    let app = TestApp::start().await;
    let tenant = app.lender().await.tenant;
    let store = app.store_of("users");
    let mut numbers = (0..).step_by(60).map(|first| first..first + 60);
    let mut burst = || numbers.next().expect("numbers");
    let _ = register(&store, tenant, burst(), app.clock.now()).await;
    let written = async || {
        let items = app.items().await;
        let mut marks = items.into_iter().filter_map(|mut item| item.remove("marked"));
        marks.next().and_then(|at| at.as_n().ok()?.parse::<i64>().ok())
    };
    let first = app.clock.now().unix_seconds();
    assert_eq!(written().await, Some(first));
    app.clock.advance(9);
    let _ = register(&store, tenant, burst(), app.clock.now()).await;
    assert_eq!(written().await, Some(first));
    app.clock.advance(1);
    let _ = register(&store, tenant, burst(), app.clock.now()).await;
    assert_eq!(written().await, Some(first + 10));
}

/// Registrations count a few users in passing, and pages read them.
#[tokio::test(flavor = "multi_thread")]
async fn a_short_tail_is_left_and_costs_one_write() {
    let app = TestApp::start().await;
    let tenant = app.lender().await.tenant;
    let _ = write_entries(&app, tenant, 3, app.clock.now()).await;
    mark(&app, tenant, app.clock.now()).await;
    app.clock.advance(90);
    let usage = Usage::default();
    let store = app.store_of("count-users").counting(&usage);
    assert_eq!(run_by(store, app.clock.now()).await, Run::default());
    assert_eq!(marked(&app).await, 0);
    assert_eq!(listed(&app, tenant).await, (3, None));
    if app.database.is_embedded() {
        assert!(usage.write_units() <= 1.0, "{} write units", usage.write_units());
        assert!(usage.read_units() <= 13.0, "{} read units", usage.read_units());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rest_of_a_burst_of_a_thousand_a_second_is_counted_by_one_run() {
    if skipped_elsewhere(
        "the_rest_of_a_burst_of_a_thousand_a_second_is_counted_by_one_run",
        MANY_USERS,
    ) {
        return;
    }
    let app = TestApp::start().await;
    let tenant = app.lender().await.tenant;
    // More than one transaction counts.
    for _ in 0..20 {
        let _ = write_entries(&app, tenant, 1_000, app.clock.now()).await;
        app.clock.advance(1);
    }
    mark(&app, tenant, app.clock.now()).await;
    assert_eq!(listed(&app, tenant).await.0, 0);
    app.clock.advance(GRACE_SECONDS);
    assert_eq!(run(&app).await.users, 20_000);
    assert_eq!(listed(&app, tenant).await, (20_000, None));
}

/// The tail is found short, and a burst comes before the mark is removed.
#[tokio::test(flavor = "multi_thread")]
async fn a_mark_that_is_written_while_it_is_removed_stays() {
    if skipped_elsewhere("a_mark_that_is_written_while_it_is_removed_stays", MANY_USERS) {
        return;
    }
    let app = TestApp::start().await;
    let tenant = app.lender().await.tenant;
    mark(&app, tenant, app.clock.now()).await;
    app.clock.advance(90);
    let proxy = HoldingProxy::start(app.database.endpoint()).await;
    let slow = app.store_over(&proxy.endpoint(), "count-users").await;
    let held = proxy.hold("DeleteItem", 1, Part::Request);
    let running = tokio::spawn(run_by(slow, app.clock.now()));
    held.arrived().await;
    let _ = register(&app.store_of("users"), tenant, 0..60, app.clock.now()).await;
    let _ = write_entries(&app, tenant, 1_000, app.clock.now()).await;
    held.release();
    let _ = running.await.expect("task");
    assert_eq!(marked(&app).await, 1);
    app.clock.advance(GRACE_SECONDS + 1);
    assert_eq!(run(&app).await.users, 1_060);
    assert_eq!(listed(&app, tenant).await, (1_060, None));
}

/// The list ended a while ago, because nobody has registered since.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_a_burst_cuts_short_ends_shortly_before_the_burst() {
    if skipped_elsewhere(
        "a_list_that_a_burst_cuts_short_ends_shortly_before_the_burst",
        MANY_USERS,
    ) {
        return;
    }
    for idle in [5, 29, 3_600] {
        let (app, tenant) = with_counted_users().await;
        app.clock.advance(idle);
        let burst = app.clock.now();
        let _ = register(&app.store_of("users"), tenant, 0..100, burst).await;
        let _ = write_entries(&app, tenant, 1_000, burst).await;
        let until = Some(burst.plus_seconds(-GRACE_SECONDS - 1));
        assert_eq!(listed(&app, tenant).await, (60, until), "after {idle} s");
    }
}

/// How many seconds ago a list ended at most, if bursts begin shortly after each look, and the runs as late as the
/// schedule may call them.
async fn oldest_end(looks: Looks) -> i64 {
    /// How long after a look a burst begins that moves no boundary.
    const AFTER: i64 = 4;
    /// A rule of EventBridge is this late, at most.
    const LATE: i64 = 10;
    let (app, tenant) = with_counted_users().await;
    let oldest = AtomicI64::new(0);
    let pass = async |time: Duration| {
        let seconds = time.as_secs().try_into().expect("seconds");
        let burst_after = AFTER.min(seconds);
        app.clock.advance(burst_after);
        if seconds > AFTER {
            let burst = app.clock.now();
            let _ = write_entries(&app, tenant, 800, burst).await;
            mark(&app, tenant, burst).await;
            assert!(
                listed(&app, tenant).await.1.is_some(),
                "the burst does not cut the list"
            );
        }
        // The end is oldest before the next look.
        app.clock.advance(seconds - burst_after);
        if let (_, Some(until)) = listed(&app, tenant).await {
            oldest.fetch_max(app.clock.now().unix_seconds() - until.unix_seconds(), Ordering::Relaxed);
        }
    };
    for _ in 0..2 {
        let started = app.clock.now().unix_seconds();
        let store = app.store_of("count-users");
        let run = count_users(&store, || app.clock.now(), &pass, looks).await;
        let _ = run.expect("counted");
        let rest = started + 60 + LATE - app.clock.now().unix_seconds();
        pass(Duration::from_secs(rest.try_into().expect("before the next run"))).await;
    }
    oldest.into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_ends_at_most_a_minute_ago() {
    if skipped_elsewhere("a_list_ends_at_most_a_minute_ago", MANY_USERS) {
        return;
    }
    let oldest = oldest_end(Looks::TwiceAtLeast).await;
    assert!((45..=60).contains(&oldest), "{oldest} s ago");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_second_look_it_ends_at_most_a_minute_and_a_half_ago() {
    if skipped_elsewhere(
        "without_the_second_look_it_ends_at_most_a_minute_and_a_half_ago",
        MANY_USERS,
    ) {
        return;
    }
    let oldest = oldest_end(Looks::WhileWaiting).await;
    assert!((75..=90).contains(&oldest), "{oldest} s ago");
}

/// A run that is killed has written a folding or not; the next one does the rest.
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_run_counts_nobody_twice() {
    if skipped_elsewhere("a_killed_run_counts_nobody_twice", MANY_USERS) {
        return;
    }
    for part in [Part::Request, Part::Answer] {
        let (app, tenant) = after_a_burst(1_000).await;
        let proxy = HoldingProxy::start(app.database.endpoint()).await;
        let slow = app.store_over(&proxy.endpoint(), "count-users").await;
        let held = proxy.hold("TransactWriteItems", 1, part);
        let running = tokio::spawn(run_by(slow, app.clock.now()));
        held.arrived().await;
        running.abort();
        let _ = running.await;
        let again = run(&app).await;
        assert_eq!(again.users, if matches!(part, Part::Request) { 1_000 } else { 0 });
        assert_eq!(listed(&app, tenant).await, (1_000, None));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_at_the_same_time_count_each_user_once() {
    if skipped_elsewhere("runs_at_the_same_time_count_each_user_once", MANY_USERS) {
        return;
    }
    let (app, tenant) = after_a_burst(2_500).await;
    let runs = (0..4).map(|_| tokio::spawn(run_by(app.store_of("count-users"), app.clock.now())));
    let mut counted = 0;
    for running in runs.collect::<Vec<_>>() {
        counted += running.await.expect("task").users;
    }
    assert_eq!(counted, 2_500);
    assert_eq!(listed(&app, tenant).await, (2_500, None));
}

/// A mark may be missing: before this function existed, nobody wrote one.
#[tokio::test(flavor = "multi_thread")]
async fn a_reader_marks_a_list_that_was_forgotten() {
    if skipped_elsewhere("a_reader_marks_a_list_that_was_forgotten", MANY_USERS) {
        return;
    }
    let (app, tenant) = with_counted_users().await;
    let _ = write_entries(&app, tenant, 1_000, app.clock.now()).await;
    app.clock.advance(60);
    assert_eq!(listed(&app, tenant).await.0, 60);
    // That is as old as a boundary may be.
    assert_eq!(marked(&app).await, 0);
    app.clock.advance(180);
    assert_eq!(listed(&app, tenant).await.0, 60);
    assert_eq!(marked(&app).await, 1);
    assert_eq!(run(&app).await.users, 1_000);
    assert_eq!(listed(&app, tenant).await, (1_060, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_cannot_be_counted_fails_the_run_after_all_others() {
    let app = TestApp::start().await;
    let (damaged, other) = (app.lender().await.tenant, app.organization("Kijani").await);
    let other = app
        .lender_of(other.id, daftari_platform::identity::Environment::Production)
        .tenant;
    for (tenant, seconds) in [(damaged, -1), (other, 0)] {
        let _ = write_entries(&app, tenant, 60, app.clock.now()).await;
        mark(&app, tenant, app.clock.now().plus_seconds(seconds)).await;
    }
    let text = |text: &str| aws_sdk_dynamodb::types::AttributeValue::S(text.to_owned());
    let head = [
        ("PK", format!("{damaged}#DIRECTORY")),
        ("SK", "HEAD".to_owned()),
        ("layout", "?".to_owned()),
    ];
    let head = head.into_iter().map(|(name, value)| (name.to_owned(), text(&value)));
    super::write(&app, vec![head.collect()]).await;
    app.clock.advance(GRACE_SECONDS + 1);
    let now = app.clock.now();
    let store = app.store_of("count-users");
    assert!(
        count_users(&store, || now, async |_| {}, Looks::WhileWaiting)
            .await
            .is_err()
    );
    let counted = app.store.count_users(other, now, |_| {}).await.expect("counted");
    assert_eq!(counted, 0, "the run has counted them");
    assert_eq!(listed(&app, other).await, (60, None));
}
