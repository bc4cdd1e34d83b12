//! Parses phone numbers in any common spelling into the digits of E.164.
//!
//! Country codes, trunk prefixes and lengths come from libphonenumber, through its port `rlibphonenumber`.

mod bad_phone_number;
mod written;

use daftari_domain::Country;
use rlibphonenumber::{
    NumberLengthType, PHONE_NUMBER_UTIL, ParseError, PhoneNumber as Parsed, PhoneNumberFormat, PhoneNumberType, Region,
    ValidationError,
};

pub use bad_phone_number::{BadPhoneNumber, MAX_DIGITS, Plan};

use written::Written;

/// Limit of digits of an E.164 country code.
const MAX_COUNTRY_CODE_DIGITS: usize = 3;

/// Minimum of digits for reading a text without country code or trunk prefix as a national number.
const MIN_BARE_DIGITS: usize = 7;

/// A phone number with its country code, as digits: `254123456789`.
///
/// Each number has exactly one such form: no trunk prefix, no `00`, no separators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneNumber {
    digits: String,
    country: Option<Country>,
}

impl PhoneNumber {
    /// Parses a number in international form: with its country code, with or without a leading `+` or `00`. Separators
    /// and a trunk prefix after the country code are ignored.
    ///
    /// The number must have as many digits as mobile numbers of its country, or be a number in use of another kind. A
    /// mobile number need not be in use, because new ranges are opened faster than the lists are updated.
    pub fn parse(text: &str) -> Result<Self, BadPhoneNumber> {
        Self::of_international(&Written::read(text)?)
    }

    /// The digits, country code first.
    pub fn digits(&self) -> &str {
        &self.digits
    }

    /// The country of the number, if its country code belongs to one, or if its digits determine one of several.
    pub const fn country(&self) -> Option<Country> {
        self.country
    }

    /// Other digits under which this number may be stored. Stored numbers may have a trunk prefix after the country
    /// code, an international prefix in front, or both.
    pub fn old_spellings(&self) -> Vec<String> {
        let Ok(parsed) = parse_international(&self.digits) else {
            return Vec::new();
        };
        let (code, national) = self.digits.split_at(parsed.country_code.to_string().len());
        let spellings = [
            format!("{code}0{national}"),
            format!("00{code}{national}"),
            format!("00{code}0{national}"),
            format!("000{code}{national}"),
        ];
        let same = |digits: &String| digits.len() <= MAX_DIGITS && Self::parse(digits).is_ok_and(|read| read == *self);
        spellings.into_iter().filter(same).collect()
    }

    fn of_international(written: &Written) -> Result<Self, BadPhoneNumber> {
        if written.digits.starts_with('0') {
            return Err(if written.is_international {
                BadPhoneNumber::UnknownCountryCode
            } else {
                BadPhoneNumber::National
            });
        }
        Self::of_possible(&parse_international(&written.digits)?)?.settled()
    }

    /// The number, parsed again from its own digits until they are stable. Each parse removes only one trunk prefix, so
    /// a number has a unique form only if another parse changes nothing.
    fn settled(self) -> Result<Self, BadPhoneNumber> {
        let mut number = self;
        for _ in 0..MAX_DIGITS {
            let again = Self::of_possible(&parse_international(&number.digits)?)?;
            if again == number {
                return Ok(number);
            }
            number = again;
        }
        Err(BadPhoneNumber::NotANumber)
    }

    /// Parses a number in the national form of a country: with the trunk prefix, or without it if the digits are a
    /// national number in use but not an international one.
    fn of_national(written: &Written, country: Country) -> Option<Self> {
        if written.is_international {
            return None;
        }
        let region: Region = country.to_string().parse().ok()?;
        let parsed = PHONE_NUMBER_UTIL.parse(&written.digits, Some(region)).ok()?;
        let of_country = PHONE_NUMBER_UTIL.get_country_code_for_region(region);
        let is_known = of_country == Some(parsed.country_code)
            && (written.digits.starts_with('0') || PHONE_NUMBER_UTIL.is_valid_number(&parsed));
        let other_reading =
            parse_international(&written.digits).is_ok_and(|other| PHONE_NUMBER_UTIL.is_valid_number(&other));
        let number = (is_known && !other_reading).then(|| Self::of_possible(&parsed));
        number?.and_then(Self::settled).ok()
    }

