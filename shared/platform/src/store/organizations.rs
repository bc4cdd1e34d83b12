//! Organizations.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity, ReturnValue};

use daftari_domain::Country;

use super::error::Fault;
use super::items::{ItemBuilder, ItemReader, number};
use super::keys::Key;
use super::{Store, StoreError};
use crate::identity::OrganizationId;

/// An organization that uses Daftari.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// Its uuid.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
    /// Where it is at home.
    pub country: Country,
    /// Tokens of another generation are not accepted.
    pub token_generation: u64,
}

impl Store {
    /// The organization, if there is one. Strongly consistent: 1 read unit.
    pub async fn organization(
        &self,
        id: OrganizationId,
    ) -> Result<Option<Organization>, StoreError> {
        let item = self.get(Key::organization(id)).await?;
        item.map(|item| organization(&item, id)).transpose()
    }

    /// Creates an organization; false if its uuid is taken.
    pub async fn create_organization(&self, new: &Organization) -> Result<bool, StoreError> {
        let item = ItemBuilder::new(&Key::organization(new.id), "organization")
            .string("uuid", new.id)
            .string("name", &new.name)
            .string("country", new.country)
            .number("token_generation", new.token_generation)
            .build();
        self.create(item).await
    }

    /// Invalidates all tokens of the organization signed so far. Returns the new generation; `None` if there is no
    /// such organization.
    pub async fn invalidate_tokens(&self, id: OrganizationId) -> Result<Option<u64>, StoreError> {
        let update = self
            .update(Key::organization(id))
            .update_expression("ADD token_generation :one")
            .condition_expression("attribute_exists(PK)")
            .expression_attribute_values(":one", number(1))
            .return_values(ReturnValue::UpdatedNew);
        let answer = self.try_update(update).await?;
        let generation = answer.map(|answer| {
            ItemReader::new(answer.attributes.unwrap_or_default()).number("token_generation")
        });
        generation.transpose()
    }

    /// One item, strongly consistent.
    pub(super) async fn get(&self, key: Key) -> Result<Option<ItemReader>, StoreError> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key.into_attributes()))
            .consistent_read(true)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(Fault::of)?;
        self.usage.add_read(answer.consumed_capacity());
        Ok(answer.item.map(ItemReader::new))
    }

    /// Puts an item whose key must be free; false if it is taken.
    pub(super) async fn create(
        &self,
        item: std::collections::HashMap<String, AttributeValue>,
    ) -> Result<bool, StoreError> {
        let answer = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(PK)")
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await;
        match answer.map_err(Fault::of) {
            Ok(answer) => {
                self.usage.add_write(answer.consumed_capacity());
                Ok(true)
            }
            Err(Fault::Condition) => Ok(false),
            Err(fault) => Err(fault.into()),
        }
    }
}

pub(super) fn organization(
    item: &ItemReader,
    id: OrganizationId,
) -> Result<Organization, StoreError> {
    Ok(Organization {
        id,
        name: item.string("name")?.to_owned(),
        country: item.parsed("country")?,
        token_generation: item.number("token_generation")?,
    })
}
