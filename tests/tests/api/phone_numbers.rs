//! Phone numbers: all spellings of a number belong to one user, and users stored under unusual digits are still found.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use daftari_tests::{Lender, TestApp};
use serde_json::{Value, json};

async fn found(lender: &Lender, query: &str) -> Vec<String> {
    let answer = lender.get(&format!("/users?{query}")).await.expect_status(200);
    let users = answer.at("/users");
    let users = users.as_array().expect("users").iter();
    users
        .map(|user| user["uuid"].as_str().expect("uuid").to_owned())
        .collect()
}

/// A user as earlier versions stored one with an odd spelling: claim, profile and term have `odd`.
async fn store_oddly(app: &TestApp, lender: &Lender, number: &str, odd: &str) -> String {
    let uuid = lender.register(number).await;
    let client = app.database.client().await;
    let table = app.store.table_name();
    let rewrite = |value: &AttributeValue| match value {
        AttributeValue::S(text) => AttributeValue::S(text.replace(number, odd)),
        AttributeValue::L(list) => {
            let texts = list.iter().map(|value| value.as_s().expect("text"));
            AttributeValue::L(texts.map(|text| AttributeValue::S(text.replace(number, odd))).collect())
        }
        other => other.clone(),
    };
    for item in app.items().await {
        let mut changed: HashMap<_, _> = item
            .iter()
            .map(|(name, value)| (name.clone(), rewrite(value)))
            .collect();
        if changed == item {
            continue;
        }
        // A word is in the partition of its first character.
        let partition = |number: &str| format!("#WORDS#{:x}#", u32::from(number.chars().next().expect("digit")));
        let pk = changed["PK"]
            .as_s()
            .expect("PK")
            .replace(&partition(number), &partition(odd));
        changed.insert("PK".to_owned(), AttributeValue::S(pk));
        let deletion = client
            .delete_item()
            .table_name(table)
            .key("PK", item["PK"].clone())
            .key("SK", item["SK"].clone());
        deletion.send().await.expect("deleted");
        client
            .put_item()
            .table_name(table)
            .set_item(Some(changed))
            .send()
            .await
            .expect("put");
    }
    uuid
}

#[tokio::test]
async fn one_number_is_one_user_however_it_is_written() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let first = lender
        .post("/users", &json!({ "phone_number": "+254 (0)700 111 222" }))
        .await
        .expect_status(201);
    assert_eq!(first.at("/phone_number"), "254700111222");
    assert_eq!(first.at("/country_code"), "KE");
    for written in [
        "254 0700111222",
        "254700111222",
        "00254700111222",
        "+254-700.111 222",
        "(+254) 0700/111/222",
        "00 254 (0)700 111 222",
    ] {
        let again = lender
            .post("/users", &json!({ "phone_number": written }))
            .await
            .expect_status(200);
        assert_eq!(again.at("/uuid"), first.at("/uuid"), "{written}");
    }
    assert_eq!(found(&lender, "").await.len(), 1);
}

#[tokio::test]
async fn numbers_of_a_wrong_length_and_national_ones_are_refused_with_the_reason() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    for (number, reason) in [
        (
            "25470011122",
            "is too short for a phone number of KE (country code 254)",
        ),
        (
            "2547001112222",
            "is too long for a phone number of KE (country code 254)",
        ),
        (
            "0711000117",
            "must be in international form, such as 254123456789: with the country code, not 0, in front",
        ),
        (
            "999123456789",
            "must be in international form, such as 254123456789: its first digits are not a country code",
        ),
    ] {
        let answer = lender
            .post("/users", &json!({ "phone_number": number }))
            .await
            .expect_problem(400, "invalid_body");
        assert_eq!(answer.at("/errors/0/pointer"), "/phone_number", "{number}");
        assert_eq!(answer.at("/errors/0/detail"), reason, "{number}");
    }
    let body = json!({ "phone_number": "25470011122", "first_name": "a\u{7}" });
    let answer = lender.post("/users", &body).await.expect_problem(400, "invalid_body");
    let pointers: Vec<_> = answer
        .at("/errors")
        .as_array()
        .expect("errors")
        .iter()
        .map(|error| error["pointer"].clone())
        .collect();
    assert_eq!(pointers, ["/phone_number", "/first_name"]);
    let digits = "1".repeat(2_048);
    let answer = lender
        .post("/users", &json!({ "phone_number": digits }))
        .await
        .expect_problem(400, "invalid_body");
    assert_eq!(answer.at("/errors/0/detail"), "must have at most 15 digits");
    assert!(found(&lender, "").await.is_empty());
}

