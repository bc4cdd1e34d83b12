//! Fee, reference and counterparty of records, and the version of a page in which each record changed.

use std::collections::HashMap;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use daftari_domain::ShownRecord;
use daftari_domain::ledger::codec::{self, PageRecords};
use daftari_tests::{Lender, TestApp, records};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The members of a record with `include=details`.
const DETAILS: [&str; 4] = ["fee", "reference", "counterparty", "due_date"];

const FORMAT_1: &str = include_str!("../../../shared/domain/src/ledger/codec/format-1.hex");

fn with_details(id: &str) -> Value {
    records::with(
        records::record(id, "2021-10-08T10:41:25Z"),
        &json!({
            "fee": 23.0, "reference": "QJ912ABCDE",
            "counterparty": { "token": "9f2c64d1a0b3e857", "kind": "business" }, "due_date": "2021-11-08",
        }),
    )
}

async fn detailed(lender: &Lender, user: &str) -> Vec<Value> {
    let answer = lender.get(&format!("/users/{user}/ledger?include=details")).await;
    let answer = answer.expect_status(200);
    answer.at("/records").as_array().expect("records").clone()
}

#[tokio::test]
async fn details_are_kept_and_shown_on_request() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let (plain, full) = (records::record("a", "2021-10-07T10:41:25Z"), with_details("b"));
    lender.append(&user, &[plain.clone(), full.clone()]).await;
    let shown = detailed(&lender, &user).await;
    for name in DETAILS {
        assert_eq!(shown[0][name], full[name], "{name}");
        assert_eq!(shown[1].get(name), Some(&Value::Null), "{name}");
    }
    // The default shape has none of them, and is otherwise the same.
    for (default, mut shown) in lender.ledger(&user).await.into_iter().zip(shown) {
        for name in DETAILS {
            assert_eq!(default.get(name), None);
            shown.as_object_mut().expect("record").remove(name);
        }
        assert_eq!(default, shown);
    }
    // An export contains all data. The exported form of a record without details has no detail fields.
    let export = lender.get(&format!("/users/{user}/export")).await.expect_status(200);
    assert_eq!(export.at("/records/0/counterparty"), full["counterparty"]);
    assert_eq!(export.at("/records/0/fee"), 23.0);
    assert_eq!(export.at("/records/0/reference"), "QJ912ABCDE");
    assert_eq!(export.at("/records/0/due_date"), "2021-11-08");
    assert_eq!(export.at("/records/1").as_object().expect("record").len(), 11);
}

#[tokio::test]
async fn a_record_is_replaced_as_a_whole_and_sending_it_again_changes_nothing() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let full = with_details("a");
    for (record, outcome) in [
        (full.clone(), "/accepted"),
        (full.clone(), "/duplicates"),
        (records::with(full.clone(), &json!({ "fee": 24 })), "/replaced"),
        (
            records::with(full.clone(), &json!({ "counterparty": { "kind": "unknown" } })),
            "/replaced",
        ),
        (
            records::with(full.clone(), &json!({ "counterparty": null })),
            "/duplicates",
        ),
        (records::record("a", "2021-10-08T10:41:25Z"), "/replaced"),
    ] {
        assert_eq!(lender.append(&user, &[record]).await.at(outcome), 1, "{outcome}");
    }
    assert_eq!(detailed(&lender, &user).await[0]["fee"], Value::Null);
}

#[tokio::test]
async fn bad_details_are_named() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let party = |party: Value| json!({ "counterparty": party });
    for (members, code, field) in [
        (json!({ "fee": -1 }), "negative_fee", "/fee"),
        (json!({ "fee": "23" }), "invalid_record", "/fee"),
        (json!({ "fee": 0.00001 }), "invalid_record", "/fee"),
        (json!({ "reference": "" }), "invalid_record", "/reference"),
        (json!({ "reference": "QJ 91" }), "invalid_record", "/reference"),
        (json!({ "reference": "QJ9" }), "invalid_record", "/reference"),
        (json!({ "reference": "x".repeat(33) }), "invalid_record", "/reference"),
        (party(json!("JANE")), "invalid_record", "/counterparty"),
        (
            party(json!({ "token": "JANE" })),
            "invalid_record",
            "/counterparty/token",
        ),
        (
            party(json!({ "kind": "friend" })),
            "invalid_record",
            "/counterparty/kind",
        ),
        (party(json!({ "name": "JANE" })), "invalid_record", "/counterparty/name"),
        (json!({ "due_date": "08/11/2021" }), "invalid_record", "/due_date"),
        (json!({ "due_date": "2021-11-31" }), "invalid_record", "/due_date"),
        (json!({ "due_date": 1_636_329_600 }), "invalid_record", "/due_date"),
    ] {
        let record = records::with(records::record("a", "2021-10-08T10:41:25Z"), &members);
        let path = format!("/users/{user}/ledger");
        let answer = lender
            .post(&path, &json!({ "records": [record] }))
            .await
            .expect_status(200);
        assert_eq!(answer.at("/rejected/0/code"), code, "{members}: {}", answer.text);
        assert_eq!(
            answer.at("/rejected/0/pointer"),
            format!("/records/0{field}"),
            "{members}"
        );
    }
    assert_eq!(lender.ledger(&user).await, Vec::<Value>::new());
}

