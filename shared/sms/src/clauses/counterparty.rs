//! Labels by the company on the other side of a movement.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use daftari_domain::{Impact, Label, LabelSet};

use super::lender::{is_number, only_lends};
use super::scan::month;
use crate::phone::telephone_in;
use crate::tables::{COUNTERPARTIES, Counterparty, Place};
use crate::text::stands_alone;
use crate::words::WORDS;

/// Finds the names, and the rule of each.
static SCANNER: LazyLock<(AhoCorasick, Vec<&'static Counterparty>)> = LazyLock::new(|| {
    let names = || {
        COUNTERPARTIES
            .iter()
            .flat_map(|rule| rule.names.split('|').map(move |name| (name, rule)))
    };
    let scanner = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::Standard)
        .kind(Some(AhoCorasickKind::DFA))
        .build(names().map(|(name, _)| name))
        .expect("the names are few and short");
    (scanner, names().map(|(_, rule)| rule).collect())
});

/// The labels that the name of a counterparty gives a movement.
///
/// A name with a number that may be a telephone number is a person, even if it sounds like a company. A betting company
/// that only companies are named like keeps its label if its name is the whole name. `business`: the layout is for
/// payments to a business.
pub(crate) fn labels_of_name(name: &str, country: &str, impact: Option<Impact>, business: bool) -> LabelSet {
    if telephone_in(name).is_none() {
        let labels = labels(name, country, impact, |rule| rule.in_names);
        match impact.filter(|_| only_lends(name, country, business)) {
            Some(Impact::Debit) => labels.with(Label::LoanRepayment),
            Some(Impact::Credit) => labels.with(Label::LoanDisbursed),
            None => labels,
        }
    } else if bets_by_telephone(name) {
        LabelSet::from_iter(impact.map(|_| Label::BettingAndLottery))
    } else {
        LabelSet::EMPTY
    }
}

/// Whether a name with a telephone number is that of a betting company and nothing else: "BETPAWA, 256770000111".
/// Wallets write the number of every other side. The words of these rules are not names of people.
pub(crate) fn bets_by_telephone(name: &str) -> bool {
    let (scanner, rules) = &*SCANNER;
    scanner.find_overlapping_iter(name).any(|found| {
        let rule = rules[found.pattern().as_usize()];
        let bets = rule.credit == Some(Label::BettingAndLottery) && rule.in_names && rule.place.is_none();
        bets && found.start() == 0
            && stands_alone(name.as_bytes(), 0, found.end())
            && is_all_but_additions(&name[found.end()..])
    })
}

/// The labels that a bank's narration gives a movement.
///
/// The name of a betting company counts anywhere in the narration. All other words count only in the bank's own part of
/// the text, because a payer's remark may say "for ATM" or "loan repayment" about anything.
pub(crate) fn labels_of_narration(text: &str, country: &str, impact: Option<Impact>) -> LabelSet {
    let lower = text.to_ascii_lowercase();
    let first_of = |words: &[&str]| {
        let places = words.iter().flat_map(|word| lower.match_indices(*word));
        places
            .filter(|(at, word)| stands_alone(text.as_bytes(), *at, at + word.len()))
            .map(|(at, _)| at)
            .min()
    };
    let transfer = first_of(WORDS.transfer);
    let banks_words = &text[..transfer.unwrap_or(text.len())];
    let is_fee = first_of(WORDS.fee).is_some();
    let is_undone = first_of(WORDS.reversal).is_some();
    let label = |text: &str| labels(text, country, impact, |rule| rule.in_narrations);
    let anywhere = label(text);
    let betting = anywhere.iter().filter(|label| *label == Label::BettingAndLottery);
    // "ATM WDL @ POS PLAZA": the words behind the means of payment are the place.
    let means = [Label::Atm, Label::Pos];
    let of_means = rules(banks_words, country, |rule| rule.in_narrations)
        .filter_map(|rule| label_of(rule, impact))
        .find(|label| means.contains(label));
    let is_cash = of_means == Some(Label::Atm) && transfer.is_none();
    label(banks_words)
        .iter()
        .filter(|label| !means.contains(label) || of_means == Some(*label))
        .filter(|label| !(is_fee && matches!(label, Label::Atm | Label::Pos | Label::LoanRepayment)))
        // Machines transfer money too.
        .filter(|label| !((is_undone || transfer.is_some()) && *label == Label::Atm))
        .chain(betting)
        // "ATM WD-BET9JA HOUSE": cash from a machine at a betting shop.
        .filter(|label| !(is_cash && *label == Label::BettingAndLottery))
        .chain((!is_fee && !is_undone && is_collected(&lower, country, impact)).then_some(Label::LoanRepayment))
        .chain(is_salary(&lower, impact, is_undone).then_some(Label::Salary))
        .collect()
}

