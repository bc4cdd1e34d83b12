//! The institutions with templates that a sender may be.

use std::collections::HashMap;
use std::sync::LazyLock;

use daftari_domain::Country;
use daftari_sms_notation::sender::sender_key;

use crate::clauses::tables::{SENDERS, rows_of_sender, senders};
use crate::draft::Draft;
use crate::sender::shorter_keys;
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
            let Some(index) = INSTITUTIONS.iter().position(|known| known.id == row.id) else {
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

/// The key of a sender that an institution of the country uses.
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

/// Indices of the institutions of the country that use `sender`; of all countries where the user's is not known.
///
/// Without a sender every institution of the country is a candidate: the message is then recognized by its content
/// alone.
pub(crate) fn of_sender(sender: &str, country: Option<Country>) -> Vec<usize> {
    let code = country.map(|country| country.to_string());
    let is_home = |index: &usize| code.as_deref() == Some(INSTITUTIONS[*index].country);
    let key = sender_key(sender);
    let found = if key.is_empty() {
        (0..INSTITUTIONS.len()).collect()
    } else {
        BY_SENDER.get(key.as_str()).cloned().unwrap_or_default()
    };
    let keep = |index: &usize| is_home(index) || (code.is_none() && !key.is_empty());
    let kept: Vec<usize> = found.into_iter().filter(keep).collect();
    if !kept.is_empty() {
        return kept;
    }
    let shorter = country.map_or_else(Vec::new, |country| shorter_keys(sender, country));
    let of_key = |key: &String| -> Vec<usize> {
        let found = BY_SENDER.get(key.as_str()).into_iter().flatten();
        found.copied().filter(is_home).collect()
    };
    shorter
        .iter()
        .map(of_key)
        .find(|found| !found.is_empty())
        .unwrap_or_default()
}

/// Whether the institution is the only one with the currency of the records, among all countries where the sender is
/// used.
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
                    .all(|currency| !row.currencies.contains(&currency.code()))
            }))
}
