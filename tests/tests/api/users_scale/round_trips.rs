//! The cost of any page of the list: round trips and read units.

use daftari_domain::{TimeRange, Timestamp};
use daftari_platform::identity::Tenant;
use daftari_platform::store::{GRACE_SECONDS, Store, User, UserPage};
use daftari_tests::rounds::Rounds;
use daftari_tests::{TestApp, skipped_elsewhere};

use super::{MANY_USERS, MOST_ROUNDS, MOST_UNITS, page, page_within, range, write_entries};

/// Most round trips of a page whose reader reads more of the tail.
const ROUNDS_OF_TAIL: usize = MOST_ROUNDS + 1;

/// A tenant with 1,200 users of one hour, all counted.
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

    /// A page with at most this number of round trips, and the page's read units.
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
async fn a_page_among_many_new_users_lists_them_if_they_can_be_read() {
    if skipped_elsewhere("a_page_among_many_new_users_lists_them_if_they_can_be_read", MANY_USERS) {
        return;
    }
    let counted = Counted::start().await;
    let created = counted.app.clock.now();
    // Few enough to read.
    let _ = write_entries(&counted.app, counted.tenant, 70, created).await;
    counted.app.clock.advance(GRACE_SECONDS + 1);
    for number in [9, 1] {
        let found = counted.page(TimeRange::ALL, number, MOST_ROUNDS).await;
        assert_eq!((found.total, found.until), (1_270, None));
    }
    // In another round trip, whether they are due or not.
    let burst = counted.app.clock.now();
    let _ = write_entries(&counted.app, counted.tenant, 330, burst).await;
    for seconds in [0, GRACE_SECONDS + 1] {
        counted.app.clock.advance(seconds);
        for number in [1, 8, 9, 32] {
            let found = counted.page(TimeRange::ALL, number, ROUNDS_OF_TAIL).await;
            assert_eq!((found.total, found.until, found.users.len()), (1_600, None, 50));
            let found = counted.page(range(Some(burst), None), number, ROUNDS_OF_TAIL).await;
            assert_eq!((found.total, found.until), (330, None));
        }
    }
    // Too many to read: the list ends at the boundary.
    let _ = write_entries(&counted.app, counted.tenant, 700, counted.app.clock.now()).await;
    for seconds in [0, 1] {
        counted.app.clock.advance(seconds);
        for number in [1, 9] {
            let found = counted.page(TimeRange::ALL, number, ROUNDS_OF_TAIL).await;
            let until = created.plus_seconds(-GRACE_SECONDS - 1);
            assert_eq!((found.total, found.until), (1_200, Some(until)));
        }
    }
}

/// No user of a new tenant is counted or due.
#[tokio::test(flavor = "multi_thread")]
async fn several_hundred_users_of_a_new_tenant_are_listed_at_once() {
    if skipped_elsewhere("several_hundred_users_of_a_new_tenant_are_listed_at_once", MANY_USERS) {
        return;
    }
    let app = TestApp::start().await;
    let tenant = app.lender().await.tenant;
    let store = app.store_of("users");
    let mut users = write_entries(&app, tenant, 400, app.clock.now()).await;
    users.sort_unstable_by(|one, other| other.cmp(one));
    let mut listed = Vec::new();
    for number in 1..=9 {
        let (found, units) = page(&store, tenant, TimeRange::ALL, number, app.clock.now()).await;
        assert_eq!((found.total, found.until), (400, None), "page {number}");
        assert!(units <= MOST_UNITS, "page {number}: {units} read units");
        listed.extend(found.users.iter().map(User::reference));
    }
    assert_eq!(listed, users);
}
