//! Users: registering, listing, searching, erasing.

use daftari_tests::{Answer, Lender, TestApp, records, skipped_elsewhere};
use http::Method;
use serde_json::{Value, json};

use crate::users_scale::MANY_USERS;

fn uuids(answer: &Answer) -> Vec<String> {
    let users = answer.at("/users");
    users
        .as_array()
        .expect("users")
        .iter()
        .map(|user| user["uuid"].as_str().expect("uuid").to_owned())
        .collect()
}

async fn search(lender: &Lender, query: &str) -> Vec<String> {
    uuids(&lender.get(&format!("/users?{query}")).await.expect_status(200))
}

async fn mercy(lender: &Lender) -> String {
    lender
        .register_as(json!({
            "phone_number": "+254 123 456 789", "first_name": "Mercy Wanjiku", "last_name": "Otieno",
            "email": "Mercy@Example.org", "external_id": "EXT-1", "device_id": "Device-9", "is_kyc_verified": true,
        }))
        .await
}

#[tokio::test]
async fn a_registered_user_has_the_shape_of_both_generations() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let uuid = lender.register("254123456789").await;
    let answer = lender.get("/users").await.expect_status(200);
    let expected = json!({
        "page": 1, "num_pages": 1,
        "_meta": {
            "client_uuid": lender.tenant.organization(), "created_after": "1970-01-01T00:00:00+00:00",
            "created_before": "2021-11-16T21:00:00+00:00", "search": "", "total_users_count": 1, "page": 1,
            "max_pages": 1,
        },
        "users": [{
            "uuid": uuid, "first_name": "", "last_name": "", "email": "", "phone_number": "254123456789",
            "primary_phone_number": "254123456789", "primary_phone_imei": null, "secondary_phone_number": null,
            "secondary_phone_imei": null, "is_kyc_verified": false, "device_id": "", "external_id": null,
            "country_code": "KE", "created_at": "2021-11-16T21:00:00+00:00", "updated_at": "2021-11-16T21:00:00+00:00",
        }],
    });
    assert_eq!(answer.json(), expected);
    let single = lender.get(&format!("/users/{uuid}")).await.expect_status(200);
    assert_eq!(single.json(), expected["users"][0]);
}

#[tokio::test]
async fn registering_again_updates_the_given_fields_and_keeps_the_rest() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let uuid = mercy(&lender).await;
    app.clock.advance(10);
    let body = json!({ "phone_number": "254123456789", "last_name": "Achieng", "external_id": null });
    let answer = lender.post("/users", &body).await.expect_status(200);
    assert_eq!(answer.at("/uuid"), uuid);
    assert_eq!(answer.at("/first_name"), "Mercy Wanjiku");
    assert_eq!(answer.at("/last_name"), "Achieng");
    assert_eq!(answer.at("/external_id"), Value::Null);
    assert_eq!(answer.at("/is_kyc_verified"), true);
    assert_eq!(answer.at("/created_at"), "2021-11-16T21:00:00+00:00");
    assert_eq!(answer.at("/updated_at"), "2021-11-16T21:00:10+00:00");
    assert_eq!(search(&lender, "search=achieng").await, [uuid]);
    for gone in ["search=otieno", "search=ext-1", "external_id=EXT-1"] {
        assert!(search(&lender, gone).await.is_empty(), "{gone}");
    }
}

#[tokio::test]
async fn registrations_of_one_number_at_once_give_one_user() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let body = json!({ "phone_number": "254700000001", "first_name": "Asha" });
    let answers = futures_util::future::join_all((0..12).map(|_| lender.post("/users", &body))).await;
    let created = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(created, 1);
    assert!(
        answers
            .iter()
            .all(|answer| answer.at("/uuid") == answers[0].at("/uuid"))
    );
    assert_eq!(search(&lender, "").await.len(), 1);
}

