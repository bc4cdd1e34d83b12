//! The plain form of a message, in which templates look for it.

/// Longest text that is read, in bytes of UTF-8. A run of white space counts as one space. Ten concatenated SMS hold
/// about 1,530 characters.
pub const MAX_READ_BYTES: usize = 4_096;

/// Longest initial or abbreviation in a narration, in bytes. A full stop behind one does not end a sentence.
pub(crate) const MAX_ABBREVIATION: usize = 1;

/// Whether a [`plain`] text is too long to be read.
pub(crate) fn is_too_long(plain: &str) -> bool {
    plain.len() > MAX_READ_BYTES
}

/// The text with typographic variants made plain: one space for any run of white space, straight quotes, Latin letters
/// without accents, the digits and marks of Arabic in their Latin form, no invisible characters. Operators send the
/// same template in all of these forms.
pub(crate) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut gap = false;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        // Nearly all of a text is already plain. These parts are copied in one step.
        let run = plain_len(rest.as_bytes());
        if run > 0 {
            if gap && !plain.is_empty() {
                plain.push(' ');
            }
            gap = false;
            plain.push_str(&rest[..run]);
            rest = &rest[run..];
            continue;
        }
        rest = &rest[c.len_utf8()..];
        if c.is_whitespace() || (c.is_control() && c.is_ascii()) {
            gap = true;
            continue;
        }
        let folded = fold_char(c);
        if folded == '\0' {
            continue;
        }
        if gap && !plain.is_empty() {
            plain.push(' ');
        }
        gap = false;
        plain.push(folded);
    }
    plain
}

/// The length of the words of visible ASCII at the beginning, with single spaces between them.
fn plain_len(text: &[u8]) -> usize {
    let mut end = 0;
    for (at, byte) in text.iter().enumerate() {
        if byte.is_ascii_graphic() {
            end = at + 1;
        } else if *byte != b' ' || end != at || at == 0 {
            break;
        }
    }
    end
}

/// The plain form of a character; `\0` if the plain text leaves it out.
pub(crate) fn fold_char(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' | '\u{02bc}' | '\u{00b4}' => '\'',
        '\u{201c}' | '\u{201d}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        // Bullets that hide the digits of an account.
        '\u{2022}' | '\u{25cf}' => '*',
        'à' | 'á' | 'â' | 'ã' | 'ä' => 'a',
        'À' | 'Á' | 'Â' | 'Ã' => 'A',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'È' | 'É' | 'Ê' | 'Ë' => 'E',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'Ç' => 'C',
        '\u{0660}'..='\u{0669}' => ascii_digit(c, '\u{0660}'),
        '\u{06f0}'..='\u{06f9}' => ascii_digit(c, '\u{06f0}'),
        '\u{066b}' | '\u{1362}' => '.',
        '\u{066c}' | '\u{060c}' | '\u{1363}' => ',',
        '\u{061b}' => ';',
        '\u{061f}' | '\u{1367}' => '?',
        '\u{1361}' | '\u{1365}' | '\u{1366}' => ':',
        '\u{200b}'..='\u{200f}' | '\u{061c}' | '\u{2060}' | '\u{feff}' | '\u{00ad}' => '\0',
        other => other,
    }
}

/// The ASCII digit for a digit of another script. `zero` is the zero of that script.
fn ascii_digit(digit: char, zero: char) -> char {
    u32::from(digit)
        .checked_sub(u32::from(zero))
        .and_then(|value| char::from_digit(value, 10))
        .unwrap_or(digit)
}

/// Whether neither neighbour of `text[start..end]` continues a word.
pub(crate) fn stands_alone(text: &[u8], start: usize, end: usize) -> bool {
    let joins = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(u8::is_ascii_alphanumeric);
    !joins(start.checked_sub(1)) && !joins(Some(end))
}

/// Whether letters or digits follow a position of a text, so that the part before it is not cut off.
pub(crate) fn goes_on(text: &str, end: usize) -> bool {
    text.get(end..).is_some_and(|rest| rest.contains(char::is_alphanumeric))
}

/// The end of a part of a text, as a position in the text.
pub(crate) fn end_of(part: &str, whole: &str) -> usize {
    (part.as_ptr() as usize).wrapping_sub(whole.as_ptr() as usize) + part.len()
}

/// Fewest characters of a code that cannot be the first part of a code with full stops.
pub(crate) const LONG_CODE_CHARS: usize = 10;

/// The form of a code with a date and a time: `A` is a capital, `0` a digit.
const DATED_CODE: &[u8] = b"AA000000.0000.A00000";

/// Whether `code`, a part of `whole`, is not cut off at its end. Either more text follows. Or a full stop follows, and
/// the code is too long to be the first part of a code with full stops. Or the form of the code has a fixed length.
pub(crate) fn is_whole_code(code: &str, whole: &str) -> bool {
    let end = end_of(code, whole);
    let stopped = || whole[end..].starts_with('.') && code.len() >= LONG_CODE_CHARS && !code.contains('.');
    goes_on(whole, end) || stopped() || dated_code(code) == Some(code.len())
}

/// The length of a code at the beginning of a text that has the form of many operators, such as PP221213.1138.M45782:
/// two letters, a date, a time, a letter and five digits.
pub(crate) fn dated_code(text: &str) -> Option<usize> {
    let fits = |form: u8, byte: &u8| match form {
        b'A' => byte.is_ascii_uppercase(),
        b'0' => byte.is_ascii_digit(),
        mark => mark == *byte,
    };
    let code = text.as_bytes().get(..DATED_CODE.len())?;
    let is_code = DATED_CODE.iter().zip(code).all(|(form, byte)| fits(*form, byte));
    is_code.then_some(DATED_CODE.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typographic_variants_read_alike() {
        assert_eq!(
            plain("  You haven\u{2019}t\u{a0}paid\r\n\tyet "),
            "You haven't paid yet"
        );
        assert_eq!(plain("Vous avez reçu 5\u{202f}000 FCFA"), "Vous avez recu 5 000 FCFA");
        assert_eq!(plain("ብር 10"), "ብር 10");
        assert_eq!(plain("١٬٢٣٤٫٥٠ ۶۷۸۹؟"), "1,234.50 6789?");
        assert_eq!(plain("a\u{200b}b\0c"), "ab c");
    }

    #[test]
    fn a_code_at_the_end_is_whole_if_its_form_has_a_fixed_length() {
        for (text, whole) in [
            ("TID PP221213.1138.M45782", true),
            ("TID PP221213.1138.M4578", false),
            ("TID PP221213.1138", false),
            ("TID 12345678901", false),
            ("TID 12345678901.", true),
            ("TID 12345678901 on", true),
        ] {
            let code = text[4..].trim_end_matches('.').split(' ').next().expect("a code");
            assert_eq!(is_whole_code(code, text), whole, "{text}");
        }
    }

    #[test]
    fn words_end_where_letters_and_digits_do() {
        assert!(stands_alone(b"paid at pos 12", 8, 11));
        assert!(!stands_alone(b"deposit", 2, 5));
    }
}
