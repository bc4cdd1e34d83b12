//! ISO 4217 currencies.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use iso_currency::IntoEnumIterator;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Country;

/// A currency of ISO 4217, by its three-letter code. Ordered by code.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency(iso_currency::Currency);

/// Sorted, because every message and record names a currency and a linear search is slow.
static BY_CODE: LazyLock<Vec<Currency>> = LazyLock::new(|| {
    let mut all: Vec<Currency> = iso_currency::Currency::iter().map(Currency).collect();
    all.sort_unstable();
    all
});

/// The text is not an ISO 4217 code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not an ISO 4217 currency code: three letters, such as KES")]
pub struct UnknownCurrency;

impl Currency {
    /// The three upper-case letters.
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// Decimals of the smallest unit that is paid: 2 for KES, 0 for UGX. By ISO 4217; 2 where it names none.
    pub fn minor_unit_decimals(self) -> u32 {
        self.0.exponent().map_or(2, u32::from)
    }

    /// The legal tender of a country. If there are several, the one that the fewest countries share.
    pub fn of_country(country: Country) -> Option<Self> {
        iso_currency::Currency::iter()
            .filter(|currency| !currency.is_fund() && !currency.is_special() && currency.is_superseded().is_none())
            .filter_map(|currency| {
                let users = currency.used_by();
                users.contains(&country.iso()).then_some((users.len(), currency))
            })
            .min_by_key(|(users, currency)| (*users, currency.code()))
            .map(|(_, currency)| Self(currency))
    }
}

impl FromStr for Currency {
    type Err = UnknownCurrency;

    /// Case does not matter.
    fn from_str(code: &str) -> Result<Self, UnknownCurrency> {
        let code = code.to_ascii_uppercase();
        let place = BY_CODE.binary_search_by(|currency| currency.code().cmp(&code));
        place.map(|place| BY_CODE[place]).map_err(|_| UnknownCurrency)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Ord for Currency {
    fn cmp(&self, other: &Self) -> Ordering {
        self.code().cmp(other.code())
    }
}

impl PartialOrd for Currency {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::text::parsed(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_iso_4217() {
        assert_eq!("KES".parse::<Currency>().expect("KES").code(), "KES");
        for text in ["kes", "Kes", "kES"] {
            assert_eq!(text.parse::<Currency>().expect(text).code(), "KES");
        }
        for currency in iso_currency::Currency::iter() {
            assert_eq!(currency.code().parse(), Ok(Currency(currency)));
        }
        for text in ["KSH", "", "KE", "KESX"] {
            assert_eq!(text.parse::<Currency>(), Err(UnknownCurrency), "{text:?}");
        }
    }

    #[test]
    fn minor_units_are_iso_4217() {
        for (code, decimals) in [("KES", 2), ("NGN", 2), ("UGX", 0), ("RWF", 0), ("XOF", 0), ("TND", 3)] {
            let currency: Currency = code.parse().expect("currency");
            assert_eq!(currency.minor_unit_decimals(), decimals, "{code}");
        }
    }

    #[test]
    fn countries_have_their_own_currency() {
        for (country, code) in [
            ("KE", "KES"),
            ("NG", "NGN"),
            ("GH", "GHS"),
            ("TZ", "TZS"),
            ("UG", "UGX"),
            ("RW", "RWF"),
            ("ET", "ETB"),
            ("ZM", "ZMW"),
            ("MZ", "MZN"),
            ("BF", "XOF"),
            ("US", "USD"),
        ] {
            let country: Country = country.parse().expect("country");
            assert_eq!(
                Currency::of_country(country).map(Currency::code),
                Some(code),
                "{country}"
            );
        }
    }
}
