//! The calls of DynamoDB.
//!
//! [`Table`] keeps the SDK's client private. So every call of the store names the table, is metered and has its faults
//! translated here.

use std::ops::ControlFlow;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::Builder;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{
    self, DeleteRequest, KeysAndAttributes, ReturnConsumedCapacity, ReturnValue, ReturnValuesOnConditionCheckFailure,
    TransactWriteItem, WriteRequest,
};

use super::attributes::Attributes;
use super::backoff::Backoff;
use super::error::StoreError;
use super::fault::Fault;
use super::items::ItemReader;
use super::operation::{Action, Check, Delete, Put, Query, Scan, Update};
use super::primary_key::Key;
use super::usage::Usage;

/// Most bytes of one item.
pub(super) const ITEM_BYTES: usize = 400 << 10;

/// Most bytes of one transaction.
pub(super) const TRANSACTION_BYTES: usize = 4_000_000;

/// Most actions of one transaction.
pub(super) const TRANSACTION_ACTIONS: usize = 100;

/// Most keys that DynamoDB takes in one batch read.
const BATCH_GET_KEYS: usize = 100;

/// Most requests that DynamoDB takes in one batch write.
const BATCH_WRITE_ITEMS: usize = 25;

/// The table, and the counter of the capacity consumed through this handle. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Table {
    client: Client,
    name: String,
    usage: Usage,
}

/// The outcome of an update that returns the item.
#[derive(Debug)]
pub(super) enum Updated {
    /// The item after the update.
    Done(Attributes),
    /// The condition did not hold. The stored item, or an empty one if it does not exist.
    Refused(Attributes),
}

impl Updated {
    /// The item after the call.
    pub(super) fn item(self) -> Attributes {
        match self {
            Self::Done(item) | Self::Refused(item) => item,
        }
    }
}

/// Sends a request, with its own configuration or the client's, and adds the capacity that it consumed to the usage of
/// the table.
macro_rules! send {
    ($table:expr, $add:ident, $request:expr $(, $config:expr)?) => {{
        let request = $request.return_consumed_capacity(ReturnConsumedCapacity::Total);
        $(let request = request.customize().config_override($config);)?
        let answer = request.send().await;
        if let Ok(answer) = &answer {
            $table.usage.$add(answer.consumed_capacity());
        }
        answer
    }};
}

/// Sets the condition of a request, and the placeholders of its expressions.
macro_rules! expressions {
    ($builder:expr, $request:ident) => {{
        let (names, values) = $request.placeholders.into_parts();
        $builder
            .set_condition_expression($request.condition)
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
    }};
}

impl Table {
    pub(super) fn new(client: Client, name: String) -> Self {
        Self {
            client,
            name,
            usage: Usage::default(),
        }
    }

    /// The same table, metered by `usage`.
    pub(super) fn metered_by(&self, usage: &Usage) -> Self {
        Self {
            usage: usage.clone(),
            ..self.clone()
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The capacity consumed through this handle and its clones.
    pub(super) const fn usage(&self) -> &Usage {
        &self.usage
    }

    /// One item, strongly consistent.
    pub(super) async fn get(&self, key: Key) -> Result<Option<ItemReader>, StoreError> {
        let request = self.client.get_item().table_name(&self.name);
        let request = request.set_key(Some(key.into_attributes())).consistent_read(true);
        let answer = send!(self, add_read, request).map_err(Fault::of)?;
        Ok(answer.item.map(ItemReader::new))
    }

    /// The items of these keys in no order, each read by `read`; strongly consistent. Missing items are left out.
    pub(super) async fn get_all<T>(
        &self,
        keys: impl IntoIterator<Item = Key>,
        read: impl Fn(ItemReader) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let keys: Vec<Attributes> = keys.into_iter().map(Key::into_attributes).collect();
        let mut found = Vec::with_capacity(keys.len());
        for chunk in keys.chunks(BATCH_GET_KEYS) {
            let mut keys = chunk.to_vec();
            let mut backoff = Backoff::default();
            while !keys.is_empty() {
                let batch = KeysAndAttributes::builder().set_keys(Some(keys)).consistent_read(true);
                let batch = batch.build().map_err(unbuilt)?;
                let request = self.client.batch_get_item().request_items(&self.name, batch);
                let answer = send!(self, add_read, request).map_err(Fault::of)?;
                let items = answer.responses.and_then(|mut tables| tables.remove(&self.name));
                for item in items.unwrap_or_default() {
                    found.push(read(ItemReader::new(item))?);
                }
                // The answer had no room for these keys, so they are requested again.
                let rest = answer.unprocessed_keys.and_then(|mut tables| tables.remove(&self.name));
                keys = rest.map(|rest| rest.keys).unwrap_or_default();
                if !keys.is_empty() {
                    backoff.wait().await?;
                }
            }
        }
        Ok(found)
    }

    /// Puts an item. Returns [`Fault::Condition`] if its condition does not hold.
    pub(super) async fn put(&self, put: Put) -> Result<(), Fault> {
        let request = self.client.put_item().table_name(&self.name);
        let request = expressions!(request.set_item(Some(put.item)), put);
        send!(self, add_write, request).map(drop).map_err(Fault::of)
    }

    /// Puts an item whose key must be free; false if it is taken.
    pub(super) async fn create(&self, item: Attributes) -> Result<bool, StoreError> {
        unless_refused(self.put(Put::create(item)).await)
    }

    /// Updates an item; false if its condition does not hold.
    pub(super) async fn update(&self, update: Update) -> Result<bool, StoreError> {
        let answer = send!(self, add_write, self.update_request(update));
        unless_refused(answer.map(drop).map_err(Fault::of))
    }

    /// Updates an item, and returns the item after the update.
    pub(super) async fn update_and_read(&self, update: Update) -> Result<Updated, StoreError> {
        let request = self
            .update_request(update)
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match send!(self, add_write, request) {
            Ok(answer) => Ok(Updated::Done(sent(answer.attributes)?)),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                    Ok(Updated::Refused(failed.item().cloned().unwrap_or_default()))
                }
                _ => Err(Fault::of(error).into()),
            },
        }
    }

