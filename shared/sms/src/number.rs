//! Numbers of money as operators write them.

use daftari_domain::{Currency, Money};

use crate::tables::MoneyLayout;

/// A number of money as read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stated {
    /// None where the digits are masked.
    pub(crate) money: Option<Money>,
    /// None where the text states none.
    pub(crate) currency: Option<Currency>,
}

/// Reads what a money field matched: `Ksh1,234.50`, `KSH.50`, `10Ksh`, `NGN-57,000.00`, `5 000,00 FCFA`, `N50.00DR`.
/// None: the number breaks the layout's own rules, or no [`Money`] can hold it.
pub(crate) fn read_money(
    text: &str,
    layout: MoneyLayout,
    spellings: &[(&str, &str)],
) -> Option<Stated> {
    let Some(first) = text.find(|c: char| c.is_ascii_digit()) else {
        return Some(Stated {
            money: None,
            currency: spelled(text, spellings),
        });
    };
    let last = text.rfind(|c: char| c.is_ascii_digit())?;
    let (before, digits, after) = (&text[..first], &text[first..=last], &text[last + 1..]);
    let after = after.trim();
    let (after, overdrawn) = match strip_suffix_ignoring_case(after, "dr") {
        Some(rest) => (rest, true),
        None => (
            strip_suffix_ignoring_case(after, "cr").unwrap_or(after),
            false,
        ),
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

/// The digits as mantissa and scale.
fn mantissa(digits: &str, layout: MoneyLayout) -> Option<(i128, u32)> {
    let (thousands, point) = if layout.european {
        ('.', ',')
    } else if layout.french {
        (' ', if digits.contains(',') { ',' } else { '.' })
    } else {
        (',', '.')
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

#[cfg(test)]
mod tests {
    use super::*;

    const SPELLINGS: &[(&str, &str)] = &[
        ("ksh", "KES"),
        ("fcfa", "XOF"),
        ("ngn", "NGN"),
        ("n", "NGN"),
        ("usd", "USD"),
        ("mt", "MZN"),
    ];

    fn read(text: &str, layout: MoneyLayout) -> Option<(Option<String>, Option<String>)> {
        let stated = read_money(text, layout, SPELLINGS)?;
        Some((
            stated.money.map(|money| money.decimal().to_string()),
            stated.currency.map(|currency| currency.to_string()),
        ))
    }

    fn some(number: &str, currency: &str) -> Option<(Option<String>, Option<String>)> {
        Some((
            Some(number.into()),
            (!currency.is_empty()).then(|| currency.into()),
        ))
    }

    #[test]
    fn every_notation_of_the_field_is_read() {
        let plain = MoneyLayout::default();
        assert_eq!(read("Ksh1,234.50", plain), some("1234.5", "KES"));
        assert_eq!(read("KSH.50", plain), some("50", "KES"));
        assert_eq!(read("Ksh.0.00", plain), some("0", "KES"));
        assert_eq!(read("10Ksh", plain), some("10", "KES"));
        assert_eq!(read("Ksh Ksh4,870.00", plain), some("4870", "KES"));
        assert_eq!(read("8581.08", plain), some("8581.08", ""));
        assert_eq!(read("N50.00DR", plain), some("-50", "NGN"));
        assert_eq!(read("N50.00 Cr", plain), some("50", "NGN"));
        assert_eq!(read("-NGN20.5", plain), some("-20.5", "NGN"));
        assert_eq!(read("NGN ***", plain), Some((None, Some("NGN".into()))));
        let absolute = MoneyLayout {
            absolute: true,
            ..plain
        };
        assert_eq!(read("NGN-57,000.00", absolute), some("57000", "NGN"));
        let french = MoneyLayout {
            french: true,
            ..plain
        };
        assert_eq!(read("1 500 000,00FCFA", french), some("1500000", "XOF"));
        assert_eq!(read("1000.50 FCFA", french), some("1000.5", "XOF"));
        let european = MoneyLayout {
            european: true,
            ..plain
        };
        assert_eq!(read("1.234,56 USD", european), some("1234.56", "USD"));
    }

    #[test]
    fn groups_that_are_not_thousands_are_no_number() {
        for text in ["1,2", "1,23.00", "1234,567", "12,34,567"] {
            assert_eq!(read(text, MoneyLayout::default()), None, "{text}");
        }
        assert_eq!(read(&"9".repeat(30), MoneyLayout::default()), None);
    }
}