/// Whether a narration, in small letters, is a lender's name and the bank's word for a direct debit: "IZWE LOANS DD".
/// Without that word it may be a payer's remark.
fn is_collected(narration: &str, country: &str, impact: Option<Impact>) -> bool {
    let text = narration.trim();
    let mut named = WORDS.direct_debit.iter().flat_map(|mark| {
        let behind = text.strip_suffix(mark).filter(|name| name.ends_with(' '));
        let before = text.strip_prefix(mark).filter(|name| name.starts_with(' '));
        behind.into_iter().chain(before)
    });
    impact == Some(Impact::Debit) && named.any(|name| lends(name.trim(), country, false) == Some(true))
}

/// Number of words after the word for a wage that can show that the payment is not a wage.
const NEXT_WORDS: usize = 2;

/// Whether a narration, in small letters, begins with the bank's word for a wage that comes in. Before it stand only
/// the bank's words for a transfer or a payment: "VIR SALAIRE". Words behind a name are the payer's remark.
fn is_salary(narration: &str, impact: Option<Impact>, is_undone: bool) -> bool {
    let words = narration
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .skip_while(|word| is_beside_wage(word));
    let words: Vec<&str> = words.collect();
    let text = words.join(" ");
    let is_wage = |wage: &&str| {
        let rest = text.strip_prefix(*wage);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    let begins = WORDS.salary.iter().any(is_wage);
    // Later words may be the payer's remark or an advertisement.
    let mut next = words.iter().skip(1).take(NEXT_WORDS);
    let is_other = next.any(|word| WORDS.not_salary.contains(word));
    begins && impact == Some(Impact::Credit) && !is_undone && !is_other
}

/// Whether a word says no more of a wage than that it is paid: "transfer", "monthly".
fn is_beside_wage(word: &str) -> bool {
    WORDS.transfer.contains(&word) || WORDS.beside_salary.contains(&word)
}

/// Fewest letters of a word for a wage in the place of a name. Shorter words such as "Sal" are also parts of names.
const WAGE_LETTERS: usize = 5;

/// Whether a bank wrote its words for a wage in the place of the payer's name: "Monthly Salary", "Salary August 2026".
pub(crate) fn names_a_wage(payer: &str) -> bool {
    let lower = payer.to_lowercase();
    let words = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let (wages, others): (Vec<&str>, Vec<&str>) = words.partition(|word| WORDS.salary.contains(word));
    let told = wages.iter().any(|word| word.chars().count() >= WAGE_LETTERS);
    let is_month = |word: &&str| month(word.as_bytes(), 0) == Some(word.len());
    told && others
        .iter()
        .all(|word| is_beside_wage(word) || is_month(word) || is_number(word))
}

/// Whether a company with the name lends. `None` if neither a rule nor the directory knows the name.
pub(crate) fn lends(name: &str, country: &str, business: bool) -> Option<bool> {
    if only_lends(name, country, business) {
        return Some(true);
    }
    let mut rules = rules(name, country, |rule| rule.in_names).peekable();
    rules.peek()?;
    Some(rules.any(|rule| rule.credit == Some(Label::LoanDisbursed)))
}

fn labels(text: &str, country: &str, impact: Option<Impact>, applies: impl Fn(&Counterparty) -> bool) -> LabelSet {
    rules(text, country, applies)
        .filter_map(|rule| label_of(rule, impact))
        .collect()
}

fn label_of(rule: &Counterparty, impact: Option<Impact>) -> Option<Label> {
    match impact? {
        Impact::Debit => rule.debit,
        Impact::Credit => rule.credit,
    }
}

/// The rules whose names occur in a text.
fn rules<'a>(
    text: &'a str,
    country: &'a str,
    applies: impl Fn(&Counterparty) -> bool + 'a,
) -> impl Iterator<Item = &'static Counterparty> + 'a {
    let (scanner, of_names) = &*SCANNER;
    scanner.find_overlapping_iter(text).filter_map(move |found| {
        let rule = of_names[found.pattern().as_usize()];
        let fits = applies(rule)
            && (rule.countries.is_empty() || rule.countries.contains(&country))
            && (rule.place != Some(Place::Whole) || has_no_letters(&text[..found.start()]))
            && (rule.place.is_none() || is_all_but_additions(&text[found.end()..]))
            && stands_alone(text.as_bytes(), found.start(), found.end());
        fits.then_some(rule)
    })
}