#[tokio::test]
async fn every_field_is_searched_by_its_beginning() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let uuid = mercy(&lender).await;
    lender.register("254123450000").await;
    for query in [
        "mercy",
        "MERCY",
        "wanj",
        "otieno",
        "mercy%20wanjiku%20otieno",
        "mercy@ex",
        "254123456",
        "%2B254123456",
        "+254123456",
        "ext-1",
        "device",
        &uuid,
        &uuid[..9],
    ] {
        assert_eq!(
            search(&lender, &format!("search={query}")).await,
            [uuid.as_str()],
            "{query}"
        );
    }
    for query in [
        "ercy",
        "123456789",
        "example.org",
        "00000000-0000-4000-8000-000000000000",
    ] {
        assert!(search(&lender, &format!("search={query}")).await.is_empty(), "{query}");
    }
    assert_eq!(search(&lender, "search=25412345").await.len(), 2);
    for query in ["0", "00", "000", "0%200", "%2B00", "00%20000"] {
        // A uuid may begin with a zero, but a search for zeros alone finds no phone number.
        let found = search(&lender, &format!("search={query}")).await;
        assert!(found.iter().all(|id| id.starts_with('0')), "{query}");
    }
    for query in ["254%200123456", "2540123456", "%2B254%20(0)123456", "00254%200123456"] {
        assert_eq!(
            search(&lender, &format!("search={query}")).await,
            [uuid.as_str()],
            "{query}"
        );
    }
}

#[tokio::test]
async fn a_user_is_found_by_the_latest_ids_and_not_by_earlier_ones() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = mercy(&lender).await;
    let latest = json!({ "phone_number": "254123456789", "external_id": "EXT-2", "device_id": "Device-10" });
    let _ = lender.post("/users", &latest).await.expect_status(200);
    for query in ["device_id=Device-10", "external_id=EXT-2"] {
        assert_eq!(search(&lender, query).await, [user.as_str()], "{query}");
    }
    for query in ["device_id=Device-9", "external_id=EXT-1"] {
        assert!(search(&lender, query).await.is_empty(), "{query}");
    }
}

#[tokio::test]
async fn the_id_parameters_match_exactly() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let uuid = mercy(&lender).await;
    // Another user's name is the external id of this one.
    lender
        .register_as(json!({ "phone_number": "254700000009", "first_name": "EXT-1", "last_name": "Device-9" }))
        .await;
    for query in [
        "phone_number=254123456789",
        "phone_number=%2B254123456789",
        "phone_number=+254123456789",
        "external_id=EXT-1",
        "device_id=Device-9",
        "external_id=EXT-1&device_id=Device-9&phone_number=254123456789&search=mercy",
    ] {
        assert_eq!(search(&lender, query).await, [uuid.as_str()], "{query}");
    }
    for query in [
        "phone_number=254123456788",
        "external_id=ext-1",
        "external_id=EXT-",
        "device_id=device-9",
        "phone_number=254123456789&search=nobody",
        "external_id=EXT-1&device_id=other",
    ] {
        assert!(search(&lender, query).await.is_empty(), "{query}");
    }
}

#[tokio::test]
async fn pages_hold_fifty_users_newest_first_and_past_the_end_none() {
    if skipped_elsewhere(
        "users: pages_hold_fifty_users_newest_first_and_past_the_end_none",
        MANY_USERS,
    ) {
        return;
    }
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let mut registered = Vec::new();
    for n in 0..105 {
        registered.push(
            lender
                .register_as(json!({ "phone_number": format!("2547{n:08}"), "first_name": "Asha" }))
                .await,
        );
        app.clock.advance(1);
    }
    registered.reverse();
    for query in ["", "search=asha&"] {
        let mut listed = Vec::new();
        for page in 1..=3 {
            let answer = lender
                .get(&format!("/users?{query}page={page}"))
                .await
                .expect_status(200);
            assert_eq!(answer.at("/num_pages"), 3);
            assert_eq!(answer.at("/page"), page);
            assert_eq!(answer.at("/_meta/total_users_count"), 105);
            listed.extend(uuids(&answer));
        }
        assert_eq!(listed, registered, "{query}");
        for page in ["4", "1000000000", "2147483647"] {
            assert!(
                search(&lender, &format!("{query}page={page}")).await.is_empty(),
                "{page}"
            );
        }
    }
    assert!(search(&lender, "phone_number=254700000000&page=2").await.is_empty());
}

