//! Which institutions a sender may be.

use std::collections::HashMap;
use std::sync::LazyLock;

use daftari_domain::Country;

use crate::tables::INSTITUTIONS;
use crate::text::sender_key;

static BY_SENDER: LazyLock<HashMap<&'static str, Vec<usize>>> = LazyLock::new(|| {
    let mut by_sender: HashMap<&'static str, Vec<usize>> = HashMap::new();
    for (index, institution) in INSTITUTIONS.iter().enumerate() {
        for key in institution.sender_keys {
            by_sender.entry(key).or_default().push(index);
        }
    }
    by_sender
});

/// Indices of the institutions that use `sender`, those of the user's country first, and how many of them are of it.
///
/// Without a sender every institution of the country is one: a message is then known by its content alone.
pub(crate) fn of_sender(sender: &str, country: Option<Country>) -> (Vec<usize>, usize) {
    let country = country.map(|country| country.to_string());
    let is_home = |index: &usize| country.as_deref() == Some(INSTITUTIONS[*index].country);
    let key = sender_key(sender);
    let mut found = if key.is_empty() {
        (0..INSTITUTIONS.len())
            .filter(|index| is_home(index))
            .collect()
    } else {
        BY_SENDER.get(key.as_str()).cloned().unwrap_or_default()
    };
    found.sort_by_key(|index| !is_home(index));
    let home = found.iter().filter(|index| is_home(index)).count();
    (found, home)
}

/// Whether the sender is a telephone number: a person, not an institution.
pub(crate) fn is_phone_number(sender: &str) -> bool {
    let digits = sender.chars().filter(char::is_ascii_digit).count();
    digits >= 9 && !sender.chars().any(char::is_alphabetic)
}
