//! Why a text is not a phone number.

use std::fmt;

use daftari_domain::Country;

/// Most digits of a number of E.164, with country code.
pub const MAX_DIGITS: usize = 15;

/// Why a text is not a phone number. Each message continues a sentence that starts with the name of the field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPhoneNumber {
    /// Characters other than digits and separators.
    #[error(
        "must be a phone number in international form, such as 254123456789: digits, with nothing but spaces, dashes, \
         dots, slashes or brackets between them"
    )]
    NotANumber,
    /// Too few digits after a country code.
    #[error("has too few digits for a phone number in international form, such as 254123456789")]
    TooFewDigits,
    /// More digits than any phone number has.
    #[error("must have at most {MAX_DIGITS} digits")]
    TooManyDigits,
    /// Begins with a trunk prefix.
    #[error("must be in international form, such as 254123456789: with the country code, not 0, in front")]
    National,
    /// Begins with digits that are not a country code.
    #[error("must be in international form, such as 254123456789: its first digits are not a country code")]
    UnknownCountryCode,
    /// Fewer digits than phone numbers of the country code have.
    #[error("is too short for a phone number of {0}")]
    TooShort(Plan),
    /// More digits than phone numbers of the country code have.
    #[error("is too long for a phone number of {0}")]
    TooLong(Plan),
    /// A number of digits that phone numbers of the country code do not have, although both shorter and longer ones
    /// exist.
    #[error("has the wrong number of digits for a phone number of {0}")]
    WrongLength(Plan),
}

/// A numbering plan: the country or countries behind a country code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub(super) country: Option<Country>,
    pub(super) country_code: i32,
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.country {
            Some(country) => write!(f, "{country} (country code {})", self.country_code),
            None => write!(f, "country code {}", self.country_code),
        }
    }
}
