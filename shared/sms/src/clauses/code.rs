//! The code of the transaction: the one that the text begins with, or the only one behind a key.

use daftari_sms_notation::clause::{BEGIN, DATE, END, LINK, LONG, MASK, MONEY, NUMBER, QUANTITY, REFERENCE, UNKNOWN};
use daftari_sms_notation::sender::sender_key;

use super::context::Context;
use super::matching::Possible;
use super::receipt::carries_foreign_receipt;
use super::skeleton::{Skeleton, Token};
use super::tables::{Kind, class, in_class, pattern};
use crate::text::is_whole_code;

/// Most words of the key of a code.
const MOST_CODE_KEY_WORDS: usize = 5;
/// Most words and marks between a key and its code.
const MOST_SIGNS: usize = 3;
/// Fewest digits of a code without letters.
const FEWEST_DIGITS: usize = 6;
/// Fewest characters of a code behind "Ref" in the text of a bank.
const FEWEST_OF_REFERENCE: usize = 8;
/// The number of full stops in a code such as PP221213.1138.M45782.
const FULL_STOPS: usize = 2;

/// A code and the kind of its key.
struct Keyed<'t> {
    /// `None` if the code is cut off, or if operators do not write such codes.
    code: Option<&'t str>,
    /// The key names the transaction, so customers do not write behind it.
    of_transaction: bool,
}

impl<'s> Context<'s> {
    /// The code of the movement: the one that the text begins with, or else the one behind a key. All codes behind keys
    /// must be the same. If a key names the transaction, codes behind "Ref" do not count, because customers may write
    /// behind "Ref" too.
    pub(super) fn code(&mut self, undoes: bool) -> Option<String> {
        if let Some(code) = self.receipt() {
            return Some(code);
        }
        // If the message undoes a movement, the code may be that of the undone movement. In a bank's text the code may
        // be another operator's.
        let foreign = self.row.kind == Kind::Bank
            && (self.says(pattern::FOREIGN_RECEIPT) || carries_foreign_receipt(self.skeleton));
        if undoes || foreign {
            return None;
        }
        let places = 1..self.skeleton.tokens.len();
        let keyed: Vec<Keyed<'s>> = places.filter_map(|at| self.keyed(at)).collect();
        let of_transaction = keyed.iter().any(|keyed| keyed.of_transaction);
        let mut codes = keyed
            .iter()
            .filter(|keyed| keyed.of_transaction == of_transaction)
            .map(|keyed| keyed.code);
        let first = codes.next()?;
        first.filter(|_| codes.all(|code| code == first)).map(str::to_owned)
    }

    /// The code that the text begins with.
    pub(super) fn receipt(&self) -> Option<String> {
        let tokens = &self.skeleton.tokens;
        let first = tokens.first()?;
        let confirmed = |next: &Token| in_class(class::RECEIPT_WORD, next.word);
        let is_code = first.word == REFERENCE || (first.word == LONG && tokens.get(1).is_some_and(confirmed));
        let code = whole_code(self.skeleton, first).filter(|_| is_code);
        code.map(str::to_owned)
    }

