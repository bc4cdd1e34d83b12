//! Updates of one item.

use aws_sdk_dynamodb::operation::update_item::UpdateItemOutput;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::ReturnConsumedCapacity;

use super::error::Fault;
use super::key::Key;
use super::{Store, StoreError};

impl Store {
    /// An update of the item at `key`.
    pub(super) fn update(&self, key: Key) -> UpdateItemFluentBuilder {
        self.client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key.into_attributes()))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
    }

    /// Sends an update; `None` if its condition did not hold.
    pub(super) async fn try_update(
        &self,
        update: UpdateItemFluentBuilder,
    ) -> Result<Option<UpdateItemOutput>, StoreError> {
        match update.send().await.map_err(Fault::of) {
            Ok(answer) => {
                self.usage.add_write(answer.consumed_capacity());
                Ok(Some(answer))
            }
            Err(Fault::Condition) => Ok(None),
            Err(fault) => Err(fault.into()),
        }
    }
}
