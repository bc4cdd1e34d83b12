//! The institutions with templates that a sender may be.

use std::collections::HashMap;
use std::sync::LazyLock;

use daftari_domain::Country;
use daftari_sms_notation::sender::sender_key;

use crate::clauses::tables::{SENDERS, is_bank, rows_of_sender, senders};
use crate::draft::Draft;
use crate::sender::first_of_keys;
use crate::tables::{INSTITUTIONS, Institution};

static BY_SENDER: LazyLock<HashMap<&'static str, Vec<usize>>> = LazyLock::new(|| {
    let mut by_sender: HashMap<&'static str, Vec<usize>> = HashMap::new();
    for (index, institution) in INSTITUTIONS.iter().enumerate() {
        for key in institution.sender_keys {
            by_sender.entry(key).or_default().push(index);
        }
    }
    for (at, _, key) in senders() {
        for row in rows_of_sender(at) {
            let Some(index) = INSTITUTIONS.iter().position(|known| known.id == row.id()) else {
                continue;
            };
            let known = by_sender.entry(key).or_default();
            if !known.contains(&index) {
                known.push(index);
            }
        }
    }
    by_sender
});

/// A sender's key as the tables hold it; `None` if no institution of the country uses the sender.
pub(crate) fn known_key(key: &str, country: Option<Country>) -> Option<&'static str> {
    let country = country?.to_string();
    let listed = SENDERS.find(&format!("{country}{key}"));
    let listed = listed.map(|at| &SENDERS.get(at)[country.len()..]);
    listed.or_else(|| {
        let (known, institutions) = BY_SENDER.get_key_value(key)?;
        let is_home = |index: &usize| INSTITUTIONS[*index].country == country;
        institutions.iter().any(is_home).then_some(*known)
    })
}

/// Indices into [`INSTITUTIONS`] of the institutions of the country that use `sender`. If the country is not known,
/// institutions of all countries are candidates.
///
/// Without a sender every institution of the country is a candidate, because only the content can identify the
/// institution. Without sender and country there is no candidate.
pub(crate) fn of_sender(sender: &str, country: Option<Country>) -> Vec<usize> {
    let code = country.map(|country| country.to_string());
    let is_home = |index: &usize| code.as_deref() == Some(INSTITUTIONS[*index].country);
    if sender_key(sender).is_empty() {
        return (0..INSTITUTIONS.len()).filter(is_home).collect();
    }
    let of_key = |key: &str| {
        let found = BY_SENDER.get(key).into_iter().flatten().copied();
        found.filter(|index| code.is_none() || is_home(index)).collect()
    };
    first_of_keys(sender, country, of_key, |index| is_bank(INSTITUTIONS[*index].id))
}

/// Whether no institution of another country that uses the sender has accounts in the currency of the records.
pub(crate) fn is_of_one_country(sender: &str, institution: &Institution, drafts: &[Draft]) -> bool {
    let key = sender_key(sender);
    let mut others = senders()
        .filter(|(_, country, other)| *other == key && *country != institution.country)
        .flat_map(|(at, _, _)| rows_of_sender(at))
        .peekable();
    others.peek().is_none()
        || (drafts.iter().all(|draft| draft.currency.is_some())
            && others.all(|row| {
                drafts
                    .iter()
                    .filter_map(|draft| draft.currency)
                    .all(|currency| !row.currencies().any(|code| code == currency.code()))
            }))
}
