//! Lenders of the directory by their names.

use daftari_domain::Country;
use daftari_sms_notation::sender::sender_key;

use super::skeleton;
use super::tables::{Kind, Row, SENDERS, class, in_class, rows_of_sender};
use crate::tables::COMMON_NAMES;
use crate::words::WORDS;

/// Most words of the name of a lender.
const MOST_LENDER_WORDS: usize = 3;

/// Whether a name is that of an institution of the country that only lends: "FIDO MICRO CREDIT LTD". It is a sender of
/// that institution. Beside it, the name has only numbers, the country and words of lenders, because people and shops
/// bear such names too. A name that is also a word of texts ("at BRANCH 221") counts only beside the country or a word
/// of lenders, or if the layout is for payments to a `business`.
pub(super) fn only_lends(name: &str, country: &str, business: bool) -> bool {
    let lower = name.to_ascii_lowercase();
    let words = words_of(&lower);
    let first = words.iter().position(|word| !is_number(word)).unwrap_or(words.len());
    let words = &words[first..];
    let nation = nation(country);
    let beside =
        |word: &&str| is_number(word) || WORDS.legal.contains(word) || WORDS.lending.contains(word) || *word == nation;
    let beside = words.iter().rev().take_while(|word| beside(word)).count();
    let fewest = words.len().saturating_sub(beside).max(1);
    let counts = |count: usize| {
        let beside = &words[count..];
        let lends = beside.iter().any(|word| WORDS.lending.contains(word));
        let is_word = || count == 1 && is_harmless_word(words[0]);
        let is_bare = || !lends && !beside.contains(&nation.as_str());
        is_sender_of_lender(&words[..count].concat(), country, lends) && (business || !(is_bare() && is_word()))
    };
    (fewest..=words.len().min(MOST_LENDER_WORDS)).any(counts)
}

/// Whether the key is a sender of institutions of the country that only lend, and their name has it as a part:
/// "Safaricom" writes about its loans and is much else. `told`: a word of lenders stands beside the name, without which
/// a common name counts for nothing.
fn is_sender_of_lender(key: &str, country: &str, told: bool) -> bool {
    let lends = |row: &Row| {
        let name = row.names().split(' ').next().unwrap_or_default();
        let common = !told && COMMON_NAMES.contains(&row.id());
        row.kind == Kind::Lender && !row.depository() && name.contains(key) && !common
    };
    let found = SENDERS.find(&format!("{country}{key}"));
    found.is_some_and(|at| rows_of_sender(at).all(lends))
}

/// Whether a word in small letters is a word of texts about movements that says nothing by itself: "branch".
fn is_harmless_word(word: &str) -> bool {
    skeleton::words_of(word)
        .iter()
        .any(|word| in_class(class::BESIDE, *word))
}

pub(crate) fn words_of(name: &str) -> Vec<&str> {
    let words = name.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| !word.is_empty()).collect()
}

pub(crate) fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

/// The name of a country in one word, in small letters.
pub(crate) fn nation(country: &str) -> String {
    let name = country.parse().map_or("", |country: Country| country.name());
    sender_key(name.split(',').next().unwrap_or_default())
}
