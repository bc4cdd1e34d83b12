//! The sender of a message.

use daftari_domain::Country;
use daftari_sms_notation::sender::sender_key;

use crate::phone::has_phone_digits;
use crate::words::WORDS;

/// Most words that are taken off the end of a sender.
const MOST_ENDINGS: usize = 3;
/// Fewest characters of the name that is left.
const MIN_NAME_CHARS: usize = 2;

/// The first hit among the keys of a sender: its own, then the shorter ones. Without a country, only its own. Behind
/// the name of a bank, the word for a bank may be left out: "Absa Bank" is the sender of "Absa", but "Orange Bank" is
/// not that of the wallet "Orange".
pub(crate) fn first_of_keys<T>(
    sender: &str,
    country: Option<Country>,
    of_key: impl Fn(&str) -> Vec<T>,
    is_bank: impl Fn(&T) -> bool,
) -> Vec<T> {
    let own = sender_key(sender);
    let found = of_key(&own);
    let Some(country) = country.filter(|_| found.is_empty()) else {
        return found;
    };
    let shorter = shorter_keys(sender, country);
    let banks = [&own].into_iter().chain(&shorter).map(|key| {
        let mut names = WORDS.bank_endings.iter().filter_map(|ending| key.strip_suffix(ending));
        let mut found = names.next().map(&of_key).unwrap_or_default();
        found.retain(&is_bank);
        found
    });
    let named = shorter.iter().map(|key| of_key(key));
    named.chain(banks).find(|found| !found.is_empty()).unwrap_or_default()
}

/// The keys of a sender without the words at its end that do not change whose sender it is: "Equity Bank Kenya Ltd" is
/// the sender of "Equity Bank" in Kenya. Only the name of the user's own country is taken off, because the same name
/// abroad is another institution. The longest key comes first.
fn shorter_keys(sender: &str, country: Country) -> Vec<String> {
    let code = country.to_string().to_ascii_lowercase();
    let name = sender_key(country.name().split(',').next().unwrap_or_default());
    let endings = WORDS
        .sender_endings
        .iter()
        .copied()
        .chain([code.as_str(), name.as_str()]);
    let endings: Vec<&str> = endings.collect();
    let mut keys = Vec::new();
    let mut last = sender_key(sender);
    for _ in 0..MOST_ENDINGS {
        let shorter = endings.iter().filter_map(|ending| last.strip_suffix(ending));
        let Some(shorter) = shorter
            .min_by_key(|name| name.len())
            .filter(|name| name.chars().count() >= MIN_NAME_CHARS)
        else {
            break;
        };
        last = shorter.to_owned();
        keys.push(last.clone());
    }
    keys
}

/// Whether the sender is a telephone number: a person, not an institution.
pub(crate) fn is_phone_number(sender: &str) -> bool {
    has_phone_digits(sender) && !sender.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shorter(sender: &str, country: &str) -> Vec<String> {
        shorter_keys(sender, country.parse().expect("country"))
    }

    #[test]
    fn endings_are_taken_off_one_after_the_other() {
        assert_eq!(
            shorter("Equity Bank Kenya Ltd", "KE"),
            ["equitybankkenya", "equitybank"]
        );
        assert_eq!(shorter("AIRTEL TZ", "TZ"), ["airtel"]);
        assert_eq!(shorter("UBA Alerts", "NG"), ["uba"]);
        assert_eq!(shorter("KCB", "KE"), Vec::<String>::new());
        // One letter is not a name, whatever its length in bytes.
        assert_eq!(shorter("አ Alerts", "ET"), Vec::<String>::new());
        assert_eq!(shorter("አዋሽ Alerts", "ET"), ["አዋሽ"]);
    }

    #[test]
    fn another_country_stays_a_part_of_the_name() {
        assert_eq!(shorter("Equity Bank Uganda", "KE"), Vec::<String>::new());
        assert_eq!(shorter("Access Bank Ghana", "NG"), Vec::<String>::new());
    }
}
