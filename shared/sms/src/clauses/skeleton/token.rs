//! The skeleton and its tokens.

use daftari_domain::{Impact, Money};

/// A sign before an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    None,
    Plus,
    Minus,
}

/// An amount of money in the text.
#[expect(clippy::struct_excessive_bools, reason = "independent properties of a number")]
#[derive(Clone, Debug)]
pub(crate) struct Amount {
    /// `None` if the amount is masked or bad.
    pub(crate) value: Option<Money>,
    /// The stated currency; empty if the spelling is ambiguous, `None` if no currency is stated.
    pub(crate) code: Option<&'static str>,
    /// The number has decimals.
    pub(crate) cents: bool,
    /// The decimals follow a comma.
    pub(crate) comma: bool,
    /// The number has groups of thousands.
    pub(crate) grouped: bool,
    pub(crate) sign: Sign,
    /// The direction of a mark such as `DR` or `CR` behind the amount.
    pub(crate) marked: Option<Impact>,
    /// The text hides the digits.
    pub(crate) masked: bool,
    /// The number cannot be read, or two numbers run into one another.
    pub(crate) bad: bool,
    /// The position in bytes behind the amount, before a mark such as `DR`.
    pub(crate) end: usize,
}

/// A word, a placeholder or a mark of punctuation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    /// The number of the word or placeholder.
    pub(crate) word: u16,
    /// The first byte in the text.
    pub(crate) start: u32,
    /// The position in bytes behind the token.
    pub(crate) end: u32,
    /// Index into the amounts if the token is an amount or a number, otherwise [`NO_AMOUNT`].
    pub(crate) amount: u16,
}

pub(crate) const NO_AMOUNT: u16 = u16::MAX;

/// The tokens of a text.
#[derive(Debug)]
pub(crate) struct Skeleton {
    pub(crate) text: String,
    pub(crate) tokens: Vec<Token>,
    pub(crate) amounts: Vec<Amount>,
    /// The text contains a date that no calendar has.
    pub(crate) impossible_date: bool,
}

impl Skeleton {
    pub(crate) fn slice(&self, token: &Token) -> &str {
        &self.text[token.start as usize..token.end as usize]
    }
}