    /// Parses digits that begin with the trunk prefix of a country.
    fn of_trunk(written: &Written, country: Country) -> Result<Self, BadPhoneNumber> {
        let region: Region = country.to_string().parse().map_err(|_| BadPhoneNumber::National)?;
        let parsed = PHONE_NUMBER_UTIL.parse(&written.digits, Some(region));
        Self::of_possible(&parsed.map_err(unparsed)?)
    }

    fn of_possible(parsed: &Parsed) -> Result<Self, BadPhoneNumber> {
        let region = PHONE_NUMBER_UTIL.get_region_for_number(parsed);
        let country = region.and_then(|region| region.to_string().parse().ok());
        check_length(parsed, country)?;
        let e164 = PHONE_NUMBER_UTIL.format(parsed, PhoneNumberFormat::E164);
        let digits = e164.trim_start_matches('+').to_owned();
        if digits.len() > MAX_DIGITS {
            return Err(BadPhoneNumber::TooManyDigits);
        }
        Ok(Self { digits, country })
    }
}

/// The numbers that a search text may mean, as digits, the likeliest first: an international number; the digits
/// unchanged; a national number of `country`; and the stored spellings of each.
///
/// Fails for a text that cannot be a phone number. Numbers of a wrong length are searched unchanged.
pub fn readings(text: &str, country: Option<Country>) -> Result<Vec<String>, BadPhoneNumber> {
    let written = Written::read(text)?;
    let international = PhoneNumber::of_international(&written).ok();
    let national = country.and_then(|country| PhoneNumber::of_national(&written, country));
    let mut readings: Vec<String> = Vec::new();
    let mut add = |digits: String| {
        if digits.len() <= MAX_DIGITS && !readings.contains(&digits) {
            readings.push(digits);
        }
    };
    let numbers = [international, national].into_iter().flatten();
    let numbers: Vec<PhoneNumber> = numbers.collect();
    if let Some(first) = numbers.first() {
        add(first.digits.clone());
    }
    add(written.all_digits);
    for number in &numbers {
        add(number.digits.clone());
        number.old_spellings().into_iter().for_each(&mut add);
    }
    Ok(readings)
}

/// Why no user can be registered with the number of a search text, whether international or national of `country`;
/// `None` if one can.
pub fn fault(text: &str, country: Option<Country>) -> Option<BadPhoneNumber> {
    let written = match Written::read(text) {
        Ok(written) => written,
        Err(fault) => return Some(fault),
    };
    let fault = PhoneNumber::of_international(&written).err()?;
    let Some(country) = country.filter(|_| !written.is_international) else {
        return Some(fault);
    };
    if PhoneNumber::of_national(&written, country).is_some() {
        return None;
    }
    // A trunk prefix marks a national number.
    let meant = || PhoneNumber::of_trunk(&written, country).err();
    Some(if fault == BadPhoneNumber::National {
        meant().unwrap_or(fault)
    } else {
        fault
    })
}

/// All digits of a text with only digits and separators, if a number may have that many.
pub fn digits(text: &str) -> Option<String> {
    let written = Written::read(text).ok()?;
    (written.all_digits.len() <= MAX_DIGITS).then_some(written.all_digits)
}

/// The digit prefixes of numbers that a search text may mean. Empty if the text has other characters than digits and
/// separators.
pub fn search_prefixes(text: &str, country: Option<Country>) -> Vec<String> {
    let Ok(written) = Written::read(text) else {
        return Vec::new();
    };
    let mut prefixes = vec![written.digits.clone(), written.all_digits.clone()];
    prefixes.extend(PhoneNumber::of_international(&written).map(|number| number.digits));
    if let Some(country) = country.filter(|_| !written.is_international) {
        match PhoneNumber::of_national(&written, country) {
            Some(number) => {
                prefixes.extend(number.old_spellings());
                prefixes.push(number.digits);
            }
            None => prefixes.extend(beginnings(&written.digits, country)),
        }
    }
    prefixes.extend(without_trunk_zero(&written.digits));
    // The empty text is a prefix of every number. It remains if the text is only an international prefix.
    prefixes.retain(|prefix| !prefix.is_empty());
    prefixes.sort_unstable();
    prefixes.dedup();
    prefixes
}

