//! The key of an institution in the older API generation.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::directory;
use crate::ids::UserId;
use crate::{InstitutionId, Record};

/// The key of an institution in the older generation: the `UUIDv5` of its id in the namespace of the user's UUID.
pub fn acct_uuid(user: UserId, institution_id: &InstitutionId) -> Uuid {
    of_id(user, institution_id.as_str())
}

fn of_id(user: UserId, institution_id: &str) -> Uuid {
    Uuid::new_v5(&user.0, institution_id.as_bytes())
}

/// The institution with the given `acct_uuid`, among those the user has a record with.
pub fn institution_of(records: &[Record], user: UserId, acct: Uuid) -> Option<&InstitutionId> {
    let ids: BTreeSet<_> = records.iter().map(|record| &record.institution_id).collect();
    ids.into_iter()
        .find(|institution_id| acct_uuid(user, institution_id) == acct)
}

/// Whether an `acct_uuid` belongs to an institution of the directory.
pub fn in_directory(user: UserId, acct: Uuid) -> bool {
    let known = directory::all().iter();
    let mut keys = known.map(|known| of_id(user, known.id));
    keys.any(|key| key == acct)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_directory_is_searched_by_key() {
        let (user, other) = (UserId(Uuid::from_u128(1)), UserId(Uuid::from_u128(2)));
        let equity = acct_uuid(user, &"equitybank".parse().expect("id"));
        assert!(in_directory(user, equity));
        assert!(!in_directory(other, equity));
        assert!(!in_directory(user, acct_uuid(user, &"nobank".parse().expect("id"))));
    }
}
