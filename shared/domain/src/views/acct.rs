//! Institutions by their key in the older API generation.

use std::collections::BTreeSet;

use super::directory;
use crate::ids::{AcctUuid, UserId};
use crate::{InstitutionId, Record};

/// The institution with the given `acct_uuid`, among those the user has a record with.
pub fn institution_of(records: &[Record], user: UserId, acct: AcctUuid) -> Option<&InstitutionId> {
    let ids: BTreeSet<_> = records.iter().map(|record| &record.institution_id).collect();
    ids.into_iter()
        .find(|institution_id| AcctUuid::of(user, institution_id) == acct)
}

/// Whether an `acct_uuid` belongs to an institution of the directory.
pub fn in_directory(user: UserId, acct: AcctUuid) -> bool {
    let known = directory::all().iter();
    let mut keys = known.map(|known| AcctUuid::of_text(user, known.id));
    keys.any(|key| key == acct)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn the_directory_is_searched_by_key() {
        let (user, other) = (UserId(Uuid::from_u128(1)), UserId(Uuid::from_u128(2)));
        let equity = AcctUuid::of(user, &"equitybank".parse().expect("id"));
        assert!(in_directory(user, equity));
        assert!(!in_directory(other, equity));
        assert!(!in_directory(user, AcctUuid::of(user, &"nobank".parse().expect("id"))));
    }
}
