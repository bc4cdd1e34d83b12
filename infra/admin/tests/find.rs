//! Tests `daftari-admin table find`: finds the item that a log line names.

mod support;

use std::process::Output;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use daftari_tests::TestApp;
use support::{text, tool};

/// Hash of `CASE#one` and `A`: the beginning of `printf 'CASE#one\nA\n' | sha256sum`.
const HASH_OF_ONE: &str = "a820da1f8bd994a0";
/// Hash of `CASE#two` and `B`.
const HASH_OF_TWO: &str = "f44214ecd414895b";
/// Hash of `CASE#three` and `C`.
const HASH_OF_THREE: &str = "760b2759ab3d53c4";
/// Larger than a third of one page of a scan (1 MB).
const LARGE: usize = 390_000;

fn find(app: &TestApp, arguments: &[&str]) -> Output {
    let arguments = [&["table", "find"], arguments].concat();
    let mut command = tool(app.store.table_name(), app.database.endpoint(), &arguments);
    command.output().expect("runs")
}

#[track_caller]
fn assert_ends(output: &Output, code: i32, printed: &str, error: &str) {
    let errors = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{errors}");
    assert_eq!(text(&output.stdout), printed);
    assert!(errors.contains(error), "{errors}");
    assert!(error.is_empty() == errors.is_empty(), "{errors}");
}

/// Writes an item. An empty `kind` writes no type.
async fn put(app: &TestApp, client: &Client, pk: &str, sk: &str, kind: &str) {
    let put = client.put_item().table_name(app.store.table_name());
    let mut put = put
        .item("PK", AttributeValue::S(pk.to_owned()))
        .item("SK", AttributeValue::S(sk.to_owned()))
        .item("data", AttributeValue::B(Blob::new(vec![7; LARGE])));
    if !kind.is_empty() {
        put = put.item("type", AttributeValue::S(kind.to_owned()));
    }
    put.send().await.expect("put");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_is_found_by_the_hash_of_its_key_wherever_a_scan_reaches_it() {
    let app = TestApp::start().await;
    let client = app.database.client().await;
    put(&app, &client, "CASE#one", "A", "page").await;
    put(&app, &client, "CASE#two", "B", "").await;
    put(&app, &client, "CASE#three", "C", "login").await;
    for other in 0..6 {
        put(&app, &client, &format!("OTHER#{other}"), "X", "page").await;
    }
    let first = client.scan().table_name(app.store.table_name());
    let first = first.send().await.expect("scanned");
    assert!(first.last_evaluated_key.is_some(), "one answer holds it all");

    assert_ends(&find(&app, &[HASH_OF_ONE]), 0, "page\tCASE#one\tA\n", "");
    let upper = HASH_OF_TWO.to_uppercase();
    assert_ends(&find(&app, &[&upper]), 0, "-\tCASE#two\tB\n", "");
    let output = find(&app, &[HASH_OF_THREE, "--limit", "5"]);
    assert_ends(&output, 0, "login\tCASE#three\tC\n", "");
    let output = find(&app, &["0000000000000000"]);
    assert_ends(&output, 3, "", "has the hash 0000000000000000");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_malformed_hash_is_refused() {
    let app = TestApp::start().await;
    for bad in ["", "0123", "0123456789abcdefg", "+123456789abcdef", "0123456789abcdé"] {
        assert_ends(&find(&app, &[bad]), 2, "", "must have 16 hexadecimal digits");
    }
    let output = find(&app, &[HASH_OF_ONE, "--limit", "0"]);
    assert_ends(&output, 2, "", "1..=1000");
}
