//! Organizations.

use std::collections::BTreeMap;

use daftari_domain::ids::{LoginId, OrganizationId};
use daftari_domain::time::DAY_SECONDS;
use daftari_domain::{Country, Timestamp};

use super::attributes::{AttributeValue, flag, number, string};
use super::call::{ITEM_BYTES, Updated};
use super::items::{ItemBuilder, ItemReader};
use super::operation::{Put, Update};
use super::primary_key::Key;
use super::users::empty_directory;
use super::{Store, StoreError};
use crate::identity::{API_TOKEN_SECONDS, Environment, FIRST_GENERATION, Tenant};
use crate::rate_limit::Limits;

/// Most logins of an organization with revoked tokens that have not expired. Every request reads them with the
/// organization, so they are few.
const MAX_REVOKED_LOGINS: usize = 1_000;
/// Most bytes of one revoked login in its organization: a uuid, a generation and a time.
const REVOKED_BYTES: usize = 200;

const _: () = assert!(
    MAX_REVOKED_LOGINS * REVOKED_BYTES <= ITEM_BYTES / 2,
    "the rest of the item has room"
);

/// How long a revocation is kept: the lifetime of a token, and a day more for clock skew.
const REVOKED_SECONDS: i64 = API_TOKEN_SECONDS + DAY_SECONDS;

/// An organization that uses Daftari.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// Its uuid.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
    /// Its country.
    pub country: Country,
    /// Tokens of another generation are not accepted.
    pub token_generation: u64,
    /// Whether its tokens and sign-ins are refused. Its data stays.
    pub disabled: bool,
    /// The logins whose earlier API tokens are not accepted.
    pub revoked_logins: BTreeMap<LoginId, RevokedLogin>,
    /// Its own limits, which override those of the deployment.
    pub limits: OwnLimits,
}

/// Limits of one organization. `None` is the deployment's default; 0 is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OwnLimits {
    /// Requests in a minute.
    pub requests: Option<u64>,
    /// Write units in a minute.
    pub write_units: Option<u64>,
}

impl OwnLimits {
    /// The limits of an organization in a deployment with these defaults.
    pub(crate) fn or(self, defaults: Limits) -> Limits {
        Limits {
            requests: self.requests.unwrap_or(defaults.requests),
            write_units: self.write_units.unwrap_or(defaults.write_units),
        }
    }
}

/// Invalidates a login's earlier API tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RevokedLogin {
    /// Tokens of the login are valid from this generation on.
    pub generation: u64,
    /// All earlier tokens have expired by this time; in Unix seconds.
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
            limits: OwnLimits::default(),
        }
    }

    /// The update that invalidates a login's API tokens of generations before `generation`, on the condition that the
    /// organization is unchanged. Fails if too many logins were revoked recently.
    pub(super) fn revoke(&self, login: LoginId, generation: u64, now: Timestamp) -> Result<Update, StoreError> {
        let mut revoked = self.revoked_logins.clone();
        revoked.retain(|_, revoked| revoked.until > now.unix_seconds());
        let until = now.unix_seconds() + REVOKED_SECONDS;
        revoked.insert(login, RevokedLogin { generation, until });
        if revoked.len() > MAX_REVOKED_LOGINS {
            return Err(StoreError::Refused(format!(
                "more than {MAX_REVOKED_LOGINS} logins of organization {} changed within {} hours",
                self.id,
                REVOKED_SECONDS / 3_600
            )));
        }
        let update = Update::new(Key::organization(self.id), "SET revoked_logins = :new")
            .on_condition("attribute_exists(PK) AND (revoked_logins = :old OR attribute_not_exists(revoked_logins))")
            .value(":new", as_attribute(&revoked))
            .value(":old", as_attribute(&self.revoked_logins));
        Ok(update)
    }
}

impl Store {
    /// The organization; `None` if it does not exist. Strongly consistent: 1 read unit.
    pub async fn organization(&self, id: OrganizationId) -> Result<Option<Organization>, StoreError> {
        let item = self.table.get(Key::organization(id)).await?;
        item.map(|item| organization(&item, id)).transpose()
    }

    /// Creates an organization, with empty directories of its users; false if its uuid is taken.
    pub async fn create_organization(&self, new: &Organization) -> Result<bool, StoreError> {
        let item = ItemBuilder::new(&Key::organization(new.id), "organization")
            .string("uuid", new.id)
            .string("name", &new.name)
            .string("country", new.country)
            .number("token_generation", new.token_generation)
            .build();
        let mut actions = vec![Put::create(item).into()];
        let tenants = Environment::ALL.map(|environment| Tenant::of_operator(new.id, environment));
        actions.extend(tenants.map(|tenant| Put::create(empty_directory(tenant)).into()));
        self.table.try_transact(actions).await
    }

