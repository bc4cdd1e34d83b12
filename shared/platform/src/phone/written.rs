//! The digits of a number in its written form.

use daftari_domain::kept_text::is_invisible;

use super::bad_phone_number::{BadPhoneNumber, MAX_DIGITS};

/// Limit of characters of a number with its separators.
const MAX_CHARS: usize = 64;

/// Dashes other than the hyphen-minus, from the hyphen to the long dash, and the minus sign.
const DASHES: [char; 7] = [
    '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2015}', '\u{2212}',
];

/// A text with only digits and separators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    /// All digits.
    pub(super) all_digits: String,
    /// The digits after an international prefix, or otherwise all digits.
    pub(super) digits: String,
    /// Whether it has an international prefix: `+`, `00`, or `000` as in Kenya, Tanzania and Uganda.
    pub(super) is_international: bool,
}

impl Written {
    /// Invisible characters, such as the marks of direction in a copied number, are ignored.
    pub(super) fn read(text: &str) -> Result<Self, BadPhoneNumber> {
        let text: String = text.chars().filter(|c| !is_invisible(*c)).collect();
        if text
            .chars()
            .any(|c| !c.is_ascii_digit() && c != '+' && !is_separator(c))
        {
            return Err(BadPhoneNumber::NotANumber);
        }
        let (before_digits, rest) = text.split_at(text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len()));
        if before_digits.matches('+').count() > 1 || rest.contains('+') || rest.is_empty() {
            return Err(BadPhoneNumber::NotANumber);
        }
        let all_digits: String = rest.chars().filter(char::is_ascii_digit).collect();
        let prefixed = |prefix| all_digits.strip_prefix(prefix);
        let after_prefix = prefixed("000").or_else(|| prefixed("00"));
        let digits = after_prefix.unwrap_or(&all_digits).to_owned();
        if digits.len() > MAX_DIGITS || text.chars().count() > MAX_CHARS {
            return Err(BadPhoneNumber::TooManyDigits);
        }
        Ok(Self {
            is_international: before_digits.contains('+') || after_prefix.is_some(),
            digits,
            all_digits,
        })
    }
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || "-.()[]/".contains(c) || DASHES.contains(&c)
}
