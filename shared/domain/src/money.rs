//! Exact amounts of money.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// Limit of digits before the decimal point.
pub const MAX_INTEGER_DIGITS: u32 = 15;
/// Limit of digits after the decimal point.
pub const MAX_SCALE: u32 = 4;

/// Limit of the text of an amount, in characters.
pub const MAX_TEXT_CHARS: usize = 64;

/// The smallest absolute value with more than [`MAX_INTEGER_DIGITS`] integer digits.
const LIMIT: i128 = 10_i128.pow(MAX_INTEGER_DIGITS);

/// An exact amount in the major unit of some currency (shillings, not cents), with at most
/// [`MAX_INTEGER_DIGITS`] digits before the point and [`MAX_SCALE`] after it. May be negative.
///
/// Trailing zeros carry no meaning: `6800` and `6800.00` are equal and print alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(Decimal);

/// The text is not a valid [`Money`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not a decimal number.
    #[error("is not a number")]
    NotANumber,
    /// More than [`MAX_TEXT_CHARS`] characters.
    #[error("has more than {MAX_TEXT_CHARS} characters")]
    TooLong,
    /// More than [`MAX_INTEGER_DIGITS`] digits before the point.
    #[error("has more than 15 digits before the decimal point")]
    TooLarge,
    /// More than [`MAX_SCALE`] digits after the point.
    #[error("has more than 4 decimals")]
    TooPrecise,
}

impl Money {
    /// Zero.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// Checks that an exact decimal is within the limits.
    pub fn new(value: Decimal) -> Result<Self, MoneyError> {
        let value = value.normalize();
        if value.scale() > MAX_SCALE {
            return Err(MoneyError::TooPrecise);
        }
        if value.abs() >= Decimal::from_i128_with_scale(LIMIT, 0) {
            return Err(MoneyError::TooLarge);
        }
        Ok(Self(value))
    }

    /// `mantissa` × 10^-`scale`.
    pub fn from_parts(mantissa: i128, scale: u32) -> Result<Self, MoneyError> {
        let value = Decimal::try_from_i128_with_scale(mantissa, scale);
        Self::new(value.map_err(|_| MoneyError::TooLarge)?)
    }

    /// The exact value.
    pub const fn decimal(self) -> Decimal {
        self.0
    }

    /// The value as (mantissa, scale): mantissa × 10^-scale, with the smallest scale that is exact.
    pub const fn parts(self) -> (i128, u32) {
        (self.0.mantissa(), self.0.scale())
    }

    /// Whether the amount is below zero.
    pub fn is_negative(self) -> bool {
        self.0 < Decimal::ZERO
    }
}

impl FromStr for Money {
    type Err = MoneyError;

    /// Parses plain (`-1234.50`) and scientific (`1.2345e3`) notation, exactly.
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        // A longer text that is within the other limits can only consist of redundant zeros.
        if text.chars().nth(MAX_TEXT_CHARS).is_some() {
            return Err(MoneyError::TooLong);
        }
        if !text.bytes().any(|b| b.is_ascii_digit()) || text.contains('_') {
            return Err(MoneyError::NotANumber);
        }
        let text = &without_idle_zeros(text);
        let parsed = if text.contains(['e', 'E']) {
            Decimal::from_scientific(text)
        } else {
            Decimal::from_str_exact(text)
        };
        match parsed {
            Ok(value) => Self::new(value),
            Err(rust_decimal::Error::ExceedsMaximumPossibleValue) => Err(MoneyError::TooLarge),
            Err(rust_decimal::Error::Underflow | rust_decimal::Error::ScaleExceedsMaximumPrecision(_)) => {
                let tiny = text.contains("e-") || text.contains("E-") || !text.contains(['e', 'E']);
                Err(if tiny {
                    MoneyError::TooPrecise
                } else {
                    MoneyError::TooLarge
                })
            }
            Err(_) => Err(MoneyError::NotANumber),
        }
    }
}

/// The number without trailing zeros after the decimal point. They carry no meaning, and a decimal has only 28 digits.
fn without_idle_zeros(text: &str) -> Cow<'_, str> {
    let (digits, exponent) = text.split_at(text.find(['e', 'E']).unwrap_or(text.len()));
    if !digits.contains('.') {
        return Cow::Borrowed(text);
    }
    let short = digits.trim_end_matches('0');
    // "1." is parsed as 1. "." alone is invalid, although ".0" is valid.
    let kept = if short.ends_with('.') && digits.len() > short.len() {
        &digits[..=short.len()]
    } else {
        short
    };
    Cow::Owned(format!("{kept}{exponent}"))
}

/// Prints a JSON number with at least one decimal: `6800.0`, `6324.13`, the notation of the public API.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        DecimalNumber(self.0).fmt(f)
    }
}

/// Any exact decimal, serialized as the public API writes money.
///
/// Sums may exceed the limits of [`Money`], so they use this type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DecimalNumber(pub Decimal);

