//! Numbers of money, by the country that writes them and the currency beside them.

use daftari_domain::Money;
use daftari_sms_notation::clause::letter_bit;

use super::scan::{digit, digits, letter, month, ordinal, wordly};
use super::tables::{COUNTRIES, CURRENCIES, CURRENCY_BEGINNINGS, Country, SPACED, WHOLE};

/// A number as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Number {
    /// The position of its end, in bytes.
    pub(crate) end: usize,
    /// `None` if it is not a valid number (`1,2`, `1.234.5`), or too large for the ledger.
    pub(crate) value: Option<Money>,
    /// It has decimals.
    pub(crate) cents: bool,
    /// Its decimals follow a comma.
    pub(crate) comma: bool,
    /// It has groups of thousands, and the last group is full.
    pub(crate) grouped: bool,
}

pub(crate) fn country(code: &str) -> Option<&'static Country> {
    COUNTRIES.iter().find(|country| country.code == code)
}

fn in_list(list: &[&str], code: &str) -> bool {
    list.contains(&code)
}

/// The longest spelling of a currency at `at`: its length in bytes and its code. The code is empty if the spelling
/// alone is ambiguous.
pub(super) fn spelling(text: &[u8], at: usize, country: Option<&Country>) -> Option<(usize, &'static str)> {
    let first = text.get(at)?.to_ascii_lowercase();
    let begins = |country: &&Country| country.firsts & letter_bit(first) != 0;
    let local = country.filter(begins).map_or(&[][..], |country| country.spellings);
    let common = CURRENCY_BEGINNINGS.of(CURRENCIES, &text[at..]);
    let fitting = local.iter().chain(common).filter(|(spelling, _)| {
        spelling.as_bytes()[0] == first
            && text
                .get(at..at + spelling.len())
                .is_some_and(|piece| piece.eq_ignore_ascii_case(spelling.as_bytes()))
    });
    let mut best: Option<(usize, &'static str)> = None;
    for (spelling, code) in fitting {
        // Of two spellings of one length the first counts: the country's own meaning.
        if best.is_none_or(|(len, _)| spelling.len() > len) {
            best = Some((spelling.len(), code));
        }
    }
    best
}

/// Whether the text behind a number turns its decimals into the beginning of a date, a time or an ordinal.
pub(crate) fn goes_on_as_date(text: &[u8], end: usize) -> bool {
    let after = |at: usize| text.get(at).copied();
    match after(end) {
        Some(b'-' | b'/' | b':') => text.get(end + 1).is_some_and(u8::is_ascii_alphanumeric),
        Some(b' ') => month(text, end + 1).is_some_and(|end| !letter(text, end)),
        Some(byte) if byte.is_ascii_lowercase() && ordinal(text, end) > end => true,
        _ => month(text, end).is_some_and(|end| !letter(text, end)),
    }
}

/// The number at `at` in its full length. It begins with a digit or a point. Decimals that begin a date do not belong
/// to it.
pub(super) fn number(text: &[u8], at: usize, code: &str, country: Option<&Country>) -> Number {
    let mut end = at;
    while digit(text, end) || (matches!(text.get(end), Some(b'.' | b',')) && digit(text, end + 1)) {
        end += 1;
    }
    if goes_on_as_date(text, end)
        && let Some(point) = text[at..end].iter().rposition(|byte| *byte == b'.')
        && (1..=2).contains(&(end - at - point - 1))
    {
        end = at + point;
    }
    let written = std::str::from_utf8(&text[at..end]).unwrap_or_default();
    // "63.8812-05-26": a balance and the date behind it.
    let dated = matches!(text.get(end), Some(b'-' | b'/' | b':')) && digit(text, end + 1);
    parse(written, dated, end, code, country)
}

/// The number at `at` with spaces between its thousands; `None` if it has no such spaces.
pub(super) fn spaced(text: &[u8], at: usize) -> Option<Number> {
    let first = digits(text, at);
    if !(1..=3).contains(&first) {
        return None;
    }
    let mut end = at + first;
    let group = |at: usize| text.get(at) == Some(&b' ') && digits(text, at + 1) == 3;
    if !group(end) {
        return None;
    }
    let mut whole = String::from_utf8_lossy(&text[at..end]).into_owned();
    while group(end) {
        whole.push_str(std::str::from_utf8(&text[end + 1..end + 4]).ok()?);
        end += 4;
    }
    let (mut cents, mut comma) = (0, false);
    if matches!(text.get(end), Some(b'.' | b',')) && digit(text, end + 1) {
        comma = text[end] == b',';
        cents = digits(text, end + 1);
        if cents > 2 || matches!(text.get(end + 1 + cents), Some(b'.' | b',') if digit(text, end + 2 + cents)) {
            return Some(Number {
                end,
                value: None,
                cents: true,
                comma,
                grouped: true,
            });
        }
        whole.push_str(std::str::from_utf8(&text[end + 1..=end + cents]).ok()?);
        end += 1 + cents;
    }
    let value = money(&whole, cents);
    Some(Number {
        end,
        value,
        cents: cents > 0,
        comma,
        grouped: true,
    })
}

pub(super) fn may_be_spaced(code: &str) -> bool {
    code.is_empty() || in_list(SPACED, code)
}

pub(super) fn is_whole(code: &str) -> bool {
    in_list(WHOLE, code)
}

fn money(digits: &str, scale: usize) -> Option<Money> {
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    Money::from_parts(digits.parse().ok()?, u32::try_from(scale).ok()?).ok()
}

fn parse(written: &str, dated: bool, end: usize, code: &str, country: Option<&Country>) -> Number {
    let points = written.bytes().filter(|byte| *byte == b'.').count();
    let commas = written.bytes().filter(|byte| *byte == b',').count();
    let comma_country = country.is_some_and(|country| country.comma) || in_list(SPACED, code);
    let last = |mark: char| written.rsplit_once(mark).map_or(0, |(_, end)| end.len());
    let (mut cents, mut comma, mut grouped) = (0, false, false);
    let good = match (points, commas) {
        (0, 0) => true,
        // 1,234 and 1,234,567.
        (0, _) if groups(written, ',') => {
            grouped = true;
            true
        }
        // 1,234.50
        (1, 1..) if written.find('.') > written.rfind(',') => {
            cents = last('.');
            grouped = true;
            cents <= 2 && groups(written.split('.').next().unwrap_or_default(), ',')
        }
        // 1.234,50
        (1.., 1) if written.find(',') > written.rfind('.') => {
            (cents, comma, grouped) = (last(','), true, true);
            cents <= 2 && groups(written.split(',').next().unwrap_or_default(), '.')
        }
        // 1234,50
        (0, 1) => {
            (cents, comma) = (last(','), true);
            cents <= 2 && comma_country
        }
        // 1.234.567, and 1.234 in currencies without a smaller unit.
        (1.., 0) if groups(written, '.') && (points > 1 || in_list(WHOLE, code)) => {
            grouped = true;
            in_list(WHOLE, code) || comma_country
        }
        (1, 0) => {
            cents = last('.');
            cents <= 2 || (cents == 4 && !dated && country.is_some_and(|country| country.four_decimals))
        }
        _ => false,
    };
    let all: String = written.chars().filter(char::is_ascii_digit).collect();
    let value = if good { money(&all, cents) } else { None };
    Number {
        end,
        value,
        cents: cents > 0,
        comma,
        grouped,
    }
}

/// Whether a number has one to three digits and then groups of three.
fn groups(text: &str, mark: char) -> bool {
    let mut parts = text.split(mark);
    let first = parts.next().map_or(0, str::len);
    let mut rest = 0;
    let full = parts.all(|part| {
        rest += 1;
        part.len() == 3
    });
    (1..=3).contains(&first) && full && rest > 0
}

/// Whether a text contains a currency with a digit behind it. A name does not.
pub(crate) fn states_money(name: &str) -> bool {
    let bytes = name.as_bytes();
    let is_near = |at: usize| digit(bytes, at) || (matches!(bytes.get(at), Some(b' ' | b'.')) && digit(bytes, at + 1));
    (0..bytes.len()).any(|at| {
        let begins = letter(bytes, at) && (at == 0 || !wordly(bytes, at - 1));
        begins && spelling(bytes, at, None).is_some_and(|(len, _)| len >= 3 && is_near(at + len))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, code: &str, of: &str) -> Option<(String, usize)> {
        let number = number(text.as_bytes(), 0, code, country(of));
        Some((number.value?.decimal().to_string(), number.end))
    }

    #[test]
    fn numbers_are_read_as_their_country_writes_them() {
        let value = |text: &str, code, of| read(text, code, of).map(|(value, _)| value);
        assert_eq!(value("1,234.50", "KES", "KE").as_deref(), Some("1234.5"));
        assert_eq!(value("1.234,56", "MZN", "MZ").as_deref(), Some("1234.56"));
        assert_eq!(value("310,00", "USD", "MZ").as_deref(), Some("310"));
        assert_eq!(value("310,00", "KES", "KE"), None);
        assert_eq!(value("1.234", "RWF", "RW").as_deref(), Some("1234"));
        assert_eq!(value("1.234", "KES", "KE"), None);
        for text in ["1,2", "1,23.00", "12,34,567", "1.2.3", "500.12.08.2026", "1,234,5"] {
            assert_eq!(value(text, "KES", "KE"), None, "{text}");
        }
    }

    #[test]
    fn a_date_behind_a_number_is_not_its_decimals() {
        for text in ["41,310.07-May-2025", "41,310.7 May 2025", "41,310.12/08/2026"] {
            assert_eq!(read(text, "UGX", "UG"), Some(("41310".into(), 6)), "{text}");
        }
    }

    #[test]
    fn thousands_may_be_parted_by_spaces() {
        let value = |text: &str| spaced(text.as_bytes(), 0).and_then(|number| number.value);
        assert_eq!(value("5 000 FCFA"), "5000".parse().ok());
        assert_eq!(value("1 500 000,00FCFA"), "1500000".parse().ok());
        assert_eq!(value("5 00 FCFA"), None);
        assert_eq!(value("5000"), None);
    }
}
