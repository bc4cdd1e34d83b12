//! References as numbers: most are codes of digits and capital letters.

use crate::Reference;

/// Longest reference that is a number in a page.
pub(super) const MAX_PACKED_CHARS: usize = 12;

/// Most bytes of the difference of two packed references.
pub(crate) const MAX_PACKED_BYTES: usize = 10;

const BASE_36_DIGITS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const BASE: i128 = 36;

/// The largest packed reference: twelve times `Z`.
const MAX_PACKED: i128 = {
    let mut value = 0;
    let mut at = 0;
    while at < MAX_PACKED_CHARS {
        value = value * BASE + BASE;
        at += 1;
    }
    value
};

const _: () = assert!(MAX_PACKED * 4 < 1 << (7 * MAX_PACKED_BYTES), "a signed difference fits");

/// A reference of a few digits and capital letters as a number, in bijective base 36, which keeps leading zeros.
/// Sequential references, such as those of M-PESA, yield close numbers.
pub(super) fn pack(reference: &Reference) -> Option<i128> {
    let text = reference.as_str();
    if text.len() > MAX_PACKED_CHARS {
        return None;
    }
    text.bytes().try_fold(0, |value, byte| {
        let digit = BASE_36_DIGITS.iter().position(|digit| *digit == byte)?;
        Some(value * BASE + i128::try_from(digit).ok()? + 1)
    })
}

/// The text of a packed reference; `None` if the number is not a packed reference.
pub(super) fn unpack(mut value: i128) -> Option<String> {
    if !(1..=MAX_PACKED).contains(&value) {
        return None;
    }
    let mut text = Vec::new();
    while value > 0 {
        value -= 1;
        text.push(BASE_36_DIGITS[usize::try_from(value % BASE).ok()?]);
        value /= BASE;
    }
    text.reverse();
    String::from_utf8(text).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn reference(text: &str) -> Reference {
        Reference::stored(text).expect("reference")
    }

    #[test]
    fn only_short_codes_of_digits_and_capitals_are_packed() {
        for text in ["qj912abcde", "CI21.1", "0000000000000", "a"] {
            assert_eq!(pack(&reference(text)), None, "{text}");
        }
        assert_eq!(pack(&reference("ZZZZZZZZZZZZ")), Some(MAX_PACKED));
        for number in [-1, 0, MAX_PACKED + 1, i128::MAX] {
            assert_eq!(unpack(number), None, "{number}");
        }
    }

    proptest! {
        #[test]
        fn packing_is_undone_and_tells_all_apart(a in "[0-9A-Z]{1,12}", b in "[0-9A-Z]{1,12}") {
            let (x, y) = (pack(&reference(&a)).expect("packed"), pack(&reference(&b)).expect("packed"));
            prop_assert_eq!(unpack(x), Some(a.clone()));
            prop_assert_eq!(x == y, a == b);
        }
    }
}
