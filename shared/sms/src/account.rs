//! Account ids from the digits that a message shows of an account.

/// Fewer digits do not identify an account.
const MIN_DIGITS: usize = 3;
/// Texts of one bank mask more or less of the same number, but all show the last four digits.
const MAX_DIGITS: usize = 4;

/// The last three or four visible digits of an account or card number, masked or not. `None` if fewer than three are
/// visible.
///
/// Of a masked number only the digits behind the mask count, because digits from both sides of a mask do not form a
/// number.
pub(crate) fn visible_digits(text: &str) -> Option<String> {
    let masked = text
        .rfind(['*', 'x', 'X', '#'])
        .or_else(|| text.rfind("..").map(|at| at + 1));
    let behind = masked.map_or(text, |at| &text[at + 1..]);
    let digits: String = behind.chars().filter(char::is_ascii_digit).collect();
    (digits.len() >= MIN_DIGITS).then(|| digits[digits.len().saturating_sub(MAX_DIGITS)..].to_owned())
}

/// A number that is never masked, such as a loan's, without punctuation behind it. Letters are in upper case, as
/// lenders write them. `None` if nothing is left.
pub(crate) fn as_written(text: &str) -> Option<String> {
    Some(text.trim_end_matches(['.', ',', '-']).to_ascii_uppercase()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differently_masked_forms_of_an_account_are_one() {
        for text in ["1*********9388", "**9388", "1000012349388"] {
            assert_eq!(visible_digits(text).as_deref(), Some("9388"), "{text}");
        }
        assert_eq!(visible_digits("**737").as_deref(), Some("737"));
        assert_eq!(visible_digits("xxxxxx42"), None);
        assert_eq!(visible_digits("145******971").as_deref(), Some("971"));
        assert_eq!(visible_digits("4232***XXXX"), None);
        assert_eq!(visible_digits("1234****12"), None);
    }
}