    /// Updates an item without a retry, and returns the item after the update.
    pub(super) async fn update_once(&self, update: Update) -> Result<Attributes, StoreError> {
        let request = self.update_request(update).return_values(ReturnValue::AllNew);
        let answer = send!(self, add_write, request, without_retries()).map_err(Fault::of)?;
        sent(answer.attributes)
    }

    fn update_request(&self, update: Update) -> UpdateItemFluentBuilder {
        let request = self.client.update_item().table_name(&self.name);
        let request = request.set_key(Some(update.key)).update_expression(update.expression);
        expressions!(request, update)
    }

    /// Deletes an item. Returns [`Fault::Condition`] if its condition does not hold.
    pub(super) async fn delete(&self, delete: Delete) -> Result<(), Fault> {
        let request = self.client.delete_item().table_name(&self.name);
        let request = expressions!(request.set_key(Some(delete.key)), delete);
        send!(self, add_write, request).map(drop).map_err(Fault::of)
    }

    /// Deletes the items with these keys, if they exist.
    pub(super) async fn delete_all(&self, keys: Vec<Attributes>) -> Result<(), StoreError> {
        for chunk in keys.chunks(BATCH_WRITE_ITEMS) {
            let delete = |key: &Attributes| {
                let request = DeleteRequest::builder().set_key(Some(key.clone())).build();
                request.map(|request| WriteRequest::builder().delete_request(request).build())
            };
            let requests: Result<Vec<_>, _> = chunk.iter().map(delete).collect();
            let mut requests = requests.map_err(unbuilt)?;
            let mut backoff = Backoff::default();
            while !requests.is_empty() {
                let request = self.client.batch_write_item().request_items(&self.name, requests);
                let answer = send!(self, add_write, request).map_err(Fault::of)?;
                let rest = answer
                    .unprocessed_items
                    .and_then(|mut tables| tables.remove(&self.name));
                requests = rest.unwrap_or_default();
                if !requests.is_empty() {
                    backoff.wait().await?;
                }
            }
        }
        Ok(())
    }

    /// Writes all or nothing. [`Fault::Conflict`] if a condition does not hold, or if another write conflicts.
    pub(super) async fn transact(&self, actions: Vec<Action>) -> Result<(), Fault> {
        self.send_transaction(actions, None).await
    }

    /// Writes all or nothing. [`Fault::Condition`] if the condition of `check` does not hold. [`Fault::Conflict`] if
    /// another condition does not hold, or if another write conflicts.
    pub(super) async fn transact_if(&self, check: Check, actions: Vec<Action>) -> Result<(), Fault> {
        let mut all = vec![check.into()];
        all.extend(actions);
        self.send_transaction(all, Some(0)).await
    }

    /// [`Self::transact`]; false instead of a conflict.
    pub(super) async fn try_transact(&self, actions: Vec<Action>) -> Result<bool, StoreError> {
        match self.transact(actions).await {
            Ok(()) => Ok(true),
            Err(Fault::Condition | Fault::Conflict) => Ok(false),
            Err(Fault::Error(error)) => Err(error),
        }
    }

    async fn send_transaction(&self, actions: Vec<Action>, decisive: Option<usize>) -> Result<(), Fault> {
        let actions: Result<Vec<_>, _> = actions.into_iter().map(|action| self.in_transaction(action)).collect();
        let request = self.client.transact_write_items();
        let request = request.set_transact_items(Some(actions.map_err(unbuilt)?));
        let answer = send!(self, add_write, request);
        answer.map(drop).map_err(|error| Fault::of_transaction(error, decisive))
    }

