//! The pass over the text: it decides which token begins at a place.

use std::ops::RangeInclusive;

use daftari_sms_notation::clause::{DATE, LINK, MASK, REFERENCE, UNKNOWN};

use super::super::money::spelling;
use super::super::scan::{date, digit, letter, link, mask, month, operator_mark, short_code, time, wordly};
use super::super::tables::{ABBREVIATIONS, Country, class, in_class};
use super::token::{Amount, NO_AMOUNT, Token};
use super::words::{stem_of, words_of};
use crate::text::dated_code;
use crate::words::WORDS;

/// The length of a receipt's code.
const CODE_LEN: RangeInclusive<usize> = 8..=12;

/// A text on its way to tokens.
pub(super) struct Lexer<'t> {
    pub(super) country: Option<&'static Country>,
    pub(super) bytes: &'t [u8],
    pub(super) text: &'t str,
    pub(super) at: usize,
    pub(super) tokens: Vec<Token>,
    pub(super) amounts: Vec<Amount>,
    pub(super) impossible_date: bool,
    pub(super) lower: String,
}

impl Lexer<'_> {
    pub(super) fn push(&mut self, word: u16, end: usize) {
        self.push_amount(word, end, NO_AMOUNT);
    }

    pub(super) fn push_amount(&mut self, word: u16, end: usize, amount: u16) {
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.tokens.push(Token {
            word,
            start: place(self.at),
            end: place(end),
            amount,
        });
        self.at = end;
    }

    pub(super) fn mark(&mut self, mark: &str, end: usize) {
        let word = words_of(mark).first().copied().unwrap_or(UNKNOWN);
        self.push(word, end);
    }

    pub(super) fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    pub(super) fn next(&mut self) {
        let (at, first) = (self.at, self.bytes[self.at]);
        if first == b'\n' {
            return self.mark("\n", at + 1);
        }
        if first.is_ascii_whitespace() {
            self.at += 1;
            return;
        }
        // Operators leave out spaces: a token directly behind another token begins a new word.
        let glued = self.tokens.last().is_some_and(|last| last.end as usize == at);
        let begins = at == 0 || glued || !wordly(self.bytes, at - 1);
        if begins && self.is_plain_word(at) {
            return self.word(at);
        }
        if begins && let Some(end) = self.receipt_code(at) {
            return self.push(REFERENCE, end);
        }
        if let Some(end) =
            operator_mark(self.bytes, at).filter(|_| at == 0 || !wordly(self.bytes, at - 1) || first == b'*')
        {
            return self.mark(".", end);
        }
        if let Some(end) = short_code(self.bytes, at) {
            return self.push(LINK, end);
        }
        if begins && let Some(end) = link(self.bytes, at) {
            return self.push(LINK, end);
        }
        if self.date_or_time(at, begins) {
            return;
        }
        if begins && self.money(at) {
            return;
        }
        if (begins || matches!(first, b'*' | b'.' | b'#'))
            && let Some(end) = mask(self.bytes, at)
        {
            return self.push(MASK, end);
        }
        if begins && self.number_or_reference(at) {
            return;
        }
        if digit(self.bytes, at) || (matches!(first, b'+' | b'-') && digit(self.bytes, at + 1)) {
            return self.bare_number(at);
        }
        if wordly(self.bytes, at) {
            return self.word(at);
        }
        let end = at + self.text[at..].chars().next().map_or(1, char::len_utf8);
        let mark = match first {
            b'.' | b'!' | b'?' | b';' | b'|' => ".",
            _ => &self.text[at..end],
        };
        let question = first == b'?';
        let mark = if question { "?" } else { mark };
        self.mark(mark, end);
    }

    /// Whether the token is a plain word of letters. Most tokens are plain words. They need not be tried as a link, a
    /// date, an amount, a mask or a reference.
    fn is_plain_word(&self, at: usize) -> bool {
        let len = self.bytes[at..]
            .iter()
            .take_while(|byte| byte.is_ascii_alphabetic())
            .count();
        let closed = matches!(self.bytes.get(at + len), None | Some(b' ' | b'\n' | b',' | b')'));
        let masks = matches!(self.bytes[at], b'x' | b'X');
        // A receipt's code may hold letters alone.
        let capitals = CODE_LEN.contains(&len) && !self.byte(at + 1).is_ascii_lowercase();
        len > 0
            && closed
            && !masks
            && !capitals
            && month(self.bytes, at).is_none()
            && spelling(self.bytes, at, self.country).is_none()
    }

    /// The operator's code before "Confirmed". Near the beginning of the text it may consist of letters alone.
    pub(super) fn receipt_code(&self, at: usize) -> Option<usize> {
        // "XX261009.0754.A11111" is a code and not a masked number.
        if let Some(end) = dated_code(&self.text[at..]).map(|len| at + len)
            && !wordly(self.bytes, end)
        {
            return Some(end);
        }
        let len = self.bytes[at..]
            .iter()
            .take_while(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
            .count();
        if !CODE_LEN.contains(&len) || wordly(self.bytes, at + len) {
            return None;
        }
        let code = &self.bytes[at..at + len];
        let mixed = code.iter().any(u8::is_ascii_digit) && code.iter().any(u8::is_ascii_uppercase);
        if !mixed && (at > 40 || !code.iter().any(u8::is_ascii_uppercase)) {
            return None;
        }
        let mut after = at + len;
        while matches!(self.byte(after), b' ' | b'.' | b'\n') {
            after += 1;
        }
        let word: String = self.text[after..]
            .chars()
            .take_while(char::is_ascii_alphabetic)
            .take(20)
            .collect();
        let known = words_of(&word.to_ascii_lowercase());
        let closes = known.first().is_some_and(|word| in_class(class::RECEIPT_WORD, *word));
        (closes && after <= at + len + 4).then_some(at + len)
    }

    pub(super) fn date_or_time(&mut self, at: usize, begins: bool) -> bool {
        let glued = at > 0 && letter(self.bytes, at - 1) && digit(self.bytes, at);
        if !begins && !glued {
            return false;
        }
        if let Some((end, possible)) = date(self.bytes, at)
            && !(letter(self.bytes, end.saturating_sub(1)) && letter(self.bytes, end))
            && !digit(self.bytes, end)
        {
            self.impossible_date |= !possible;
            self.push(DATE, end);
            return true;
        }
        if digit(self.bytes, at)
            && let Some(end) = time(self.bytes, at)
        {
            self.push(DATE, end);
            return true;
        }
        false
    }

    pub(super) fn word(&mut self, at: usize) {
        let mut end = self.word_part(at);
        // "don't", "cash-out", "a/c".
        while matches!(self.byte(end), b'\'' | b'&' | b'-' | b'/')
            && (letter(self.bytes, end + 1) || self.byte(end + 1) >= 0x80)
        {
            end = self.word_part(end + 1);
        }
        if end == at {
            end = at + self.text[at..].chars().next().map_or(1, char::len_utf8);
        }
        let word = &self.text[at..end];
        self.lower.clear();
        if word.is_ascii() {
            self.lower.push_str(word);
            self.lower.make_ascii_lowercase();
        } else {
            self.lower.extend(word.chars().flat_map(char::to_lowercase));
        }
        let mut known = words_of(&self.lower);
        if known.is_empty()
            && let Some(cut) = self.text[at..end].find(['/', '-'])
        {
            // "PAID/SENT" is two words. A known word with a slash or a dash is found above.
            let head = self.text[at..at + cut].to_lowercase();
            let first = words_of(&head);
            if self.byte(at + cut) == b'/' || !first.is_empty() {
                end = at + cut;
                known = first;
                self.lower = head;
            }
        }
        if known.is_empty() {
            let owner = WORDS.possessive.iter().find(|end| self.lower.ends_with(**end));
            let word = match owner {
                Some(end) => words_of(end).first().copied().unwrap_or(UNKNOWN),
                None => stem_of(&self.lower),
            };
            return self.push(word, end);
        }
        let stop = self.byte(end) == b'.' && self.byte(end + 1) != b'.';
        let stop = stop && ABBREVIATIONS.contains(&self.lower.as_str());
        let end = if stop { end + 1 } else { end };
        let start = self.at;
        for word in known {
            self.at = start;
            self.push(*word, end);
        }
    }

    pub(super) fn word_part(&self, at: usize) -> usize {
        let mut end = at;
        // Digits directly behind a word of another script are not a part of it.
        let latin = self.byte(at).is_ascii();
        while wordly(self.bytes, end)
            && self.byte(end).is_ascii() == latin
            && (end == at || !self.begins_currency(at, end))
        {
            end += 1;
        }
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        // `_` joins words.
        if self.byte(end) == b'_' && wordly(self.bytes, end + 1) && end > at {
            return self.word_part(end + 1);
        }
        end
    }

    /// Whether a currency with a number behind it begins at `place` and ends the word from `at` on: "YouPaidKsh500".
    pub(super) fn begins_currency(&self, at: usize, place: usize) -> bool {
        if at == place
            || (self.byte(place).is_ascii_lowercase() && self.byte(place - 1).is_ascii_alphabetic())
            || !self.text.is_char_boundary(place)
        {
            return false;
        }
        if digit(self.bytes, place) && self.bytes[at..place].iter().all(u8::is_ascii_alphabetic) {
            // A word with digits directly behind it: "PM500", "to12".
            return false;
        }
        let Some((len, _)) = spelling(self.bytes, place, self.country) else {
            return false;
        };
        len >= 3
            && (digit(self.bytes, place + len)
                || (matches!(self.byte(place + len), b' ' | b'.') && digit(self.bytes, place + len + 1)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::money::country;
    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_plain_word_is_nothing_else(
            pieces in proptest::collection::vec(
                "[a-zA-Z]{1,13}|[0-9]{1,4}|[ -~\n]|(ksh|FCFA|Rs|K|may|Jun|x{1,4}|http://|www\\.|EN#|\\.com|a@b\\.co|Confirmed)",
                0..8,
            ),
            code in "KE|CM|NG|MZ|ZM|IN",
        ) {
            let text = pieces.concat();
            let bytes = text.as_bytes();
            let lexer = |at| Lexer {
                country: country(&code),
                bytes,
                text: &text,
                at,
                tokens: Vec::new(),
                amounts: Vec::new(),
                impossible_date: false,
                lower: String::new(),
            };
            for at in (0..bytes.len()).filter(|at| lexer(*at).is_plain_word(*at)) {
                let found = [
                    lexer(at).receipt_code(at),
                    operator_mark(bytes, at),
                    short_code(bytes, at),
                    link(bytes, at),
                    mask(bytes, at),
                ];
                prop_assert_eq!(found, [None; 5], "{:?} at {}", text, at);
                let taken = lexer(at).date_or_time(at, true)
                    || lexer(at).money(at)
                    || lexer(at).number_or_reference(at);
                prop_assert!(!taken, "{:?} at {}", text, at);
                prop_assert!(wordly(bytes, at) && !digit(bytes, at));
            }
        }
    }
}
