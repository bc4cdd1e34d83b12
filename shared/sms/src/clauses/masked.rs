//! The sentences of a message in the words of the grammars.

use daftari_domain::Country;

use super::parted::{Parted, Parts};
use super::skeleton::Token;
use super::tables::WORD_TEXTS;

/// A token of a sentence as a shape shows it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Masked {
    pub(crate) word: u16,
    /// The grammars' form of the word; empty if no grammar knows it. It is never a part of the message.
    pub(crate) text: &'static str,
    /// The message writes the token with a capital.
    pub(crate) capital: bool,
    /// The token is an amount that is not a valid number.
    pub(crate) bad: bool,
    /// The token lies in the part of the message that the caller named.
    pub(crate) within: bool,
}

/// The sentences of a message in the words of the grammars, without free texts. `part` is a part of the message. The
/// tokens at its first occurrence are marked.
pub(crate) fn masked_sentences(body: &str, country: Option<Country>, part: Option<&str>) -> Vec<Vec<Masked>> {
    let text = Parted::new(body, country);
    let Parts {
        skeleton, sentences, ..
    } = text.parts();
    let part = part.filter(|part| !part.is_empty());
    let place = part.and_then(|part| Some((skeleton.text.find(part)?, part.len())));
    let is_within = |token: &Token| {
        place.is_some_and(|(start, len)| (token.start as usize) < start + len && start < token.end as usize)
    };
    let masked = |(word, token): (&u16, &Token)| Masked {
        word: *word,
        text: WORD_TEXTS.get(usize::from(*word)),
        capital: skeleton.slice(token).starts_with(char::is_uppercase),
        bad: skeleton
            .amounts
            .get(usize::from(token.amount))
            .is_some_and(|amount| amount.bad),
        within: is_within(token),
    };
    let sentences = sentences.iter();
    sentences
        .map(|sentence| sentence.words[1..].iter().zip(&sentence.tokens).map(masked).collect())
        .collect()
}
