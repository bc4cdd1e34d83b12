//! Search terms: the texts whose prefixes find a user.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::profile::User;
use crate::store::call::TRANSACTION_ACTIONS;

/// Most terms of one user. The largest transaction changes all of them in both layouts: it deletes as many items as it
/// puts.
const MAX_TERMS: usize = 16;
/// Most other actions of that transaction: about the profile, the number, both ids, the list and the directory.
const OTHER_ACTIONS: usize = 20;

const _: () = assert!(4 * MAX_TERMS + OTHER_ACTIONS <= TRANSACTION_ACTIONS);

/// Longest term, in characters; the rest of a longer value is not searched.
const MAX_TERM_CHARS: usize = 100;

/// The terms of a user, sorted, without repetition.
///
/// For names, the text from each word on: `mary jane otieno`, `jane otieno`, `otieno`. So a prefix of any word of a
/// name finds the user, and so does a prefix of the whole name. A name with accents has the same without them:
/// `aïssatou` and `aissatou`.
pub(super) fn terms_of(user: &User) -> Vec<String> {
    let full_name = normalized(&format!("{} {}", user.first_name, user.last_name));
    let plain_name = without_accents(&full_name);
    let plain_name = Some(plain_name.as_str()).filter(|plain| *plain != full_name);
    let names = suffixes_by_word(&full_name).chain(plain_name.into_iter().flat_map(suffixes_by_word));
    let names = names.map(str::to_owned);
    let ids = [
        &user.email,
        &user.phone_number,
        &user.device_id,
        user.external_id.as_ref().unwrap_or(&String::new()),
    ]
    .map(|text| normalized(text));
    // Ids come first, so that the limit never removes one.
    let mut all: Vec<String> = ids.into_iter().chain([user.id.to_string()]).chain(names).collect();
    all.retain(|term| !term.is_empty());
    all.truncate(MAX_TERMS);
    all.sort_unstable();
    all.dedup();
    all
}

/// Most words in a search by words; a longer text is searched as one term.
const MAX_WORDS: usize = 8;

/// A search finds a user with a term that begins with the text, with or without its accents, or with one of the other
/// `prefixes`. It also finds a user with a term for each of the words, in any order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Search {
    /// The text, and the prefixes of phone numbers that it may mean.
    pub(super) prefixes: Vec<String>,
    /// Without accents. Longest first, because the longest word is likely to find the fewest users; empty if the text
    /// is one word.
    pub(super) words: Vec<String>,
}

impl Search {
    pub(super) fn new(text: &str, phone_prefixes: &[String]) -> Self {
        let prefix = search_prefix(text);
        let mut prefixes = vec![without_accents(&prefix), prefix];
        prefixes.extend_from_slice(phone_prefixes);
        prefixes.sort_unstable();
        prefixes.dedup();
        let words: Vec<String> = without_accents(&normalized(text))
            .split(' ')
            .map(search_prefix)
            .collect();
        // A phone number with spaces is a single text.
        let is_words = (2..=MAX_WORDS).contains(&words.len()) && phone_prefixes.is_empty();
        Self {
            prefixes,
            words: if is_words { widest(words) } else { Vec::new() },
        }
    }

    /// Whether the search finds a user with these terms.
    pub(super) fn finds(&self, terms: &[String]) -> bool {
        let finds = |prefix: &String| terms.iter().any(|term| term.starts_with(prefix));
        self.prefixes.iter().any(finds) || (!self.words.is_empty() && self.finds_words(terms))
    }

    /// Whether each word begins a term.
    pub(super) fn finds_words(&self, terms: &[String]) -> bool {
        let finds = |word: &String| terms.iter().any(|term| term.starts_with(word));
        self.words.iter().all(finds)
    }
}

/// The words, longest first, without those that are a prefix of another.
fn widest(mut words: Vec<String>) -> Vec<String> {
    words.sort_unstable_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    let mut kept: Vec<String> = Vec::new();
    for word in words {
        if !kept.iter().any(|longer| longer.starts_with(&word)) {
            kept.push(word);
        }
    }
    kept
}

