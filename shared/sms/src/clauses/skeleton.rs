//! The skeleton of a message: canonical words, and placeholders for what varies.
//!
//! One pass, ordered alternatives. A currency beside digits is always inside one amount: no date, reference, link or word
//! holds it. Digits beside a currency that are no valid amount are a *bad* amount, never something else.

use daftari_domain::{Impact, Money};
use daftari_sms_notation::clause::{DATE, LINK, LONG, MASK, MONEY, NUMBER, QUANTITY, REFERENCE, UNKNOWN, hash};

use super::money::{Number, country, may_be_spaced, number, spaced, spelling};
use super::scan::{date, digit, digits, letter, link, mask, operator_mark, reference, short_code, time, wordly};
use super::tables::{ABBREVIATIONS, Country, PHRASES, SLOTS, SPELLINGS, STEMS, UNITS, class, in_class};
use crate::text::fold_char;

/// A sign before an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    None,
    Plus,
    Minus,
}

/// An amount of money in the text.
#[expect(clippy::struct_excessive_bools, reason = "what a number looks like")]
#[derive(Clone, Debug)]
pub(crate) struct Amount {
    /// None: masked, or bad.
    pub(crate) value: Option<Money>,
    /// As stated; empty where the spelling does not tell, none where none is stated.
    pub(crate) code: Option<&'static str>,
    pub(crate) cents: bool,
    pub(crate) comma: bool,
    pub(crate) grouped: bool,
    pub(crate) sign: Sign,
    /// `DR`, `CR` beside it.
    pub(crate) marked: Option<Impact>,
    pub(crate) masked: bool,
    /// No number can be read, or two that run into one another.
    pub(crate) bad: bool,
    /// Where its digits end.
    pub(crate) end: usize,
}

/// A word, a placeholder or a mark of punctuation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) word: u16,
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// Index into the amounts, where the token is one or a number.
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
    for c in body.chars() {
        match c {
            '\n' | ' '..='~' => plain.push(c),
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

/// The words that a written word stands for: none if no pattern names it.
pub(super) fn words_of(lower: &str) -> &'static [u16] {
    let size = SLOTS.len() - 1;
    let mut slot = hash(lower) as usize & size;
    loop {
        match SLOTS[slot] {
            0 => return &[],
            entry => {
                let (word, numbers) = SPELLINGS[usize::from(entry)];
                if word == lower {
                    return numbers;
                }
            }
        }
        slot = (slot + 1) & size;
    }
}

fn stem_of(lower: &str) -> u16 {
    let first = lower.as_bytes().first();
    STEMS
        .iter()
        .find(|(stem, _)| stem.as_bytes().first() == first && lower.starts_with(stem))
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

/// A number without a currency is money where money stands: behind the words of a balance, an amount or a fee.
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
        }
    }
}

struct Lexer<'t> {
    country: Option<&'static Country>,
    bytes: &'t [u8],
    text: &'t str,
    at: usize,
    tokens: Vec<Token>,
    amounts: Vec<Amount>,
    impossible_date: bool,
    lower: String,
}