    /// The code at a place, if a key is before it.
    fn keyed(&mut self, at: usize) -> Option<Keyed<'s>> {
        let skeleton = self.skeleton;
        let tokens = &skeleton.tokens;
        let token = &tokens[at];
        if !matches!(token.word, REFERENCE | LONG | NUMBER) {
            return None;
        }
        let in_row = |class: u16, end: usize, most: usize| {
            let before = tokens[..end].iter().rev().take(most);
            before.take_while(|token| in_class(class, token.word)).count()
        };
        let end = at - in_row(class::CODE_SIGN, at, MOST_SIGNS);
        let start = end - in_row(class::CODE_KEY, end, MOST_CODE_KEY_WORDS);
        if start == end {
            return None;
        }
        let mut words = vec![BEGIN];
        words.extend(tokens[start..end].iter().map(|token| token.word));
        words.push(END);
        let possible = Possible::of(&words);
        let mut says = |patterns: &[u16]| self.matcher.find(patterns, &possible, &words).is_some();
        let (of_transaction, of_reference) = (says(pattern::TRANSACTION_KEY), says(pattern::REFERENCE_KEY));
        // "Agent ID: 7": a number of a person or a place, unless the key begins a sentence.
        let bare = says(pattern::BARE_KEY) && end < at && self.begins_anew(start);
        if !(of_transaction || of_reference || bare) || !self.may_precede_key(start) {
            return None;
        }
        // A key in a narration or in a harmless sentence belongs to something else.
        let key = &tokens[start];
        let within = self.sentences.iter().find(|sentence| {
            let known = &sentence.tokens;
            known.iter().any(|token| token.start == key.start)
        })?;
        if within.harmless || within.opener {
            return None;
        }
        let of_transaction = of_transaction || bare;
        let code = whole_code(skeleton, token);
        let fits = |code: &&str| {
            let digits = code.bytes().all(|byte| byte.is_ascii_digit());
            let long = !digits || code.len() >= FEWEST_DIGITS;
            long && (of_transaction || self.is_no_remark(code))
        };
        let code = code.filter(fits);
        Some(Keyed { code, of_transaction })
    }

    /// Whether a code behind "Ref" is the operator's. Customers of wallets, and of banks in some countries, write there
    /// too.
    fn is_no_remark(&self, code: &str) -> bool {
        let customers = self.row.kind != Kind::Bank || self.country.payers_write_references;
        let written = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'.';
        let composed = code.matches('.').count() == FULL_STOPS;
        let operators = code.starts_with(|c: char| c.is_ascii_uppercase()) && code.bytes().all(written);
        operators && (composed || (!customers && code.len() >= FEWEST_OF_REFERENCE))
    }

    /// Whether a key of the transaction may begin at a place: at the beginning, or behind a mark, a value, a word of
    /// the class `before_key`, or the institution's own name. Behind another word it may be the key of something else.
    fn may_precede_key(&self, start: usize) -> bool {
        let Some(before) = start.checked_sub(1).map(|before| &self.skeleton.tokens[before]) else {
            return true;
        };
        let written = self.skeleton.slice(before);
        let own = sender_key(written);
        let is_own = || before.word == UNKNOWN && self.row.names().split(' ').any(|name| name == own);
        is_value(before.word)
            || !written.contains(char::is_alphanumeric)
            || in_class(class::BEFORE_KEY, before.word)
            || is_own()
    }

    /// Whether a sentence or a field begins at a place.
    fn begins_anew(&self, start: usize) -> bool {
        let before = start.checked_sub(1).map(|before| &self.skeleton.tokens[before]);
        before.is_none_or(|before| {
            matches!(before.word, MONEY | DATE) || matches!(self.skeleton.slice(before), "." | "\n")
        })
    }
}

/// Whether a word is a placeholder for a value.
fn is_value(word: u16) -> bool {
    matches!(word, MONEY | DATE | MASK | LONG | NUMBER | REFERENCE | LINK | QUANTITY)
}

/// The text of a code; `None` if it may be cut off, or if it runs into other text.
fn whole_code<'t>(skeleton: &'t Skeleton, token: &Token) -> Option<&'t str> {
    let text = skeleton.text.as_str();
    let rest = &text[token.end as usize..];
    // Operators leave out the space behind a code: "ID:10932256981Frais". Or they put marks there: "30898115351*S*".
    let marked = matches!(rest.as_bytes(), [b'*', mark, b'*', ..] if mark.is_ascii_uppercase());
    let spaced = |next: char| next.is_whitespace() || next.is_uppercase() || ".,;:)".contains(next);
    let alone = marked || rest.chars().next().is_none_or(spaced);
    let code = skeleton.slice(token);
    (alone && is_whole_code(code, text)).then_some(code)
}
