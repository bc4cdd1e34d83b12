//! What only the operator's tool does. These calls scan the table: never use them to answer a request.

use std::ops::ControlFlow;

use aws_sdk_dynamodb::operation::scan::builders::ScanFluentBuilder;
use aws_sdk_dynamodb::types::ReturnConsumedCapacity;

use super::error::{Fault, KeyHash};
use super::items::{Attributes, ItemReader, string};
use super::key::{PK, SK};
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
            let id = item.string("uuid")?.parse().map_err(|error| item.corrupt(error))?;
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

    /// The keys of the items with a hash, at most `limit` of them. Reads the whole table, or until the limit.
    pub async fn scan_key_hash(&self, hash: KeyHash, limit: usize) -> Result<Vec<FoundKey>, StoreError> {
        let scan = self
            .scan()
            .projection_expression("#pk, #sk, #type")
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#sk", SK)
            .expression_attribute_names("#type", "type");
        let mut found = Vec::new();
        self.scan_pages(scan, |items| {
            let keys = items.iter().map(FoundKey::read);
            found.extend(keys.filter(|key| KeyHash::of(&key.pk, &key.sk) == hash));
            found.truncate(limit);
            Ok(if found.len() < limit {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            })
        })
        .await?;
        Ok(found)
    }

    async fn scan_kind(&self, kind: &str) -> Result<Vec<ItemReader>, StoreError> {
        let scan = self
            .scan()
            .filter_expression("#type = :kind")
            .expression_attribute_names("#type", "type")
            .expression_attribute_values(":kind", string(kind));
        let mut found = Vec::new();
        self.scan_pages(scan, |items| {
            found.extend(items.into_iter().map(ItemReader::new));
            if found.len() > MAX_FOUND {
                return Err(StoreError::Refused(format!("more than {MAX_FOUND} of kind {kind}")));
            }
            Ok(ControlFlow::Continue(()))
        })
        .await?;
        Ok(found)
    }

    fn scan(&self) -> ScanFluentBuilder {
        self.client
            .scan()
            .table_name(&self.table)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
    }

    /// Gives the pages of a scan to `visit`, until the table ends or `visit` ends it.
    async fn scan_pages(
        &self,
        scan: ScanFluentBuilder,
        mut visit: impl FnMut(Vec<Attributes>) -> Result<ControlFlow<()>, StoreError>,
    ) -> Result<(), StoreError> {
        let mut from = None;
        loop {
            let answer = scan.clone().set_exclusive_start_key(from).send();
            let answer = answer.await.map_err(Fault::of)?;
            self.usage.add_read(answer.consumed_capacity());
            let flow = visit(answer.items.unwrap_or_default())?;
            from = answer.last_evaluated_key;
            if flow.is_break() || from.is_none() {
                return Ok(());
            }
        }
    }
}

/// The key of an item, and its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundKey {
    /// Its type; none if the item has none, because it is damaged.
    pub kind: Option<String>,
    /// Its partition key.
    pub pk: String,
    /// Its sort key.
    pub sk: String,
}

impl FoundKey {
    fn read(item: &Attributes) -> Self {
        let text = |name| Some(item.get(name)?.as_s().ok()?.clone());
        Self {
            kind: text("type"),
            // DynamoDB lets no item be without its key.
            pk: text(PK).unwrap_or_default(),
            sk: text(SK).unwrap_or_default(),
        }
    }
}
