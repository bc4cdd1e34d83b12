//! The skeleton of a message: canonical words, and placeholders for the variable parts.
//!
//! One pass over the text tries the kinds of tokens in a fixed order. A currency beside digits is always inside one
//! amount: a date, reference, link or word never contains it. Digits beside a currency that are not a valid amount are
//! a *bad* amount, never something else.

mod amounts;
mod lexer;
mod numbers;
mod parse;
mod token;
mod words;

pub(crate) use parse::skeleton;
pub(crate) use token::{Amount, Sign, Skeleton, Token};
pub(crate) use words::words_of;
