//! Labels by the company on the other side of a movement.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use daftari_domain::{Impact, LabelSet};

use crate::tables::{COUNTERPARTIES, Counterparty};
use crate::text::stands_alone;

static SCANNER: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::Standard)
        .kind(Some(AhoCorasickKind::DFA))
        .build(COUNTERPARTIES.iter().map(|counterparty| counterparty.name))
        .expect("the names are few and short")
});

/// The labels that the name of a counterparty gives a movement.
///
/// A name with a telephone number is a person, whatever it sounds like.
pub(crate) fn labels_of_name(name: &str, country: &str, impact: Option<Impact>) -> LabelSet {
    if has_phone(name) {
        LabelSet::EMPTY
    } else {
        labels(name, country, impact, |rule| rule.in_names)
    }
}

/// The labels that a bank's narration gives a movement.
pub(crate) fn labels_of_narration(text: &str, country: &str, impact: Option<Impact>) -> LabelSet {
    labels(text, country, impact, |rule| rule.in_narrations)
}

fn labels(
    text: &str,
    country: &str,
    impact: Option<Impact>,
    applies: impl Fn(&Counterparty) -> bool,
) -> LabelSet {
    let found = SCANNER.find_overlapping_iter(text).filter_map(|found| {
        let rule = &COUNTERPARTIES[found.pattern().as_usize()];
        let fits = applies(rule)
            && (rule.countries.is_empty() || rule.countries.contains(&country))
            && (!rule.first || (found.start() == 0 && is_all_but_additions(&text[found.end()..])))
            && stands_alone(text.as_bytes(), found.start(), found.end());
        let label = match impact? {
            Impact::Debit => rule.debit,
            Impact::Credit => rule.credit,
        };
        label.filter(|_| fits)
    });
    found.collect()
}

/// Words that companies add to their names.
const ADDITIONS: &[&str] = &[
    "account",
    "africa",
    "app",
    "bank",
    "capital",
    "co",
    "company",
    "credit",
    "digital",
    "finance",
    "financial",
    "inc",
    "international",
    "kenya",
    "ke",
    "limited",
    "loan",
    "loans",
    "ltd",
    "microfinance",
    "mobile",
    "paybill",
    "plc",
    "services",
    "solutions",
    "technologies",
];

fn is_all_but_additions(rest: &str) -> bool {
    let words = rest
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).all(|word| {
        word.bytes().all(|byte| byte.is_ascii_digit()) || ADDITIONS.contains(&word.as_str())
    })
}

/// Nine digits in a row, or digits beside a mask.
fn has_phone(name: &str) -> bool {
    name.split(|c: char| !c.is_ascii_digit() && c != '*')
        .any(|run| run.len() >= 9 || (run.len() >= 6 && run.contains('*')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use daftari_domain::Label;

    #[test]
    fn a_lender_lends_and_is_repaid() {
        let tala = |impact| labels_of_name("TALA MOBILE KENYA 851000", "KE", Some(impact));
        assert!(tala(Impact::Credit).contains(Label::LoanDisbursed));
        assert!(tala(Impact::Debit).contains(Label::LoanRepayment));
    }

    #[test]
    fn people_and_words_that_contain_a_name_are_no_companies() {
        for name in [
            "TALA OMAR 0712345678",
            "TALA OMAR 0712***678",
            "TALA OMAR",
            "TALAL STORES",
            "HOTEL TALA",
        ] {
            assert_eq!(
                labels_of_name(name, "KE", Some(Impact::Debit)),
                LabelSet::EMPTY,
                "{name}"
            );
        }
    }
}