impl fmt::Display for DecimalNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.0.normalize();
        if value.scale() == 0 {
            write!(f, "{value}.0")
        } else {
            write!(f, "{value}")
        }
    }
}

impl Serialize for DecimalNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw = RawValue::from_string(self.to_string()).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        DecimalNumber(self.0).serialize(serializer)
    }
}

/// Parses a JSON number from its digits, never through a float. Works only with `serde_json`.
impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let text = raw.get();
        // JSON strings, lists, objects and literals start with other characters than numbers.
        if !text.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
            return Err(serde::de::Error::custom("must be a number"));
        }
        text.parse()
            .map_err(|error| serde::de::Error::custom(format!("{error}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn money(text: &str) -> Money {
        text.parse().expect("valid money")
    }

    #[test]
    fn trailing_zeros_do_not_matter() {
        assert_eq!(money("6800"), money("6800.00"));
        assert_eq!(money("6800.00").to_string(), "6800.0");
        assert_eq!(money("6324.13").to_string(), "6324.13");
        assert_eq!(money("-0.5000").to_string(), "-0.5");
        assert_eq!(money("0.00").to_string(), "0.0");
    }

    #[test]
    fn trailing_zeros_count_for_no_limit_but_that_of_the_whole_text() {
        for (text, value) in [
            (format!("1.{}", "0".repeat(30)), "1"),
            (format!("-0.25{}", "0".repeat(50)), "-0.25"),
            (
                format!("999999999999999.9999{}", "0".repeat(40)),
                "999999999999999.9999",
            ),
            (format!("0.{}", "0".repeat(60)), "0"),
            (format!("1.5{}e3", "0".repeat(40)), "1500"),
        ] {
            assert_eq!(text.parse::<Money>(), Ok(money(value)), "{text}");
            assert_eq!(serde_json::from_str::<Money>(&text).expect("money"), money(value));
        }
        let text = format!("1.{}1", "0".repeat(30));
        assert_eq!(text.parse::<Money>(), Err(MoneyError::TooPrecise));
        let text = format!("1.{}", "0".repeat(63));
        assert_eq!(text.parse::<Money>(), Err(MoneyError::TooLong));
        for text in [".", "1..0", "0.0.0", "-.", "1.e", ".e1"] {
            assert_eq!(text.parse::<Money>(), Err(MoneyError::NotANumber), "{text}");
        }
    }

    #[test]
    fn a_text_beyond_the_limit_is_refused_for_its_length() {
        for zeros in [63, 70] {
            let text = format!("1.{}", "0".repeat(zeros));
            let error = text.parse::<Money>().expect_err("too long");
            assert_eq!(error.to_string(), "has more than 64 characters");
            let error = serde_json::from_str::<Money>(&text).expect_err("too long");
            assert!(error.to_string().starts_with("has more than 64 characters"));
        }
    }

    #[test]
    fn the_largest_and_smallest_values_are_exact() {
        let text = "999999999999999.9999";
        assert_eq!(money(text).to_string(), text);
        assert_eq!(serde_json::to_string(&money(text)).expect("json"), text);
        assert_eq!(serde_json::from_str::<Money>(text).expect("money"), money(text));
        assert_eq!(money("-999999999999999.9999").parts(), (-9_999_999_999_999_999_999, 4));
    }

    #[test]
    fn each_invalid_text_has_its_error() {
        assert_eq!("1000000000000000".parse::<Money>(), Err(MoneyError::TooLarge));
        assert_eq!("1e300".parse::<Money>(), Err(MoneyError::TooLarge));
        assert_eq!("0.00001".parse::<Money>(), Err(MoneyError::TooPrecise));
        assert_eq!("1e-9".parse::<Money>(), Err(MoneyError::TooPrecise));
        assert_eq!("1e-300".parse::<Money>(), Err(MoneyError::TooPrecise));
        for text in ["", "abc", "NaN", "Infinity", "1_000", "--1", "1.2.3", "."] {
            assert_eq!(text.parse::<Money>(), Err(MoneyError::NotANumber), "{text:?}");
        }
    }

    #[test]
    fn scientific_notation_is_a_number() {
        assert_eq!(money("1.5e3"), money("1500"));
        assert_eq!(money("25E-2"), money("0.25"));
    }

    #[test]
    fn a_string_is_not_a_number() {
        assert!(serde_json::from_str::<Money>("\"12\"").is_err());
        assert!(serde_json::from_str::<Money>("true").is_err());
    }

    proptest! {
        #[test]
        fn text_round_trips(mantissa in -9_999_999_999_999_999_999_i128..=9_999_999_999_999_999_999) {
            let value = Money::from_parts(mantissa, 4).expect("within limits");
            prop_assert_eq!(money(&value.to_string()), value);
            let (m, s) = value.parts();
            prop_assert_eq!(Money::from_parts(m, s).expect("parts"), value);
        }
    }
}
