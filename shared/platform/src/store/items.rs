//! Items: attributes to Rust values and back.

use std::str::FromStr;

use super::attributes::{AttributeValue, Attributes, binary, flag, number, string};
use super::error::StoreError;
use super::key::Key;

/// Version of the item layouts below, in the attribute `v`.
const SCHEMA_VERSION: u64 = 1;

/// Builds an item.
pub(super) struct ItemBuilder(Attributes);

impl ItemBuilder {
    /// An item of the given kind.
    pub(super) fn new(key: &Key, kind: &str) -> Self {
        let mut attributes = key.attributes();
        attributes.insert("type".to_owned(), string(kind));
        attributes.insert("v".to_owned(), number(SCHEMA_VERSION));
        Self(attributes)
    }

    pub(super) fn string(self, name: &str, value: impl ToString) -> Self {
        self.value(name, string(value))
    }

    /// Omitted if the value is `None`.
    pub(super) fn optional(self, name: &str, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.string(name, value),
            None => self,
        }
    }

    pub(super) fn number(self, name: &str, value: impl ToString) -> Self {
        self.value(name, number(value))
    }

    pub(super) fn flag(self, name: &str, value: bool) -> Self {
        self.value(name, flag(value))
    }

    pub(super) fn binary(self, name: &str, value: Vec<u8>) -> Self {
        self.value(name, binary(value))
    }

    pub(super) fn strings<T: ToString>(self, name: &str, values: impl IntoIterator<Item = T>) -> Self {
        self.value(name, AttributeValue::L(values.into_iter().map(string).collect()))
    }

    fn value(mut self, name: &str, value: AttributeValue) -> Self {
        self.0.insert(name.to_owned(), value);
        self
    }

    pub(super) fn build(self) -> Attributes {
        self.0
    }
}

/// Reads an item. A missing attribute, or one of another kind, is [`StoreError::Corrupt`].
pub(super) struct ItemReader(Attributes);

impl ItemReader {
    pub(super) const fn new(attributes: Attributes) -> Self {
        Self(attributes)
    }

    pub(super) fn corrupt(&self, reason: impl ToString) -> StoreError {
        let part = |name: &str| {
            self.0
                .get(name)
                .and_then(|value| value.as_s().ok())
                .map_or("?", String::as_str)
        };
        StoreError::corrupt(part("type"), part("PK"), part("SK"), reason)
    }

    fn missing(&self, name: &str) -> StoreError {
        self.corrupt(format!("attribute {name} is missing or of another kind"))
    }

    pub(super) fn optional_string(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(|value| value.as_s().ok()).map(String::as_str)
    }

    pub(super) fn string(&self, name: &str) -> Result<&str, StoreError> {
        self.optional_string(name).ok_or_else(|| self.missing(name))
    }

    /// A string that parses as `T`.
    pub(super) fn parsed<T: FromStr>(&self, name: &str) -> Result<T, StoreError> {
        self.string(name)?.parse().map_err(|_| self.missing(name))
    }

    pub(super) fn number<T: FromStr>(&self, name: &str) -> Result<T, StoreError> {
        self.optional_number(name).ok_or_else(|| self.missing(name))
    }

    pub(super) fn optional_number<T: FromStr>(&self, name: &str) -> Option<T> {
        self.0
            .get(name)
            .and_then(|value| value.as_n().ok())
            .and_then(|text| text.parse().ok())
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.0
            .get(name)
            .and_then(|value| value.as_bool().ok())
            .copied()
            .unwrap_or_default()
    }

    /// A map; `None` if the attribute is missing.
    pub(super) fn map(&self, name: &str) -> Option<&Attributes> {
        self.0.get(name).and_then(|value| value.as_m().ok())
    }

    /// A set of strings; empty if the attribute is missing, because DynamoDB stores no empty set.
    pub(super) fn string_set(&self, name: &str) -> Vec<String> {
        let set = self.0.get(name).and_then(|value| value.as_ss().ok());
        set.cloned().unwrap_or_default()
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub(super) fn binary(&mut self, name: &str) -> Result<Vec<u8>, StoreError> {
        match self.0.remove(name) {
            Some(AttributeValue::B(blob)) => Ok(blob.into_inner()),
            _ => Err(self.missing(name)),
        }
    }

    pub(super) fn strings(&self, name: &str) -> Result<Vec<String>, StoreError> {
        let list = self
            .0
            .get(name)
            .and_then(|value| value.as_l().ok())
            .ok_or_else(|| self.missing(name))?;
        list.iter()
            .map(|value| value.as_s().cloned().map_err(|_| self.missing(name)))
            .collect()
    }
}
