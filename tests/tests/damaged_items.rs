//! A damaged item is logged by its type and a hash of its key, because keys contain emails, numbers and names.

use aws_sdk_dynamodb::types::AttributeValue;
use daftari_platform::telemetry::Metrics;
use daftari_tests::{Log, PASSWORD, TestApp};
use serde_json::json;
use sha2::{Digest, Sha256};

/// The operator's handbook defines the hash: the first 16 hexadecimal digits of the SHA-256 of both keys, each followed
/// by a line break.
fn hash_of(pk: &str, sk: &str) -> String {
    let digest: [u8; 32] = Sha256::digest(format!("{pk}\n{sk}\n")).into();
    let first = digest[..8].try_into().expect("8 bytes");
    format!("{:016x}", u64::from_be_bytes(first))
}

#[tokio::test]
async fn the_log_names_kind_and_hash_of_a_damaged_item_and_never_its_key() {
    let captured = Log::capture(Metrics::None);
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

    let log = captured.text();
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
