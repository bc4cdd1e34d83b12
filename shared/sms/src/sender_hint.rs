//! A hint for a sender that no institution of the country uses.
//!
//! A hint never changes a reading, because a sender that resembles an institution's may be a fraud.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use daftari_domain::Country;
use daftari_domain::spelling::changes;
use daftari_sms_notation::sender::sender_key;
use serde::Serialize;

use crate::candidates;
use crate::clauses;
use crate::clauses::tables::{Row, row_of, rows_of_sender, senders};
use crate::sender::is_phone_number;
use crate::tables::INSTITUTIONS;

/// Most senders of the country that are suggested.
const MAX_NEAREST: usize = 2;
/// Most other countries that are named.
const MAX_COUNTRIES: usize = 5;
/// Fewest characters of a sender that another sender begins with. A shorter beginning may be shared by chance.
const MIN_BEGINNING_CHARS: usize = 4;
/// Fewest characters of a first word that is a known sender.
const MIN_WORD_CHARS: usize = 3;

/// Why no institution is behind a sender, if the sender resembles one that is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SenderHint {
    /// The hint, for people.
    pub text: String,
    /// The known senders: the same one in other countries, then similar ones in the user's country.
    pub nearest: Vec<NearSender>,
}

/// A sender that institutions of a country use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct NearSender {
    /// Its letters and digits in lower case, by which senders are compared.
    pub sender: &'static str,
    /// The country, ISO 3166-1 alpha-2.
    pub country: &'static str,
    /// The ids of the institutions.
    pub institutions: Vec<&'static str>,
}

impl NearSender {
    fn names(&self) -> String {
        let name = |id: &&'static str| -> &'static str { row_of(id).map_or(*id, Row::display_name) };
        let names: Vec<&str> = self.institutions.iter().map(name).collect();
        names.join(", ")
    }
}

/// The hint for the sender of a message. `None` if an institution of the country uses the sender, if it is a telephone
/// number or empty, or if no known sender resembles it. Without a country, those of every country are known.
///
/// The function compares with every known sender. It is meant for people, not for every message of a phone.
pub fn sender_hint(sender: &str, body: &str, country: Option<Country>) -> Option<SenderHint> {
    let key = sender_key(sender);
    if key.is_empty() || is_phone_number(sender) || is_known_sender(sender, body, country) {
        return None;
    }
    let home = country.map(|country| country.to_string());
    let is_home = |near: &&NearSender| home.as_deref().is_none_or(|home| near.country == home);
    let (home, abroad): (Vec<_>, Vec<_>) = KNOWN.iter().partition(is_home);
    let same: Vec<_> = abroad.into_iter().filter(|near| near.sender == key).collect();
    // A sender that is written right abroad misspells none of the country.
    let similar = similar(sender, &key, &home, same.is_empty());
    if same.is_empty() && similar.is_empty() {
        return None;
    }
    let text = text(sender.trim(), country, &same, &similar);
    let nearest = same.into_iter().take(MAX_COUNTRIES).chain(similar);
    Some(SenderHint {
        text,
        nearest: nearest.cloned().collect(),
    })
}

/// Whether an institution of the country uses the sender. The text decides between the institutions of a shared one.
/// Without a country, those of every country count.
pub(crate) fn is_known_sender(sender: &str, body: &str, country: Option<Country>) -> bool {
    let by_clauses = |country: Country| !clauses::institutions_of(sender, body, &country.to_string()).is_empty();
    !candidates::of_sender(sender, country).is_empty() || country.is_some_and(by_clauses)
}

/// The senders of the directory and of the files with templates.
static KNOWN: LazyLock<Vec<NearSender>> = LazyLock::new(|| {
    let mut known: BTreeMap<(&'static str, &'static str), Vec<&'static str>> = BTreeMap::new();
    for (at, country, key) in senders() {
        known
            .entry((country, key))
            .or_default()
            .extend(rows_of_sender(at).map(|row: &Row| row.id()));
    }
    for institution in INSTITUTIONS {
        for key in institution.sender_keys {
            let ids = known.entry((institution.country, key)).or_default();
            if !ids.contains(&institution.id) {
                ids.push(institution.id);
            }
        }
    }
    let nears = known.into_iter().map(|((country, sender), institutions)| NearSender {
        sender,
        country,
        institutions,
    });
    nears.collect()
});

/// The known senders that the written one misspells with the fewest changes, if it may be misspelt. If there are none,
/// those that share the longest beginning or first word with it, unless more than [`MAX_NEAREST`] do.
fn similar<'k>(sender: &str, key: &str, known: &[&'k NearSender], may_misspell: bool) -> Vec<&'k NearSender> {
    // A short code with another digit belongs to another service.
    if !key.chars().any(char::is_alphabetic) {
        return Vec::new();
    }
    let misspelt = known
        .iter()
        .filter(|_| may_misspell)
        .filter_map(|near| Some((changes(key, near.sender)?, *near)));
    let misspelt: Vec<_> = misspelt.collect();
    if let Some(least) = misspelt.iter().map(|(changes, _)| *changes).min() {
        let nearest = misspelt.into_iter().filter(|(changes, _)| *changes == least);
        return nearest.map(|(_, near)| near).take(MAX_NEAREST).collect();
    }
    let first_word = sender.split_whitespace().next().map(sender_key).unwrap_or_default();
    let shared = |near: &&NearSender| -> Option<usize> {
        let length = near.sender.chars().count().min(key.chars().count());
        let begins = key.starts_with(near.sender) || near.sender.starts_with(key);
        let is_word = first_word == near.sender && length >= MIN_WORD_CHARS;
        (is_word || (begins && length >= MIN_BEGINNING_CHARS)).then_some(length)
    };
    let most = known.iter().filter_map(shared).max();
    let nearest: Vec<_> = known.iter().copied().filter(|near| shared(near) == most).collect();
    if most.is_none() || nearest.len() > MAX_NEAREST {
        return Vec::new();
    }
    nearest
}

fn text(sender: &str, country: Option<Country>, same: &[&NearSender], similar: &[&NearSender]) -> String {
    let place = country.map_or_else(String::new, |country| format!(" in {country}"));
    let mut text = format!("no institution{place} uses the sender `{sender}`");
    if !same.is_empty() {
        let named = same.iter().take(MAX_COUNTRIES);
        let named: Vec<String> = named
            .map(|near| format!("{} ({})", near.country, near.names()))
            .collect();
        let more = same.len() - named.len();
        let more = if more == 0 {
            String::new()
        } else {
            format!(" and {more} more")
        };
        text.push_str(&format!("; it is known in {}{more}", named.join(", ")));
    }
    if !similar.is_empty() {
        let named: Vec<String> = similar
            .iter()
            .map(|near| format!("`{}` ({})", near.sender, near.names()))
            .collect();
        text.push_str(&format!(": did you mean {}?", named.join(" or ")));
    }
    // An operator advertises under a name that is a wallet elsewhere, so the number of the phone may well be right.
    if let Some(country) = country.filter(|_| !same.is_empty()) {
        let end = if similar.is_empty() { "." } else { "" };
        text.push_str(&format!(
            "{end} If the phone is of {country}, this sender is not covered; its messages may be advertisements"
        ));
    }
    text
}
