//! Logins: email and password of people in organizations.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::{AttributeValue, Delete, ReturnConsumedCapacity, TransactWriteItem, Update};
use uuid::Uuid;

use daftari_domain::Timestamp;

use super::backoff::Backoff;
use super::error::Fault;
use super::items::{ItemBuilder, ItemReader, number, string};
use super::key::{Key, login_partition};
use super::organizations::unbuilt;
use super::{Store, StoreError};
use crate::identity::{FIRST_GENERATION, OrganizationId, PasswordHash};

/// Most organizations of a login: a change of the login is one transaction with all of them.
pub const MAX_ORGANIZATIONS: usize = 50;

/// A person who may sign in.
#[derive(Clone)]
pub struct Login {
    /// Its uuid: the `sub` of tokens.
    pub id: Uuid,
    /// In lower case.
    pub email: String,
    /// The password's hash.
    pub password: PasswordHash,
    /// The organizations it belongs to, at most [`MAX_ORGANIZATIONS`].
    pub organizations: Vec<OrganizationId>,
    /// Its API tokens of earlier generations are not accepted.
    pub generation: u64,
    /// Whether it may not sign in.
    pub disabled: bool,
}

/// A change of a login that ends its earlier API tokens.
#[derive(Clone)]
pub enum LoginChange {
    /// Another password.
    SetPassword(PasswordHash),
    /// It may not sign in.
    Disable,
    /// It is no more.
    Delete,
}

impl Login {
    /// A login that has never signed in. `email` in lower case.
    pub fn new(id: Uuid, email: &str, password: PasswordHash, organizations: Vec<OrganizationId>) -> Self {
        Self {
            id,
            email: email.to_owned(),
            password,
            organizations,
            generation: FIRST_GENERATION,
            disabled: false,
        }
    }
}

impl Store {
    /// The login of an email in lower case, if there is one.
    pub async fn login(&self, email: &str) -> Result<Option<Login>, StoreError> {
        let item = self.get(Key::login(email)).await?;
        item.map(|item| login(&item, email)).transpose()
    }

    /// Creates a login; false if the email has one.
    pub async fn create_login(&self, new: &Login) -> Result<bool, StoreError> {
        let item = ItemBuilder::new(&Key::login(&new.email), "login")
            .string("uuid", new.id)
            .string("email", &new.email)
            .string("password", new.password.as_str())
            .strings("organizations", &new.organizations)
            .number("generation", new.generation)
            .flag("disabled", new.disabled)
            .build();
        self.create(item).await
    }

    /// Stores a new hash of the same password, unless the login changed meanwhile.
    pub async fn update_password_hash(&self, login: &Login, new: &PasswordHash) -> Result<(), StoreError> {
        let update = self
            .update(Key::login(&login.email))
            .update_expression("SET password = :new")
            .condition_expression("password = :old")
            .expression_attribute_values(":new", string(new.as_str()))
            .expression_attribute_values(":old", string(login.password.as_str()));
        self.try_update(update).await?;
        Ok(())
    }

    /// Lets a login sign in again; false if there is none.
    pub async fn enable_login(&self, email: &str) -> Result<bool, StoreError> {
        let update = self
            .update(Key::login(email))
            .update_expression("REMOVE disabled")
            .condition_expression("attribute_exists(PK)");
        Ok(self.try_update(update).await?.is_some())
    }

    /// Changes a login, and in the same transaction ends its API tokens in all of its organizations. False if there is
    /// no such login.
    pub async fn change_login(&self, email: &str, change: &LoginChange, now: Timestamp) -> Result<bool, StoreError> {
        let mut backoff = Backoff::default();
        loop {
            let Some(login) = self.login(email).await? else {
                return Ok(false);
            };
            match self.try_change(&login, change, now).await {
                Ok(()) => break,
                Err(Fault::Error(error)) => return Err(error),
                Err(Fault::Condition | Fault::Conflict) => backoff.wait().await?,
            }
        }
        if matches!(change, LoginChange::Delete) {
            self.forget_sign_ins(email).await?;
        }
        Ok(true)
    }

