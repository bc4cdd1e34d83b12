//! Phone users of a tenant.

mod check;
mod erase;
mod index;
mod register;
mod terms;

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{ConditionCheck, KeysAndAttributes, Put, ReturnConsumedCapacity, TransactWriteItem};

use daftari_domain::reports::Person;
use daftari_domain::{Country, Timestamp};

pub use check::{NumberCheck, NumberFault, NumberFaultKind};
pub use index::{UserFilter, UserRef};
pub(super) use register::put as put_action;
pub use register::{NewUser, Registered, UserChanges};

use super::backoff::Backoff;
use super::error::Fault;
use super::items::{Attributes, ItemBuilder, ItemReader};
use super::key::{GSI1_PK, GSI1_SK, Key, users_partition, users_sort_key};
use super::{Store, StoreError};
use crate::identity::{Tenant, UserId, UserKey};

/// Set on a profile while its user is being erased; such a user is not found any more.
const ERASING: &str = "erasing";

/// Most keys the store takes in one batch read.
const BATCH_GET_KEYS: usize = 100;

/// A phone user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The uuid.
    pub id: UserId,
    /// With country code, digits only. Unique in the tenant.
    pub phone_number: String,
    /// The country of the phone number.
    pub country: Option<Country>,
    /// May be empty.
    pub first_name: String,
    /// May be empty.
    pub last_name: String,
    /// May be empty.
    pub email: String,
    /// The lender's own id of the user.
    pub external_id: Option<String>,
    /// The phone's id; may be empty.
    pub device_id: String,
    /// Whether the lender knows who the user is.
    pub is_kyc_verified: bool,
    /// When the user was registered.
    pub created_at: Timestamp,
    /// When the user was last changed.
    pub updated_at: Timestamp,
}

impl From<User> for Person {
    fn from(user: User) -> Self {
        Self {
            first_name: user.first_name,
            last_name: user.last_name,
            phone_number: user.phone_number,
        }
    }
}

/// A user with what the store keeps beside: how often the profile was written, and the search terms to remove.
#[derive(Clone, Debug)]
struct Profile {
    user: User,
    version: u64,
    terms: Vec<String>,
    erasing: bool,
}

impl Store {
    /// The user, unless there is none or it is being erased. Strongly consistent.
    pub async fn user(&self, key: UserKey) -> Result<Option<User>, StoreError> {
        let profile = self.profile(key).await?;
        Ok(profile.filter(|profile| !profile.erasing).map(|profile| profile.user))
    }

    /// Users by uuid, in the order asked for; those that are not there are left out. Strongly consistent.
    pub async fn users_by_id(&self, tenant: Tenant, ids: &[UserId]) -> Result<Vec<User>, StoreError> {
        let mut found = HashMap::new();
        for chunk in ids.chunks(BATCH_GET_KEYS) {
            for user in self.user_batch(tenant, chunk).await? {
                found.insert(user.id, user);
            }
        }
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    async fn user_batch(&self, tenant: Tenant, ids: &[UserId]) -> Result<Vec<User>, StoreError> {
        let mut keys: Vec<Attributes> = ids
            .iter()
            .map(|id| Key::profile(tenant.user(*id)).into_attributes())
            .collect();
        let mut users = Vec::with_capacity(ids.len());
        let mut backoff = Backoff::default();
        while !keys.is_empty() {
            let request = KeysAndAttributes::builder()
                .set_keys(Some(keys))
                .consistent_read(true)
                .build()
                .map_err(|error| StoreError::Refused(error.to_string()))?;
            let answer = self
                .client
                .batch_get_item()
                .request_items(&self.table, request)
                .return_consumed_capacity(ReturnConsumedCapacity::Total)
                .send()
                .await
                .map_err(Fault::of)?;
            self.usage.add_read(answer.consumed_capacity());
            let items = answer.responses.and_then(|mut tables| tables.remove(&self.table));
            for item in items.unwrap_or_default() {
                let profile = Profile::read(&ItemReader::new(item))?;
                users.extend(
                    Some(profile)
                        .filter(|profile| !profile.erasing)
                        .map(|profile| profile.user),
                );
            }
            // What did not fit into one answer is asked for again.
            keys = answer
                .unprocessed_keys
                .and_then(|mut tables| tables.remove(&self.table))
                .map(|rest| rest.keys)
                .unwrap_or_default();
            if !keys.is_empty() {
                backoff.wait().await?;
            }
        }
        Ok(users)
    }

    /// Creates an item in a user's partition, in one transaction that checks that the user is there and is not being
    /// erased: so no item appears behind an erasure. [`Fault::Condition`] if it is not, [`Fault::Conflict`] if there is
    /// such an item.
    pub(super) async fn create_for(&self, user: UserKey, item: Attributes) -> Result<(), Fault> {
        let user_is_there = ConditionCheck::builder()
            .table_name(&self.table)
            .set_key(Some(Key::profile(user).into_attributes()))
            .condition_expression("attribute_exists(PK) AND attribute_not_exists(erasing)")
            .build()
            .map_err(|error| StoreError::Refused(error.to_string()))?;
        let create = Put::builder()
            .table_name(&self.table)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(PK)");
        let user_is_there = TransactWriteItem::builder().condition_check(user_is_there).build();
        self.transact_checking(vec![user_is_there, put_action(create)?], Some(0))
            .await
    }

    async fn profile(&self, key: UserKey) -> Result<Option<Profile>, StoreError> {
        let item = self.get(Key::profile(key)).await?;
        item.map(|item| Profile::read(&item)).transpose()
    }
}

impl Profile {
    fn read(item: &ItemReader) -> Result<Self, StoreError> {
        let text = |name: &str| item.string(name).map(str::to_owned);
        let user = User {
            id: item.parsed("uuid")?,
            phone_number: text("phone_number")?,
            country: item.optional_string("country_code").and_then(|code| code.parse().ok()),
            first_name: text("first_name")?,
            last_name: text("last_name")?,
            email: text("email")?,
            external_id: item.optional_string("external_id").map(str::to_owned),
            device_id: text("device_id")?,
            is_kyc_verified: item.flag("is_kyc_verified"),
            created_at: item.parsed("created_at")?,
            updated_at: item.parsed("updated_at")?,
        };
        Ok(Self {
            user,
            version: item.number("version")?,
            terms: item.strings("terms")?,
            erasing: item.has(ERASING),
        })
    }

    fn item(&self, tenant: Tenant) -> Attributes {
        let user = &self.user;
        ItemBuilder::new(&Key::profile(tenant.user(user.id)), "user")
            .string(GSI1_PK, users_partition(tenant))
            .string(GSI1_SK, users_sort_key(user.created_at, user.id))
            .string("uuid", user.id)
            .string("phone_number", &user.phone_number)
            .optional("country_code", user.country)
            .string("first_name", &user.first_name)
            .string("last_name", &user.last_name)
            .string("email", &user.email)
            .optional("external_id", user.external_id.as_ref())
            .string("device_id", &user.device_id)
            .flag("is_kyc_verified", user.is_kyc_verified)
            .string("created_at", user.created_at)
            .string("updated_at", user.updated_at)
            .number("version", self.version)
            .strings("terms", &self.terms)
            .build()
    }
}
