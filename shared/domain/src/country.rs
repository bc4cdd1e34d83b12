//! ISO 3166-1 countries.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A country of ISO 3166-1, by its two-letter code.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Country(iso_country::Country);

/// The text is not an ISO 3166-1 alpha-2 code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not an ISO 3166-1 alpha-2 country code: two letters, such as KE")]
pub struct UnknownCountry;

impl Country {
    /// Minutes by which local time is ahead of UTC, in the countries that the reader serves and the public API names.
    /// None of them has daylight saving time. The Democratic Republic of the Congo has two zones: the value is the
    /// capital's. 0 for every other country.
    pub const fn utc_offset_minutes(self) -> i64 {
        use iso_country::Country as C;
        match self.0 {
            C::IN | C::LK => 330,
            C::KE | C::TZ | C::UG | C::ET | C::SO => 180,
            C::RW | C::ZM | C::MZ | C::MW | C::ZW | C::ZA | C::BW => 120,
            C::NG | C::CM | C::CD => 60,
            _ => 0,
        }
    }

    /// The short English name of ISO 3166-1, such as `Tanzania, United Republic of`.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    pub(crate) const fn iso(self) -> iso_country::Country {
        self.0
    }
}

impl FromStr for Country {
    type Err = UnknownCountry;

    /// Case does not matter.
    fn from_str(code: &str) -> Result<Self, UnknownCountry> {
        match code.to_ascii_uppercase().parse() {
            Ok(iso_country::Country::Unspecified) | Err(_) => Err(UnknownCountry),
            Ok(country) => Ok(Self(country)),
        }
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Country {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::text::parsed(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_time_is_ahead_of_utc_by_the_offset_of_the_country() {
        for (codes, minutes) in [
            (["KE", "TZ", "UG", "ET"].as_slice(), 180),
            (&["RW", "ZM", "MZ", "ZA"], 120),
            (&["NG"], 60),
            (&["GH", "BF", "CI", "US"], 0),
            (&["IN", "LK"], 330),
        ] {
            for code in codes {
                let country: Country = code.parse().expect("country");
                assert_eq!(country.utc_offset_minutes(), minutes, "{code}");
            }
        }
    }

    #[test]
    fn codes_are_iso_3166() {
        assert_eq!("KE".parse::<Country>().expect("KE").to_string(), "KE");
        for text in ["ke", "Ke"] {
            assert_eq!(text.parse::<Country>().expect(text).to_string(), "KE");
        }
        for text in ["", "KEN", "ZZ", "K"] {
            assert_eq!(text.parse::<Country>(), Err(UnknownCountry), "{text:?}");
        }
    }
}
