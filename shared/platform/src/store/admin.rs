//! What only the operator's tool does. These calls scan the table: never use them to answer a request.

use aws_sdk_dynamodb::types::ReturnConsumedCapacity;

use super::error::Fault;
use super::items::{ItemReader, string};
use super::logins::{Login, login};
use super::organizations::{Organization, organization};
use super::{Store, StoreError};

/// Most items looked at: a table with more has no use for a list.
const MAX_FOUND: usize = 10_000;

impl Store {
    /// Every organization, by name. Reads the whole table.
    pub async fn scan_organizations(&self) -> Result<Vec<Organization>, StoreError> {
        let mut found = Vec::new();
        for item in self.scan_kind("organization").await? {
            let id = item
                .string("uuid")?
                .parse()
                .map_err(|error| item.corrupt(error))?;
            found.push(organization(&item, crate::identity::OrganizationId(id))?);
        }
        found.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        Ok(found)
    }

    /// Every login, by email. Reads the whole table.
    pub async fn scan_logins(&self) -> Result<Vec<Login>, StoreError> {
        let mut found = Vec::new();
        for item in self.scan_kind("login").await? {
            found.push(login(&item, item.string("email")?)?);
        }
        found.sort_by(|a, b| a.email.cmp(&b.email));
        Ok(found)
    }

    async fn scan_kind(&self, kind: &str) -> Result<Vec<ItemReader>, StoreError> {
        let mut found = Vec::new();
        let mut from = None;
        loop {
            let answer = self
                .client
                .scan()
                .table_name(&self.table)
                .filter_expression("#type = :kind")
                .expression_attribute_names("#type", "type")
                .expression_attribute_values(":kind", string(kind))
                .return_consumed_capacity(ReturnConsumedCapacity::Total)
                .set_exclusive_start_key(from)
                .send()
                .await
                .map_err(Fault::of)?;
            self.usage.add_read(answer.consumed_capacity());
            found.extend(
                answer
                    .items
                    .unwrap_or_default()
                    .into_iter()
                    .map(ItemReader::new),
            );
            if found.len() > MAX_FOUND {
                return Err(StoreError::Refused(format!(
                    "more than {MAX_FOUND} of kind {kind}"
                )));
            }
            from = answer.last_evaluated_key;
            if from.is_none() {
                return Ok(found);
            }
        }
    }
}
