//! Requests as plain values: a key or an item, and expressions. [`super::call`] sends them.

use std::collections::HashMap;

use super::attributes::{AttributeValue, Attributes, number, string};
use super::primary_key::{Key, PK, SK};

/// The condition of optimistic locking.
const AT_VERSION: &str = "version = :version";

/// The placeholders of a request's expressions.
#[derive(Clone, Debug, Default)]
pub(super) struct Placeholders {
    names: HashMap<String, String>,
    values: Attributes,
}

impl Placeholders {
    /// The names and the values; `None` instead of an empty map, which DynamoDB refuses.
    pub(super) fn into_parts(self) -> (Option<HashMap<String, String>>, Option<Attributes>) {
        (
            Some(self.names).filter(|names| !names.is_empty()),
            Some(self.values).filter(|values| !values.is_empty()),
        )
    }
}

/// The setters of every request with expressions.
macro_rules! with_placeholders {
    ($($request:ty),*) => {$(
        impl $request {
            /// Sets the attribute behind a placeholder (`#name`). Placeholders are needed because DynamoDB reserves
            /// many names.
            pub(super) fn name(mut self, placeholder: &str, attribute: &str) -> Self {
                self.placeholders.names.insert(placeholder.to_owned(), attribute.to_owned());
                self
            }

            /// Sets the value behind a placeholder (`:value`).
            pub(super) fn value(mut self, placeholder: &str, value: AttributeValue) -> Self {
                self.placeholders.values.insert(placeholder.to_owned(), value);
                self
            }
        }
    )*};
}

/// The setters of every request with a condition.
macro_rules! with_condition {
    ($($request:ty),*) => {$(
        impl $request {
            /// Sets the condition expression.
            pub(super) fn on_condition(mut self, condition: impl Into<String>) -> Self {
                self.condition = Some(condition.into());
                self
            }
        }
    )*};
}

/// Writes a whole item.
#[derive(Clone, Debug)]
pub(super) struct Put {
    pub(super) item: Attributes,
    pub(super) condition: Option<String>,
    pub(super) placeholders: Placeholders,
}

/// Changes an item by an update expression, or creates it.
#[derive(Clone, Debug)]
pub(super) struct Update {
    pub(super) key: Attributes,
    pub(super) expression: String,
    pub(super) condition: Option<String>,
    pub(super) placeholders: Placeholders,
}

/// Deletes an item.
#[derive(Clone, Debug)]
pub(super) struct Delete {
    pub(super) key: Attributes,
    pub(super) condition: Option<String>,
    pub(super) placeholders: Placeholders,
}

/// Makes a transaction fail unless the condition of an item holds.
#[derive(Clone, Debug)]
pub(super) struct Check {
    pub(super) key: Attributes,
    pub(super) condition: Option<String>,
    pub(super) placeholders: Placeholders,
}

/// One action of a transaction.
#[derive(Clone, Debug)]
pub(super) enum Action {
    Put(Put),
    Update(Update),
    Delete(Delete),
    Check(Check),
}

with_placeholders!(Put, Update, Delete, Check, Query, Scan);
with_condition!(Put, Update, Delete, Check);

impl Put {
    /// Writes the item, whether or not its key is taken.
    pub(super) fn new(item: Attributes) -> Self {
        Self {
            item,
            condition: None,
            placeholders: Placeholders::default(),
        }
    }

    /// Writes the item on the condition that its key is free.
    pub(super) fn create(item: Attributes) -> Self {
        Self::new(item).on_condition("attribute_not_exists(PK)")
    }

    /// Replaces the item on the condition that it is still at `version`: optimistic locking. The condition does not
    /// hold for a deleted item.
    pub(super) fn replace(item: Attributes, version: u64) -> Self {
        let put = Self::new(item).on_condition(AT_VERSION);
        put.value(":version", number(version))
    }
}

impl Update {
    pub(super) fn new(key: Key, expression: impl Into<String>) -> Self {
        Self {
            key: key.into_attributes(),
            expression: expression.into(),
            condition: None,
            placeholders: Placeholders::default(),
        }
    }
}

impl Delete {
    pub(super) fn new(key: Key) -> Self {
        Self::of_attributes(key.into_attributes())
    }