/// The stored pages of a user: the version, and for each record its id and the version of its last change.
async fn versions(app: &TestApp, user: &str) -> Vec<(u64, HashMap<String, u64>)> {
    let mut pages = Vec::new();
    for item in app.items_of(user).await {
        if item["type"].as_s().expect("type") != "page" {
            continue;
        }
        let version = item["version"].as_n().expect("version").parse().expect("number");
        let data = item["data"].as_b().expect("data").as_ref();
        let PageRecords { records, versions } = codec::decode_versioned(data, version).expect("page");
        let ids = records.iter().map(|record| record.id.to_string());
        pages.push((version, ids.zip(versions).collect()));
    }
    pages
}

#[tokio::test]
async fn a_record_has_the_version_of_its_page_when_it_changed() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let one = |id: &str, fee: u32| records::with(records::record(id, "2021-10-08T10:41:25Z"), &json!({ "fee": fee }));
    lender.append(&user, &[one("a", 1), one("b", 1)]).await;
    lender.append(&user, &[one("c", 1)]).await;
    lender.append(&user, &[one("a", 1), one("b", 2)]).await;
    lender.append(&user, &[one("a", 1)]).await;
    let expected = [("a", 1), ("b", 3), ("c", 2)].map(|(id, version)| (id.to_owned(), version));
    assert_eq!(versions(&app, &user).await, [(3, expected.into())]);
}

#[tokio::test]
async fn pages_that_are_split_continue_the_versions_of_their_page() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let bulky = |n: usize| {
        let at = format!("2021-10-{:02}T{:02}:{:02}:00Z", n / 40 + 1, n % 40 / 2, n % 2 * 30);
        let members = json!({ "labels": ["POS"], "body": incompressible(n) });
        records::with(records::record(&format!("{n}"), &at), &members)
    };
    let all: Vec<Value> = (0..1_000).map(bulky).collect();
    let mut written = 0;
    for batch in all.chunks(100) {
        lender.append(&user, batch).await;
        written += 1;
    }
    let pages = versions(&app, &user).await;
    assert!(pages.len() > 1, "{} pages", pages.len());
    // Every record has the number of the batch that contained it, on any page.
    for (version, records) in &pages {
        assert!(*version <= written);
        for (id, at) in records {
            let n: u64 = id.parse().expect("number");
            assert_eq!(*at, n / 100 + 1, "{id}");
        }
        assert!(records.values().max() <= Some(version));
    }
    assert_eq!(pages.iter().map(|(_, records)| records.len()).sum::<usize>(), all.len());
    // A record that moves to another page counts as changed there.
    let moved = records::with(all[0].clone(), &json!({ "timestamp": "2021-10-25T12:34:56Z" }));
    lender.append(&user, &[moved]).await;
    let pages = versions(&app, &user).await;
    let holders: Vec<_> = pages.iter().filter(|(_, records)| records.contains_key("0")).collect();
    assert_eq!(holders.len(), 1);
    assert_eq!((holders[0].0, holders[0].1["0"]), (written + 1, written + 1));
}

/// A text of about a kilobyte that compresses to half of it.
fn incompressible(n: usize) -> String {
    let digests = (0..16).map(|part| Sha256::digest(format!("{n} {part}")));
    let bytes = digests.flat_map(|digest| digest.to_vec());
    let digits = bytes.flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(b'a' + digit)).collect()
}

#[tokio::test]
async fn a_page_of_format_1_is_read_and_its_records_keep_its_version_once_it_is_rewritten() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    lender
        .append(&user, &[records::record("new", "2021-10-01T00:00:00Z")])
        .await;
    let text = FORMAT_1.replace(char::is_whitespace, "");
    let digit = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).expect("hex");
    let bytes: Vec<u8> = (0..text.len()).step_by(2).map(digit).collect();
    let old = codec::decode(&bytes).expect("format 1");
    let mut page = app.items_of(&user).await;
    page.retain(|item| item["type"].as_s().expect("type") == "page");
    let mut page = page.remove(0);
    page.insert("data".to_owned(), AttributeValue::B(Blob::new(bytes)));
    page.insert("version".to_owned(), AttributeValue::N("7".to_owned()));
    page.insert("count".to_owned(), AttributeValue::N(old.len().to_string()));
    let client = app.database.client().await;
    let put = client.put_item().table_name(app.store.table_name());
    put.set_item(Some(page)).send().await.expect("stored");

    let json = |record| serde_json::to_value(ShownRecord::from(record)).expect("json");
    let mut expected: Vec<Value> = old.iter().map(json).collect();
    expected.reverse();
    assert_eq!(lender.ledger(&user).await, expected);
    assert_eq!(detailed(&lender, &user).await.len(), old.len());

    let full = records::with(with_details("new"), &json!({ "timestamp": "2021-10-01T00:00:00Z" }));
    lender.append(&user, &[full]).await;
    let pages = versions(&app, &user).await;
    assert_eq!(pages.len(), 1);
    let (version, records) = &pages[0];
    assert_eq!((*version, records["new"]), (8, 8));
    assert!(old.iter().all(|record| records[&record.id.to_string()] == 7));
    let mut stored = lender.ledger(&user).await;
    stored.retain(|record| record["id"] != "new");
    assert_eq!(stored, expected);
}