/// The start of an international number, without a trunk zero after the country code. `None` if there is no such zero.
fn without_trunk_zero(digits: &str) -> Option<String> {
    let is_country_code = |code: &str| {
        let region = code
            .parse()
            .ok()
            .and_then(|code| PHONE_NUMBER_UTIL.get_region_for_country_code(code));
        region.is_some()
    };
    // No country code is a prefix of another.
    let (code, rest) = (1..=MAX_COUNTRY_CODE_DIGITS)
        .filter_map(|len| digits.split_at_checked(len))
        .find(|(code, _)| !code.starts_with('0') && is_country_code(code))?;
    let rest = rest.strip_prefix('0').filter(|rest| !rest.is_empty())?;
    Some(format!("{code}{rest}"))
}

/// Whether a text may be a number in national form, so that parsing it needs the country.
pub fn may_be_national(text: &str) -> bool {
    Written::read(text).is_ok_and(|written| {
        let international = || PhoneNumber::of_international(&written);
        !written.is_international
            && (written.digits.starts_with('0')
                || (written.digits.len() >= MIN_BARE_DIGITS && international().is_err()))
    })
}

/// The prefixes of international numbers whose national form begins with the trunk prefix and these digits.
fn beginnings(digits: &str, country: Country) -> Vec<String> {
    let code = country
        .to_string()
        .parse()
        .ok()
        .and_then(|region| PHONE_NUMBER_UTIL.get_country_code_for_region(region));
    match (code, digits.strip_prefix('0')) {
        // If the country has no trunk prefix, the zero belongs to the number.
        (Some(code), Some(rest)) if !rest.is_empty() => {
            vec![format!("{code}{rest}"), format!("{code}{digits}")]
        }
        _ => Vec::new(),
    }
}

/// Parses digits that begin with a country code.
fn parse_international(digits: &str) -> Result<Parsed, BadPhoneNumber> {
    PHONE_NUMBER_UTIL.parse(format!("+{digits}"), None).map_err(unparsed)
}

fn unparsed(error: ParseError) -> BadPhoneNumber {
    match error {
        ParseError::InvalidCountryCode => BadPhoneNumber::UnknownCountryCode,
        ParseError::TooLongNsn => BadPhoneNumber::TooManyDigits,
        ParseError::TooShortAfterIdd | ParseError::TooShortNsn | ParseError::NotANumber(_) => {
            BadPhoneNumber::TooFewDigits
        }
    }
}

/// Requires the length of a mobile number, because the lengths of other kinds would accept mobile numbers that lack a
/// digit. A number in use of another kind is accepted too.
fn check_length(parsed: &Parsed, country: Option<Country>) -> Result<(), BadPhoneNumber> {
    let util = &*PHONE_NUMBER_UTIL;
    let as_mobile = util.is_possible_number_for_type_with_reason(parsed, PhoneNumberType::Mobile);
    if as_mobile == Ok(NumberLengthType::IsPossible) || util.is_valid_number(parsed) {
        return Ok(());
    }
    let plan = || Plan {
        country,
        country_code: parsed.country_code,
    };
    match as_mobile {
        Ok(NumberLengthType::IsPossible) => Ok(()),
        Ok(NumberLengthType::IsPossibleLocalOnly) | Err(ValidationError::TooShort) => {
            Err(BadPhoneNumber::TooShort(plan()))
        }
        Err(ValidationError::TooLong) => Err(BadPhoneNumber::TooLong(plan())),
        Err(ValidationError::InvalidLength) => Err(BadPhoneNumber::WrongLength(plan())),
        Err(ValidationError::InvalidCountryCode) => Err(BadPhoneNumber::UnknownCountryCode),
    }
}

#[cfg(test)]
mod tests;