#[tokio::test]
async fn ranges_of_creation_include_both_ends() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let first = lender.register("254700000001").await;
    app.clock.advance(60);
    let second = lender.register("254700000002").await;
    for (query, expected) in [
        ("created_after=2021-11-16T21:01:00Z", vec![second.clone()]),
        ("created_before=2021-11-16T21:00:00", vec![first.clone()]),
        (
            "created_after=2021-11-16T21:00:00%2B00:00&created_before=2021-11-17T00:01:00%2B03:00",
            vec![second.clone(), first.clone()],
        ),
        ("created_after=2021-11-17", vec![]),
        ("created_before=2021-11-16", vec![second.clone(), first.clone()]),
        ("search=2547&created_after=2021-11-16T21:00:01", vec![second.clone()]),
        ("phone_number=254700000001&created_after=2021-11-16T21:00:01", vec![]),
    ] {
        assert_eq!(search(&lender, query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn bad_queries_name_their_parameter() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    for (query, parameter) in [
        ("page=0", "page"),
        ("page=-1", "page"),
        ("page=one", "page"),
        ("created_after=yesterday", "created_after"),
        ("created_before=2021-02-30T00:00:00", "created_before"),
        (
            "created_after=2021-11-17T00:00:00&created_before=2021-11-16T00:00:00",
            "created_after",
        ),
        ("search=%00", "search"),
        ("phone_number=abc", "phone_number"),
        ("search=a&search=b", "search"),
    ] {
        let answer = lender
            .get(&format!("/users?{query}"))
            .await
            .expect_problem(400, "invalid_request");
        assert_eq!(answer.at("/errors/0/pointer"), parameter, "{query}");
    }
}

#[tokio::test]
async fn bad_registrations_name_their_field_and_store_nothing() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    for (body, pointer) in [
        (json!({}), "/phone_number"),
        (json!({ "phone_number": 254_123_456_789_u64 }), "/phone_number"),
        (json!({ "phone_number": "0712345678" }), "/phone_number"),
        (json!({ "phone_number": "" }), "/phone_number"),
        (
            json!({ "phone_number": "254123456789", "first_name": "x".repeat(101) }),
            "/first_name",
        ),
        (
            json!({ "phone_number": "254123456789", "last_name": "a\u{7}b" }),
            "/last_name",
        ),
        (json!({ "phone_number": "254123456789", "email": "mercy" }), "/email"),
        (
            json!({ "phone_number": "254123456789", "email": "mercy otieno@example.org" }),
            "/email",
        ),
        (
            json!({ "phone_number": "254123456789", "email": "x".repeat(255) }),
            "/email",
        ),
        (
            json!({ "phone_number": "254123456789", "is_kyc_verified": "yes" }),
            "/is_kyc_verified",
        ),
        (json!({ "phone_number": "254123456789", "nickname": "x" }), "/nickname"),
        (json!({ "phone_number": "254123456789", "uuid": "x" }), "/uuid"),
    ] {
        let answer = lender.post("/users", &body).await.expect_problem(400, "invalid_body");
        assert_eq!(answer.at("/errors/0/pointer"), pointer, "{}", answer.text);
    }
    lender
        .post_text("/users", "{".into())
        .await
        .expect_problem(400, "malformed_json");
    let form = lender
        .request(Method::POST, "/users")
        .header("content-type", "text/plain");
    let form = form.body(axum::body::Body::from("{}")).expect("request");
    lender.send(form).await.expect_problem(415, "unsupported_media_type");
    assert!(search(&lender, "").await.is_empty());
}

#[tokio::test]
async fn an_email_may_be_left_out_and_removed_and_an_external_id_may_be_shared() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let email = async |member: Value| {
        let body = records::with(
            json!({ "phone_number": "254123456789", "external_id": "EXT-1" }),
            &member,
        );
        lender.post("/users", &body).await.at("/email")
    };
    assert_eq!(email(json!({})).await, "");
    assert_eq!(
        email(json!({ "email": " mercy@example.org " })).await,
        "mercy@example.org"
    );
    assert_eq!(email(json!({ "email": null })).await, "mercy@example.org");
    assert_eq!(email(json!({ "email": " " })).await, "");
    let other = json!({ "phone_number": "254123456700", "external_id": "EXT-1" });
    let _ = lender.post("/users", &other).await.expect_status(201);
    assert_eq!(search(&lender, "external_id=EXT-1").await.len(), 2);
}