/// The term that a search text is a prefix of. A phone number is found with or without its `+`.
fn search_prefix(search: &str) -> String {
    let text = normalized(search);
    match text.strip_prefix('+') {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => rest.to_owned(),
        _ => text,
    }
}

/// Lower case, single spaces, bounded.
pub(super) fn normalized(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ").chars().take(MAX_TERM_CHARS).collect()
}

/// The text without the marks on its letters.
fn without_accents(text: &str) -> String {
    text.nfd().filter(|letter| !is_combining_mark(*letter)).collect()
}

fn suffixes_by_word(text: &str) -> impl Iterator<Item = &str> {
    let later = text.match_indices(' ').map(|(space, _)| &text[space + 1..]);
    std::iter::once(text).chain(later)
}

#[cfg(test)]
mod tests {
    use daftari_domain::Timestamp;

    use super::*;

    fn user() -> User {
        User {
            id: "958a5ae8-f3a3-41d5-ae48-177fdc19e3f4".parse().expect("uuid"),
            phone_number: "254123456789".into(),
            country: None,
            first_name: "Mary  Jane".into(),
            last_name: "O'Tieno".into(),
            email: "Mary@Example.org".into(),
            external_id: Some("EXT-7".into()),
            device_id: String::new(),
            is_kyc_verified: false,
            created_at: Timestamp::EPOCH,
            updated_at: Timestamp::EPOCH,
        }
    }

    fn finds(search: &str) -> bool {
        Search::new(search, &[]).finds(&terms_of(&user()))
    }

    #[test]
    fn every_field_is_found_by_its_beginning_in_any_case() {
        for search in [
            "mary",
            "MAR",
            "jane",
            "Jane o",
            "mary jane o'tieno",
            "o'tieno",
            "mary@ex",
            "254123",
            "+254123",
            "ext-7",
        ] {
            assert!(finds(search), "{search}");
        }
        for search in ["ary", "tieno", "123456789", "example.org", "7"] {
            assert!(!finds(search), "{search}");
        }
    }

    #[test]
    fn every_word_must_begin_a_term_in_whichever_order() {
        for search in [
            "o'tieno mary",
            "O'TIENO  jane",
            "jane mary",
            "mary mary",
            "o'ti ma 2541 ext",
            "+254123 mary",
        ] {
            assert!(finds(search), "{search}");
        }
        for search in ["o'tieno peter", "mary tieno", "o'tieno mary 7"] {
            assert!(!finds(search), "{search}");
        }
    }

    #[test]
    fn accents_may_be_left_out_or_added() {
        let mut user = user();
        user.first_name = "Aïssatou".into();
        user.last_name = "Diabaté Koné".into();
        let terms = terms_of(&user);
        for search in [
            "Aiss",
            "Aïss",
            "diabate",
            "DIABATÉ k",
            "kone aissatou",
            "Koné diabate",
            "mary@",
        ] {
            assert!(Search::new(search, &[]).finds(&terms), "{search}");
        }
        assert!(!Search::new("aissato kona", &[]).finds(&terms));
        user.first_name = "Aissatou".into();
        assert!(Search::new("Aïssatou", &[]).finds(&terms_of(&user)));
    }

    #[test]
    fn words_are_looked_for_longest_first_and_each_once() {
        let words = |text| Search::new(text, &[]).words;
        assert_eq!(words("jo kamau joseph jo"), ["joseph", "kamau"]);
        assert!(words("joseph").is_empty());
        assert!(words("a b c d e f g h i").is_empty(), "more than are looked for");
        let phone = Search::new("+254 711", &["254711".to_owned()]);
        assert!(phone.words.is_empty());
        assert_eq!(phone.prefixes, ["254 711", "254711"]);
    }

    #[test]
    fn a_user_is_found_by_its_uuid() {
        let user = user();
        assert!(terms_of(&user).contains(&user.id.to_string()));
    }

    #[test]
    fn the_number_of_terms_is_limited_and_ids_are_never_cut() {
        let mut user = user();
        user.first_name = "a ".repeat(200);
        let terms = terms_of(&user);
        assert!(terms.len() <= MAX_TERMS);
        assert!(terms.contains(&user.id.to_string()) && terms.contains(&"254123456789".to_owned()));
    }
}
