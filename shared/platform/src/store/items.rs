//! Items: attributes to Rust values and back.

use std::str::FromStr;

use super::attributes::{AttributeValue, Attributes, binary, flag, number, string};
use super::error::StoreError;
use super::primary_key::Key;

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

/// Reads an item. A missing attribute, or one of another type, is [`StoreError::Corrupt`] and named there. Only the
/// `optional_` methods and those that say so accept a missing attribute; no method accepts another type.
#[derive(Debug)]
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
        self.corrupt(format!("attribute {name} is missing"))
    }

    fn unread(&self, name: &str) -> StoreError {
        self.corrupt(format!("attribute {name} is of another type or out of range"))
    }

    /// The attribute as `read` returns it; `None` only if it is missing.
    fn optional<'a, T>(
        &'a self,
        name: &str,
        read: impl FnOnce(&'a AttributeValue) -> Option<T>,
    ) -> Result<Option<T>, StoreError> {
        let value = self.0.get(name);
        value
            .map(|value| read(value).ok_or_else(|| self.unread(name)))
            .transpose()
    }

    fn required<'a, T>(
        &'a self,
        name: &str,
        read: impl FnOnce(&'a AttributeValue) -> Option<T>,
    ) -> Result<T, StoreError> {
        self.optional(name, read)?.ok_or_else(|| self.missing(name))
    }

    pub(super) fn optional_string(&self, name: &str) -> Result<Option<&str>, StoreError> {
        self.optional(name, as_string)
    }

    pub(super) fn string(&self, name: &str) -> Result<&str, StoreError> {
        self.required(name, as_string)
    }

    /// A string that parses as `T`, if the attribute is there.
    pub(super) fn optional_parsed<T: FromStr>(&self, name: &str) -> Result<Option<T>, StoreError> {
        self.optional(name, as_parsed)
    }

    /// A string that parses as `T`.
    pub(super) fn parsed<T: FromStr>(&self, name: &str) -> Result<T, StoreError> {
        self.required(name, as_parsed)
    }

    pub(super) fn number<T: FromStr>(&self, name: &str) -> Result<T, StoreError> {
        self.required(name, as_number)
    }

    pub(super) fn optional_number<T: FromStr>(&self, name: &str) -> Result<Option<T>, StoreError> {
        self.optional(name, as_number)
    }

    /// False if the attribute is missing.
    pub(super) fn flag(&self, name: &str) -> Result<bool, StoreError> {
        let flag = self.optional(name, |value| value.as_bool().ok().copied())?;
        Ok(flag.unwrap_or(false))
    }

    /// A map; `None` if the attribute is missing.
    pub(super) fn map(&self, name: &str) -> Result<Option<&Attributes>, StoreError> {
        self.optional(name, |value| value.as_m().ok())
    }

    /// A set of strings; empty if the attribute is missing, because DynamoDB stores no empty set.
    pub(super) fn string_set(&self, name: &str) -> Result<Vec<String>, StoreError> {
        let set = self.optional(name, |value| value.as_ss().ok().cloned())?;
        Ok(set.unwrap_or_default())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub(super) fn binary(&mut self, name: &str) -> Result<Vec<u8>, StoreError> {
        match self.0.remove(name) {
            Some(AttributeValue::B(blob)) => Ok(blob.into_inner()),
            Some(_) => Err(self.unread(name)),
            None => Err(self.missing(name)),
        }
    }

    pub(super) fn strings(&self, name: &str) -> Result<Vec<String>, StoreError> {
        let list = self.required(name, |value| value.as_l().ok())?;
        let texts = list.iter().map(|value| value.as_s().ok().cloned());
        texts.collect::<Option<_>>().ok_or_else(|| self.unread(name))
    }
}

fn as_string(value: &AttributeValue) -> Option<&str> {
    value.as_s().ok().map(String::as_str)
}

fn as_parsed<T: FromStr>(value: &AttributeValue) -> Option<T> {
    as_string(value)?.parse().ok()
}

fn as_number<T: FromStr>(value: &AttributeValue) -> Option<T> {
    value.as_n().ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::attributes::strings;

    fn reader(value: Option<AttributeValue>) -> ItemReader {
        let item = ItemBuilder::new(
            &Key::organization("00daf7a1-0000-4000-8000-000000000001".parse().expect("id")),
            "x",
        );
        ItemReader::new(match value {
            Some(value) => item.value("a", value).build(),
            None => item.build(),
        })
    }

    /// The outcomes of reading the attribute `a` in every way.
    fn read(value: Option<AttributeValue>) -> Vec<(&'static str, Result<String, StoreError>)> {
        fn shown<T: std::fmt::Debug>(read: Result<T, StoreError>) -> Result<String, StoreError> {
            read.map(|value| format!("{value:?}"))
        }
        let mut item = reader(value);
        vec![
            ("optional_string", shown(item.optional_string("a"))),
            ("optional_parsed", shown(item.optional_parsed::<u8>("a"))),
            ("optional_number", shown(item.optional_number::<u8>("a"))),
            ("flag", shown(item.flag("a"))),
            ("map", shown(item.map("a").map(|map| map.map(Attributes::len)))),
            ("string_set", shown(item.string_set("a"))),
            ("string", shown(item.string("a"))),
            ("parsed", shown(item.parsed::<u8>("a"))),
            ("number", shown(item.number::<u8>("a"))),
            ("strings", shown(item.strings("a"))),
            ("binary", shown(item.binary("a"))),
        ]
    }

    fn accepted(value: Option<AttributeValue>, why: &str) -> Vec<(&'static str, String)> {
        let mut accepted = Vec::new();
        for (method, outcome) in read(value) {
            match outcome {
                Ok(value) => accepted.push((method, value)),
                Err(StoreError::Corrupt { reason, .. }) => {
                    assert_eq!(reason, format!("attribute a {why}"), "{method}");
                }
                Err(other) => panic!("{method}: {other:?}"),
            }
        }
        accepted
    }

    #[test]
    fn only_a_missing_attribute_reads_as_missing() {
        let found = accepted(None, "is missing");
        let none = |method| (method, "None".to_owned());
        assert_eq!(
            found,
            [
                none("optional_string"),
                none("optional_parsed"),
                none("optional_number"),
                ("flag", "false".to_owned()),
                none("map"),
                ("string_set", "[]".to_owned()),
            ]
        );
    }

    #[test]
    fn an_attribute_of_another_type_is_an_error_that_names_it() {
        let number_300 = number(300);
        let mixed = AttributeValue::L(vec![string("x"), number(1)]);
        let values: [(AttributeValue, &[&str]); 9] = [
            (AttributeValue::Null(true), &[]),
            (AttributeValue::Ns(vec!["1".to_owned()]), &[]),
            (number_300, &[]),
            (mixed, &[]),
            (number(7), &["optional_number", "number"]),
            (flag(true), &["flag"]),
            (AttributeValue::M(Attributes::new()), &["map"]),
            (strings(["x"]), &["string_set"]),
            (binary(vec![1]), &["binary"]),
        ];
        for (value, methods) in values {
            let found = accepted(Some(value.clone()), "is of another type or out of range");
            let found: Vec<_> = found.into_iter().map(|(method, _)| method).collect();
            assert_eq!(found, methods, "{value:?}");
        }
        let found = accepted(Some(string("x")), "is of another type or out of range");
        assert_eq!(
            found.iter().map(|(method, _)| *method).collect::<Vec<_>>(),
            ["optional_string", "string"]
        );
    }
}