    /// Invalidates all existing tokens of the organization. Returns its generation afterwards; `None` if the
    /// organization does not exist.
    pub async fn invalidate_tokens(&self, id: OrganizationId) -> Result<Option<u64>, StoreError> {
        let update = Update::new(Key::organization(id), "ADD token_generation :one")
            .on_condition("attribute_exists(PK)")
            .value(":one", number(1));
        match self.table.update_and_read(update).await? {
            Updated::Done(item) => ItemReader::new(item).number("token_generation").map(Some),
            Updated::Refused(_) => Ok(None),
        }
    }

    /// Disables an organization or enables it again; false if it does not exist.
    pub async fn set_organization_disabled(&self, id: OrganizationId, disabled: bool) -> Result<bool, StoreError> {
        let update = Update::new(Key::organization(id), "SET disabled = :disabled")
            .on_condition("attribute_exists(PK)")
            .value(":disabled", flag(disabled));
        self.table.update(update).await
    }

    /// Gives an organization another name; false if it does not exist. Its uuid, tokens and data stay.
    pub async fn rename_organization(&self, id: OrganizationId, name: &str) -> Result<bool, StoreError> {
        let update = Update::new(Key::organization(id), "SET #name = :name")
            .on_condition("attribute_exists(PK)")
            .name("#name", "name")
            .value(":name", string(name));
        self.table.update(update).await
    }

    /// Sets the limits of an organization; false if it does not exist. Every function uses them within 30 seconds.
    pub async fn set_organization_limits(&self, id: OrganizationId, limits: OwnLimits) -> Result<bool, StoreError> {
        let (mut set, mut remove) = (Vec::new(), Vec::new());
        let mut values = Vec::new();
        for (attribute, limit) in [(REQUEST_LIMIT, limits.requests), (WRITE_UNIT_LIMIT, limits.write_units)] {
            match limit {
                Some(limit) => {
                    set.push(format!("{attribute} = :{attribute}"));
                    values.push((format!(":{attribute}"), number(limit)));
                }
                None => remove.push(attribute),
            }
        }
        let clause = |word: &str, parts: String| match parts.as_str() {
            "" => String::new(),
            parts => format!("{word} {parts} "),
        };
        let expression = clause("SET", set.join(", ")) + &clause("REMOVE", remove.join(", "));
        let mut update = Update::new(Key::organization(id), expression.trim()).on_condition("attribute_exists(PK)");
        for (placeholder, value) in values {
            update = update.value(&placeholder, value);
        }
        self.table.update(update).await
    }
}

const REQUEST_LIMIT: &str = "request_limit";
const WRITE_UNIT_LIMIT: &str = "write_unit_limit";

pub(super) fn organization(item: &ItemReader, id: OrganizationId) -> Result<Organization, StoreError> {
    Ok(Organization {
        id,
        name: item.string("name")?.to_owned(),
        country: item.parsed("country")?,
        token_generation: item.number("token_generation")?,
        disabled: item.flag("disabled")?,
        revoked_logins: revoked_logins(item)?,
        limits: OwnLimits {
            requests: item.optional_number(REQUEST_LIMIT)?,
            write_units: item.optional_number(WRITE_UNIT_LIMIT)?,
        },
    })
}

/// A map from the login's uuid to a list of generation and end.
fn as_attribute(revoked: &BTreeMap<LoginId, RevokedLogin>) -> AttributeValue {
    let entry = |(login, revoked): (&LoginId, &RevokedLogin)| {
        let parts = vec![number(revoked.generation), number(revoked.until)];
        (login.to_string(), AttributeValue::L(parts))
    };
    AttributeValue::M(revoked.iter().map(entry).collect())
}

fn revoked_logins(item: &ItemReader) -> Result<BTreeMap<LoginId, RevokedLogin>, StoreError> {
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
    let entries = item.map("revoked_logins")?.into_iter().flatten().map(entry);
    // A malformed entry is an error: if it was skipped, revoked tokens would be valid again.
    let entries: Option<_> = entries.collect();
    entries.ok_or_else(|| item.corrupt("attribute revoked_logins does not read"))
}
