//! The profiles of users.

use std::collections::HashMap;

use daftari_domain::ids::UserId;
use daftari_domain::reports::Person;
use daftari_domain::{Country, Timestamp};

use super::layout::Layout;
use crate::identity::{Tenant, UserKey};
use crate::store::attributes::Attributes;
use crate::store::items::{ItemBuilder, ItemReader};
use crate::store::primary_key::{GSI1_PK, GSI1_SK, Key, users_partition, users_sort_key};
use crate::store::user_items::ERASING;
use crate::store::{Store, StoreError};

/// A user in an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UserRef {
    /// When the user was registered.
    pub created_at: Timestamp,
    /// The uuid.
    pub id: UserId,
}

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
    /// Whether the lender has verified the user's identity.
    pub is_kyc_verified: bool,
    /// When the user was registered.
    pub created_at: Timestamp,
    /// When the user was last changed.
    pub updated_at: Timestamp,
}

impl User {
    /// The user in an index.
    pub const fn reference(&self) -> UserRef {
        UserRef {
            created_at: self.created_at,
            id: self.id,
        }
    }
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

/// A user as stored: with the version of the profile, its search terms, and whether it is being erased.
#[derive(Clone, Debug)]
pub(super) struct Profile {
    pub(super) user: User,
    pub(super) version: u64,
    pub(super) terms: Vec<String>,
    /// Which items find the user.
    pub(super) layout: Layout,
    pub(super) erasing: bool,
}

impl Store {
    /// The user; `None` if it does not exist or is being erased. Strongly consistent.
    pub async fn user(&self, key: UserKey) -> Result<Option<User>, StoreError> {
        let profile = self.profile(key).await?;
        Ok(profile.filter(|profile| !profile.erasing).map(|profile| profile.user))
    }

    /// Users by uuid, in the order of `ids`; missing users are left out. Strongly consistent.
    pub async fn users_by_id(&self, tenant: Tenant, ids: &[UserId]) -> Result<Vec<User>, StoreError> {
        let keys = ids.iter().map(|id| Key::profile(tenant.user(*id)));
        let profiles = self.table.get_all(keys, |item| Profile::read(&item)).await?;
        let users = profiles.into_iter().filter(|profile| !profile.erasing);
        let mut found: HashMap<UserId, User> = users.map(|profile| (profile.user.id, profile.user)).collect();
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    pub(super) async fn profile(&self, key: UserKey) -> Result<Option<Profile>, StoreError> {
        let item = self.table.get(Key::profile(key)).await?;
        item.map(|item| Profile::read(&item)).transpose()
    }
}

/// The attribute of a profile that has its layout. A profile of the single layout has none.
pub(super) const LAYOUT: &str = "layout";

impl Profile {
    pub(super) fn read(item: &ItemReader) -> Result<Self, StoreError> {
        let text = |name: &str| item.string(name).map(str::to_owned);
        let user = User {
            id: item.parsed("uuid")?,
            phone_number: text("phone_number")?,
            country: item.optional_parsed("country_code")?,
            first_name: text("first_name")?,
            last_name: text("last_name")?,
            email: text("email")?,
            external_id: item.optional_string("external_id")?.map(str::to_owned),
            device_id: text("device_id")?,
            is_kyc_verified: item.flag("is_kyc_verified")?,
            created_at: item.parsed("created_at")?,
            updated_at: item.parsed("updated_at")?,
        };
        Ok(Self {
            user,
            version: item.number("version")?,
            terms: item.strings("terms")?,
            layout: match item.optional_number(LAYOUT)? {
                None => Layout::Single,
                Some(number) => Layout::of_number(number).ok_or_else(|| item.corrupt(LAYOUT))?,
            },
            erasing: item.has(ERASING),
        })
    }

    pub(super) fn item(&self, tenant: Tenant) -> Attributes {
        let user = &self.user;
        let item = ItemBuilder::new(&Key::profile(tenant.user(user.id)), "user");
        let item = if self.layout.has_single() {
            item.string(GSI1_PK, users_partition(tenant))
                .string(GSI1_SK, users_sort_key(user.created_at, user.id))
        } else {
            item
        };
        let item = if self.layout == Layout::Single {
            item
        } else {
            item.number(LAYOUT, self.layout.number())
        };
        item.string("uuid", user.id)
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