    fn in_transaction(&self, action: Action) -> Result<TransactWriteItem, BuildError> {
        let item = TransactWriteItem::builder();
        Ok(match action {
            Action::Put(put) => {
                let action = types::Put::builder().table_name(&self.name).set_item(Some(put.item));
                item.put(expressions!(action, put).build()?)
            }
            Action::Update(update) => {
                let action = types::Update::builder()
                    .table_name(&self.name)
                    .set_key(Some(update.key));
                let action = action.update_expression(update.expression);
                item.update(expressions!(action, update).build()?)
            }
            Action::Delete(delete) => {
                let action = types::Delete::builder()
                    .table_name(&self.name)
                    .set_key(Some(delete.key));
                item.delete(expressions!(action, delete).build()?)
            }
            Action::Check(check) => {
                let action = types::ConditionCheck::builder()
                    .table_name(&self.name)
                    .set_key(Some(check.key));
                item.condition_check(expressions!(action, check).build()?)
            }
        }
        .build())
    }

    /// One page of a query's results (up to 1 MB), starting after the key `from`, and the key to continue from.
    pub(super) async fn query_once(
        &self,
        query: Query,
        from: Option<Attributes>,
    ) -> Result<(Vec<Attributes>, Option<Attributes>), StoreError> {
        let request = self.query_request(query).set_exclusive_start_key(from);
        let answer = send!(self, add_read, request).map_err(Fault::of)?;
        Ok((sent(answer.items)?, answer.last_evaluated_key))
    }

    /// All results of a query, read by `read`; `None` if there are more than `most`.
    pub(super) async fn query<T>(
        &self,
        query: Query,
        most: usize,
        read: impl Fn(ItemReader) -> Result<T, StoreError>,
    ) -> Result<Option<Vec<T>>, StoreError> {
        let mut found = Vec::new();
        let mut from = None;
        loop {
            let (items, next) = self.query_once(query.clone(), from).await?;
            for item in items {
                found.push(read(ItemReader::new(item))?);
            }
            if found.len() > most {
                return Ok(None);
            }
            from = next;
            if from.is_none() {
                return Ok(Some(found));
            }
        }
    }

    fn query_request(&self, query: Query) -> QueryFluentBuilder {
        let (names, values) = query.placeholders.into_parts();
        self.client
            .query()
            .table_name(&self.name)
            .set_index_name(query.index.map(str::to_owned))
            .key_condition_expression(query.condition)
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .set_projection_expression(query.projection.map(str::to_owned))
            .consistent_read(query.is_consistent)
            .scan_index_forward(!query.is_descending)
            .set_limit(query.limit.map(i32::from))
    }

    /// Passes the pages of a scan to `visit`, until the table or `visit` ends the scan. Reads the whole table: for the
    /// operator's tool only.
    pub(super) async fn scan(
        &self,
        scan: Scan,
        mut visit: impl FnMut(Vec<Attributes>) -> Result<ControlFlow<()>, StoreError>,
    ) -> Result<(), StoreError> {
        let (names, values) = scan.placeholders.into_parts();
        let request = self
            .client
            .scan()
            .table_name(&self.name)
            .set_filter_expression(scan.filter.map(str::to_owned))
            .set_projection_expression(scan.projection.map(str::to_owned))
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values);
        let mut from = None;
        loop {
            let request = request.clone().set_exclusive_start_key(from);
            let answer = send!(self, add_read, request).map_err(Fault::of)?;
            let flow = visit(sent(answer.items)?)?;
            from = answer.last_evaluated_key;
            if flow.is_break() || from.is_none() {
                return Ok(());
            }
        }
    }

    /// Reads the item of a key, eventually consistent and without a retry. Returns whether the table answered.
    pub(super) async fn answers_get(&self, key: Key) -> bool {
        let request = self.client.get_item().table_name(&self.name);
        let request = request.set_key(Some(key.into_attributes()));
        send!(self, add_read, request, without_retries()).is_ok()
    }

    /// Sends a query without a retry. Returns whether the table answered.
    pub(super) async fn answers_query(&self, query: Query) -> bool {
        send!(self, add_read, self.query_request(query), without_retries()).is_ok()
    }
}

fn without_retries() -> Builder {
    Builder::new().retry_config(RetryConfig::disabled())
}

/// False if a condition did not hold.
fn unless_refused(outcome: Result<(), Fault>) -> Result<bool, StoreError> {
    match outcome {
        Ok(()) => Ok(true),
        Err(Fault::Condition) => Ok(false),
        Err(fault) => Err(fault.into()),
    }
}

/// A part that every answer has. Its absence is an error, never an empty result.
fn sent<T>(part: Option<T>) -> Result<T, StoreError> {
    part.ok_or_else(|| StoreError::Unavailable("an answer without its items".to_owned()))
}

fn unbuilt(error: BuildError) -> StoreError {
    StoreError::Refused(error.to_string())
}
