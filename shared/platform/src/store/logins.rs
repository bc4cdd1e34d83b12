//! Logins: email and password of people in organizations.

use std::collections::BTreeSet;

use daftari_domain::Timestamp;
use daftari_domain::ids::{LoginId, OrganizationId};

use super::attributes::{flag, number, string};
use super::backoff::Backoff;
use super::call::TRANSACTION_ACTIONS;
use super::fault::Fault;
use super::items::{ItemBuilder, ItemReader};
use super::operation::{Action, Delete, Query, Update};
use super::primary_key::{ATTEMPTS, Key, login_partition};
use super::{Store, StoreError};
use crate::identity::{FIRST_GENERATION, PasswordHash};

/// Most organizations of a login: a change of the login is one transaction with all of them.
pub const MAX_ORGANIZATIONS: usize = 50;

const _: () = assert!(MAX_ORGANIZATIONS < TRANSACTION_ACTIONS, "and the login itself");

/// The account of a person who signs in.
#[derive(Clone)]
pub struct Login {
    /// Its uuid: the `sub` of tokens.
    pub id: LoginId,
    /// In lower case.
    pub email: String,
    /// The password's hash.
    pub password: PasswordHash,
    /// The organizations it belongs to, at most [`MAX_ORGANIZATIONS`].
    pub organizations: Vec<OrganizationId>,
    /// Its generation. API tokens of earlier generations are not accepted.
    pub generation: u64,
    /// Whether its sign-ins are refused.
    pub disabled: bool,
}

/// A change of a login that invalidates its earlier API tokens.
#[derive(Clone)]
pub enum LoginChange {
    /// Another password.
    SetPassword(PasswordHash),
    /// Disabled: its sign-ins are refused.
    Disable,
    /// Its deletion.
    Delete,
}

impl Login {
    /// A login that has never signed in. `email` in lower case.
    pub fn new(id: LoginId, email: &str, password: PasswordHash, organizations: Vec<OrganizationId>) -> Self {
        Self {
            id,
            email: email.to_owned(),
            password,
            organizations,
            generation: FIRST_GENERATION,
            disabled: false,
        }
    }

    /// The login's own part of a change, on the condition that the login is unchanged. It gets the generation `next`.
    fn change(&self, change: &LoginChange, next: u64) -> Action {
        // A login without a generation is of the first one.
        const UNCHANGED: &str =
            "#uuid = :uuid AND (generation = :old OR (attribute_not_exists(generation) AND :old = :first))";
        let key = Key::login(&self.email);
        let (uuid, old, first) = (string(self.id), number(self.generation), number(FIRST_GENERATION));
        let (attribute, value) = match change {
            LoginChange::Delete => {
                let delete = Delete::new(key)
                    .on_condition(UNCHANGED)
                    .name("#uuid", "uuid")
                    .value(":uuid", uuid)
                    .value(":old", old)
                    .value(":first", first);
                return delete.into();
            }
            LoginChange::SetPassword(new) => ("password", string(new.as_str())),
            LoginChange::Disable => ("disabled", flag(true)),
        };
        let update = Update::new(key, "SET generation = :next, #changed = :value")
            .on_condition(UNCHANGED)
            .name("#uuid", "uuid")
            .name("#changed", attribute)
            .value(":uuid", uuid)
            .value(":old", old)
            .value(":first", first)
            .value(":next", number(next))
            .value(":value", value);
        update.into()
    }
}

impl Store {
    /// The login of an email in lower case; `None` if it does not exist.
    pub async fn login(&self, email: &str) -> Result<Option<Login>, StoreError> {
        let item = self.table.get(Key::login(email)).await?;
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
        self.table.create(item).await
    }

    /// Stores a new hash of the same password, unless the login changed meanwhile.
    pub async fn update_password_hash(&self, login: &Login, new: &PasswordHash) -> Result<(), StoreError> {
        let update = Update::new(Key::login(&login.email), "SET password = :new")
            .on_condition("password = :old")
            .value(":new", string(new.as_str()))
            .value(":old", string(login.password.as_str()));
        self.table.update(update).await?;
        Ok(())
    }

    /// Enables the sign-ins of a login; false if the login does not exist.
    pub async fn enable_login(&self, email: &str) -> Result<bool, StoreError> {
        let update = Update::new(Key::login(email), "REMOVE disabled").on_condition("attribute_exists(PK)");
        self.table.update(update).await
    }

    /// Changes a login and, in the same transaction, invalidates its API tokens in all of its organizations. False if
    /// the login does not exist. Bounded retries under contention.
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
        match change {
            // The counted passwords were compared with the previous one.
            LoginChange::SetPassword(_) => {
                let attempts = Query::partition(login_partition(email)).begins_with(ATTEMPTS);
                self.forget(email, attempts).await?;
            }
            LoginChange::Delete => self.forget(email, Query::partition(login_partition(email))).await?,
            LoginChange::Disable => {}
        }
        Ok(true)
    }

    async fn try_change(&self, login: &Login, change: &LoginChange, now: Timestamp) -> Result<(), Fault> {
        let next = login.generation + 1;
        let mut actions = vec![login.change(change, next)];
        // A transaction may name each item only once.
        let organizations: BTreeSet<_> = login.organizations.iter().collect();
        for id in organizations {
            // A deleted organization has no valid tokens, so it is skipped.
            if let Some(organization) = self.organization(*id).await? {
                actions.push(organization.revoke(login.id, next, now)?.into());
            }
        }
        self.table.transact(actions).await
    }

    /// Deletes the items that a query of the email's partition finds, except the login itself. TTL would delete them
    /// later.
    async fn forget(&self, email: &str, query: Query) -> Result<(), StoreError> {
        let query = query.keys_only();
        let mut from = None;
        loop {
            let (keys, next) = self.table.query_once(query.clone(), from).await?;
            // A login created with the same email in the meantime stays.
            let login = Key::login(email).into_attributes();
            for key in keys.into_iter().filter(|key| *key != login) {
                self.table.delete(Delete::of_attributes(key)).await?;
            }
            from = next;
            if from.is_none() {
                return Ok(());
            }
        }
    }
}

pub(super) fn login(item: &ItemReader, email: &str) -> Result<Login, StoreError> {
    let organizations = item.strings("organizations")?;
    let organizations = organizations.iter().map(|text| text.parse());
    Ok(Login {
        id: item.parsed("uuid")?,
        email: email.to_owned(),
        password: PasswordHash::from_phc(item.string("password")?.to_owned()),
        organizations: organizations
            .collect::<Result<_, _>>()
            .map_err(|error| item.corrupt(error))?,
        generation: item.optional_number("generation")?.unwrap_or(FIRST_GENERATION),
        disabled: item.flag("disabled")?,
    })
}
