//! Telephone numbers, and the numbers of tills beside names.

use std::ops::RangeInclusive;

/// The number of digits of a telephone number, with or without the code of its country.
pub(crate) const PHONE_DIGITS: RangeInclusive<usize> = 9..=12;
/// The number of digits of a till's, a pay bill's or an agent's number.
pub(crate) const SHORT_NUMBER_DIGITS: RangeInclusive<usize> = 5..=7;
/// Fewest digits that a masked telephone number shows.
const SHOWN_DIGITS: usize = 3;
/// Fewest places of a masked number that may be a telephone number.
const MASKED_PLACES: usize = 6;

/// How sure it is that a number in a name is a telephone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Telephone {
    /// It may be one, or the number of an account. The name may be a person's or a company's.
    Possible,
    /// It is as long as one. The name is a person's.
    Sure,
}

/// The telephone number in a name; `None` if no number in the name may be one. A star stands for a hidden digit.
pub(crate) fn telephone_in(name: &str) -> Option<Telephone> {
    let runs = name.split(|c: char| !c.is_ascii_digit() && c != '*');
    let found = runs.filter_map(|run| {
        let shown = run.bytes().filter(u8::is_ascii_digit).count();
        let masked = shown < run.len();
        if PHONE_DIGITS.contains(&run.len()) && (!masked || shown >= SHOWN_DIGITS) {
            Some(Telephone::Sure)
        } else if run.len() >= *PHONE_DIGITS.start() || (masked && run.len() >= MASKED_PLACES) {
            Some(Telephone::Possible)
        } else {
            None
        }
    });
    found.max()
}

/// Whether the digits of a number are as many as a telephone number has at least.
pub(crate) fn has_phone_digits(number: &str) -> bool {
    number.bytes().filter(u8::is_ascii_digit).count() >= *PHONE_DIGITS.start()
}
