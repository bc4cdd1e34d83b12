//! The lists clients read: a user's institutions, and the transactions, balances and alerts at one of them.
//!
//! Two generations of the public API show the same records in different shapes. [`institutions`] addresses an institution by its
//! id; [`accounts`] calls it an account and addresses it by a UUID derived from user and institution. Both list the newest
//! record first, at most [`PAGE_SIZE`] a page, and fewer where their texts would outgrow an answer; records of one second are
//! ordered by id, descending. A page past the end is empty.
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

pub use account_types::{AccountTypes, account_type_of_filter};
pub use page::{ListFilter, PAGE_SIZE};

use std::collections::{BTreeMap, BTreeSet};

use crate::reports::Votes;
use crate::{AccountId, Currency, InstitutionId, Record};

/// What a user's records say about one institution.
#[derive(Default)]
struct Found<'a> {
    account_types: AccountTypes,
    account_ids: BTreeSet<&'a AccountId>,
    transactions: Votes<'a>,
}

impl<'a> Found<'a> {
    /// Every institution the user has a record with, by id.
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

    /// The most common currency among the user's transactions there, ties to the latest; none if none states one.
    fn currency(&self) -> Option<Currency> {
        self.transactions.winner()
    }

    /// The name and the account types to show: the directory's, joined with what the records show. An institution the
    /// directory does not know goes by its id.
    fn describe(&self, id: &'a InstitutionId) -> (&'a str, AccountTypes) {
        match directory::find(id.as_str()) {
            Some(known) => (known.display_name, known.account_types.union(self.account_types)),
            None => (id.as_str(), self.account_types),
        }
    }
}