    /// Deletes the item with the key attributes that a query returned.
    pub(super) fn of_attributes(key: Attributes) -> Self {
        Self {
            key,
            condition: None,
            placeholders: Placeholders::default(),
        }
    }
}

impl Check {
    pub(super) fn new(key: Key, condition: &str) -> Self {
        let check = Self {
            key: key.into_attributes(),
            condition: None,
            placeholders: Placeholders::default(),
        };
        check.on_condition(condition)
    }

    /// Checks that the item is still at `version`.
    pub(super) fn version(key: Key, version: u64) -> Self {
        Self::new(key, AT_VERSION).value(":version", number(version))
    }
}

impl From<Put> for Action {
    fn from(put: Put) -> Self {
        Self::Put(put)
    }
}

impl From<Update> for Action {
    fn from(update: Update) -> Self {
        Self::Update(update)
    }
}

impl From<Delete> for Action {
    fn from(delete: Delete) -> Self {
        Self::Delete(delete)
    }
}

impl From<Check> for Action {
    fn from(check: Check) -> Self {
        Self::Check(check)
    }
}

/// A query of one partition, of the table or of an index.
#[derive(Clone, Debug)]
pub(super) struct Query {
    pub(super) index: Option<&'static str>,
    pub(super) condition: String,
    pub(super) placeholders: Placeholders,
    pub(super) projection: Option<&'static str>,
    pub(super) is_consistent: bool,
    pub(super) is_descending: bool,
    pub(super) limit: Option<u16>,
}

impl Query {
    /// All items of a partition of the table, eventually consistent.
    pub(super) fn partition(pk: impl ToString) -> Self {
        Self::new(None, PK, pk)
    }

    /// All entries of a partition of an index whose partition key is the attribute `pk_attribute`.
    pub(super) fn index(index: &'static str, pk_attribute: &str, pk: impl ToString) -> Self {
        Self::new(Some(index), pk_attribute, pk)
    }

    fn new(index: Option<&'static str>, pk_attribute: &str, pk: impl ToString) -> Self {
        let query = Self {
            index,
            condition: "#pk = :pk".to_owned(),
            placeholders: Placeholders::default(),
            projection: None,
            is_consistent: false,
            is_descending: false,
            limit: None,
        };
        query.name("#pk", pk_attribute).value(":pk", string(pk))
    }

    /// Only sort keys from `first` to `last`, both included. `sk_attribute` is the sort key's attribute.
    pub(super) fn between(mut self, sk_attribute: &str, first: impl ToString, last: impl ToString) -> Self {
        self.condition.push_str(" AND #sk BETWEEN :first AND :last");
        self.name("#sk", sk_attribute)
            .value(":first", string(first))
            .value(":last", string(last))
    }

    /// Only sort keys of the table that begin with `prefix`.
    pub(super) fn begins_with(mut self, prefix: impl ToString) -> Self {
        self.condition.push_str(" AND begins_with(#sk, :prefix)");
        self.name("#sk", SK).value(":prefix", string(prefix))
    }

    /// Strongly consistent, at twice the price.
    pub(super) const fn consistent(mut self) -> Self {
        self.is_consistent = true;
        self
    }

    /// In descending order of the sort keys.
    pub(super) const fn descending(mut self) -> Self {
        self.is_descending = true;
        self
    }

    /// At most this number of items in one answer.
    pub(super) const fn limit(mut self, limit: u16) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Only the keys of the items.
    pub(super) fn keys_only(mut self) -> Self {
        self.projection = Some("#pk, #sk");
        self.name("#sk", SK)
    }
}

/// A scan of the whole table.
#[derive(Clone, Debug, Default)]
pub(super) struct Scan {
    pub(super) filter: Option<&'static str>,
    pub(super) projection: Option<&'static str>,
    pub(super) placeholders: Placeholders,
}

impl Scan {
    /// Sets the filter expression.
    pub(super) const fn filter(mut self, filter: &'static str) -> Self {
        self.filter = Some(filter);
        self
    }

    /// Sets the projection expression.
    pub(super) const fn project(mut self, projection: &'static str) -> Self {
        self.projection = Some(projection);
        self
    }
}
