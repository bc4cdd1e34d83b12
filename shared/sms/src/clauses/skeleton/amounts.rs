//! Amounts with a currency before or behind them.

use daftari_domain::Impact;
use daftari_sms_notation::clause::{MONEY, NUMBER};

use super::super::money::{Number, may_be_spaced, number, spaced, spelling};
use super::super::scan::{digit, digits, letter, wordly};
use super::super::tables::{LETTERS_APART, SMALL_LETTERS};
use super::lexer::Lexer;
use super::token::{Amount, NO_AMOUNT, Sign};
use crate::words::WORDS;

impl Lexer<'_> {
    pub(super) fn sign(&self, at: usize) -> (Sign, usize) {
        match self.byte(at) {
            b'+' => (Sign::Plus, at + 1),
            b'-' => (Sign::Minus, at + 1),
            _ => (Sign::None, at),
        }
    }

    pub(super) fn blank(&self, at: usize) -> usize {
        if matches!(self.byte(at), b' ') { at + 1 } else { at }
    }

    /// An amount with its currency before or behind it.
    pub(super) fn money(&mut self, at: usize) -> bool {
        self.money_after_currency(at) || self.money_before_currency(at)
    }

    pub(super) fn money_after_currency(&mut self, at: usize) -> bool {
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
            // "PP261118" is not an amount in pula.
            let again = again && (len > 1 || next > end);
            end = next;
            if !again || repeats > 1 {
                break;
            }
            repeats += 1;
            end += len;
        }
        let gap = end > place + len;
        if let Some(stop) = self.masked_amount(end) {
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
        if single && (lower || (gap && !LETTERS_APART.iter().any(|letter| spelled.eq_ignore_ascii_case(letter)))) {
            return false;
        }
        let mut found = self.number_at(digits_at, code);
        if self.is_split(digits_at, &found) {
            found.value = None;
        }
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
        let mut end = self.behind_repeated(spelled, found.end);
        for closing in ["/=", "/-", "="] {
            if self.bytes[end..].starts_with(closing.as_bytes()) {
                end += closing.len();
                break;
            }
        }
        self.push_money(amount, end);
        true
    }

    /// The end of an amount that is hidden: `***`, `xx.xx`.
    fn masked_amount(&self, at: usize) -> Option<usize> {
        let hides = |place: usize| matches!(self.byte(place), b'*' | b'x' | b'X');
        let mut stop = at;
        while hides(stop) {
            stop += 1;
        }
        if stop < at + 2 || letter(self.bytes, stop) || digit(self.bytes, stop) {
            return None;
        }
        while matches!(self.byte(stop), b'.' | b',') && hides(stop + 1) {
            stop += 1;
            while hides(stop) {
                stop += 1;
            }
        }
        Some(stop)
    }

    /// The end of a currency that the text repeats behind the number: "Tsh5,000.00 Tsh.". `end` if it does not.
    fn behind_repeated(&self, spelled: &str, end: usize) -> usize {
        let place = self.blank(end);
        let again = place + spelled.len();
        let repeats = spelled.len() >= 3
            && place > end
            && self
                .bytes
                .get(place..again)
                .is_some_and(|piece| piece.eq_ignore_ascii_case(spelled.as_bytes()))
            && !wordly(self.bytes, again)
            && !(matches!(self.byte(again), b' ' | b'.') && digit(self.bytes, again + 1));
        if !repeats {
            return end;
        }
        let abbreviated =
            self.byte(again) == b'.' && self.byte(again + 1) == b' ' && self.byte(again + 2).is_ascii_lowercase();
        again + usize::from(abbreviated)
    }

    /// Whether a second number makes an amount unclear: "KES 12 500". The space may part the thousands, or another
    /// number follows.
    fn is_split(&self, at: usize, found: &Number) -> bool {
        let wide = spaced(self.bytes, at).map_or(found.end, |wide| wide.end);
        wide > found.end && self.quantity(found.end + 1).is_none() && !wordly(self.bytes, wide)
    }

    pub(super) fn is_drcr(&self, at: usize, run: usize) -> bool {
        let written = &self.text[at..at + run];
        let mut marks = WORDS.debit_marks.iter().chain(WORDS.credit_marks);
        marks.any(|mark| written.eq_ignore_ascii_case(mark))
    }

    pub(super) fn number_at(&self, at: usize, code: &str) -> Number {
        let plain = number(self.bytes, at, code, self.country);
        let wide = may_be_spaced(code).then(|| spaced(self.bytes, at)).flatten();
        wide.filter(|wide| wide.end > plain.end).unwrap_or(plain)
    }

    pub(super) fn amount(number: Option<Number>, code: &'static str, sign: Sign, end: usize) -> Amount {
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

    pub(super) fn money_before_currency(&mut self, at: usize) -> bool {
        let (sign, place) = self.sign(at);
        // ".50 USD": a full stop behind a space belongs to the number. A full stop behind a word ends the sentence.
        let pointed = self.byte(place) == b'.'
            && digit(self.bytes, place + 1)
            && (place == 0 || matches!(self.bytes[place - 1], b' ' | b'\n' | b'('));
        if !digit(self.bytes, place) && !pointed {
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
            let lower_single =
                single && spelled.as_bytes()[0].is_ascii_lowercase() && !SMALL_LETTERS.contains(&spelled);
            // "9K20P11" is a code.
            let coded = single && gap == 0 && digit(self.bytes, end);
            let goes_on = (letter(self.bytes, end) && !self.titled(end)) || coded;
            let wide_allowed = !wide || may_be_spaced(code);
            let phone = !found.cents && !found.grouped && found.end - place >= 9;
            if goes_on || lower_single || !wide_allowed || phone {
                continue;
            }
            // "500 KES 300": the currency belongs to the next number.
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
            let mut amount = Self::amount(Some(reread), code, sign, end);
            // "3 000 KES": a space may part the thousands even in a currency that is not written so.
            amount.bad |= !wide && self.follows_thousands(at, place);
            amount.bad |= self.ends_a_date(place);
            // "150.00Br. to": the full stop belongs to the abbreviation.
            let abbreviated =
                self.byte(end) == b'.' && self.byte(end + 1) == b' ' && self.byte(end + 2).is_ascii_lowercase();
            self.push_money(amount, if abbreviated { end + 1 } else { end });
            return true;
        }
        false
    }

    /// Whether the number at a place is the end of a date or a time: `12-05-2026 FCFA`, `12:30 FCFA`. The amount that
    /// the currency belongs to runs into the date.
    fn ends_a_date(&self, place: usize) -> bool {
        place > 1
            && matches!(self.byte(place - 1), b'-' | b'/' | b':')
            && digit(self.bytes, place - 2)
            && (self.byte(place - 1) != b'-' || digits(self.bytes, place) == 4)
    }

    /// Whether three digits stand one space behind a number of at most three.
    fn follows_thousands(&self, at: usize, place: usize) -> bool {
        at == place
            && digits(self.bytes, place) == 3
            && self.tokens.last().is_some_and(|last| {
                let len = last.end - last.start;
                last.word == NUMBER && len <= 3 && last.end as usize + 1 == at && self.byte(at - 1) == b' '
            })
    }

    /// Whether the next sentence begins at a place directly behind a currency: `500MTNew`.
    pub(super) fn titled(&self, at: usize) -> bool {
        self.byte(at).is_ascii_uppercase()
            && self.byte(at + 1).is_ascii_lowercase()
            && self.byte(at - 1).is_ascii_uppercase()
    }

    pub(super) fn push_money(&mut self, mut amount: Amount, end: usize) {
        let end = self.drcr(&mut amount, end);
        let index = u16::try_from(self.amounts.len()).unwrap_or(NO_AMOUNT - 1);
        self.amounts.push(amount);
        self.push_amount(MONEY, end, index);
    }

    /// Marks an amount with the direction behind it, such as `DR`, `(CR)` or ` Debit`. Returns the end of the mark;
    /// `end` if there is none.
    pub(super) fn drcr(&self, amount: &mut Amount, end: usize) -> usize {
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
        let is = |words: &[&str]| words.iter().any(|known| word.eq_ignore_ascii_case(known));
        let impact = if is(WORDS.debit_marks) || is(WORDS.marked_debit) {
            Impact::Debit
        } else if is(WORDS.credit_marks) || is(WORDS.marked_credit) {
            Impact::Credit
        } else {
            return end;
        };
        let mut stop = at + len;
        let next = self.text[stop..].trim_start_matches([' ', ')']).to_ascii_lowercase();
        if WORDS.not_marked.iter().any(|word| next.starts_with(word)) {
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
}
