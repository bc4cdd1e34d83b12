//! The straightforward implementation: one item per record, and a credit report over a query of all items.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{AttributeValue, ConsumedCapacity, PutRequest, ReturnConsumedCapacity, WriteRequest};
use cpu_time::ThreadTime;
use daftari_domain::ids::{OrganizationId, UserId};
use daftari_domain::reports::{Person, Subject, credit_report};
use daftari_domain::{LabelSet, Record};
use daftari_tests::TestApp;
use uuid::Uuid;

use crate::printed::{Row, median};

const PARTITION: &str = "naive#USER#958a5ae8-f3a3-41d5-ae48-177fdc19e3f4";

/// The consumption of storing the records.
pub(crate) struct Stored {
    write_units: f64,
}

/// Stores every record as an item.
pub(crate) async fn store(app: &TestApp, history: &[Record]) -> Stored {
    let client = app.database.client().await;
    let mut write_units = 0.0;
    for batch in history.chunks(25) {
        let requests = batch.iter().map(|record| {
            let put = PutRequest::builder().set_item(Some(item(record))).build().expect("put");
            WriteRequest::builder().put_request(put).build()
        });
        let answer = client
            .batch_write_item()
            .request_items(app.store.table_name(), requests.collect())
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .expect("stored");
        write_units += answer
            .consumed_capacity()
            .iter()
            .filter_map(ConsumedCapacity::capacity_units)
            .sum::<f64>();
    }
    Stored { write_units }
}

/// Measures a credit report over all items.
pub(crate) async fn measure(app: &TestApp, stored: &Stored, count: u64, runs: usize) -> Row {
    let client = app.database.client().await;
    let subject = Subject {
        user_uuid: UserId(Uuid::nil()),
        client_uuid: OrganizationId(Uuid::nil()),
        country: "KE".parse().ok(),
    };
    let (mut read_units, mut calls) = (0.0, 0);
    let mut times = Vec::new();
    for _ in 0..runs {
        let start = ThreadTime::now();
        (read_units, calls) = (0.0, 0);
        let mut records = Vec::new();
        let mut from = None;
        loop {
            let answer = client
                .query()
                .table_name(app.store.table_name())
                .consistent_read(true)
                .key_condition_expression("PK = :pk")
                .expression_attribute_values(":pk", AttributeValue::S(PARTITION.to_owned()))
                .return_consumed_capacity(ReturnConsumedCapacity::Total)
                .set_exclusive_start_key(from)
                .send()
                .await
                .expect("query");
            calls += 1;
            read_units += answer
                .consumed_capacity()
                .and_then(ConsumedCapacity::capacity_units)
                .unwrap_or_default();
            records.extend(answer.items().iter().map(record));
            from = answer.last_evaluated_key;
            if from.is_none() {
                break;
            }
        }
        assert_eq!(records.len() as u64, count);
        let person = Person {
            first_name: String::new(),
            last_name: String::new(),
            phone_number: String::new(),
        };
        let report = credit_report(&records, &subject, person, app.clock.now(), None);
        assert!(!serde_json::to_string(&report).expect("JSON").is_empty());
        times.push(start.elapsed());
    }
    Row {
        what: "credit report, naive",
        count,
        write_units: stored.write_units,
        read_units,
        calls,
        cpu: median(times),
    }
}

fn item(record: &Record) -> HashMap<String, AttributeValue> {
    let text = |value: String| AttributeValue::S(value);
    let mut item = HashMap::from([
        ("PK".to_owned(), text(PARTITION.to_owned())),
        ("SK".to_owned(), text(format!("{}#{}", record.timestamp, record.id))),
        ("institution_id".to_owned(), text(record.institution_id.to_string())),
        ("account_id".to_owned(), text(record.account_id.to_string())),
        ("account_type".to_owned(), text(record.account_type.to_string())),
    ]);
    let mut optional = |name: &str, value: Option<AttributeValue>| {
        if let Some(value) = value {
            item.insert(name.to_owned(), value);
        }
    };
    optional(
        "amount",
        record.amount.map(|amount| AttributeValue::N(amount.to_string())),
    );
    optional(
        "balance",
        record.balance.map(|balance| AttributeValue::N(balance.to_string())),
    );
    optional("currency", record.currency.map(|currency| text(currency.to_string())));
    optional("impact", record.impact.map(|impact| text(impact.to_string())));
    item
}

fn record(item: &HashMap<String, AttributeValue>) -> Record {
    let text = |name: &str| item.get(name).and_then(|value| value.as_s().ok()).map(String::as_str);
    let number = |name: &str| item.get(name).and_then(|value| value.as_n().ok());
    let (timestamp, id) = text("SK").and_then(|sk| sk.split_once('#')).expect("SK");
    Record {
        id: id.parse().expect("id"),
        timestamp: timestamp.parse().expect("timestamp"),
        institution_id: text("institution_id")
            .and_then(|id| id.parse().ok())
            .expect("institution"),
        account_id: text("account_id").and_then(|id| id.parse().ok()).expect("account"),
        account_type: text("account_type").and_then(|word| word.parse().ok()).expect("type"),
        amount: number("amount").and_then(|text| text.parse().ok()),
        balance: number("balance").and_then(|text| text.parse().ok()),
        currency: text("currency").and_then(|code| code.parse().ok()),
        impact: text("impact").and_then(|word| word.parse().ok()),
        labels: LabelSet::EMPTY,
        body: None,
        details: daftari_domain::KeptDetails::NONE,
    }
}
