//! The institutions whose messages can be read.

use daftari_domain::AccountType;

use crate::clauses::tables::ROWS;
use crate::tables::INSTITUTIONS;

/// An institution that records can belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstitutionEntry {
    /// The id in records.
    pub id: &'static str,
    /// The name for people.
    pub display_name: &'static str,
    /// ISO 3166-1 alpha-2 code of its country.
    pub country: &'static str,
    /// ISO 4217 code of the currency it mostly uses.
    pub currency: &'static str,
    /// The kinds of account its records can have.
    pub account_types: Vec<AccountType>,
}

/// Every institution whose records a message can yield, sorted by id: the rows of the directory. An institution with
/// templates of its own may have more kinds of account than its row.
pub fn institutions() -> Vec<InstitutionEntry> {
    let mut entries: Vec<InstitutionEntry> = ROWS
        .iter()
        .map(|row| InstitutionEntry {
            id: row.id(),
            display_name: row.display_name(),
            country: row.country(),
            currency: row.currencies().next().unwrap_or_default(),
            account_types: row.account_types().collect(),
        })
        .collect();
    let accounts = INSTITUTIONS.iter().flat_map(|institution| institution.accounts);
    for account in accounts {
        if let Ok(at) = entries.binary_search_by_key(&account.institution_id, |entry| entry.id)
            && !entries[at].account_types.contains(&account.kind)
        {
            entries[at].account_types.push(account.kind);
        }
    }
    entries
}
