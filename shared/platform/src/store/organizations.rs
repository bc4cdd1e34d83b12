//! Organizations.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity, ReturnValue, Update};
use uuid::Uuid;

use daftari_domain::{Country, Timestamp};

use super::error::Fault;
use super::items::{ItemBuilder, ItemReader, number};
use super::key::Key;
use super::{Store, StoreError};
use crate::identity::{API_TOKEN_SECONDS, FIRST_GENERATION, OrganizationId};

/// Most logins of an organization whose earlier tokens are refused and may still live. They are read with the
/// organization, so they are kept few.
const MAX_REVOKED_LOGINS: usize = 1_000;
/// How long it is remembered that a login's tokens ended: for as long as they live, and a day more for clocks that differ.
const REVOKED_SECONDS: i64 = API_TOKEN_SECONDS + 24 * 60 * 60;

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
    /// Whether its tokens and sign-ins are refused. Its data stays.
    pub disabled: bool,
    /// The logins whose earlier API tokens are not accepted.
    pub revoked_logins: BTreeMap<Uuid, RevokedLogin>,
}

/// The end of a login's earlier API tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RevokedLogin {
    /// Tokens of the login are good from this generation of it on.
    pub generation: u64,
    /// From then on no earlier token lives.
    until: i64,
}

impl Organization {
    /// An organization that has issued no token.
    pub fn new(id: OrganizationId, name: &str, country: Country) -> Self {
        Self {
            id,
            name: name.to_owned(),
            country,
            token_generation: FIRST_GENERATION,
            disabled: false,
            revoked_logins: BTreeMap::new(),
        }
    }
}

impl Store {
    /// The organization, if there is one. Strongly consistent: 1 read unit.
    pub async fn organization(&self, id: OrganizationId) -> Result<Option<Organization>, StoreError> {
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
        let generation =
            answer.map(|answer| ItemReader::new(answer.attributes.unwrap_or_default()).number("token_generation"));
        generation.transpose()
    }

    /// Disables an organization or enables it again; false if there is none.
    pub async fn set_organization_disabled(&self, id: OrganizationId, disabled: bool) -> Result<bool, StoreError> {
        let update = self
            .update(Key::organization(id))
            .update_expression("SET disabled = :disabled")
            .condition_expression("attribute_exists(PK)")
            .expression_attribute_values(":disabled", AttributeValue::Bool(disabled));
        Ok(self.try_update(update).await?.is_some())
    }

    /// The update that ends a login's API tokens of generations before `generation`; the organization must be as it was
    /// read. Fails where too many ended lately.
    pub(super) fn revoking(
        &self,
        organization: &Organization,
        login: Uuid,
        generation: u64,
        now: Timestamp,
    ) -> Result<Update, StoreError> {
        let mut revoked = organization.revoked_logins.clone();
        revoked.retain(|_, revoked| revoked.until > now.unix_seconds());
        let until = now.unix_seconds() + REVOKED_SECONDS;
        revoked.insert(login, RevokedLogin { generation, until });
        if revoked.len() > MAX_REVOKED_LOGINS {
            return Err(StoreError::Refused(format!(
                "more than {MAX_REVOKED_LOGINS} logins of organization {} changed within {} hours",
                organization.id,
                REVOKED_SECONDS / 3_600
            )));
        }
        let update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(Key::organization(organization.id).into_attributes()))
            .update_expression("SET revoked_logins = :new")
            .condition_expression(
                "attribute_exists(PK) AND (revoked_logins = :old OR attribute_not_exists(revoked_logins))",
            )
            .expression_attribute_values(":new", as_attribute(&revoked))
            .expression_attribute_values(":old", as_attribute(&organization.revoked_logins));
        update.build().map_err(unbuilt)
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

pub(super) fn organization(item: &ItemReader, id: OrganizationId) -> Result<Organization, StoreError> {
    Ok(Organization {
        id,
        name: item.string("name")?.to_owned(),
        country: item.parsed("country")?,
        token_generation: item.number("token_generation")?,
        disabled: item.flag("disabled"),
        revoked_logins: revoked_logins(item)?,
    })
}

/// A map from the login's uuid to a list of generation and end.
fn as_attribute(revoked: &BTreeMap<Uuid, RevokedLogin>) -> AttributeValue {
    let entry = |(login, revoked): (&Uuid, &RevokedLogin)| {
        let parts = vec![number(revoked.generation), number(revoked.until)];
        (login.to_string(), AttributeValue::L(parts))
    };
    AttributeValue::M(revoked.iter().map(entry).collect())
}

fn revoked_logins(item: &ItemReader) -> Result<BTreeMap<Uuid, RevokedLogin>, StoreError> {
    let entry = |(login, value): (&String, &AttributeValue)| {
        let [generation, until] = value.as_l().ok()?.as_slice() else {
            return None;
        };
        let revoked = RevokedLogin {
            generation: generation.as_n().ok()?.parse().ok()?,
            until: until.as_n().ok()?.parse().ok()?,
        };
        Some((login.parse().ok()?, revoked))
    };
    let entries = item.map("revoked_logins").into_iter().flatten().map(entry);
    // One that does not read is not passed over: the tokens it ended would be good again.
    let entries: Option<_> = entries.collect();
    entries.ok_or_else(|| item.corrupt("attribute revoked_logins does not read"))
}

pub(super) fn unbuilt(error: BuildError) -> StoreError {
    StoreError::Refused(error.to_string())
}
