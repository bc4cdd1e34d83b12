//! Numbers, references and quantities: digits that are not amounts.

use daftari_sms_notation::clause::{LONG, MONEY, NUMBER, QUANTITY, REFERENCE};

use super::super::money::{number, spelling};
use super::super::scan::{date, digit, digits, letter, reference};
use super::super::tables::UNITS;
use super::lexer::Lexer;
use super::token::{Amount, NO_AMOUNT};

impl Lexer<'_> {
    pub(super) fn number_or_reference(&mut self, at: usize) -> bool {
        let plus = usize::from(self.byte(at) == b'+');
        let len = digits(self.bytes, at + plus);
        let end = at + plus + len;
        // "252600000000,29/09/2026": the comma is followed by a date, not by decimals.
        let dated = || self.byte(end) == b',' && date(self.bytes, end + 1).is_some();
        let decimal = matches!(self.byte(end), b'.' | b',') && digit(self.bytes, end + 1) && !dated();
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
    pub(super) fn hides_money(&self, at: usize, end: usize) -> bool {
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

    pub(super) fn titled_after(&self, at: usize) -> bool {
        self.byte(at).is_ascii_uppercase() && self.byte(at + 1).is_ascii_lowercase()
    }

    /// The end of a quantity: `5GB`, `10%`, `3 days`.
    pub(super) fn quantity(&self, at: usize) -> Option<usize> {
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
        let named = &self.text[unit..unit + len];
        let known = || UNITS.iter().any(|known| known.eq_ignore_ascii_case(named));
        (len > 0 && known() && !digit(self.bytes, unit + len)).then_some(unit + len)
    }

    pub(super) fn bare_number(&mut self, at: usize) {
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
        // "9 000.00" without its currency: a space separates the thousands.
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
}
