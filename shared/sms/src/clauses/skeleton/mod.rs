//! The skeleton of a message: canonical words, and placeholders for the variable parts.
//!
//! One pass, ordered alternatives. A currency beside digits is always inside one amount: a date, reference, link or
//! word never contains it. Digits beside a currency that are not a valid amount are a *bad* amount, never something
//! else.

mod amounts;
mod lexer;
mod numbers;

use daftari_domain::{Impact, Money};
use daftari_sms_notation::clause::{LONG, MASK, MONEY, NUMBER, UNKNOWN, hash};

use super::money::country;
use super::tables::{PHRASES, SLOTS, SPELLED, SPELLINGS, STEM_BEGINNINGS, STEMS, class, in_class};
use crate::text::fold_char;
use lexer::Lexer;

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

/// The text in plain letters, with its line ends.
fn plain_lines(body: &str) -> String {
    let mut plain = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(c) = rest.chars().next() {
        // Nearly all of a text is plain already and copied as it is.
        let run = rest
            .bytes()
            .take_while(|byte| matches!(byte, b'\n' | b' '..=b'~'))
            .count();
        if run > 0 {
            plain.push_str(&rest[..run]);
            rest = &rest[run..];
            continue;
        }
        rest = &rest[c.len_utf8()..];
        match c {
            '\u{2026}' => plain.push_str("..."),
            c if c.is_whitespace() || c.is_control() => {
                if c != '\r' {
                    plain.push(' ');
                }
            }
            c => match fold_char(c) {
                '\0' => {}
                c => plain.push(c),
            },
        }
    }
    if plain.contains("&amp;") {
        plain = plain.replace("&amp;", "&");
    }
    plain
}

/// The words that a written word stands for; empty if no pattern names it.
pub(super) fn words_of(lower: &str) -> &'static [u16] {
    let size = SLOTS.len() - 1;
    let mut slot = hash(lower) as usize & size;
    loop {
        match SLOTS[slot] {
            0 => return &[],
            entry => {
                let at = usize::from(entry) - 1;
                if SPELLINGS.get(at) == lower {
                    return SPELLED.get(at);
                }
            }
        }
        slot = (slot + 1) & size;
    }
}

fn stem_of(lower: &str) -> u16 {
    STEM_BEGINNINGS
        .of(STEMS, lower.as_bytes())
        .iter()
        .find(|(stem, _)| lower.starts_with(stem))
        .map_or(UNKNOWN, |(_, number)| *number)
}

pub(crate) fn skeleton(body: &str, of: &str) -> Skeleton {
    let text = plain_lines(body);
    let mut lexer = Lexer {
        country: country(of),
        bytes: text.as_bytes(),
        text: &text,
        at: 0,
        tokens: Vec::with_capacity(text.len() / 4),
        amounts: Vec::new(),
        impossible_date: false,
        lower: String::new(),
    };
    while lexer.at < lexer.bytes.len() {
        lexer.next();
    }
    let Lexer {
        tokens,
        amounts,
        impossible_date,
        ..
    } = lexer;
    let mut skeleton = Skeleton {
        text,
        tokens,
        amounts,
        impossible_date,
    };
    join_phrases(&mut skeleton.tokens);
    bare_amounts(&mut skeleton);
    skeleton
}

fn join_phrases(tokens: &mut Vec<Token>) {
    let mut kept = 0_usize;
    for at in 0..tokens.len() {
        let token = tokens[at];
        let joined = kept.checked_sub(1).and_then(|last| {
            let pair = (tokens[last].word, token.word);
            let found = PHRASES
                .binary_search_by_key(&pair, |(first, second, _)| (*first, *second))
                .ok()?;
            Some((last, PHRASES[found].2))
        });
        if let Some((last, word)) = joined {
            tokens[last].word = word;
            tokens[last].end = token.end;
            continue;
        }
        tokens[kept] = token;
        kept += 1;
    }
    tokens.truncate(kept);
}

/// A number without a currency is money in a place of money: behind the words of a balance, an amount or a fee. If other
/// words part it from the word of a balance, as in "balance after this transaction 300", it may be the balance or not: it
/// is a bad amount, so that the message is not read without its balance.
fn bare_amounts(skeleton: &mut Skeleton) {
    for at in 0..skeleton.tokens.len() {
        let token = skeleton.tokens[at];
        if token.word != NUMBER || token.end - token.start > 9 {
            continue;
        }
        let before = skeleton.tokens[..at].iter().rev().map(|token| token.word);
        let mut before = before.skip_while(|word| in_class(class::TO_NUMBER, *word)).take(1);
        if before.next().is_some_and(|word| in_class(class::NUMBERED, word)) {
            skeleton.tokens[at].word = MONEY;
            let next = skeleton.tokens.get(at + 1).map_or(UNKNOWN, |next| next.word);
            if matches!(next, NUMBER | LONG) {
                skeleton.amounts[usize::from(token.amount)].bad = true;
            }
        } else if may_be_balance(&skeleton.tokens[..at]) {
            skeleton.tokens[at].word = MONEY;
            skeleton.amounts[usize::from(token.amount)].bad = true;
        }
    }
}

/// Most words between the word of a balance and its number.
const BALANCE_GAP: usize = 8;

/// Whether a number behind these tokens may be a balance: only words that describe a balance part it from that word, and
/// the last one does not announce the number of an account.
fn may_be_balance(before: &[Token]) -> bool {
    let is_account = |at: usize| in_class(class::ACCOUNT_NOUN, before[at].word);
    let last = before.len().checked_sub(1);
    if last.is_none_or(is_account) {
        return false;
    }
    let nearest = (before.len().saturating_sub(BALANCE_GAP)..before.len()).rev();
    for at in nearest {
        let word = before[at].word;
        if in_class(class::BALANCE, word) {
            return true;
        }
        let numbers_account = matches!(word, NUMBER | LONG | MASK) && at > 0 && is_account(at - 1);
        if !numbers_account && !in_class(class::BALANCE_GAP, word) && !in_class(class::TO_NUMBER, word) {
            return false;
        }
    }
    false
}