/// Whether the text before a name is at most a number: "400200 - BRANCH INTERNATIONAL".
fn has_no_letters(before: &str) -> bool {
    !before.contains(char::is_alphabetic)
}

/// Whether the text behind a name holds only numbers and words that companies add to their names.
fn is_all_but_additions(rest: &str) -> bool {
    let words = rest
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    words
        .map(str::to_ascii_lowercase)
        .all(|word| word.bytes().all(|byte| byte.is_ascii_digit()) || WORDS.company.contains(&word.as_str()))
}

/// Whether a name has a word for the legal form of a company.
pub(crate) fn has_legal_form(name: &str) -> bool {
    let mut words = name.split(|c: char| !c.is_alphanumeric());
    words.any(|word| WORDS.legal.iter().any(|legal| word.eq_ignore_ascii_case(legal)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lender_lends_and_is_repaid() {
        let tala = |impact| labels_of_name("TALA MOBILE KENYA 851000", "KE", Some(impact), false);
        assert!(tala(Impact::Credit).contains(Label::LoanDisbursed));
        assert!(tala(Impact::Debit).contains(Label::LoanRepayment));
    }

    #[test]
    fn a_narration_is_the_banks_word_until_it_names_a_transfer() {
        let narration = |text| labels_of_narration(text, "NG", Some(Impact::Debit));
        assert!(narration("ATM WITHDRAWAL IKEJA").contains(Label::Atm));
        assert!(narration("POS TRF TO ADA OBI").contains(Label::Pos));
        assert!(narration("WEB PUR/JUMIA.COM.NG LAGOS").contains(Label::Pos));
        assert!(!narration("WEB PURPLE LOUNGE").contains(Label::Pos));
        assert!(!narration("ATM WDL @ POS PLAZA IKEJA").contains(Label::Pos));
        assert!(!narration("POS PURCHASE ATM GALLERY").contains(Label::Atm));
        assert!(narration("NIP TRANSFER TO BET9JA").contains(Label::BettingAndLottery));
        assert_eq!(narration("ATM WD-BET9JA HOUSE YABA"), LabelSet::from_iter([Label::Atm]));
        for text in [
            "ATM CARD MAINTENANCE FEE",
            "CHARGE ON ATM WITHDRAWAL",
            "REVERSAL ATM WITHDRAWAL",
            "NIP TRF TO ADA OBI/FOR ATM ERROR",
            "TRANSFER TO ADA OBI POS OPERATOR",
            "TRF TO ADA OBI/LOAN REPAYMENT",
            "MOBILE TRF/ADA OBI/ATM CARD",
            "ATM TRF TO ADA OBI",
            "TRF TO ADA OBI/AIRTIME",
            "LOAN REPAYMENT FEE",
            "FRAIS RETRAIT GAB",
            "VIR KONE AWA/REMBOURSEMENT PRET",
        ] {
            assert_eq!(narration(text), LabelSet::EMPTY, "{text}");
        }
    }

    #[test]
    fn a_wage_is_one_where_the_banks_narration_begins_so_and_money_comes_in() {
        let labels = |text| labels_of_narration(text, "NG", Some(Impact::Credit));
        for text in [
            "SALARY PAYMENT",
            "SAL/NOV/ACME LTD",
            "Payroll-11",
            "salary for may",
            "MSHAHARA WA MEI",
            "MALIPO YA MSHAHARA",
            "TRF SALARY AUG",
            "TRF/SALARY AUG/ACME",
            "VIR SALAIRE AOUT 2026 FINASSUR CI",
            "VIREMENT RECU SALAIRE",
            "PAIE AOUT",
            "VIR PAIE AOUT 2026",
            "TRANSFERENCIA SALARIO AGOSTO",
        ] {
            assert!(labels(text).contains(Label::Salary), "{text}");
        }
        for text in [
            "SALARY ADVANCE",
            "SALARY LOAN DISBURSEMENT",
            "SALARY REVERSAL",
            "REV SALARY",
            "SALEM STORES",
            "TRF FROM ACME SALARY",
            "MY SALARY",
            "TRF SALARY ADVANCE",
            "VIR RECU AWA KONE SALAIRE",
            "VIR DE AWA SALAIRE",
            "VIR SALAIRE ANNULATION",
            "VIR AVANCE SALAIRE",
            "VIR SALAIRE PRET",
            "PAIE FACTURE",
            "PAIE",
            "",
        ] {
            assert!(!labels(text).contains(Label::Salary), "{text}");
        }
        for impact in [Some(Impact::Debit), None] {
            let labels = labels_of_narration("SALARY PAYMENT", "NG", impact);
            assert!(!labels.contains(Label::Salary), "a wage is received");
        }
        // The name of the payer is not a narration.
        assert_eq!(
            labels_of_name("SALARY ACME", "NG", Some(Impact::Credit), false),
            LabelSet::EMPTY
        );
    }

    #[test]
    fn a_direct_debit_of_a_lender_is_a_repayment() {
        let labels = |text, impact| labels_of_narration(text, "GH", Some(impact));
        for text in ["IZWE LOANS DD", "Direct Debit Fido Micro Credit Ltd", "DD QWIKLOAN"] {
            assert!(labels(text, Impact::Debit).contains(Label::LoanRepayment), "{text}");
            assert_eq!(labels(text, Impact::Credit), LabelSet::EMPTY, "{text}");
        }
        for text in [
            "IZWE LOANS",
            "IZWE LOANS DD REVERSAL",
            "REVERSAL IZWE LOANS DD",
            "IZWE LOANS DD FEE",
            "TRF TO KOFI/IZWE LOANS DD",
            "FIDO MENSAH DD",
            "UNPAID IZWE LOANS DD",
            "DD",
        ] {
            assert_eq!(labels(text, Impact::Debit), LabelSet::EMPTY, "{text}");
        }
    }

    #[test]
    fn a_wage_in_the_place_of_the_payer_is_only_that() {
        for payer in [
            "Monthly Salary",
            "SALARY PAYMENT",
            "salary",
            "Mshahara",
            "Salary August",
            "SALARY NOV 2026",
        ] {
            assert!(names_a_wage(payer), "{payer}");
        }
        for payer in [
            "Salary Advance",
            "SALARY JOHN DOE",
            "Sal",
            "Monthly Payment",
            "Salary Loan",
            "August",
            "Salary Augustine",
            "Salary Marketing",
            "",
        ] {
            assert!(!names_a_wage(payer), "{payer}");
        }
    }

    #[test]
    fn a_betting_company_is_known_beside_its_telephone_number() {
        for (name, bets) in [
            ("BETPAWA, 256770000111", true),
            ("Fortebet Ltd (256770000111)", true),
            ("BETPAWA OKOT, 256770000111", false),
            ("JOHN BETPAWA, 256770000111", false),
            ("LOTTO 256770000111", false),
        ] {
            let labels = labels_of_name(name, "UG", Some(Impact::Debit), false);
            assert_eq!(labels.contains(Label::BettingAndLottery), bets, "{name}");
        }
    }

    #[test]
    fn a_name_that_ends_in_a_word_for_bets_is_that_of_a_betting_company() {
        for (name, bets) in [
            ("512300 - LION SPORT BETTING PLC", true),
            ("LION SPORTS BETTING", true),
            ("518900 - SELAM BET GAMING PLC", true),
            ("Goal Betting Ltd 400200", true),
            ("BETTING CONTROL AND LICENSING BOARD", false),
            ("LION BETTING 256770000111", false),
            ("BETTER LIVING PLC", false),
            ("ALPHABET BOOKS", false),
            ("BET HOTEL", false),
            ("SELAM GAMING LOUNGE", false),
        ] {
            let labels = labels_of_name(name, "ET", Some(Impact::Debit), false);
            assert_eq!(labels.contains(Label::BettingAndLottery), bets, "{name}");
        }
        // A customer's remark is not a name.
        let remark = labels_of_narration("TRF TO ADA OBI/BETTING", "NG", Some(Impact::Debit));
        assert_eq!(remark, LabelSet::EMPTY);
    }

    #[test]
    fn people_and_words_that_contain_a_name_are_not_companies() {
        for name in [
            "TALA OMAR 0712345678",
            "TALA OMAR 0712***678",
            "TALA 12**34",
            "TALA *********013",
            "TALA 2348031234567",
            "TALA OMAR",
            "TALAL STORES",
            "HOTEL TALA",
        ] {
            assert_eq!(
                labels_of_name(name, "KE", Some(Impact::Debit), false),
                LabelSet::EMPTY,
                "{name}"
            );
        }
    }
}
