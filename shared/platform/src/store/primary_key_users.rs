//! Keys of the items that find a tenant's users: the list, the search words, ids.
//!
//! A tenant may register a thousand users a second, and DynamoDB writes at most 1,000 units a second to one partition
//! key. So no partition key has one item for every user: the items are spread by the user's uuid or by the value.

use daftari_domain::Timestamp;
use daftari_domain::ids::UserId;
use sha2::{Digest, Sha256};

use super::primary_key::{Key, users_sort_key};
use crate::identity::Tenant;

/// Partitions of a list of users, and of the words that begin with one character. A user is in one of them.
pub(super) const SHARDS: u8 = 8;

/// The partition of a user.
fn shard(user: UserId) -> u8 {
    let [.., last] = user.0.into_bytes();
    last % SHARDS
}

impl Key {
    /// The user's entry in the list of users, which is in order of creation.
    pub(super) fn list_entry(tenant: Tenant, created_at: Timestamp, user: UserId) -> Self {
        Self {
            pk: list_partition(tenant, shard(user)),
            sk: users_sort_key(created_at, user),
        }
    }

    /// A word of a user.
    pub(super) fn word(tenant: Tenant, word: &str, user: UserId) -> Self {
        Self {
            pk: word_partition(tenant, word, shard(user)),
            sk: format!("{word}#{user}"),
        }
    }

    /// A user of a device.
    pub(super) fn device(tenant: Tenant, device: &str, user: UserId) -> Self {
        Self {
            pk: device_partition(tenant, device),
            sk: user.to_string(),
        }
    }

    /// A user with an external id.
    pub(super) fn external(tenant: Tenant, external: &str, user: UserId) -> Self {
        Self {
            pk: external_partition(tenant, external),
            sk: user.to_string(),
        }
    }

    /// The mark of a tenant whose users the schedule may have to count.
    pub(super) fn uncounted(tenant: Tenant) -> Self {
        let [.., last] = tenant.organization().0.into_bytes();
        Self {
            pk: uncounted_partition(last % SHARDS),
            sk: tenant.to_string(),
        }
    }

    /// The state of the directory.
    pub(super) fn directory_head(tenant: Tenant) -> Self {
        Self {
            pk: directory_partition(tenant),
            sk: HEAD.to_owned(),
        }
    }

    /// A chunk of the directory, with the lowest list sort key that it counts.
    pub(super) fn directory_chunk(tenant: Tenant, from: &str) -> Self {
        Self {
            pk: directory_partition(tenant),
            sk: format!("{CHUNK_PREFIX}{from}"),
        }
    }

    /// The seconds of a leaf of the directory, with the lowest list sort key of the leaf.
    pub(super) fn directory_leaf(tenant: Tenant, from: &str) -> Self {
        Self {
            pk: directory_partition(tenant),
            sk: format!("{LEAF_PREFIX}{from}"),
        }
    }
}

/// The prefix of the sort keys of chunks.
pub(super) const CHUNK_PREFIX: &str = "CHUNK#";
/// The sort key of the state of the directory. Chunks come before it and leaves after it, so that one query reads the
/// directory without the leaves.
pub(super) const HEAD: &str = "HEAD";
/// The prefix of the sort keys of leaves.
pub(super) const LEAF_PREFIX: &str = "LEAF#";

/// One part of the list of users.
pub(super) fn list_partition(tenant: Tenant, shard: u8) -> String {
    format!("{tenant}#LIST#{shard}")
}

/// One part of the words with the same first character. The character is written as a number, so that it cannot be `#`
/// or `*`.
pub(super) fn word_partition(tenant: Tenant, word: &str, shard: u8) -> String {
    let first = word.chars().next().map_or(0, u32::from);
    format!("{tenant}#WORDS#{first:x}#{shard}")
}

/// The users of a device.
pub(super) fn device_partition(tenant: Tenant, device: &str) -> String {
    format!("{tenant}#DEVICE#{}", digest(device))
}

/// The users with an external id.
pub(super) fn external_partition(tenant: Tenant, external: &str) -> String {
    format!("{tenant}#EXTERNAL#{}", digest(external))
}

/// The directory, which counts the users of the list.
pub(super) fn directory_partition(tenant: Tenant) -> String {
    format!("{tenant}#DIRECTORY")
}

/// One part of the marks of all tenants. They are found together, so the key does not begin with a tenant.
pub(super) fn uncounted_partition(shard: u8) -> String {
    format!("UNCOUNTED#{shard}")
}

/// The first half of the value's SHA-256: ids have any characters, and up to 512 bytes.
fn digest(value: &str) -> String {
    let digest: [u8; 32] = Sha256::digest(value).into();
    let [first, second] = [0, 8].map(|at| u64::from_be_bytes(std::array::from_fn(|byte| digest[at + byte])));
    format!("{first:016x}{second:016x}")
}
