//! A damaged item is logged by its type and a hash of its key, because keys contain emails, numbers and names. An
//! attribute of another type is damage, and never read as missing.

use std::sync::LazyLock;

use aws_sdk_dynamodb::types::AttributeValue;
use daftari_platform::telemetry::Metrics;
use daftari_tests::{Log, PASSWORD, TestApp};
use serde_json::json;
use sha2::{Digest, Sha256};

static LOG: LazyLock<Log> = LazyLock::new(|| Log::capture(Metrics::None));

/// The operator's handbook defines the hash: the first 16 hexadecimal digits of the SHA-256 of both keys, each followed
/// by a line break.
fn hash_of(pk: &str, sk: &str) -> String {
    let digest: [u8; 32] = Sha256::digest(format!("{pk}\n{sk}\n")).into();
    let first = digest[..8].try_into().expect("8 bytes");
    format!("{:016x}", u64::from_be_bytes(first))
}

#[tokio::test]
async fn the_log_names_kind_and_hash_of_a_damaged_item_and_never_its_key() {
    LazyLock::force(&LOG);
    let app = TestApp::start().await;
    let lender = app.lender().await;
    app.login("amina.secret@lender.example", &[lender.tenant.organization()])
        .await;
    let user = lender
        .register_as(json!({ "phone_number": "254712340000", "first_name": "Plantedfirst" }))
        .await;
    let client = app.database.client().await;
    let mut damaged = Vec::new();
    for mut item in app.items().await {
        let (pk, sk) = (
            item["PK"].as_s().expect("PK").clone(),
            item["SK"].as_s().expect("SK").clone(),
        );
        if !["LOGIN", "PROFILE", "PHONE"].contains(&sk.as_str()) {
            continue;
        }
        let kind = item["type"].as_s().expect("type").clone();
        for (name, value) in &mut item {
            if !["PK", "SK", "type", "v"].contains(&name.as_str()) {
                *value = AttributeValue::Bool(true);
            }
        }
        item.retain(|name, _| !name.starts_with("GSI"));
        let put = client.put_item().table_name(app.store.table_name());
        put.set_item(Some(item)).send().await.expect("put");
        damaged.push((kind, hash_of(&pk, &sk)));
    }
    assert_eq!(damaged.len(), 3, "{damaged:?}");
    let sign_in = json!({ "email": "amina.secret@lender.example", "password": PASSWORD });
    lender
        .post("/auth", &sign_in)
        .await
        .expect_problem(500, "internal_error");
    lender
        .get(&format!("/users/{user}"))
        .await
        .expect_problem(500, "internal_error");
    let number = json!({ "phone_number": "254712340000" });
    lender
        .post("/users", &number)
        .await
        .expect_problem(500, "internal_error");

    let log = LOG.text();
    for (kind, hash) in damaged {
        assert!(
            log.contains(&format!("corrupt {kind} item {hash}: ")),
            "{kind} {hash}: {log}"
        );
    }
    for secret in ["amina", "254712340000", "lanted", &user] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}

/// Items that a request reads, by type, with attributes that may be missing.
const OPTIONAL: [(&str, &[&str], &str); 6] = [
    (
        "organization",
        &["disabled", "revoked_logins", "request_limit", "write_unit_limit"],
        "/users",
    ),
    ("login", &["generation", "disabled"], "/auth"),
    (
        "user",
        &["country_code", "external_id", "is_kyc_verified", "layout"],
        "/users/{user}",
    ),
    (
        "entry",
        &["country", "first", "last", "email", "external", "device", "kyc"],
        "/users",
    ),
    ("directory", &["boundary"], "/users"),
    ("page", &["moved", "reserved"], "/users/{user}/ledger"),
];

#[tokio::test]
async fn an_attribute_of_another_type_fails_and_is_named() {
    LazyLock::force(&LOG);
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let email = "login@lender.example";
    app.login(email, &[lender.tenant.organization()]).await;
    let user = lender.register_with_a_record().await;
    let client = app.database.client().await;
    let put = |item| {
        client
            .put_item()
            .table_name(app.store.table_name())
            .set_item(Some(item))
            .send()
    };
    for (kind, names, path) in OPTIONAL {
        let items = app.items().await;
        let of_kind =
            |item: &&_| std::collections::HashMap::get(*item, "type") == Some(&AttributeValue::S(kind.into()));
        let item = items.iter().find(of_kind).unwrap_or_else(|| panic!("no {kind}"));
        for name in names {
            let mut damaged = item.clone();
            damaged.insert((*name).to_owned(), AttributeValue::L(Vec::new()));
            put(damaged).await.expect("put");
            let before = LOG.text().len();
            let through = lender.through(&app.restarted());
            let answer = match path {
                "/auth" => {
                    through
                        .post(path, &json!({ "email": email, "password": PASSWORD }))
                        .await
                }
                _ => through.get(&path.replace("{user}", &user)).await,
            };
            let log = LOG.text()[before..].to_owned();
            answer.expect_problem(500, "internal_error");
            let reason = format!("attribute {name} is of another type or out of range");
            assert!(
                log.contains(&format!("corrupt {kind} item")) && log.contains(&reason),
                "{kind}.{name}: {log}"
            );
            put(item.clone()).await.expect("put");
        }
    }
}
