//! The sentences of a message by the words of the grammars.

use daftari_domain::Country;

use super::parted::{Parted, Parts};
use super::skeleton::Token;
use super::tables::WORD_TEXTS;

/// A token of a sentence as a shape shows it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Masked {
    pub(crate) word: u16,
    /// The grammar's form of the word; empty if the grammar does not know it. Never a part of the message.
    pub(crate) text: &'static str,
    /// It is written with a capital.
    pub(crate) capital: bool,
    /// An amount that is not a valid number.
    pub(crate) bad: bool,
}

/// The sentences of a message by the words of the grammars, without the free texts in it.
pub(crate) fn masked_sentences(body: &str, country: Option<Country>) -> Vec<Vec<Masked>> {
    let text = Parted::new(body, country);
    let Parts {
        skeleton, sentences, ..
    } = text.parts();
    let masked = |(word, token): (&u16, &Token)| Masked {
        word: *word,
        text: WORD_TEXTS.get(usize::from(*word)),
        capital: skeleton.slice(token).starts_with(char::is_uppercase),
        bad: skeleton
            .amounts
            .get(usize::from(token.amount))
            .is_some_and(|amount| amount.bad),
    };
    let sentences = sentences.iter();
    sentences
        .map(|sentence| sentence.words[1..].iter().zip(&sentence.tokens).map(masked).collect())
        .collect()
}
