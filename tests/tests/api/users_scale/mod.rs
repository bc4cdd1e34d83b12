//! Many users of one tenant: pages agree with the registered users, the cost of a search depends on its results, and
//! tables with the single layout work.

mod finding;
mod list_directory;
mod listing;
mod many;
mod migration;
mod round_trips;
mod schedule;

use std::collections::HashMap;
use std::ops::Range;

use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use count_users::{Looks, Run, count_users};
use daftari_domain::ids::UserId;
use daftari_domain::{TimeRange, Timestamp};
use daftari_platform::identity::Tenant;
use daftari_platform::store::{NewUser, Registered, Store, Usage, UserChanges, UserFilter, UserPage, UserRef};
use daftari_tests::TestApp;
use daftari_tests::rounds::Rounds;
use futures_util::future::join_all;
use uuid::Uuid;

/// Most read units of a page.
const MOST_UNITS: f64 = 60.0;
/// Most round trips of a page.
const MOST_ROUNDS: usize = 2;
/// Bytes of a usual entry of the list.
const USUAL_ENTRY: usize = 350;
/// Most attempts at measuring the round trips of a page.
const TRIES: usize = 4;
const PAGE: usize = 50;

/// The `n`th user; every tenth has the same device, every fiftieth the same last name.
///
/// Consecutive numbers are spread evenly over the partitions of the list, which the last byte of an id determines. With
/// random ids, a page sometimes needs another read.
fn user(n: u64) -> NewUser {
    let mut id = *Uuid::new_v4().as_bytes();
    id[15] = n.to_le_bytes()[0];
    NewUser {
        id: UserId(Uuid::from_bytes(id)),
        phone_number: format!("2547{n:08}"),
        old_spellings: Vec::new(),
        country: None,
        changes: UserChanges {
            first_name: Some(format!("First{n}")),
            last_name: Some(if n.is_multiple_of(50) {
                "Rare".to_owned()
            } else {
                format!("Last{n}")
            }),
            email: Some(format!("user{n}@example.org")),
            external_id: Some(Some(format!("EXT-{n}"))),
            device_id: Some(if n.is_multiple_of(500) {
                "shared".to_owned()
            } else {
                format!("device-{n}")
            }),
            is_kyc_verified: Some(n.is_multiple_of(2)),
        },
    }
}

/// Registers users, several at once.
async fn register(store: &Store, tenant: Tenant, numbers: Range<u64>, now: Timestamp) -> Vec<UserRef> {
    register_all(store, tenant, numbers.map(user).collect(), now).await
}

async fn register_all(store: &Store, tenant: Tenant, users: Vec<NewUser>, now: Timestamp) -> Vec<UserRef> {
    let mut registered = Vec::new();
    for users in users.chunks(32) {
        for done in join_all(users.iter().map(|user| store.register_user(tenant, user, now))).await {
            let Registered::Created(user) = done.expect("registered") else {
                panic!("the number was known");
            };
            registered.push(user.reference());
        }
    }
    registered
}

/// The reason why a test runs on the embedded engine only.
pub(crate) const MANY_USERS: &str = "so many users time out on a slower engine";

/// Writes items unchanged, many at once.
async fn write(app: &TestApp, items: Vec<HashMap<String, AttributeValue>>) {
    let client = app.database.client().await;
    for items in items.chunks(25) {
        let put = |item: &HashMap<String, AttributeValue>| {
            let put = PutRequest::builder()
                .set_item(Some(item.clone()))
                .build()
                .expect("item");
            WriteRequest::builder().put_request(put).build()
        };
        let items: Vec<WriteRequest> = items.iter().map(put).collect();
        let written = client.batch_write_item().request_items(app.store.table_name(), items);
        let written = written.send().await.expect("written");
        assert!(written.unprocessed_items.is_none_or(|rest| rest.is_empty()));
    }
}

