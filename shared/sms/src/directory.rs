//! Who can be read.

use daftari_domain::AccountType;

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

/// Every institution that a message can yield a record of, by id.
pub fn institutions() -> Vec<InstitutionEntry> {
    let mut entries: Vec<InstitutionEntry> = Vec::new();
    for institution in INSTITUTIONS {
        for account in institution.accounts {
            match entries
                .iter_mut()
                .find(|entry| entry.id == account.institution_id)
            {
                Some(entry) if entry.account_types.contains(&account.kind) => {}
                Some(entry) => entry.account_types.push(account.kind),
                None => entries.push(InstitutionEntry {
                    id: account.institution_id,
                    display_name: account.display_name,
                    country: institution.country,
                    currency: institution.currency,
                    account_types: vec![account.kind],
                }),
            }
        }
    }
    entries.sort_by_key(|entry| entry.id);
    entries
}
