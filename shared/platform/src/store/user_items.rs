//! Creating items in a user's partition.

use super::Store;
use super::attributes::Attributes;
use super::fault::Fault;
use super::operation::{Check, Put};
use super::primary_key::Key;
use crate::identity::UserKey;

/// The attribute of a profile whose user is being erased. Lookups skip such a user.
pub(super) const ERASING: &str = "erasing";

impl Store {
    /// Creates an item in a user's partition. The same transaction checks that the user exists and is not being erased,
    /// so an erasure misses no item. Returns [`Fault::Condition`] if the user does not exist, and [`Fault::Conflict`]
    /// if the key of the item is taken.
    pub(super) async fn create_for(&self, user: UserKey, item: Attributes) -> Result<(), Fault> {
        let user_exists = Check::new(
            Key::profile(user),
            "attribute_exists(PK) AND attribute_not_exists(#erasing)",
        );
        let user_exists = user_exists.name("#erasing", ERASING);
        self.table
            .transact_if(user_exists, vec![Put::create(item).into()])
            .await
    }
}
