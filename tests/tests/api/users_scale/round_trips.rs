//! What any page of the list costs: round trips and read units.

use daftari_domain::{TimeRange, Timestamp};
use daftari_platform::identity::Tenant;
use daftari_platform::store::{GRACE_SECONDS, Store, UserPage};
use daftari_tests::rounds::Rounds;
use daftari_tests::{TestApp, skipped_elsewhere};

use super::{MANY_USERS, MOST_ROUNDS, page, page_within, range, write_entries};

/// Most round trips of a page that counts new users: with the transaction.
const ROUNDS_OF_COUNTING: usize = MOST_ROUNDS + 1;

/// A tenant with 1,200 users of an hour in leaves of 400, all counted.
struct Counted {
    app: TestApp,
    tenant: Tenant,
    rounds: Rounds,
    store: Store,
    first: Timestamp,
}

impl Counted {
    async fn start() -> Self {
        let app = TestApp::start().await;
        let tenant = app.lender().await.tenant;
        let first = app.clock.now();
        for _ in 0..60 {
            let _ = write_entries(&app, tenant, 20, app.clock.now()).await;
            app.clock.advance(60);
        }
        let counted = app.store.count_users(tenant, app.clock.now(), |_| {}).await;
        assert_eq!(counted.expect("counted"), 1_200);
        let rounds = Rounds::start(app.database.endpoint()).await;
        let store = app.store_over(&rounds.endpoint(), "users").await;
        Self {
            app,
            tenant,
            rounds,
            store,
            first,
        }
    }

    /// A page that costs at most so many round trips, and the read units of any page.
    async fn page(&self, created: TimeRange, number: usize, most: usize) -> UserPage {
        let (rounds, store, now) = (&self.rounds, &self.store, self.app.clock.now());
        page_within(most, rounds, store, self.tenant, (created, number), now).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn any_page_takes_two_round_trips() {
    if skipped_elsewhere("any_page_takes_two_round_trips", MANY_USERS) {
        return;
    }
    let counted = Counted::start().await;
    let _ = write_entries(&counted.app, counted.tenant, 30, counted.app.clock.now()).await;
    let at = |minutes: i64| Some(counted.first.plus_seconds(minutes * 60));
    for (created, total) in [
        (TimeRange::ALL, 1_230),
        (range(at(7), None), 1_090),
        (range(None, at(33)), 680),
        (range(at(9), at(10)), 40),
        (range(at(3), at(52)), 1_000),
        (range(at(19), at(41)), 460),
        (range(at(60), None), 30),
        (range(None, at(-1)), 0),
    ] {
        for number in [1, 9, 20] {
            let found = counted.page(created, number, MOST_ROUNDS).await;
            assert_eq!((found.total, found.until), (total, None), "{created:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_among_many_new_users_takes_no_more() {
    if skipped_elsewhere("a_page_among_many_new_users_takes_no_more", MANY_USERS) {
        return;
    }
    let counted = Counted::start().await;
    let created = counted.app.clock.now();
    // Few enough to be read, and enough to be counted by a reader once they are due.
    let _ = write_entries(&counted.app, counted.tenant, 70, created).await;
    counted.app.clock.advance(GRACE_SECONDS + 1);
    for number in [9, 1] {
        let found = counted.page(TimeRange::ALL, number, ROUNDS_OF_COUNTING).await;
        assert_eq!((found.total, found.until), (1_270, None));
    }
    // Too many to be read, and none of them due: the list ends before them.
    let burst = counted.app.clock.now();
    let _ = write_entries(&counted.app, counted.tenant, 500, burst).await;
    for number in [1, 9] {
        let found = counted.page(TimeRange::ALL, number, ROUNDS_OF_COUNTING).await;
        assert_eq!(
            (found.total, found.until),
            (1_270, Some(burst.plus_seconds(-GRACE_SECONDS - 1)))
        );
    }
}

/// What nobody counts when a burst of registrations ends is counted by the first reader.
#[tokio::test(flavor = "multi_thread")]
async fn the_first_page_after_a_burst_has_all_of_it() {
    if skipped_elsewhere("the_first_page_after_a_burst_has_all_of_it", MANY_USERS) {
        return;
    }
    let counted = Counted::start().await;
    let burst = counted.app.clock.now();
    let _ = write_entries(&counted.app, counted.tenant, 500, burst).await;
    counted.app.clock.advance(30);
    let now = counted.app.clock.now();
    let (found, _) = page(&counted.store, counted.tenant, TimeRange::ALL, 1, now).await;
    assert_eq!(
        (found.total, found.until),
        (1_700, Some(now.plus_seconds(-GRACE_SECONDS - 1)))
    );
    assert!(found.users.iter().all(|user| user.created_at == burst));
    let found = counted.page(TimeRange::ALL, 9, MOST_ROUNDS).await;
    assert_eq!((found.total, found.until), (1_700, None));
    let found = counted.page(range(Some(burst), None), 9, MOST_ROUNDS).await;
    assert_eq!(found.total, 500);
}
