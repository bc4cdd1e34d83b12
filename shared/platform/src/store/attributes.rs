//! Attribute values.

use std::collections::HashMap;

use aws_sdk_dynamodb::primitives::Blob;

pub(super) use aws_sdk_dynamodb::types::AttributeValue;

/// The attributes of an item, by name.
pub(super) type Attributes = HashMap<String, AttributeValue>;

/// A string.
pub(super) fn string(value: impl ToString) -> AttributeValue {
    AttributeValue::S(value.to_string())
}

/// A number.
pub(super) fn number(value: impl ToString) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// Bytes.
pub(super) fn binary(value: Vec<u8>) -> AttributeValue {
    AttributeValue::B(Blob::new(value))
}

/// A boolean.
pub(super) const fn flag(value: bool) -> AttributeValue {
    AttributeValue::Bool(value)
}

/// A set of strings. DynamoDB refuses an empty set.
pub(super) fn strings<T: ToString>(values: impl IntoIterator<Item = T>) -> AttributeValue {
    AttributeValue::Ss(values.into_iter().map(|value| value.to_string()).collect())
}
