//! The differences between the engines of these tests: the embedded one, and moto (`tests/moto`).
//!
//! Each test states the behaviour of the engine it runs on, so a difference that disappears or reverses is noticed. In
//! all of them the embedded engine behaves like DynamoDB, and moto is more lenient, except for permissions.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::Credentials;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{
    AttributeValue, ConsumedCapacity, DeleteRequest, Put, ReturnConsumedCapacity, TransactWriteItem, WriteRequest,
};
use daftari_tests::TestApp;

type Item = HashMap<String, AttributeValue>;

/// A table, and a client with all permissions.
struct Table {
    app: TestApp,
    client: Client,
}

impl Table {
    async fn start() -> Self {
        let app = TestApp::start().await;
        let client = app.database.client().await;
        Self { app, client }
    }

    fn name(&self) -> &str {
        self.app.store.table_name()
    }

    /// The expected value for the running engine.
    fn either<T>(&self, embedded: T, moto: T) -> T {
        if self.app.database.is_embedded() {
            embedded
        } else {
            moto
        }
    }

    fn put(&self, item: Item) -> PutItemFluentBuilder {
        let put = self.client.put_item().table_name(self.name());
        put.set_item(Some(item))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
    }

    fn query(&self, sort_key: &str) -> QueryFluentBuilder {
        let query = self.client.query().table_name(self.name());
        query
            .key_condition_expression(format!("PK = :pk AND {sort_key}"))
            .expression_attribute_values(":pk", text("a"))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
    }

