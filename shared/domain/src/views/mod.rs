//! The lists clients read: a user's institutions, and the transactions, balances and alerts at one of them.
//!
//! Two generations of the public API show the same records in different shapes. [`institutions`] addresses an
//! institution by its id. [`accounts`] calls it an account and addresses it by a UUID derived from user and
//! institution. Both list the newest record first, with at most [`PAGE_SIZE`] records per page, and fewer if their
//! texts would exceed the size of an answer. Records of the same second are in descending order of id. A page past the
//! end is empty.
//!
//! Names of institutions come from the [`directory`].

mod account_types;
pub mod accounts;
mod acct;
pub mod directory;
pub mod institutions;
mod page;
pub mod page_schemas;
#[cfg(test)]
mod tests;
mod warning;

pub use account_types::{AccountTypes, account_type_of_filter};
pub use page::{ListFilter, PAGE_SIZE};
pub use warning::{Warning, WarningCode};

use std::collections::{BTreeMap, BTreeSet};

use crate::reports::Votes;
use crate::{AccountId, Currency, InstitutionId, Record};

/// The data about one institution in a user's records.
#[derive(Default)]
struct Found<'a> {
    account_types: AccountTypes,
    account_ids: BTreeSet<&'a AccountId>,
    transactions: Votes<'a>,
}

impl<'a> Found<'a> {
    /// Every institution where the user has a record, by id.
    fn in_records(records: &'a [Record]) -> BTreeMap<&'a InstitutionId, Self> {
        let mut found = BTreeMap::<_, Self>::new();
        for record in records {
            found.entry(&record.institution_id).or_default().add(record);
        }
        found
    }

    fn add(&mut self, record: &'a Record) {
        self.account_types = self.account_types.with(record.account_type);
        self.account_ids.insert(&record.account_id);
        if let Some(currency) = record.currency.filter(|_| record.is_transaction()) {
            self.transactions.cast(currency, record);
        }
    }

    /// The most common currency of the user's transactions there; of equally common ones, the latest. `None` if no
    /// transaction has one.
    fn currency(&self) -> Option<Currency> {
        self.transactions.winner()
    }

    /// The name and the account types to show: those of the directory together with those of the records. The name of
    /// an unknown institution is its id.
    fn describe(&self, id: &'a InstitutionId) -> (&'a str, AccountTypes) {
        match directory::find(id.as_str()) {
            Some(known) => (known.display_name, known.account_types.union(self.account_types)),
            None => (id.as_str(), self.account_types),
        }
    }
}
