//! Pages of a tenant with a directory of ten million users, in the unpacked format. Only the users of the newest leaves
//! exist.

use std::collections::HashMap;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use daftari_domain::{TimeRange, Timestamp};
use daftari_platform::identity::Tenant;
use daftari_platform::store::{GRACE_SECONDS, User};
use daftari_tests::rounds::Rounds;
use daftari_tests::{TestApp, skipped_elsewhere};

use super::{MANY_USERS, MOST_ROUNDS, mark, page, page_within, range, register, run, write, write_entries};

const USERS: u64 = 10_000_000;
const LEAF_USERS: usize = 400;
const CHUNK_LEAVES: usize = 512;
/// Leaves whose users exist. The others cover three years.
const REAL: i64 = 3;
const LEAF_SECONDS: i64 = 3_784;

fn varint(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    bytes.push(value.to_le_bytes()[0]);
}

/// A distance of seconds, which is not negative.
fn distance(bytes: &mut Vec<u8>, seconds: i64) {
    varint(bytes, seconds.cast_unsigned() << 1);
}

/// An item of the directory.
fn item(tenant: Tenant, key: String, kind: &str) -> HashMap<String, AttributeValue> {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    HashMap::from([
        ("PK".to_owned(), text(&format!("{tenant}#DIRECTORY"))),
        ("SK".to_owned(), AttributeValue::S(key)),
        ("type".to_owned(), text(kind)),
        ("v".to_owned(), AttributeValue::N("1".to_owned())),
    ])
}

