//! Users by exact ids and by words.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use daftari_domain::ids::UserId;
use daftari_platform::store::UserFilter;
use daftari_tests::{TestApp, skipped_elsewhere};
use uuid::Uuid;

use super::{MANY_USERS, register, units_of, write};

/// The cost of ids and words depends on the number of results, not on the number of users.
#[tokio::test(flavor = "multi_thread")]
async fn finding_by_id_or_by_words_costs_what_is_found() {
    if skipped_elsewhere("finding_by_id_or_by_words_costs_what_is_found", MANY_USERS) {
        return;
    }
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let (store, tenant) = (app.store_of("users"), lender.tenant);
    let filters = [
        (
            UserFilter {
                external_id: Some("EXT-50".into()),
                ..UserFilter::default()
            },
            1,
            2.0,
        ),
        (
            UserFilter {
                device_id: Some("device-51".into()),
                ..UserFilter::default()
            },
            1,
            2.0,
        ),
        (
            UserFilter {
                device_id: Some("nobody".into()),
                ..UserFilter::default()
            },
            0,
            1.0,
        ),
        (
            UserFilter {
                phone_numbers: vec!["254700000050".into()],
                ..UserFilter::default()
            },
            1,
            2.0,
        ),
        (
            UserFilter {
                search: Some("first51".into()),
                ..UserFilter::default()
            },
            1,
            5.0,
        ),
        (
            UserFilter {
                search: Some("nobody".into()),
                ..UserFilter::default()
            },
            0,
            4.0,
        ),
    ];
    let now = app.clock.now();
    let mut users = 0;
    for more in [60, 200] {
        // Words with a common prefix would match more users here.
        let first = if users == 0 { 0 } else { 100_000 };
        let _ = register(&store, tenant, first..first + more, now).await;
        users += more;
        for (filter, count, most) in &filters {
            let (total, units) = units_of(&store, tenant, filter, now).await;
            assert_eq!(total, *count, "{filter:?} of {users}");
            if app.database.is_embedded() {
                assert!(units <= *most, "{units} read units for {filter:?} of {users}");
            }
        }
    }
    let shared = UserFilter {
        device_id: Some("shared".into()),
        ..UserFilter::default()
    };
    assert_eq!(units_of(&store, tenant, &shared, now).await.0, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_of_more_than_a_thousand_users_is_refused_unless_another_word_is_rare() {
    if skipped_elsewhere(
        "a_word_of_more_than_a_thousand_users_is_refused_unless_another_word_is_rare",
        MANY_USERS,
    ) {
        return;
    }
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let (store, tenant) = (app.store_of("users"), lender.tenant);
    let _ = register(&store, tenant, 70..80, app.clock.now()).await;
    let words = (0..1_100)
        .flat_map(|n| [format!("first{n} last{n}"), format!("last{n}"), format!("2547{n:08}")].map(|word| (n, word)));
    let word = |(n, word): (u64, String)| {
        let id = UserId(Uuid::from_u128(u128::from(n)));
        let text = |text: String| AttributeValue::S(text);
        let first = word.chars().next().map_or(0, u32::from);
        HashMap::from([
            ("PK".to_owned(), text(format!("{tenant}#WORDS#{first:x}#{}", n % 8))),
            ("SK".to_owned(), text(format!("{word}#{id}"))),
            ("type".to_owned(), text("word".to_owned())),
            ("v".to_owned(), AttributeValue::N("1".to_owned())),
            ("created".to_owned(), AttributeValue::N("1600000000".to_owned())),
        ])
    };
    write(&app, words.map(word).collect()).await;
    for text in ["first", "2547", "last%20first"] {
        lender
            .get(&format!("/users?search={text}"))
            .await
            .expect_problem(400, "too_many_users");
    }
    // One of the words is rare: a few profiles show which users have the other one.
    let answer = lender.get("/users?search=last%20first77").await.expect_status(200);
    assert_eq!(answer.at("/_meta/total_users_count"), 1);
    // Both words are common, but not in this order.
    let answer = lender.get("/users?search=first%20last").await;
    answer.expect_problem(400, "too_many_users");
    let answer = lender.get("/users?search=first7%20last7").await.expect_status(200);
    assert_eq!(answer.at("/_meta/total_users_count"), 121);
}
