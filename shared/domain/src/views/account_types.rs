//! Sets of account types, and their names in filters.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::AccountType;
use crate::vocabulary::UnknownWord;

/// A set of account types. Output is in the order of [`AccountType::ALL`].
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct AccountTypes(u8);

impl AccountTypes {
    /// The empty set.
    pub const EMPTY: Self = Self(0);

    /// The set with `account_type` added.
    #[must_use]
    pub const fn with(self, account_type: AccountType) -> Self {
        Self(self.0 | 1 << account_type as u8)
    }

    /// Whether `account_type` is in the set.
    pub const fn contains(self, account_type: AccountType) -> bool {
        self.0 & (1 << account_type as u8) != 0
    }

    /// The union of both sets.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the set is empty.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The account types, in the order of [`AccountType::ALL`].
    pub fn iter(self) -> impl Iterator<Item = AccountType> {
        let all = AccountType::ALL.iter().copied();
        all.filter(move |account_type| self.contains(*account_type))
    }
}

impl FromIterator<AccountType> for AccountTypes {
    fn from_iter<I: IntoIterator<Item = AccountType>>(types: I) -> Self {
        types.into_iter().fold(Self::EMPTY, Self::with)
    }
}

impl fmt::Debug for AccountTypes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl Serialize for AccountTypes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// The account type for a word of a filter: its own name, or a name of older clients. These are `revolvingloan` for
/// `revolving_loan` and `mobilemoney` for `depository`.
pub fn account_type_of_filter(word: &str) -> Result<AccountType, UnknownWord> {
    match word {
        "revolvingloan" => Ok(AccountType::RevolvingLoan),
        "mobilemoney" => Ok(AccountType::Depository),
        _ => word.parse(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_lists_its_types_in_the_order_of_the_contract() {
        let set: AccountTypes = [AccountType::Loan, AccountType::Airtime, AccountType::Loan]
            .into_iter()
            .collect();
        let json = serde_json::to_string(&set).expect("json");
        assert_eq!(json, r#"["airtime","loan"]"#);
        assert_eq!(format!("{set:?}"), "{Airtime, Loan}");
        assert!(AccountTypes::EMPTY.is_empty() && !set.is_empty());
    }

    #[test]
    fn filters_know_the_words_of_older_clients() {
        for (word, meaning) in [
            ("mobilemoney", AccountType::Depository),
            ("depository", AccountType::Depository),
            ("revolvingloan", AccountType::RevolvingLoan),
            ("revolving_loan", AccountType::RevolvingLoan),
            ("loan", AccountType::Loan),
            ("airtime", AccountType::Airtime),
        ] {
            assert_eq!(account_type_of_filter(word), Ok(meaning), "{word}");
        }
        let unknown = account_type_of_filter("savings").expect_err("unknown");
        assert_eq!(
            unknown.to_string(),
            "must be one of: airtime, depository, loan, revolving_loan"
        );
    }
}