/// Usual entries of the list, as registrations write them, without the users' other items.
async fn write_entries(app: &TestApp, tenant: Tenant, count: usize, created_at: Timestamp) -> Vec<UserRef> {
    let users: Vec<UserRef> = std::iter::repeat_with(|| UserRef {
        created_at,
        id: UserId(Uuid::new_v4()),
    })
    .take(count)
    .collect();
    let entry = |user: &UserRef| {
        let shard = user.id.0.as_bytes()[15] % 8;
        let text = |text: String| AttributeValue::S(text);
        HashMap::from([
            ("PK".to_owned(), text(format!("{tenant}#LIST#{shard}"))),
            ("SK".to_owned(), text(format!("{}#{}", user.created_at, user.id))),
            ("type".to_owned(), text("entry".to_owned())),
            ("v".to_owned(), AttributeValue::N("1".to_owned())),
            ("phone".to_owned(), text("254700000000".to_owned())),
            (
                "updated".to_owned(),
                AttributeValue::N(created_at.unix_seconds().to_string()),
            ),
        ])
    };
    let entry = |user: &UserRef| {
        let mut entry = entry(user);
        let rest = USUAL_ENTRY - bytes(&entry) - "email".len();
        let _ = entry.insert("email".to_owned(), AttributeValue::S("x".repeat(rest)));
        entry
    };
    write(app, users.iter().map(entry).collect()).await;
    users
}

/// Size in bytes of an item of texts and numbers, by the rules of DynamoDB.
fn bytes(item: &HashMap<String, AttributeValue>) -> usize {
    let value = |value: &AttributeValue| match value {
        AttributeValue::N(digits) => digits.len().div_ceil(2) + 1,
        other => other.as_s().expect("text").len(),
    };
    item.iter().map(|(name, of)| name.len() + value(of)).sum()
}

fn range(start: Option<Timestamp>, end: Option<Timestamp>) -> TimeRange {
    TimeRange { start, end }
}

/// A page of the list, and the read units it took.
async fn page(store: &Store, tenant: Tenant, created: TimeRange, number: usize, now: Timestamp) -> (UserPage, f64) {
    let filter = UserFilter {
        created,
        ..UserFilter::default()
    };
    let usage = Usage::default();
    let store = store.counting(&usage);
    let offset = ((number - 1) * PAGE) as u64;
    let found = store.users_page(tenant, &filter, (offset, PAGE), now).await;
    (found.expect("page").expect("not too many"), usage.read_units())
}

/// A page of the list by a store behind `rounds`, with at most this number of round trips, and the page's read units.
/// On a busy machine, the calls of one round trip are sent apart, so it may retry.
async fn page_within(
    most: usize,
    rounds: &Rounds,
    store: &Store,
    tenant: Tenant,
    (created, number): (TimeRange, usize),
    now: Timestamp,
) -> UserPage {
    for _ in 0..TRIES {
        let _ = rounds.taken();
        let (found, units) = page(store, tenant, created, number, now).await;
        assert!(units <= MOST_UNITS, "page {number} of {created:?}: {units} read units");
        if rounds.taken() <= most {
            return found;
        }
    }
    panic!("page {number} of {created:?} takes more than {most} round trips");
}

/// Marks a tenant's list, as a registration does.
async fn mark(app: &TestApp, tenant: Tenant, at: Timestamp) {
    let text = |text: String| AttributeValue::S(text);
    let number = |number: i64| AttributeValue::N(number.to_string());
    let [.., last] = tenant.organization().0.into_bytes();
    let mark = HashMap::from([
        ("PK".to_owned(), text(format!("UNCOUNTED#{}", last % 8))),
        ("SK".to_owned(), text(tenant.to_string())),
        ("type".to_owned(), text("uncounted".to_owned())),
        ("v".to_owned(), number(1)),
        ("organization".to_owned(), text(tenant.organization().to_string())),
        ("environment".to_owned(), text(tenant.environment().to_string())),
        ("marked".to_owned(), number(at.unix_seconds())),
    ]);
    write(app, vec![mark]).await;
}

/// A run of the schedule, without its pauses.
async fn run(app: &TestApp) -> Run {
    let now = app.clock.now();
    let run = count_users(&app.store_of("count-users"), || now, async |_| {}, Looks::WhileWaiting).await;
    run.expect("counted")
}

/// The number of users found, and the read units it took.
async fn units_of(store: &Store, tenant: Tenant, filter: &UserFilter, now: Timestamp) -> (u64, f64) {
    let usage = Usage::default();
    let found = store.counting(&usage).users_page(tenant, filter, (0, PAGE), now).await;
    (found.expect("found").expect("not too many").total, usage.read_units())
}
