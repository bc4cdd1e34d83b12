//! Who can be read stands in the institution directory, which is where the lists take names and account types from.

use daftari_domain::views::directory;
use daftari_sms::institutions;

#[test]
fn every_institution_that_messages_can_be_of_is_in_the_directory() {
    for read in institutions() {
        let known = directory::find(read.id)
            .unwrap_or_else(|| panic!("shared/domain/data/institutions.csv lacks {read:?}"));
        assert_eq!(known.display_name, read.display_name, "{}", read.id);
        assert_eq!(known.country.to_string(), read.country, "{}", read.id);
        for kind in read.account_types {
            assert!(
                known.account_types.contains(kind),
                "{}: {kind:?} is not among its account types",
                read.id
            );
        }
    }
}
