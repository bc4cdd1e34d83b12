//! Batches of a DynamoDB stream: changed items, in the order of their changes for each partition key.
//!
//! The event source mapping must report failures of single records (`FunctionResponseTypes:
//! [ReportBatchItemFailures]`). Lambda delivers a change at least once: after a failure it sends the failed record and
//! all later ones again, until the mapping's limits on retries and age. So a handler must be idempotent.

use aws_lambda_events::streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::error::Error;

/// The event of a batch.
#[derive(Deserialize)]
pub(super) struct Batch {
    #[serde(rename = "Records")]
    records: Vec<Box<RawValue>>,
}

/// The fields that identify a record of a batch.
#[derive(Deserialize)]
struct Identity {
    dynamodb: Sequence,
}

#[derive(Deserialize)]
struct Sequence {
    #[serde(rename = "SequenceNumber")]
    number: String,
}

/// Hands the records of a batch to the handler, one after the other, and stops at the first failure: a later change of
/// an item must not be handled before an earlier one. The response names the record that failed.
pub(super) async fn handle_batch<R: DeserializeOwned>(
    batch: Batch,
    handler: &impl AsyncFn(R) -> Result<(), Error>,
) -> DynamoDbEventResponse {
    let mut response = DynamoDbEventResponse::default();
    for record in &batch.records {
        let Err(error) = handle(record.get(), handler).await else {
            continue;
        };
        // Lambda takes an empty identifier as the failure of the whole batch.
        let identity = serde_json::from_str(record.get());
        let sequence_number = identity.map_or(String::new(), |identity: Identity| identity.dynamodb.number);
        let logged = error.logged();
        tracing::error!(
            target: "daftari::event",
            sequence_number,
            error = logged.as_ref().map_or("", |logged| logged.as_str()),
            "a change was not handled"
        );
        let mut failure = DynamoDbBatchItemFailure::default();
        failure.item_identifier = Some(sequence_number);
        response.batch_item_failures.push(failure);
        break;
    }
    response
}

async fn handle<R: DeserializeOwned>(
    record: &str,
    handler: &impl AsyncFn(R) -> Result<(), Error>,
) -> Result<(), Error> {
    // The parser's message would quote the item.
    let record = serde_json::from_str(record).map_err(|_| Error::internal("a record of the stream cannot be read"))?;
    handler(record).await
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use lambda_http::lambda_runtime::{Context, LambdaEvent};
    use serde_json::{Value, json};
    use tower::ServiceExt;

    use super::*;

    /// A record as Lambda sends it.
    fn record(sequence_number: &str, kind: &str, version: &str) -> Value {
        json!({
            "eventID": "c4ca4238a0b923820dcc509a6f75849b", "eventName": kind, "eventVersion": "1.1",
            "eventSource": "aws:dynamodb", "awsRegion": "eu-west-1",
            "dynamodb": {
                "ApproximateCreationDateTime": 1_637_096_400,
                "Keys": { "PK": { "S": "tenant#user" }, "SK": { "S": "month" } },
                "NewImage": { "PK": { "S": "tenant#user" }, "version": { "N": version }, "page": { "B": "AAEqQQ==" } },
                "SequenceNumber": sequence_number, "SizeBytes": 59, "StreamViewType": "NEW_AND_OLD_IMAGES"
            },
            "eventSourceARN": "arn:aws:dynamodb:eu-west-1:123456789012:table/daftari/stream/2021-11-16T21:00:00.000"
        })
    }

    /// The answer to a batch from a handler that fails for one sequence number, and the records it handled.
    async fn answered(batch: Value, failing: &str) -> (Value, Vec<String>) {
        let handled = RefCell::new(Vec::new());
        let handler = async |record: Value| {
            let number = record["dynamodb"]["SequenceNumber"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            if number == failing {
                return Err(Error::internal("the endpoint of a lender does not answer"));
            }
            handled.borrow_mut().push(number);
            Ok(())
        };
        // As the runtime reads it.
        let batch = batch.to_string();
        let event = serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(&batch));
        let event = event.expect("a stream event");
        let service = super::super::stream_service(&handler);
        let response = service.oneshot(LambdaEvent::new(event, Context::default())).await;
        let response = serde_json::to_value(response.expect("never fails")).expect("json");
        (response, handled.into_inner())
    }

    fn batch() -> Value {
        let records = [("100", "INSERT", "1"), ("200", "MODIFY", "2"), ("300", "REMOVE", "3")];
        json!({ "Records": records.map(|(number, kind, version)| record(number, kind, version)) })
    }

    #[tokio::test]
    async fn a_batch_that_is_handled_has_no_failures() {
        let (response, handled) = answered(batch(), "none").await;
        assert_eq!(response, json!({ "batchItemFailures": [] }));
        assert_eq!(handled, ["100", "200", "300"]);
    }

    #[tokio::test]
    async fn the_first_failure_is_named_and_nothing_after_it_is_handled() {
        let (response, handled) = answered(batch(), "200").await;
        assert_eq!(response, json!({ "batchItemFailures": [{ "itemIdentifier": "200" }] }));
        assert_eq!(handled, ["100"]);
    }

    #[tokio::test]
    async fn a_failed_record_without_a_number_fails_the_whole_batch() {
        let mut batch = batch();
        let first = batch.pointer_mut("/Records/0/dynamodb").and_then(Value::as_object_mut);
        first.expect("record").remove("SequenceNumber");
        let (response, handled) = answered(batch, "").await;
        assert_eq!(response, json!({ "batchItemFailures": [{ "itemIdentifier": "" }] }));
        assert_eq!(handled, [""; 0]);
    }

    #[tokio::test]
    async fn a_record_that_the_handler_cannot_read_fails() {
        let handler = async |_: u64| Ok(());
        let batch = serde_json::from_value(batch()).expect("a stream event");
        let response = handle_batch(batch, &handler).await;
        let failed = response
            .batch_item_failures
            .iter()
            .map(|failure| failure.item_identifier.as_deref());
        assert_eq!(failed.collect::<Vec<_>>(), [Some("100")]);
    }
}
