//! Optional facts about a record in addition to its sums: the stated fee, the reference of the transaction, the
//! counterparty, the due date of a loan.

use std::fmt;
use std::ops::{Deref, RangeInclusive};
use std::str::FromStr;

use serde::Serialize;

use crate::ids::{is_visible_ascii, written_as_text};
use crate::vocabulary::CounterpartyKind;
use crate::{Date, Money};

/// The length of a reference, in characters. A shorter one does not identify a transaction.
pub const REFERENCE_CHARS: RangeInclusive<usize> = 4..=32;
/// Longest reference in a stored page. Stored pages may contain longer and shorter references than a record may have.
const MAX_STORED_REFERENCE_CHARS: usize = 64;

/// The text is not a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be {} to {} visible ASCII characters", REFERENCE_CHARS.start(), REFERENCE_CHARS.end())]
pub struct BadReference;

/// The code that an institution gave a transaction, such as `QJ912ABCDE`: 4 to 32 visible ASCII characters.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Reference(Box<str>);

impl Reference {
    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The reference of a stored page.
    pub(crate) fn stored(text: &str) -> Result<Self, BadReference> {
        Self::within(text, 1..=MAX_STORED_REFERENCE_CHARS)
    }

    fn within(text: &str, chars: RangeInclusive<usize>) -> Result<Self, BadReference> {
        if chars.contains(&text.len()) && is_visible_ascii(text, *chars.end()) {
            Ok(Self(text.into()))
        } else {
            Err(BadReference)
        }
    }
}

impl FromStr for Reference {
    type Err = BadReference;

    fn from_str(text: &str) -> Result<Self, BadReference> {
        Self::within(text, REFERENCE_CHARS)
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text is not a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be 16 lower-case hex digits")]
pub struct BadToken;

/// A pseudonym of a counterparty, the same in all records of one user. Tokens of different users never match.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CounterpartyToken(pub [u8; 8]);

impl FromStr for CounterpartyToken {
    type Err = BadToken;

    fn from_str(text: &str) -> Result<Self, BadToken> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if text.len() != 16 || !text.bytes().all(is_digit) {
            return Err(BadToken);
        }
        let number = u64::from_str_radix(text, 16).map_err(|_| BadToken)?;
        Ok(Self(number.to_be_bytes()))
    }
}

impl fmt::Display for CounterpartyToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", u64::from_be_bytes(self.0))
    }
}

written_as_text!(Reference, CounterpartyToken);

/// The other side of a movement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, utoipa::ToSchema)]
pub struct Counterparty {
    /// Its pseudonym; null if it cannot be distinguished from others of its kind.
    pub token: Option<CounterpartyToken>,
    /// The kind of counterparty.
    pub kind: CounterpartyKind,
}

impl Counterparty {
    /// Whether anything is known of it.
    pub fn is_known(&self) -> bool {
        self.token.is_some() || self.kind != CounterpartyKind::Unknown
    }
}

/// Optional facts about a record in addition to its sums.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// The institution's fee for the movement, in addition to the amount; never negative.
    pub fee: Option<Money>,
    /// The code that the institution gave the transaction.
    pub reference: Option<Reference>,
    /// The other side of the movement.
    pub counterparty: Option<Counterparty>,
    /// Of a loan: the date by which the lender wants the next payment, or wanted the late one.
    pub due_date: Option<Date>,
}

impl Details {
    const NONE: Self = Self {
        fee: None,
        reference: None,
        counterparty: None,
        due_date: None,
    };
}

/// The details of a record, which take room only if there are any. Reads as [`Details`].
#[derive(Clone, Default, PartialEq, Eq)]
pub struct KeptDetails(Option<Box<Details>>);

impl KeptDetails {
    /// No details are known.
    pub const NONE: Self = Self(None);

    /// Whether all details are absent.
    pub const fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}

impl From<Details> for KeptDetails {
    fn from(details: Details) -> Self {
        Self((details != Details::NONE).then(|| Box::new(details)))
    }
}

impl Deref for KeptDetails {
    type Target = Details;

    fn deref(&self) -> &Details {
        static NONE: Details = Details::NONE;
        self.0.as_deref().unwrap_or(&NONE)
    }
}

impl fmt::Debug for KeptDetails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_visible_ascii_within_a_limit() {
        for text in ["7QX4", "QJ912ABCDE", "CI210908.1234.A12345", &"x".repeat(32)] {
            assert_eq!(text.parse::<Reference>().expect("reference").as_str(), text);
        }
        for text in ["", "7QX", "QJ 12", "QJé12", &"x".repeat(33)] {
            assert_eq!(text.parse::<Reference>(), Err(BadReference), "{text:?}");
        }
    }

    #[test]
    fn stored_references_of_other_lengths_stay_readable() {
        for text in ["7", "QJ912ABCDE", &"x".repeat(64)] {
            assert_eq!(Reference::stored(text).expect("reference").as_str(), text);
        }
        for text in ["", "a b", &"x".repeat(65)] {
            assert_eq!(Reference::stored(text), Err(BadReference), "{text:?}");
        }
    }

    #[test]
    fn tokens_are_16_hex_digits() {
        for text in ["00000000000000ff", "9f2c64d1a0b3e857"] {
            assert_eq!(text.parse::<CounterpartyToken>().expect("token").to_string(), text);
        }
        for text in [
            "",
            "9F2C64D1A0B3E857",
            "+f2c64d1a0b3e857",
            "9f2c64d1a0b3e85",
            "9f2c64d1a0b3e8570",
        ] {
            assert_eq!(text.parse::<CounterpartyToken>(), Err(BadToken), "{text:?}");
        }
    }

    #[test]
    fn details_without_content_are_absent() {
        assert!(KeptDetails::from(Details::default()).is_empty());
        let fee = Details {
            fee: Some(Money::ZERO),
            ..Details::default()
        };
        let kept = KeptDetails::from(fee.clone());
        assert_eq!(*kept, fee);
        assert_ne!(kept, KeptDetails::NONE);
    }
}