#[tokio::test]
async fn a_number_is_looked_for_as_it_is_dialled_in_the_organizations_country() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254711000117").await;
    lender.register("255711000117").await;
    for text in [
        "0711000117",
        "711000117",
        "0711%20000%20117",
        "00254711000117",
        "+254%200711000117",
        "%2B254(0)711-000-117",
    ] {
        assert_eq!(
            found(&lender, &format!("phone_number={text}")).await,
            [user.as_str()],
            "phone_number={text}"
        );
    }
    for text in [
        "0711000117",
        "711000117",
        "0711",
        "0711%20000",
        "%2B254%20711",
        "00254711",
        "254-711",
    ] {
        assert_eq!(
            found(&lender, &format!("search={text}")).await,
            [user.as_str()],
            "search={text}"
        );
    }
    for text in ["0722000117", "711000118", "254722000117"] {
        assert!(
            found(&lender, &format!("phone_number={text}")).await.is_empty(),
            "phone_number={text}"
        );
    }
    assert_eq!(
        found(&lender, "phone_number=0711000117&search=2547").await,
        [user.as_str()]
    );
    assert!(found(&lender, "phone_number=0711000117&search=2557").await.is_empty());
    assert!(found(&lender, "phone_number=0711000117&external_id=x").await.is_empty());
}

#[tokio::test]
async fn a_search_by_a_national_number_of_another_country_has_a_hint() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("2348031110117").await;
    let hint = json!([{
        "code": "national_number",
        "pointer": "search",
        "detail": "a number without a country code is read as one of KE, the organization's country: write a number \
                   of another country with its country code",
    }]);
    for text in ["0803", "08031110117"] {
        let answer = lender.get(&format!("/users?search={text}")).await.expect_status(200);
        assert_eq!(answer.at("/users"), json!([]), "search={text}");
        assert_eq!(answer.at("/warnings"), hint, "search={text}");
    }
    for text in ["234803", "mercy", "%2B254803", "254722000117"] {
        let answer = lender.get(&format!("/users?search={text}")).await.expect_status(200);
        assert_eq!(answer.json().get("warnings"), None, "search={text}");
    }
    assert_eq!(found(&lender, "search=234803").await, [user.as_str()]);
}

#[tokio::test]
async fn a_parameter_that_is_not_a_number_is_refused_with_the_reason() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let (sixteen, many) = ("1".repeat(16), "1".repeat(2_048));
    for (text, reason) in [
        ("abc", "must be a phone number in international form"),
        ("254x", "must be a phone number in international form"),
        ("%2B", "must be a phone number in international form"),
        ("1%2B1", "must be a phone number in international form"),
        (&sixteen, "must have at most 15 digits"),
        (&many, "must have at most 15 digits"),
    ] {
        let answer = lender
            .get(&format!("/users?phone_number={text}"))
            .await
            .expect_problem(400, "invalid_request");
        assert_eq!(answer.at("/errors/0/pointer"), "phone_number", "{text}");
        let detail = answer.at("/errors/0/detail");
        assert!(detail.as_str().expect("detail").starts_with(reason), "{text}: {detail}");
    }
}

#[tokio::test]
async fn a_number_that_nobody_can_have_is_refused_as_at_registration() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    lender.register("254711000117").await;
    for (text, reason) in [
        (
            "25471100011",
            "is too short for a phone number of KE (country code 254)",
        ),
        (
            "2547110001177",
            "is too long for a phone number of KE (country code 254)",
        ),
        ("071100011", "is too short for a phone number of KE (country code 254)"),
        ("07110001177", "is too long for a phone number of KE (country code 254)"),
        (
            "999123456789",
            "must be in international form, such as 254123456789: its first digits are not a country code",
        ),
        (
            "%2B0711000117",
            "must be in international form, such as 254123456789: its first digits are not a country code",
        ),
        (
            "1",
            "has too few digits for a phone number in international form, such as 254123456789",
        ),
        (
            "0",
            "has too few digits for a phone number in international form, such as 254123456789",
        ),
    ] {
        for more in ["", "&search=2547", "&external_id=x", "&page=2"] {
            let answer = lender.get(&format!("/users?phone_number={text}{more}")).await;
            let answer = answer.expect_problem(400, "invalid_request");
            assert_eq!(answer.at("/errors/0/pointer"), "phone_number", "{text}{more}");
            assert_eq!(answer.at("/errors/0/detail"), reason, "{text}{more}");
        }
    }
}

