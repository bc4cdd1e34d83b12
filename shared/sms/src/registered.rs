//! The person whose messages are read, as registered.

use crate::details::normalized;

/// Fewest digits that a masked number must share with the person's number.
const SHARED_DIGITS: usize = 3;
/// Fewest digits of a whole telephone number without the code of its country. Shorter ones may be another number that
/// ends alike.
const NATIONAL_DIGITS: usize = 9;
/// Words that a payer's name may have besides the person's.
const OTHER_WORDS: usize = 1;

/// The person whose messages are read.
#[derive(Clone, Copy, Debug)]
pub struct Registered<'a> {
    /// With country code, digits only.
    pub phone_number: &'a str,
    /// May be empty.
    pub first_name: &'a str,
    /// May be empty.
    pub last_name: &'a str,
}

impl Registered<'_> {
    /// Whether a payer is this person, by the name and number in a message: the whole telephone number is the person's,
    /// or the shown digits of a masked one are and the name has all words of the person's name and at most one more. A
    /// name alone proves nothing, because others bear it too.
    pub fn is(&self, payer: &str) -> bool {
        let mut numbers = payer.split(|c: char| !(c.is_ascii_digit() || c == '*'));
        numbers.any(|number| self.has_number(number) || (self.may_have_number(number) && self.is_named(payer)))
    }

    fn has_number(&self, number: &str) -> bool {
        let national = number.trim_start_matches('0');
        let digits = national.len() >= NATIONAL_DIGITS && national.bytes().all(|byte| byte.is_ascii_digit());
        digits && self.phone_number.ends_with(national)
    }

    fn may_have_number(&self, number: &str) -> bool {
        let Some((first, last)) = number.split_once('*') else {
            return false;
        };
        let last = last.trim_start_matches('*');
        let first = first.trim_start_matches('0');
        let is_shared = |digits: &str| self.phone_number.contains(digits);
        last.len() >= SHARED_DIGITS && self.phone_number.ends_with(last) && is_shared(first)
    }

    fn is_named(&self, payer: &str) -> bool {
        let words = |name: &str| -> Vec<String> {
            let name = normalized(name).unwrap_or_default();
            name.split(' ')
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect()
        };
        let (first, last, payer) = (words(self.first_name), words(self.last_name), words(payer));
        let has_all = |name: &[String]| !name.is_empty() && name.iter().all(|word| payer.contains(word));
        has_all(&first) && has_all(&last) && payer.len() <= first.len() + last.len() + OTHER_WORDS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payer_is_the_person_by_number_or_by_name_and_masked_number() {
        let person = Registered {
            phone_number: "250788555112",
            first_name: "Jean Paul",
            last_name: "Habimana",
        };
        for payer in [
            "JEAN PAUL HABIMANA (*********112)",
            "HABIMANA JEAN PAUL 2507****5112",
            "Habimana M. Jean Paul (078****112)",
            "JEAN PAUL HABIMANA 250788555112",
            "J. P. 0788555112",
            "788555112",
        ] {
            assert!(person.is(payer), "{payer}");
        }
        for payer in [
            "JEAN PAUL HABIMANA",
            "JEAN PAUL HABIMANA (*********113)",
            "JEAN PAUL HABIMANA (*********12)",
            "JEAN PAUL HABIMANA 2567****5112",
            "PAUL HABIMANA (*********112)",
            "JEAN PAUL (*********112)",
            "JANE DOE (*********112)",
            "JEAN PAUL HABIMANA 250788555113",
            "JEAN PAUL HABIMANA 555112",
            "JEAN PAUL HABIMANA 1250788555112",
            "ACME PAYROLL FOR JEAN PAUL HABIMANA *112",
            "ACME 88555112",
            "ACME 00088555112",
            "",
        ] {
            assert!(!person.is(payer), "{payer}");
        }
    }

    #[test]
    fn a_person_without_a_whole_name_is_known_by_number_only() {
        for (first_name, last_name) in [("", ""), ("Jean", ""), ("", "Habimana")] {
            let person = Registered {
                phone_number: "250788555112",
                first_name,
                last_name,
            };
            assert!(!person.is("JEAN HABIMANA (*********112)"));
            assert!(person.is("JEAN HABIMANA 250788555112"));
        }
    }
}