#[tokio::test]
async fn unknown_and_malformed_uuids_are_not_found() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    for uuid in [
        "958a5ae8-f3a3-41d5-ae48-177fdc19e3f4",
        "nonsense",
        "%00",
        "958a5ae8f3a341d5ae48177fdc19e3f4",
        "..%2F..",
    ] {
        for path in ["", "/ledger", "/export"] {
            lender
                .get(&format!("/users/{uuid}{path}"))
                .await
                .expect_problem(404, "not_found");
        }
        lender
            .delete(&format!("/users/{uuid}"))
            .await
            .expect_problem(404, "not_found");
        let batch = json!({ "records": [records::record("a", "2021-10-08T10:41:25Z")] });
        lender
            .post(&format!("/users/{uuid}/ledger"), &batch)
            .await
            .expect_problem(404, "not_found");
    }
}

#[tokio::test]
async fn an_erased_user_leaves_nothing_behind() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let uuid = mercy(&lender).await;
    lender.append(&uuid, &records::history(200, 86_400)).await;
    let _ = lender.delete(&format!("/users/{uuid}")).await.expect_status(204);
    let _ = lender.delete(&format!("/users/{uuid}")).await.expect_status(204);
    let batch = json!({ "records": [records::record("a", "2021-10-08T10:41:25Z")] });
    lender
        .post(&format!("/users/{uuid}/ledger"), &batch)
        .await
        .expect_problem(404, "not_found");
    lender
        .get(&format!("/users/{uuid}/ledger"))
        .await
        .expect_problem(404, "not_found");
    for query in [
        "",
        "search=mercy",
        "search=2541",
        "phone_number=254123456789",
        "external_id=EXT-1",
    ] {
        assert!(search(&lender, query).await.is_empty(), "{query}");
    }
    assert!(app.items_of(&uuid).await.is_empty());
    let text = format!("{:?}", app.items().await);
    for personal in ["Mercy", "mercy", "254123456789", "Example.org"] {
        assert!(!text.contains(personal), "{personal}");
    }
    let again = mercy(&lender).await;
    assert_ne!(again, uuid);
    assert!(lender.ledger(&again).await.is_empty());
}

#[tokio::test]
async fn erasing_while_others_append_leaves_nothing_behind() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    for round in 0..5 {
        let uuid = lender.register(&format!("25470000000{round}")).await;
        let path = format!("/users/{uuid}/ledger");
        let batches: Vec<Value> = (0..8)
            .map(|n| json!({ "records": records::history(30, 86_400 * (n + 1)) }))
            .collect();
        let writers = futures_util::future::join_all(batches.iter().map(|batch| lender.post(&path, batch)));
        let user_path = format!("/users/{uuid}");
        let (written, erased) = tokio::join!(writers, lender.delete(&user_path));
        let _ = erased.expect_status(204);
        assert!(
            written
                .iter()
                .all(|answer| [200, 404].contains(&answer.status.as_u16())),
            "{written:?}"
        );
        assert!(app.items_of(&uuid).await.is_empty());
    }
}

#[tokio::test]
async fn an_export_holds_everything_with_the_texts() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let uuid = mercy(&lender).await;
    let labelled = records::with(
        records::record("a", "2021-10-08T10:41:25Z"),
        &json!({ "labels": ["POS"], "body": "You paid KES 100 at SHOP" }),
    );
    lender
        .append(&uuid, &[labelled, records::record("b", "2021-09-08T10:41:25Z")])
        .await;
    let answer = lender.get(&format!("/users/{uuid}/export")).await.expect_status(200);
    assert_eq!(answer.at("/user/email"), "Mercy@Example.org");
    assert_eq!(answer.at("/records/0/body"), "You paid KES 100 at SHOP");
    assert_eq!(answer.at("/records/1/id"), "b");
    assert_eq!(answer.at("/next_cursor"), Value::Null);
    let shown = lender.ledger(&uuid).await;
    assert!(shown[0].get("body").is_none());
}