#[tokio::test]
async fn a_user_stored_under_odd_digits_is_found_and_registered_again() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    for (n, odd) in ["2540700111220", "00254700111221", "002540700111222"]
        .into_iter()
        .enumerate()
    {
        let number = format!("25470011122{n}");
        let user = store_oddly(&app, &lender, &number, odd).await;
        for text in [
            odd.to_owned(),
            format!("%2B{odd}"),
            number.clone(),
            format!("070011122{n}"),
        ] {
            assert_eq!(
                found(&lender, &format!("phone_number={text}")).await,
                [user.as_str()],
                "{odd}: {text}"
            );
        }
        assert_eq!(found(&lender, &format!("search={odd}")).await, [user.as_str()], "{odd}");
        for text in [odd, &number] {
            let body = json!({ "phone_number": text, "first_name": "Asha" });
            let again = lender.post("/users", &body).await.expect_status(200);
            assert_eq!(again.at("/uuid"), user, "{odd}: {text}");
            assert_eq!(again.at("/first_name"), "Asha");
        }
        let _ = lender.delete(&format!("/users/{user}")).await.expect_status(204);
        let anew = lender
            .post("/users", &json!({ "phone_number": odd }))
            .await
            .expect_status(201);
        assert_eq!(anew.at("/phone_number"), number);
    }
}

#[tokio::test]
async fn a_user_stored_under_a_number_that_is_refused_today_is_still_known() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = store_oddly(&app, &lender, "254700111222", "25470011122").await;
    assert_eq!(found(&lender, "phone_number=25470011122").await, [user.as_str()]);
    // The number belongs to a user whom the other condition excludes.
    assert!(
        found(&lender, "phone_number=25470011122&external_id=x")
            .await
            .is_empty()
    );
    let body = json!({ "phone_number": "+254 70011122", "last_name": "Otieno" });
    let again = lender.post("/users", &body).await.expect_status(200);
    assert_eq!(again.at("/uuid"), user);
    assert_eq!(again.at("/last_name"), "Otieno");
    assert_eq!(found(&lender, "search=otieno").await, [user.as_str()]);
    let other = lender.post("/users", &json!({ "phone_number": "25470011123" })).await;
    other.expect_problem(400, "invalid_body");
}

#[tokio::test]
async fn words_of_a_search_may_stand_in_any_order() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let joseph = lender
        .register_as(json!({ "phone_number": "254700000001", "first_name": "Joseph", "last_name": "Kamau", "email": "jk@example.org" }))
        .await;
    let kamau = lender
        .register_as(json!({ "phone_number": "254700000002", "first_name": "Kamau", "last_name": "Joseph Njoroge", "external_id": "LOAN 12 A" }))
        .await;
    lender
        .register_as(json!({ "phone_number": "254700000003", "first_name": "Joseph", "last_name": "Otieno" }))
        .await;
    let both = [kamau.clone(), joseph.clone()];
    for (text, expected) in [
        ("kamau joseph", &both[..]),
        ("Joseph  KAMAU", &both[..]),
        ("kam jos", &both[..]),
        ("njoroge kamau", &both[..1]),
        ("jk@example.org kamau", &both[1..]),
        ("loan 12", &both[..1]),
        ("254700000001 kamau", &both[1..]),
        ("kamau otieno", &[]),
        ("kamau amau", &[]),
        ("loan 13", &[]),
    ] {
        let mut found = found(&lender, &format!("search={}", text.replace(' ', "%20"))).await;
        let mut expected = expected.to_vec();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{text}");
    }
    let answer = lender
        .get("/users?search=kamau+joseph&external_id=LOAN%2012%20A")
        .await
        .expect_status(200);
    assert_eq!(answer.at("/users/0/uuid"), kamau);
    assert_eq!(answer.at("/_meta/search"), Value::from("kamau joseph"));
}

#[tokio::test]
async fn words_that_find_many_users_narrow_each_other_down() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    for n in 0..130 {
        lender
            .register_as(json!({ "phone_number": format!("2547{n:08}"), "first_name": "Asha", "last_name": "Wanjiku" }))
            .await;
    }
    let rare = lender
        .register_as(json!({ "phone_number": "254799000000", "first_name": "Asha", "last_name": "Wanjiku Barasa" }))
        .await;
    assert_eq!(found(&lender, "search=barasa%20asha").await, [rare.as_str()]);
    // Each word matches more users than are read one by one.
    let answer = lender.get("/users?search=wanjiku%20asha").await.expect_status(200);
    assert_eq!(answer.at("/_meta/total_users_count"), 131);
}