    fn part(&self, item: Item) -> TransactWriteItem {
        let put = Put::builder().table_name(self.name()).set_item(Some(item));
        TransactWriteItem::builder().put(put.build().expect("put")).build()
    }
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn number(value: &str) -> AttributeValue {
    AttributeValue::N(value.to_owned())
}

fn key(sk: &str) -> Item {
    [("PK", text("a")), ("SK", text(sk))]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
}

fn with(sk: &str, attributes: impl IntoIterator<Item = (&'static str, AttributeValue)>) -> Item {
    let attributes = attributes.into_iter();
    let attributes = attributes.map(|(name, value)| (name.to_owned(), value));
    key(sk).into_iter().chain(attributes).collect()
}

fn bulky(sk: &str, bytes: usize) -> Item {
    with(sk, [("bytes", AttributeValue::B(Blob::new(vec![7; bytes])))])
}

fn units(consumed: Option<&ConsumedCapacity>) -> Option<f64> {
    consumed.and_then(ConsumedCapacity::capacity_units)
}

/// The code of the error; `ok` if there is no error.
fn outcome<T, E: ProvideErrorMetadata>(answer: Result<T, E>) -> String {
    match answer {
        Ok(_) => "ok".to_owned(),
        Err(error) => error.code().unwrap_or("no code").to_owned(),
    }
}

#[tokio::test]
async fn the_store_gets_the_same_behaviour_from_both_engines() {
    let table = Table::start().await;
    let refused = "ValidationException";
    for n in 0..4 {
        let put = table.put(bulky(&n.to_string(), 350_000)).send().await;
        assert_eq!(outcome(put), "ok");
    }
    let first = table.query("SK >= :zero");
    let first = first.expression_attribute_values(":zero", text("0"));
    let first = first.send().await.expect("answer");
    assert_eq!(first.count(), 2, "an answer is limited to a megabyte");
    assert!(first.last_evaluated_key().is_some());

    let too_large = table.put(bulky("large", 400 * 1024)).send().await;
    assert_eq!(outcome(too_large), refused, "an item of over 400 KB");
    let parts = |count: u32| Some((0..count).map(|n| table.part(key(&n.to_string()))).collect());
    let transaction = table.client.transact_write_items().set_transact_items(parts(101));
    assert_eq!(outcome(transaction.send().await), refused, "101 actions");
    let twice = vec![table.part(key("0")), table.part(key("0"))];
    let transaction = table.client.transact_write_items().set_transact_items(Some(twice));
    assert_eq!(outcome(transaction.send().await), refused, "one item twice");

    let indexed = with(
        "indexed",
        [("GSI1PK", text("list")), ("GSI1SK", text("1")), ("more", text("x"))],
    );
    let half = with("half", [("GSI1PK", text("list"))]);
    for item in [indexed, half] {
        assert_eq!(outcome(table.put(item).send().await), "ok");
    }
    let listed = table.client.query().table_name(table.name());
    let listed = listed
        .index_name("GSI1")
        .key_condition_expression("GSI1PK = :list")
        .expression_attribute_values(":list", text("list"));
    let listed = listed.send().await.expect("answer");
    assert_eq!(listed.count(), 1, "an item with half an index key");
    assert_eq!(listed.items()[0].len(), 4, "keys alone: {listed:?}");

    let over = with("over", [("expires_at", number("1"))]);
    assert_eq!(outcome(table.put(over).send().await), "ok");
    let get = table.client.get_item().table_name(table.name());
    let get = get.set_key(Some(key("over"))).send().await;
    let item = get.expect("answer").item;
    assert!(item.is_some(), "expired items are deleted late or never");
}

#[tokio::test]
async fn only_the_embedded_engine_counts_capacity_by_size() {
    let table = Table::start().await;
    let put = table.put(bulky("1", 10_000)).send().await.expect("put");
    let consumed = units(put.consumed_capacity());
    assert_eq!(consumed, table.either(Some(10.0), Some(1.0)), "put");
    let query = table.query("SK = :one");
    let query = query.expression_attribute_values(":one", text("1"));
    let query = query.consistent_read(true).send().await.expect("query");
    let consumed = units(query.consumed_capacity());
    assert_eq!(consumed, table.either(Some(3.0), Some(1.0)), "query");
    let transaction = table.client.transact_write_items();
    let transaction = transaction
        .transact_items(table.part(key("2")))
        .return_consumed_capacity(ReturnConsumedCapacity::Total)
        .send()
        .await
        .expect("transaction");
    let consumed = units(transaction.consumed_capacity().first());
    assert_eq!(consumed, table.either(Some(2.0), None), "transaction");
}

#[tokio::test]
async fn only_the_embedded_engine_limits_the_size_of_batches_and_transactions() {
    let table = Table::start().await;
    let expected = table.either("ValidationException", "ok");
    let delete = |n: u32| {
        let delete = DeleteRequest::builder().set_key(Some(key(&n.to_string())));
        let delete = delete.build().expect("delete");
        WriteRequest::builder().delete_request(delete).build()
    };
    let batch = table.client.batch_write_item();
    let batch = batch.request_items(table.name(), (0..26).map(delete).collect());
    assert_eq!(outcome(batch.send().await), expected, "26 writes");
    let part = |n: u32| table.part(bulky(&n.to_string(), 390_000));
    let transaction = table.client.transact_write_items();
    let transaction = transaction.set_transact_items(Some((0..11).map(part).collect()));
    assert_eq!(outcome(transaction.send().await), expected, "over 4 MB");
}

#[tokio::test]
async fn only_the_embedded_engine_validates_expressions_and_values_strictly() {
    let table = Table::start().await;
    let expected = table.either("ValidationException", "ok");
    let unused = table
        .put(key("1"))
        .condition_expression("attribute_not_exists(PK)")
        .expression_attribute_values(":unused", number("1"));
    assert_eq!(outcome(unused.send().await), expected, "a value unused");
    let reversed = table
        .query("SK BETWEEN :from AND :to")
        .expression_attribute_values(":from", text("9"))
        .expression_attribute_values(":to", text("1"));
    assert_eq!(outcome(reversed.send().await), expected, "9 BETWEEN 1");
    let values = [
        ("digits", number(&"7".repeat(39))),
        ("members", AttributeValue::Ss(vec!["a".to_owned(), "a".to_owned()])),
        // An index key of another type than in the template.
        ("GSI1PK", number("1")),
    ];
    for (name, value) in values {
        let put = table.put(with("2", [(name, value)]));
        assert_eq!(outcome(put.send().await), expected, "{name}");
    }
}

#[tokio::test]
async fn only_the_embedded_engine_removes_trailing_zeros_of_numbers() {
    let table = Table::start().await;
    let put = table.put(with("1", [("n", number("1.50"))]));
    assert_eq!(outcome(put.send().await), "ok");
    let get = table.client.get_item().table_name(table.name());
    let item = get.set_key(Some(key("1"))).send().await.expect("answer");
    let read = &item.item.expect("item")["n"];
    assert_eq!(*read, number(table.either("1.5", "1.50")));
}

#[tokio::test]
async fn only_the_embedded_engine_makes_transactions_idempotent_by_token() {
    let table = Table::start().await;
    let transaction = |sk| {
        let transaction = table.client.transact_write_items();
        transaction
            .client_request_token("token")
            .transact_items(table.part(key(sk)))
    };
    assert_eq!(outcome(transaction("1").send().await), "ok");
    assert_eq!(
        outcome(transaction("2").send().await),
        table.either("IdempotentParameterMismatchException", "ok")
    );
}

#[tokio::test]
async fn only_moto_checks_the_callers_permissions() {
    let table = Table::start().await;
    let config = table.client.config().to_builder();
    let stranger = Credentials::new("AKIAIOSFODNN7EXAMPLE", "unknown", None, None, "test");
    let stranger = Client::from_conf(config.credentials_provider(stranger).build());
    let get = stranger.get_item().table_name(table.name());
    let get = get.set_key(Some(key("1")));
    assert_eq!(
        outcome(get.send().await),
        table.either("ok", "UnrecognizedClientException")
    );
}
