//! The institution directory: names, countries and account types of known institutions.
//!
//! The source is `data/institutions.csv`, with one line per institution, sorted by id. An institution that works in
//! several countries has one id per country, which ends with the country's code (`mpesa_tz`). The plain id belongs to
//! its home country.

use std::sync::LazyLock;

use super::AccountTypes;
use crate::Country;

/// An institution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Institution {
    /// The institution id.
    pub id: &'static str,
    /// The display name.
    pub display_name: &'static str,
    /// The country of its accounts.
    pub country: Country,
    /// The account types it is known for.
    pub account_types: AccountTypes,
}

/// The text of the source. `daftari_sms_notation::directory` reads all of its fields.
pub const FILE: &str = include_str!("../../data/institutions.csv");

static ALL: LazyLock<Vec<Institution>> = LazyLock::new(|| FILE.lines().skip(1).filter_map(parse).collect());

/// All institutions, by id.
pub fn all() -> &'static [Institution] {
    &ALL
}

/// The institution with the id.
pub fn find(id: &str) -> Option<&'static Institution> {
    let at = ALL.binary_search_by_key(&id, |known| known.id).ok()?;
    Some(&ALL[at])
}

/// Reads the first four fields: id, display name, country, account types. Fields have no commas, and account types are
/// separated by spaces. The other fields are for reading messages (`daftari_sms_notation::directory`).
fn parse(line: &'static str) -> Option<Institution> {
    let fields: Vec<&str> = line.split(',').collect();
    let &[id, display_name, country, account_types, ..] = fields.as_slice() else {
        return None;
    };
    let account_types = account_types.split(' ').map(str::parse);
    Some(Institution {
        id,
        display_name,
        country: country.parse().ok()?,
        account_types: account_types.collect::<Result<_, _>>().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Currency, InstitutionId};

    #[test]
    fn every_line_of_the_file_is_an_institution() {
        assert_eq!(all().len(), FILE.lines().count() - 1);
        assert!(FILE.starts_with("id,display_name,country,account_types,"));
    }

    #[test]
    fn ids_are_valid_unique_and_sorted() {
        for institution in all() {
            assert!(institution.id.parse::<InstitutionId>().is_ok(), "{institution:?}");
        }
        assert!(all().is_sorted_by(|a, b| a.id < b.id));
    }

    #[test]
    fn every_institution_has_a_name_an_account_type_and_a_country_with_a_currency() {
        for institution in all() {
            let name = institution.display_name;
            assert!(!name.is_empty() && name.trim() == name, "{institution:?}");
            assert!(!institution.account_types.is_empty(), "{institution:?}");
            assert!(Currency::of_country(institution.country).is_some(), "{institution:?}");
        }
    }

    #[test]
    fn a_country_at_the_end_of_an_id_is_that_of_the_institution() {
        for institution in all() {
            let suffix = institution.id.rsplit_once('_').map(|(_, suffix)| suffix);
            if let Some(suffix) = suffix.filter(|suffix| suffix.len() == 2) {
                let country = institution.country.to_string();
                assert_eq!(suffix.to_uppercase(), country, "{institution:?}");
            }
        }
    }

    #[test]
    fn no_two_institutions_of_a_country_share_a_name() {
        let mut names: Vec<_> = all()
            .iter()
            .map(|known| (known.country, known.display_name.to_lowercase()))
            .collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all().len());
    }

    #[test]
    fn the_markets_of_the_product_are_covered() {
        for (country, at_least) in [
            ("KE", 20),
            ("NG", 20),
            ("GH", 10),
            ("TZ", 8),
            ("UG", 5),
            ("RW", 4),
            ("ET", 5),
            ("ZM", 5),
            ("MZ", 3),
            ("BF", 3),
        ] {
            let found = all().iter().filter(|known| known.country.to_string() == country);
            assert!(found.count() >= at_least, "{country}");
        }
    }

    #[test]
    fn institutions_are_found_by_their_whole_id_only() {
        assert_eq!(find("equitybank").map(|known| known.display_name), Some("Equity Bank"));
        assert_eq!(find("mpesa").map(|known| known.country.to_string()), Some("KE".into()));
        assert_eq!(find("equity"), None);
        assert_eq!(find(""), None);
    }
}