/// Writes a directory that ends at a time, and the users of its newest leaves, each leaf of one second.
async fn write_directory(app: &TestApp, tenant: Tenant, end: Timestamp) {
    let leaves = i64::try_from(USERS).expect("users") / 400;
    let begin = |leaf: i64| end.plus_seconds((leaf - leaves) * LEAF_SECONDS);
    let all: Vec<i64> = (0..leaves).collect();
    let mut items = Vec::new();
    for (number, of_chunk) in all.chunks(CHUNK_LEAVES).enumerate() {
        let (mut bytes, mut before) = (Vec::new(), 0);
        for leaf in of_chunk {
            let second = begin(*leaf).unix_seconds();
            distance(&mut bytes, second - before);
            // The earlier leaves begin within a second, which takes two bytes more.
            let is_within = *leaf < leaves - REAL;
            varint(&mut bytes, (LEAF_USERS as u64) << 1 | u64::from(is_within));
            if is_within {
                bytes.extend([0x80, 0]);
            }
            before = second;
        }
        let from = if number == 0 {
            String::new()
        } else {
            format!("{}#8000", begin(of_chunk[0]))
        };
        let mut chunk = item(tenant, format!("CHUNK#{from}"), "chunk");
        let _ = chunk.insert("leaves".to_owned(), AttributeValue::B(Blob::new(bytes)));
        items.push(chunk);
    }
    for leaf in leaves - REAL..leaves {
        let second = begin(leaf);
        let mut bytes = Vec::new();
        distance(&mut bytes, second.unix_seconds());
        bytes.resize(bytes.len() + LEAF_USERS - 1, 0);
        let mut seconds = item(tenant, format!("LEAF#{second}"), "leaf");
        let _ = seconds.insert("seconds".to_owned(), AttributeValue::B(Blob::new(bytes)));
        items.push(seconds);
        let _ = write_entries(app, tenant, LEAF_USERS, second).await;
    }
    let mut head = item(tenant, "HEAD".to_owned(), "directory");
    for (name, number) in [
        ("layout", 3),
        ("version", 7),
        ("users", leaves * 400),
        ("boundary", end.unix_seconds()),
        ("boundary_uuid", 0),
    ] {
        let _ = head.insert(name.to_owned(), AttributeValue::N(number.to_string()));
    }
    items.push(head);
    write(app, items).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn any_page_of_ten_million_users_costs_no_more_in_a_burst() {
    if skipped_elsewhere("any_page_of_ten_million_users_costs_no_more_in_a_burst", MANY_USERS) {
        return;
    }
    let app = TestApp::start().await;
    let tenant = app.lender().await.tenant;
    let boundary = app.clock.now();
    write_directory(&app, tenant, boundary).await;
    let rounds = Rounds::start(app.database.endpoint()).await;
    let store = app.store_over(&rounds.endpoint(), "users").await;
    let page = |created, number| page_within(MOST_ROUNDS, &rounds, &store, tenant, (created, number), app.clock.now());
    let last_leaf = boundary.plus_seconds(-LEAF_SECONDS);
    // Some are in the tail, so that pages begin in one leaf and end in the next.
    let _ = write_entries(&app, tenant, 30, boundary).await;
    for number in 1..=18 {
        let found = page(TimeRange::ALL, number).await;
        assert_eq!(
            (found.total, found.until, found.users.len()),
            (USERS + 30, None, 50),
            "page {number}"
        );
        let newest_first = found
            .users
            .is_sorted_by(|a, b| (a.created_at, a.id) > (b.created_at, b.id));
        assert!(newest_first, "page {number}");
    }
    for (created, total) in [
        (range(Some(last_leaf), None), 430),
        (range(None, Some(last_leaf)), USERS),
        (range(Some(last_leaf.plus_seconds(-LEAF_SECONDS)), Some(last_leaf)), 800),
    ] {
        for number in [1, 8, 9] {
            assert_eq!(page(created, number).await.total, total, "page {number} of {created:?}");
        }
    }
    // A burst: its users are too many to read. First none of them is due, then all.
    app.clock.advance(GRACE_SECONDS);
    let _ = write_entries(&app, tenant, 2_000, app.clock.now()).await;
    for seconds in [1, 30] {
        app.clock.advance(seconds);
        for number in [1, 8, 9, 17] {
            let found = page(TimeRange::ALL, number).await;
            let until = Some(boundary.plus_seconds(-1));
            assert_eq!(
                (found.total, found.until, found.users.len()),
                (USERS, until, 50),
                "page {number}"
            );
        }
        assert_eq!(page(range(Some(last_leaf), None), 8).await.total, 400);
    }
    // Registrations count them: one of eight does.
    let direct = app.store_of("users");
    let _ = register(&direct, tenant, 0..100, app.clock.now()).await;
    for number in [1, 9, 41] {
        let found = page(TimeRange::ALL, number).await;
        assert_eq!((found.total, found.until), (USERS + 2_130, None), "page {number}");
    }
}

/// The items of a tenant's directory that have an attribute.
async fn items_with(app: &TestApp, attribute: &str) -> usize {
    let items = app.items().await;
    items.iter().filter(|item| item.contains_key(attribute)).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_migration_stores_the_directory_in_fewer_bytes() {
    if skipped_elsewhere("a_migration_stores_the_directory_in_fewer_bytes", MANY_USERS) {
        return;
    }
    let app = TestApp::start().await;
    let tenant = app.lender().await.tenant;
    write_directory(&app, tenant, app.clock.now()).await;
    let store = app.store_of("users");
    let now = app.clock.now();
    let (before, units) = page(&store, tenant, TimeRange::ALL, 9, now).await;
    assert_eq!(items_with(&app, "leaves").await, 49);
    for _ in 0..2 {
        let done = app.store.migrate_users(tenant, || now, |_| {}).await.expect("migrated");
        assert_eq!(done.changed, 0);
        assert_eq!(
            (items_with(&app, "leaves").await, items_with(&app, "packed").await),
            (0, 49)
        );
    }
    let (after, fewer) = page(&store, tenant, TimeRange::ALL, 9, now).await;
    assert_eq!((after.total, &after.users), (USERS, &before.users));
    if app.database.is_embedded() {
        assert!(fewer <= units - 8.0, "{fewer} read units, from {units}");
    }
}

/// A burst of registrations ends, and nobody registers for an hour.
#[tokio::test(flavor = "multi_thread")]
async fn after_a_burst_the_schedule_completes_a_list_of_ten_million() {
    if skipped_elsewhere("after_a_burst_the_schedule_completes_a_list_of_ten_million", MANY_USERS) {
        return;
    }
    let app = TestApp::start().await;
    let tenant = app.lender().await.tenant;
    let counted = app.clock.now();
    write_directory(&app, tenant, counted).await;
    app.clock.advance(GRACE_SECONDS);
    let burst = app.clock.now();
    mark(&app, tenant, burst).await;
    let _ = write_entries(&app, tenant, 3_000, burst).await;
    let rounds = Rounds::start(app.database.endpoint()).await;
    let store = app.store_over(&rounds.endpoint(), "users").await;
    let page = |number| {
        let now = app.clock.now();
        page_within(MOST_ROUNDS, &rounds, &store, tenant, (TimeRange::ALL, number), now)
    };
    // However late the schedule is, a reader learns up to when the list goes.
    for seconds in [0, GRACE_SECONDS + 1, 3_600] {
        app.clock.advance(seconds);
        for number in [1, 9] {
            let found = page(number).await;
            assert_eq!((found.total, found.until), (USERS, Some(counted.plus_seconds(-1))));
        }
    }
    // The last seconds are not due yet, and few.
    let _ = write_entries(&app, tenant, 20, app.clock.now()).await;
    assert_eq!(run(&app).await.users, 3_000);
    let mut listed = Vec::new();
    for number in 1..=61 {
        let found = page(number).await;
        assert_eq!((found.total, found.until), (USERS + 3_020, None), "page {number}");
        listed.extend(found.users.iter().map(User::reference));
    }
    assert!(listed.is_sorted_by(|one, other| one > other));
    assert_eq!(listed.iter().filter(|user| user.created_at == burst).count(), 3_000);
}