impl Lexer<'_> {
    fn push(&mut self, word: u16, end: usize) {
        self.push_amount(word, end, NO_AMOUNT);
    }

    fn push_amount(&mut self, word: u16, end: usize, amount: u16) {
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.tokens.push(Token {
            word,
            start: place(self.at),
            end: place(end),
            amount,
        });
        self.at = end;
    }

    fn mark(&mut self, mark: &str, end: usize) {
        let word = words_of(mark).first().copied().unwrap_or(UNKNOWN);
        self.push(word, end);
    }

    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    fn next(&mut self) {
        let (at, first) = (self.at, self.bytes[self.at]);
        if first == b'\n' {
            return self.mark("\n", at + 1);
        }
        if first.is_ascii_whitespace() {
            self.at += 1;
            return;
        }
        // Operators forget spaces: what follows a token begins one.
        let glued = self.tokens.last().is_some_and(|last| last.end as usize == at);
        let begins = at == 0 || glued || !wordly(self.bytes, at - 1);
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

    /// The operator's code before "Confirmed", which may hold letters alone.
    fn receipt_code(&self, at: usize) -> Option<usize> {
        let len = self.bytes[at..]
            .iter()
            .take_while(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
            .count();
        if !(8..=12).contains(&len) || wordly(self.bytes, at + len) {
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

    fn date_or_time(&mut self, at: usize, begins: bool) -> bool {
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

    fn sign(&self, at: usize) -> (Sign, usize) {
        match self.byte(at) {
            b'+' => (Sign::Plus, at + 1),
            b'-' => (Sign::Minus, at + 1),
            _ => (Sign::None, at),
        }
    }

    fn blank(&self, at: usize) -> usize {
        if matches!(self.byte(at), b' ') { at + 1 } else { at }
    }

    /// An amount with its currency before or behind it.
    fn money(&mut self, at: usize) -> bool {
        self.money_after_currency(at) || self.money_before_currency(at)
    }

    fn money_after_currency(&mut self, at: usize) -> bool {
        let (outer, place) = self.sign(at);
        let place = if outer == Sign::None { place } else { self.blank(place) };
        let Some((len, code)) = spelling(self.bytes, place, self.country) else {
            return false;
        };
        let spelled = &self.text[place..place + len];
        let mut end = place + len;
        // `Ksh.`, `KES:`, `Ksh Ksh`.
        let mut repeats = 0;
        loop {
            let mut next = end;
            while matches!(self.byte(next), b' ') {
                next += 1;
            }
            if matches!(self.byte(next), b'.' | b':') {
                next += 1;
                while matches!(self.byte(next), b' ') {
                    next += 1;
                }
            }
            let again = self
                .bytes
                .get(next..next + len)
                .is_some_and(|piece| piece.eq_ignore_ascii_case(spelled.as_bytes()));
            end = next;
            if !again || repeats > 1 {
                break;
            }
            repeats += 1;
            end += len;
        }
        let gap = end > place + len;
        let masked = self.bytes[end..]
            .iter()
            .take_while(|byte| matches!(byte, b'*' | b'x' | b'X'))
            .count();
        if masked >= 2 && !letter(self.bytes, end + masked) && !digit(self.bytes, end + masked) {
            let mut stop = end + masked;
            while matches!(self.byte(stop), b'.' | b',') && matches!(self.byte(stop + 1), b'*' | b'x' | b'X') {
                stop += 1;
                while matches!(self.byte(stop), b'*' | b'x' | b'X') {
                    stop += 1;
                }
            }
            let amount = Amount {
                masked: true,
                ..Self::amount(None, code, Sign::None, stop)
            };
            self.push_money(amount, stop);
            return true;
        }
        let (inner, digits_at) = self.sign(end);
        let digits_at = self.blank(digits_at);
        let begins = digit(self.bytes, digits_at) || (self.byte(digits_at) == b'.' && digit(self.bytes, digits_at + 1));
        if !begins {
            return false;
        }
        let single = len == 1 && spelled.bytes().all(|byte| byte.is_ascii_alphabetic());
        let lower = spelled.bytes().all(|byte| byte.is_ascii_lowercase());
        if single
            && (lower
                || (gap
                    && !matches!(
                        spelled.as_bytes()[0].to_ascii_lowercase(),
                        b'm' | b'p' | b'e' | b'd' | b'n' | b'k' | b'r'
                    )))
        {
            return false;
        }
        let found = self.number_at(digits_at, code);
        let after = self.byte(found.end);
        let short = len <= 2 && spelled.bytes().all(|byte| byte.is_ascii_alphabetic());
        // A reference that begins like an amount: SH37SPJZKZ, N50ABC12.
        if after.is_ascii_alphabetic() && !gap {
            let run = self.bytes[found.end..]
                .iter()
                .take_while(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
                .count();
            let capitals = run >= 2 && after.is_ascii_uppercase() && !self.is_drcr(found.end, run);
            let digits_follow = self.bytes[found.end..]
                .iter()
                .take_while(|byte| byte.is_ascii_alphanumeric())
                .any(u8::is_ascii_digit);
            if (capitals && (short || digits_follow))
                || (short && digits_follow)
                || (single && after.is_ascii_lowercase())
            {
                return false;
            }
        }
        let sign = if inner == Sign::None { outer } else { inner };
        let amount = Self::amount(Some(found), code, sign, found.end);
        let mut end = found.end;
        for closing in ["/=", "/-", "="] {
            if self.bytes[end..].starts_with(closing.as_bytes()) {
                end += closing.len();
                break;
            }
        }
        self.push_money(amount, end);
        true
    }

    fn is_drcr(&self, at: usize, run: usize) -> bool {
        run == 2 && matches!(&self.bytes[at..at + 2], b"DR" | b"CR")
    }

    fn number_at(&self, at: usize, code: &str) -> Number {
        let plain = number(self.bytes, at, code, self.country);
        match spaced(self.bytes, at) {
            Some(wide) if may_be_spaced(code) && wide.end > plain.end => wide,
            _ => plain,
        }
    }

    fn amount(number: Option<Number>, code: &'static str, sign: Sign, end: usize) -> Amount {
        Amount {
            value: number.and_then(|number| number.value),
            code: Some(code),
            cents: number.is_some_and(|number| number.cents),
            comma: number.is_some_and(|number| number.comma),
            grouped: number.is_some_and(|number| number.grouped),
            sign,
            marked: None,
            masked: false,
            bad: number.is_some_and(|number| number.value.is_none()),
            end,
        }
    }

    fn money_before_currency(&mut self, at: usize) -> bool {
        let (sign, place) = self.sign(at);
        if !digit(self.bytes, place) {
            return false;
        }
        for wide in [true, false] {
            let found = if wide {
                let Some(found) = spaced(self.bytes, place) else {
                    continue;
                };
                found
            } else {
                number(self.bytes, place, "", self.country)
            };
            let mut gap = 0;
            while gap < 2 && matches!(self.byte(found.end + gap), b' ' | b'\n') {
                gap += 1;
            }
            // `1.156,56, MT`
            let comma =
                usize::from(!wide && found.cents && self.byte(found.end) == b',' && self.byte(found.end + 1) == b' ');
            let symbol = if comma == 1 { found.end + 2 } else { found.end + gap };
            let Some((len, code)) = spelling(self.bytes, symbol, self.country) else {
                continue;
            };
            let end = symbol + len;
            let spelled = &self.text[symbol..end];
            let single = len == 1 && spelled.bytes().all(|byte| byte.is_ascii_alphabetic());
            let lower_single = single && spelled.as_bytes()[0].is_ascii_lowercase() && spelled != "f";
            let goes_on = letter(self.bytes, end) && !self.titled(end);
            let wide_allowed = !wide || may_be_spaced(code);
            let phone = !found.cents && !found.grouped && found.end - place >= 9;
            if goes_on || lower_single || !wide_allowed || phone {
                continue;
            }
            // "500 KES 300": the currency is the next number's.
            let mut next = end;
            if matches!(self.byte(next), b'.' | b':') {
                next += 1;
            }
            next = self.blank(next);
            if gap > 0 && digit(self.bytes, next) {
                continue;
            }
            let reread = if wide {
                found
            } else {
                number(self.bytes, place, code, self.country)
            };
            let amount = Self::amount(Some(reread), code, sign, end);
            // "150.00Br. to": an abbreviation's full stop.
            let abbreviated =
                self.byte(end) == b'.' && self.byte(end + 1) == b' ' && self.byte(end + 2).is_ascii_lowercase();
            self.push_money(amount, if abbreviated { end + 1 } else { end });
            return true;
        }
        false
    }

    /// `500MTNew`: a currency with the next sentence glued to it.
    fn titled(&self, at: usize) -> bool {
        self.byte(at).is_ascii_uppercase()
            && self.byte(at + 1).is_ascii_lowercase()
            && self.byte(at - 1).is_ascii_uppercase()
    }

    fn push_money(&mut self, mut amount: Amount, end: usize) {
        let end = self.drcr(&mut amount, end);
        let index = u16::try_from(self.amounts.len()).unwrap_or(NO_AMOUNT - 1);
        self.amounts.push(amount);
        self.push_amount(MONEY, end, index);
    }

    /// `DR`, `(CR)`, ` Debit` behind an amount.
    fn drcr(&self, amount: &mut Amount, end: usize) -> usize {
        let mut at = end;
        if self.byte(at) == b'.' {
            at += 1;
        }
        at = self.blank(at);
        let bracket = self.byte(at) == b'(';
        if bracket {
            at += 1;
        }
        let len = self.bytes[at.min(self.bytes.len())..]
            .iter()
            .take_while(|byte| byte.is_ascii_alphabetic())
            .count();
        let word = &self.text[at..at + len];
        let impact = match word.to_ascii_lowercase().as_str() {
            "dr" | "debit" => Impact::Debit,
            "cr" | "credit" => Impact::Credit,
            _ => return end,
        };
        let mut stop = at + len;
        let next = self.text[stop..].trim_start_matches([' ', ')']).to_ascii_lowercase();
        if ["card", "alert", "amt", "amount", ":", "limit", "score", "to ", "from "]
            .iter()
            .any(|word| next.starts_with(word))
        {
            return end;
        }
        if bracket {
            if self.byte(stop) != b')' {
                return end;
            }
            stop += 1;
        }
        amount.marked = Some(impact);
        stop
    }

    fn number_or_reference(&mut self, at: usize) -> bool {
        let plus = usize::from(self.byte(at) == b'+');
        let len = digits(self.bytes, at + plus);
        let end = at + plus + len;
        let decimal = matches!(self.byte(end), b'.' | b',') && digit(self.bytes, end + 1);
        if len >= 8 && !decimal && !letter(self.bytes, end) {
            self.push(LONG, end);
            return true;
        }
        if self.byte(at).is_ascii_alphanumeric()
            && self.quantity(at).is_none()
            && let Some(end) = reference(self.bytes, at)
            && !self.hides_money(at, end)
        {
            self.push(REFERENCE, end);
            return true;
        }
        false
    }

    /// Whether a reference would hold a currency with digits beside it: `Confirmed.Ksh500`, `500.00KES`.
    fn hides_money(&self, at: usize, end: usize) -> bool {
        let long = |len: usize| len >= 3;
        (at..end).any(|place| {
            let fresh = place == at || !letter(self.bytes, place - 1);
            let Some((len, _)) = spelling(self.bytes, place, self.country).filter(|_| fresh) else {
                return false;
            };
            let after = place + len;
            let number_after = digit(self.bytes, after) && {
                let stop = after
                    + self.bytes[after..]
                        .iter()
                        .take_while(|byte| byte.is_ascii_digit() || **byte == b'.' || **byte == b',')
                        .count();
                !self.byte(stop).is_ascii_uppercase() || self.titled_after(stop)
            };
            let number_before = place > at
                && digit(self.bytes, place - 1)
                && after >= end
                && self.bytes[at..place]
                    .iter()
                    .all(|byte| byte.is_ascii_digit() || *byte == b'.');
            long(len) && (number_after || number_before)
        })
    }

    fn titled_after(&self, at: usize) -> bool {
        self.byte(at).is_ascii_uppercase() && self.byte(at + 1).is_ascii_lowercase()
    }

    /// `5GB`, `10%`, `3 days`.
    fn quantity(&self, at: usize) -> Option<usize> {
        if !digit(self.bytes, at) {
            return None;
        }
        let mut end = at;
        while digit(self.bytes, end) || (matches!(self.byte(end), b'.' | b',') && digit(self.bytes, end + 1)) {
            end += 1;
        }
        let unit = self.blank(end);
        if self.byte(unit) == b'%' {
            return Some(unit + 1);
        }
        let len = self.bytes[unit.min(self.bytes.len())..]
            .iter()
            .take_while(|byte| byte.is_ascii_alphabetic())
            .count();
        let named = self.text[unit..unit + len].to_ascii_lowercase();
        (len > 0 && UNITS.contains(&named.as_str()) && !digit(self.bytes, unit + len)).then_some(unit + len)
    }

    fn bare_number(&mut self, at: usize) {
        if let Some(end) = self.quantity(at) {
            return self.push(QUANTITY, end);
        }
        let (sign, place) = self.sign(at);
        let code = self.country.and_then(|country| country.currency).unwrap_or_default();
        let found = number(self.bytes, place, code, self.country);
        let mut amount = Amount {
            code: None,
            ..Self::amount(Some(found), "", sign, found.end)
        };
        let end = self.drcr(&mut amount, found.end);
        let written = &self.text[place..found.end];
        let broken = found.value.is_none() && written.contains(',');
        let moneyed = amount.marked.is_some()
            || (found.value.is_some()
                && (found.grouped
                    || (found.cents && written.len() >= 4 && written.as_bytes()[written.len() - 3] == b'.')));
        // "9 000.00" without its currency: thousands that are parted by a space.
        let spaced = self
            .tokens
            .last()
            .is_some_and(|last| last.word == NUMBER && last.end as usize + 1 == at)
            && self.byte(at - 1) == b' '
            && digits(self.bytes, place) == 3
            && found.cents;
        let broken = broken || spaced;
        let index = u16::try_from(self.amounts.len()).unwrap_or(NO_AMOUNT - 1);
        amount.bad |= broken;
        self.amounts.push(amount);
        let word = if moneyed || broken { MONEY } else { NUMBER };
        self.push_amount(word, if moneyed { end } else { found.end }, index);
    }

    fn word(&mut self, at: usize) {
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
        self.lower.clear();
        self.lower
            .extend(self.text[at..end].chars().flat_map(char::to_lowercase));
        let mut known = words_of(&self.lower);
        if known.is_empty()
            && let Some(cut) = self.text[at..end].find(['/', '-'])
        {
            // "PAID/SENT": two words; a known one with a dash was found above.
            let head = self.text[at..at + cut].to_lowercase();
            let first = words_of(&head);
            if self.byte(at + cut) == b'/' || !first.is_empty() {
                end = at + cut;
                known = first;
                self.lower = head;
            }
        }
        if known.is_empty() {
            let possessive = self.lower.ends_with("'s");
            let word = if possessive {
                words_of("'s").first().copied().unwrap_or(UNKNOWN)
            } else {
                stem_of(&self.lower)
            };
            return self.push(word, end);
        }
        let abbreviated = ABBREVIATIONS.contains(&self.lower.as_str());
        let stop = abbreviated && self.byte(end) == b'.' && self.byte(end + 1) != b'.';
        let end = if stop { end + 1 } else { end };
        let start = self.at;
        for word in known {
            self.at = start;
            self.push(*word, end);
        }
    }

    fn word_part(&self, at: usize) -> usize {
        let mut end = at;
        while wordly(self.bytes, end) && (end == at || !self.begins_currency(at, end)) {
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

    /// `Confirmed.YouPaidKsh500`: a currency with a number behind it ends a word.
    fn begins_currency(&self, at: usize, place: usize) -> bool {
        if !self.text.is_char_boundary(place)
            || (self.byte(place).is_ascii_lowercase() && self.byte(place - 1).is_ascii_alphabetic())
            || at == place
        {
            return false;
        }
        if digit(self.bytes, place) && self.bytes[at..place].iter().all(u8::is_ascii_alphabetic) {
            // A word with digits glued to it: "PM500", "to12".
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
