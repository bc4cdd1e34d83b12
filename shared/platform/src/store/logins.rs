//! Logins: email and password of people in organizations.

use uuid::Uuid;

use super::items::{ItemBuilder, ItemReader, string};
use super::keys::Key;
use super::{Store, StoreError};
use crate::identity::{OrganizationId, PasswordHash};

/// A person who may sign in.
#[derive(Clone)]
pub struct Login {
    /// Its uuid: the `sub` of tokens.
    pub id: Uuid,
    /// In lower case.
    pub email: String,
    /// The password's hash.
    pub password: PasswordHash,
    /// The organizations it belongs to.
    pub organizations: Vec<OrganizationId>,
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
            .build();
        self.create(item).await
    }

    /// Stores a new hash of the same password, unless the login changed meanwhile.
    pub async fn update_password_hash(
        &self,
        login: &Login,
        new: &PasswordHash,
    ) -> Result<(), StoreError> {
        let update = self
            .update(Key::login(&login.email))
            .update_expression("SET password = :new")
            .condition_expression("password = :old")
            .expression_attribute_values(":new", string(new.as_str()))
            .expression_attribute_values(":old", string(login.password.as_str()));
        self.try_update(update).await?;
        Ok(())
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
    })
}
