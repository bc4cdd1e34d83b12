//! Creates the table, for local work, tests and the operator's tool. In production the SAM template does it.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::create_table::CreateTableError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType,
    ScalarAttributeType, TimeToLiveSpecification,
};

/// The shape of a table, as `AWS::DynamoDB::Table` describes it: keys, indexes and TTL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableShape {
    /// Partition key and sort key of the table; both are strings.
    pub keys: (String, String),
    /// The indexes by name, with partition key and sort key; both are strings, and only keys are projected.
    pub indexes: Vec<(String, (String, String))>,
    /// The attribute with the time at which an item expires.
    pub ttl_attribute: String,
}

/// Why the table could not be created.
#[derive(Debug, thiserror::Error)]
#[error("cannot create the table: {0}")]
pub struct CreateTableFault(String);

impl CreateTableFault {
    fn of(error: impl std::error::Error) -> Self {
        Self(aws_sdk_dynamodb::error::DisplayErrorContext(error).to_string())
    }
}

/// Creates the table; false if it exists already.
pub async fn create_table(client: &Client, name: &str, shape: &TableShape) -> Result<bool, CreateTableFault> {
    let mut request = client
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .set_key_schema(Some(key_schema(&shape.keys)?));
    let mut attributes = vec![&shape.keys.0, &shape.keys.1];
    for (index, keys) in &shape.indexes {
        attributes.extend([&keys.0, &keys.1]);
        let projection = Projection::builder().projection_type(ProjectionType::KeysOnly).build();
        let index = GlobalSecondaryIndex::builder()
            .index_name(index)
            .set_key_schema(Some(key_schema(keys)?))
            .projection(projection)
            .build()
            .map_err(CreateTableFault::of)?;
        request = request.global_secondary_indexes(index);
    }
    for attribute in attributes {
        let definition = AttributeDefinition::builder()
            .attribute_name(attribute)
            .attribute_type(ScalarAttributeType::S)
            .build()
            .map_err(CreateTableFault::of)?;
        request = request.attribute_definitions(definition);
    }
    match request.send().await {
        Ok(_) => {}
        Err(SdkError::ServiceError(error)) if matches!(error.err(), CreateTableError::ResourceInUseException(_)) => {
            return Ok(false);
        }
        Err(error) => return Err(CreateTableFault::of(error)),
    }
    wait_until_active(client, name).await?;
    let ttl = TimeToLiveSpecification::builder()
        .attribute_name(&shape.ttl_attribute)
        .enabled(true)
        .build()
        .map_err(CreateTableFault::of)?;
    let enabled = client
        .update_time_to_live()
        .table_name(name)
        .time_to_live_specification(ttl)
        .send()
        .await;
    enabled.map_err(CreateTableFault::of)?;
    Ok(true)
}

fn key_schema((pk, sk): &(String, String)) -> Result<Vec<KeySchemaElement>, CreateTableFault> {
    let element = |name: &String, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build();
    let elements = [element(pk, KeyType::Hash), element(sk, KeyType::Range)];
    elements
        .into_iter()
        .collect::<Result<_, _>>()
        .map_err(CreateTableFault::of)
}

/// A table of the real service takes some seconds to become usable.
async fn wait_until_active(client: &Client, name: &str) -> Result<(), CreateTableFault> {
    for _ in 0..120 {
        let described = client
            .describe_table()
            .table_name(name)
            .send()
            .await
            .map_err(CreateTableFault::of)?;
        let status = described.table().and_then(|table| table.table_status());
        if status == Some(&aws_sdk_dynamodb::types::TableStatus::Active) {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
    Err(CreateTableFault("it did not become active within a minute".to_owned()))
}
