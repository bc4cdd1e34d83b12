//! A table with the single layout, and its migration.

use std::time::Duration;

use daftari_platform::store::Store;
use daftari_tests::{Answer, Lender, TestApp, into_single_layout};
use serde_json::{Value, json};

use super::{mark, run};

fn uuids(answer: &Answer) -> Vec<Value> {
    let users = answer.at("/users");
    users
        .as_array()
        .expect("users")
        .iter()
        .map(|user| user["uuid"].clone())
        .collect()
}

/// Registers, changes, erases and finds users.
async fn assert_in_use(lender: &Lender, users: &mut Vec<String>, step: u64) {
    let number = format!("25471{step:07}");
    let body = json!({ "phone_number": number, "first_name": "Before", "external_id": format!("NEW-{step}") });
    let uuid = lender.register_as(body).await;
    let change = json!({ "phone_number": number, "first_name": "After", "device_id": format!("phone-{step}") });
    let _ = lender.post("/users", &change).await.expect_status(200);
    users.insert(0, uuid.clone());
    let oldest = users.pop().expect("user");
    let _ = lender.delete(&format!("/users/{oldest}")).await.expect_status(204);
    let listed = lender.get("/users").await.expect_status(200);
    assert_eq!(listed.at("/_meta/total_users_count"), users.len(), "step {step}");
    assert_eq!(json!(uuids(&listed)), json!(users), "step {step}");
    for query in [
        format!("external_id=NEW-{step}"),
        format!("device_id=phone-{step}"),
        format!("phone_number={number}"),
        format!("search={number}"),
        format!("search=after%20{number}"),
    ] {
        let found = lender.get(&format!("/users?{query}")).await.expect_status(200);
        assert_eq!(uuids(&found), [json!(uuid)], "step {step}: {query}");
    }
    let features = format!("/features?external_id=NEW-{step}&features=count_of_institutions");
    let features = lender.get(&features).await.expect_status(200);
    assert_eq!(features.at("/user/uuid"), uuid, "step {step}");
    let kept = &users[users.len() - 1];
    for query in [
        format!("search={kept}"),
        "search=mercy".to_owned(),
        "external_id=EXT-1".to_owned(),
    ] {
        let found = lender.get(&format!("/users?{query}")).await.expect_status(200);
        assert!(
            uuids(&found)
                .iter()
                .all(|uuid| users.contains(&uuid.as_str().expect("uuid").to_owned())),
            "{query}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_of_the_earlier_layout_is_in_use_before_while_and_after_it_is_migrated() {
    let app = TestApp::start().await;
    let mut lender = app.lender().await;
    let mut users = Vec::new();
    for n in 0..12 {
        let body = json!({ "phone_number": format!("2547{n:08}"), "first_name": "Mercy Jane", "external_id": format!("EXT-{n}"),
            "device_id": format!("device-{n}") });
        users.insert(0, lender.register_as(body).await);
        app.clock.advance(7);
    }
    into_single_layout(&app, lender.tenant).await;
    let tenant = lender.tenant;
    // Other processes, without a cache entry for the tenant.
    let budget = Duration::from_mins(1);
    let gateway = app.gateway_over(app.database.endpoint(), budget).await;
    lender = lender.through(&gateway);
    for step in [1, 2] {
        app.clock.advance(5);
        assert_in_use(&lender, &mut users, step).await;
    }
    let now = || app.clock.now();
    let operator = Store::new(app.database.client().await, app.store.table_name().to_owned());
    assert!(operator.begin_migration(tenant).await.expect("begun"));
    app.clock.advance(5);
    assert_in_use(&lender, &mut users, 3).await;
    let mut seen = 0;
    let done = operator
        .migrate_users(tenant, now, |_| seen += 1)
        .await
        .expect("migrated");
    // One user was registered in both layouts.
    assert_eq!((done.changed, seen > 0), (11, true));
    app.clock.advance(5);
    assert_in_use(&lender, &mut users, 4).await;
    let again = operator.migrate_users(tenant, now, |_| {}).await.expect("migrated");
    assert_eq!(again.changed, 0);
    operator.write_sharded(tenant).await.expect("written");
    let gateway = app.gateway_over(app.database.endpoint(), budget).await;
    lender = lender.through(&gateway);
    app.clock.advance(5);
    assert_in_use(&lender, &mut users, 90).await;
    let done = operator.remove_single_layout(tenant, |_| {}).await.expect("finished");
    assert_eq!(done.changed, 11, "all but the one registered since");
    app.clock.advance(5);
    assert_in_use(&lender, &mut users, 91).await;
    let items = app.items().await;
    let old = items
        .iter()
        .filter(|item| item["PK"].as_s().expect("PK").ends_with("#TERMS") || item.contains_key("GSI1PK"));
    assert_eq!(old.count(), 0);
    for uuid in &users {
        let _ = lender.delete(&format!("/users/{uuid}")).await.expect_status(204);
    }
    let listed = lender.get("/users").await.expect_status(200);
    assert_eq!(listed.at("/_meta/total_users_count"), 0);
    let left = app.items().await;
    let left = left
        .iter()
        .filter(|item| users.iter().any(|user| item["SK"].as_s().expect("SK").contains(user)));
    assert!(
        left.into_iter()
            .all(|item| item["PK"].as_s().expect("PK").ends_with("#ERASED"))
    );
}

/// The migration moves users in an order of its own. A run that counted them in between would leave the later ones to
/// one leaf, or count nobody behind its boundary.
#[tokio::test(flavor = "multi_thread")]
async fn the_schedule_leaves_a_list_that_is_being_migrated_to_the_migration() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let tenant = lender.tenant;
    let register = async |lender: &Lender, numbers: std::ops::Range<u32>| {
        for n in numbers {
            let body = json!({ "phone_number": format!("2547{n:08}"), "first_name": "Mercy" });
            let _ = lender.register_as(body).await;
        }
    };
    register(&lender, 0..20).await;
    into_single_layout(&app, tenant).await;
    let operator = Store::new(app.database.client().await, app.store.table_name().to_owned());
    assert!(operator.begin_migration(tenant).await.expect("begun"));
    let gateway = app.gateway_over(app.database.endpoint(), Duration::from_mins(1)).await;
    let lender = lender.through(&gateway);
    // They are written in both layouts, so they are in the list: five or more in one of its 8 partitions.
    register(&lender, 20..60).await;
    mark(&app, tenant, app.clock.now()).await;
    app.clock.advance(120);
    assert_eq!(run(&app).await.users, 0);
    let done = operator
        .migrate_users(tenant, || app.clock.now(), |_| {})
        .await
        .expect("migrated");
    assert_eq!(done.counted, 60);
    let listed = lender.get("/users").await.expect_status(200);
    assert_eq!(listed.at("/_meta/total_users_count"), 60);
}
