//! Numbers of money as operators write them.

use daftari_domain::{Currency, Money};
use daftari_sms_notation::kind::{MoneyLayout, Style};

use crate::words::WORDS;

/// A number of money as read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stated {
    /// `None` if the digits are masked.
    pub(crate) money: Option<Money>,
    /// `None` if the text states no currency.
    pub(crate) currency: Option<Currency>,
}

/// Reads the text of a money field: `Ksh1,234.50`, `KSH.50`, `10Ksh`, `NGN-57,000.00`, `5 000,00 FCFA`, `N50.00DR`.
/// `spellings` are spellings of currencies with their codes. `None` if the number breaks the rules of the layout, or
/// does not fit into a [`Money`].
pub(crate) fn read_money(text: &str, layout: MoneyLayout, spellings: &[(&str, &str)]) -> Option<Stated> {
    let Some(first) = text.find(|c: char| c.is_ascii_digit()) else {
        return Some(Stated {
            money: None,
            currency: spelled(text, spellings),
        });
    };
    let last = text.rfind(|c: char| c.is_ascii_digit())?;
    let (before, digits, after) = (&text[..first], &text[first..=last], &text[last + 1..]);
    let after = after.trim();
    let without =
        |marks: &[&str]| -> Option<&str> { marks.iter().find_map(|mark| strip_suffix_ignoring_case(after, mark)) };
    let (after, overdrawn) = match without(WORDS.debit_marks) {
        Some(rest) => (rest, true),
        None => (without(WORDS.credit_marks).unwrap_or(after), false),
    };
    let negative = !layout.absolute && (overdrawn || before.contains('-'));
    let mut mantissa = mantissa(digits, layout)?;
    if negative {
        mantissa.0 = -mantissa.0;
    }
    Some(Stated {
        money: Some(Money::from_parts(mantissa.0, mantissa.1).ok()?),
        currency: spelled(before, spellings).or_else(|| spelled(after, spellings)),
    })
}

fn strip_suffix_ignoring_case<'a>(text: &'a str, suffix: &str) -> Option<&'a str> {
    let at = text.len().checked_sub(suffix.len())?;
    let (rest, end) = (text.get(..at)?, text.get(at..)?);
    end.eq_ignore_ascii_case(suffix).then(|| rest.trim_end())
}

/// The currency that a prefix such as `Ksh Ksh`, `-NGN` or `Ksh.` spells.
fn spelled(text: &str, spellings: &[(&str, &str)]) -> Option<Currency> {
    let word = text
        .split([' ', '-', '*', ','])
        .map(|word| word.trim_end_matches('.'))
        .find(|word| !word.is_empty())?;
    let (_, code) = spellings
        .iter()
        .find(|(spelling, _)| spelling.trim_end_matches('.').eq_ignore_ascii_case(word))?;
    code.parse().ok()
}

/// The digits as mantissa and scale. `None` if a group is not of three digits, or if there are more than 24 digits.
fn mantissa(digits: &str, layout: MoneyLayout) -> Option<(i128, u32)> {
    let (thousands, point) = match layout.style {
        Style::English => (',', '.'),
        Style::French => (' ', if digits.contains(',') { ',' } else { '.' }),
        Style::European => ('.', ','),
    };
    let (whole, decimals) = digits.split_once(point).unwrap_or((digits, ""));
    let mut groups = whole.split(thousands);
    let mut all = groups.next()?.to_owned();
    let mut grouped = false;
    for group in groups {
        if group.len() != 3 || (!grouped && all.len() > 3) {
            return None;
        }
        grouped = true;
        all.push_str(group);
    }
    all.push_str(decimals);
    if all.len() > 24 || !all.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some((all.parse().ok()?, u32::try_from(decimals.len()).ok()?))
}

/// Whether a sum ends in two decimals, so that no digit of it is cut off.
pub(crate) fn has_two_decimals(sum: &str) -> bool {
    let digits = sum.trim_end_matches(|c: char| !c.is_ascii_digit());
    digits.len() > 3 && {
        let (_, decimals) = digits.split_at(digits.len() - 3);
        decimals.starts_with(['.', ',']) && decimals[1..].bytes().all(|byte| byte.is_ascii_digit())
    }
}

#[cfg(test)]
mod tests {
    use daftari_sms_notation::kind::{CurrencyRule, Decimals};

    use super::*;

    const SPELLINGS: &[(&str, &str)] = &[
        ("ksh", "KES"),
        ("fcfa", "XOF"),
        ("ngn", "NGN"),
        ("n", "NGN"),
        ("usd", "USD"),
        ("mt", "MZN"),
    ];

    /// The number, with its currency if one is stated.
    fn read(text: &str, style: Style, absolute: bool) -> Option<String> {
        let layout = MoneyLayout {
            style,
            currency: CurrencyRule::Optional,
            decimals: Decimals::Any,
            absolute,
            masked: true,
            drcr: true,
        };
        let stated = read_money(text, layout, SPELLINGS)?;
        let number = stated.money.map_or("?".into(), |money| money.decimal().to_string());
        Some(
            stated
                .currency
                .map_or(number.clone(), |currency| format!("{number} {currency}")),
        )
    }

    #[test]
    fn every_notation_of_the_field_is_read() {
        let english = |text| read(text, Style::English, false).expect(text);
        assert_eq!(english("Ksh1,234.50"), "1234.5 KES");
        assert_eq!(english("KSH.50"), "50 KES");
        assert_eq!(english("Ksh.0.00"), "0 KES");
        assert_eq!(english("10Ksh"), "10 KES");
        assert_eq!(english("Ksh Ksh3,210.00"), "3210 KES");
        assert_eq!(english("7531.08"), "7531.08");
        assert_eq!(english("N50.00DR"), "-50 NGN");
        assert_eq!(english("N50.00 Cr"), "50 NGN");
        assert_eq!(english("-NGN20.5"), "-20.5 NGN");
        assert_eq!(english("NGN ***"), "? NGN");
        assert_eq!(
            read("NGN-57,000.00", Style::English, true).expect("number"),
            "57000 NGN"
        );
        let french = |text| read(text, Style::French, false).expect(text);
        assert_eq!(french("1 500 000,00FCFA"), "1500000 XOF");
        assert_eq!(french("1000.50 FCFA"), "1000.5 XOF");
        assert_eq!(
            read("1.234,56 USD", Style::European, false).expect("number"),
            "1234.56 USD"
        );
    }

    #[test]
    fn groups_other_than_thousands_are_not_a_number() {
        for text in ["1,2", "1,23.00", "1234,567", "12,34,567"] {
            assert_eq!(read(text, Style::English, false), None, "{text}");
        }
        assert_eq!(read(&"9".repeat(30), Style::English, false), None);
    }
}
