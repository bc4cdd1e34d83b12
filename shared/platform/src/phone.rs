//! Phone numbers in international form.

use daftari_domain::Country;

/// A phone number with its country code, as digits: `254123456789`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneNumber {
    digits: String,
    country: Option<Country>,
}

/// The text is no phone number in international form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a phone number in international form, such as 254123456789")]
pub struct BadPhoneNumber;

impl PhoneNumber {
    /// Reads digits with a known country code, with or without a leading `+`; spaces, dashes, dots and parentheses
    /// between the digits are passed over.
    ///
    /// The number need not be in use: numbering plans change faster than any list of them.
    pub fn parse(text: &str) -> Result<Self, BadPhoneNumber> {
        let digits = digits(text).ok_or(BadPhoneNumber)?;
        // E.164: at most 15 digits; no country has subscribers with fewer than 7 in all.
        if !(7..=15).contains(&digits.len()) {
            return Err(BadPhoneNumber);
        }
        // Resolves shared country codes (+1, +7, +44) by the digits that follow.
        let country = phonelib::extract_country(&format!("+{digits}")).ok_or(BadPhoneNumber)?;
        let country = country.code.parse().ok();
        Ok(Self { digits, country })
    }

    /// The digits, country code first.
    pub fn digits(&self) -> &str {
        &self.digits
    }

    /// The country of the number, if its country code belongs to one.
    pub const fn country(&self) -> Option<Country> {
        self.country
    }
}

/// The digits of a text that holds nothing but digits, separators and a leading `+`.
pub fn digits(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.strip_prefix('+').unwrap_or(text);
    let separators = [' ', '-', '.', '(', ')'];
    let valid = text.len() <= 32
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || separators.contains(&c));
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    (valid && !digits.is_empty()).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn country(text: &str) -> Option<String> {
        PhoneNumber::parse(text)
            .expect("phone number")
            .country()
            .map(|country| country.to_string())
    }

    #[test]
    fn the_plus_and_separators_do_not_matter() {
        for text in [
            "254123456789",
            "+254123456789",
            " +254 123-456.789 ",
            "+(254)123456789",
        ] {
            assert_eq!(
                PhoneNumber::parse(text).expect("phone").digits(),
                "254123456789",
                "{text}"
            );
        }
    }

    #[test]
    fn the_country_follows_from_the_number() {
        for (text, expected) in [
            ("254123456789", "KE"),
            ("2348031234567", "NG"),
            ("233241234567", "GH"),
            ("255741234567", "TZ"),
            ("256701234567", "UG"),
            ("250788123456", "RW"),
            ("251911234567", "ET"),
            ("260971234567", "ZM"),
            ("258841234567", "MZ"),
            ("22670123456", "BF"),
        ] {
            assert_eq!(country(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_international_number_is_refused() {
        for text in [
            "",
            "+",
            "0712345678",
            "12345",
            "phone",
            "254 12a 456",
            "2541234567891234",
            "٢٥٤١٢٣٤٥٦٧٨٩",
        ] {
            assert_eq!(PhoneNumber::parse(text), Err(BadPhoneNumber), "{text:?}");
        }
    }
}
