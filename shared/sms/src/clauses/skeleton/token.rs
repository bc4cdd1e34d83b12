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
    /// None: masked, or bad.
    pub(crate) value: Option<Money>,
    /// The stated currency; empty if the spelling is ambiguous, `None` if no currency is stated.
    pub(crate) code: Option<&'static str>,
    pub(crate) cents: bool,
    pub(crate) comma: bool,
    pub(crate) grouped: bool,
    pub(crate) sign: Sign,
    /// `DR`, `CR` beside it.
    pub(crate) marked: Option<Impact>,
    pub(crate) masked: bool,
    /// The number cannot be read, or two numbers run into one another.
    pub(crate) bad: bool,
    /// The position behind its digits.
    pub(crate) end: usize,
}

/// A word, a placeholder or a mark of punctuation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) word: u16,
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// Index into the amounts, if the token is an amount or a number.
    pub(crate) amount: u16,
}

pub(crate) const NO_AMOUNT: u16 = u16::MAX;

/// The tokens of a text.
#[derive(Debug)]
pub(crate) struct Skeleton {
    pub(crate) text: String,
    pub(crate) tokens: Vec<Token>,
    pub(crate) amounts: Vec<Amount>,
    /// A date that no calendar has.
    pub(crate) impossible_date: bool,
}

impl Skeleton {
    pub(crate) fn slice(&self, token: &Token) -> &str {
        &self.text[token.start as usize..token.end as usize]
    }
}