    async fn try_change(&self, login: &Login, change: &LoginChange, now: Timestamp) -> Result<(), Fault> {
        let next = login.generation + 1;
        let mut request = self
            .client
            .transact_write_items()
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .transact_items(self.changing(login, change, next)?);
        // A transaction takes each item once.
        let organizations: BTreeSet<_> = login.organizations.iter().collect();
        for id in organizations {
            // One that is gone has no tokens.
            if let Some(organization) = self.organization(*id).await? {
                let update = self.revoking(&organization, login.id, next, now)?;
                request = request.transact_items(TransactWriteItem::builder().update(update).build());
            }
        }
        let answer = request
            .send()
            .await
            .map_err(|error| Fault::of_transaction(error, None))?;
        self.usage.add_write(answer.consumed_capacity());
        Ok(())
    }

    /// The login's own part of a change: it must be as it was read.
    fn changing(&self, login: &Login, change: &LoginChange, next: u64) -> Result<TransactWriteItem, StoreError> {
        // Logins of earlier versions have no generation, which is the first.
        const UNCHANGED: &str =
            "#uuid = :uuid AND (generation = :old OR (attribute_not_exists(generation) AND :old = :first))";
        let key = Key::login(&login.email).into_attributes();
        let (uuid, old, first) = (string(login.id), number(login.generation), number(FIRST_GENERATION));
        let item = TransactWriteItem::builder();
        let set = match change {
            LoginChange::Delete => {
                let delete = Delete::builder()
                    .table_name(&self.table)
                    .set_key(Some(key))
                    .condition_expression(UNCHANGED)
                    .expression_attribute_names("#uuid", "uuid")
                    .expression_attribute_values(":uuid", uuid)
                    .expression_attribute_values(":old", old)
                    .expression_attribute_values(":first", first);
                return Ok(item.delete(delete.build().map_err(unbuilt)?).build());
            }
            LoginChange::SetPassword(new) => ("password", string(new.as_str())),
            LoginChange::Disable => ("disabled", AttributeValue::Bool(true)),
        };
        let update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(key))
            .update_expression("SET generation = :next, #changed = :value")
            .condition_expression(UNCHANGED)
            .expression_attribute_names("#uuid", "uuid")
            .expression_attribute_names("#changed", set.0)
            .expression_attribute_values(":uuid", uuid)
            .expression_attribute_values(":old", old)
            .expression_attribute_values(":first", first)
            .expression_attribute_values(":next", number(next))
            .expression_attribute_values(":value", set.1);
        Ok(item.update(update.build().map_err(unbuilt)?).build())
    }

    /// Deletes what is known of sign-ins with an email; TTL would do it later.
    async fn forget_sign_ins(&self, email: &str) -> Result<(), StoreError> {
        loop {
            let answer = self
                .query()
                .key_condition_expression("PK = :pk")
                .expression_attribute_values(":pk", string(login_partition(email)))
                .projection_expression("PK, SK")
                .send()
                .await
                .map_err(Fault::of)?;
            self.usage.add_read(answer.consumed_capacity());
            let items = answer.items.unwrap_or_default();
            // A login made of the same email meanwhile stays.
            let keys = items.into_iter().filter(|key| *key != Key::login(email).attributes());
            let keys: Vec<_> = keys.collect();
            for key in &keys {
                let delete = self
                    .client
                    .delete_item()
                    .table_name(&self.table)
                    .set_key(Some(key.clone()));
                delete.send().await.map_err(Fault::of)?;
            }
            if answer.last_evaluated_key.is_none() || keys.is_empty() {
                return Ok(());
            }
        }
    }
}

pub(super) fn login(item: &ItemReader, email: &str) -> Result<Login, StoreError> {
    let organizations = item.strings("organizations")?;
    let organizations = organizations
        .iter()
        .map(|text| Uuid::try_parse(text).map(OrganizationId));
    Ok(Login {
        id: item.parsed("uuid")?,
        email: email.to_owned(),
        password: PasswordHash::from_phc(item.string("password")?.to_owned()),
        organizations: organizations
            .collect::<Result<_, _>>()
            .map_err(|error| item.corrupt(error))?,
        generation: item.optional_number("generation").unwrap_or(FIRST_GENERATION),
        disabled: item.flag("disabled"),
    })
}
