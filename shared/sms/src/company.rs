//! Companies that are known by their names.

use crate::clauses::counterparty::lends;
use crate::clauses::lender::{is_number, nation, words_of};
use crate::clauses::tables::{Kind, ROWS};
use crate::words::WORDS;

/// A company that is known by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Company {
    /// A company that lends: money from it is a loan.
    Lender,
    /// A bank of the directory.
    Bank,
    Other,
}

/// The company with a name, if the company is known. `business`: the layout is for payments to a business.
pub(crate) fn company_of(name: &str, country: &str, business: bool) -> Option<Company> {
    match lends(name, country, business) {
        Some(true) => Some(Company::Lender),
        Some(false) => Some(Company::Other),
        None => is_bank(name, country).then_some(Company::Bank),
    }
}

/// Most words of the name of a bank.
const MOST_BANK_WORDS: usize = 5;

/// Whether a name is that of a bank of the country: "EQUITY BULK ACCOUNT 300600". Beside the bank's own name, it has
/// only numbers and words of companies. One of them shows that a bank is meant, because shops bear such names too.
fn is_bank(name: &str, country: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let words = words_of(&lower);
    let of_a_bank = |word: &&str| WORDS.of_a_bank.contains(word);
    if !words.iter().any(of_a_bank) {
        return false;
    }
    let nation = nation(country);
    let beside = |word: &&str| is_number(word) || of_a_bank(word) || WORDS.company.contains(word) || *word == nation;
    let is_own = |count: usize| {
        let key = words[..count].concat();
        // "Co-operative Bank of Kenya" is also written without the country.
        let is_name = |known: &str| {
            let rest = known.strip_prefix(key.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.trim_start_matches("of") == nation)
        };
        let mut banks = ROWS
            .iter()
            .filter(|row| row.kind == Kind::Bank && row.country() == country);
        banks.any(|row| row.names().split(' ').any(is_name))
    };
    (1..=words.len().min(MOST_BANK_WORDS)).any(|count| words[count..].iter().all(beside) && is_own(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_institution_that_only_lends_is_a_lender_by_its_whole_name() {
        for (name, country) in [
            ("FIDO", "GH"),
            ("Fido Micro Credit Ltd", "GH"),
            ("FIDO GHANA", "GH"),
            ("AHOMKA", "GH"),
            ("AHOMKALOAN", "GH"),
            ("AHOMKA LOAN", "GH"),
            ("READY LOAN", "GH"),
            ("QWIK LOAN 2", "GH"),
            ("400200 - BRANCH INTERNATIONAL TANZANIA", "TZ"),
            ("BRANCH TANZANIA", "TZ"),
            ("Songesha", "TZ"),
            ("MyCredit Limited", "KE"),
            ("WATU CREDIT", "KE"),
            ("HARAKA LOANS", "KE"),
        ] {
            assert_eq!(company_of(name, country, false), Some(Company::Lender), "{name}");
        }
        for (name, country) in [
            ("FIDO MENSAH", "GH"),
            ("MENSAH FIDO", "GH"),
            ("FIDO PET SHOP LTD", "GH"),
            ("FIDO STAFF LOANS", "GH"),
            ("FIDO", "KE"),
            ("LOANS LTD", "GH"),
            ("GHANA", "GH"),
            ("400200", "TZ"),
            ("BRANCH MANAGER", "TZ"),
            ("BRANCH", "TZ"),
            ("BRANCH 221", "TZ"),
            ("AMAN", "EG"),
            ("HARAKA", "KE"),
            ("HARAKA LIMITED", "KE"),
            ("BERRY KENYA", "KE"),
            ("WATU COMPANY", "KE"),
            ("PAGE LTD", "NG"),
            ("BRANCH LTD", "TZ"),
            ("BRANCH CO", "TZ"),
            ("BERRY 400200", "KE"),
            ("PAGE", "NG"),
            ("BRANCH", "KE"),
            ("SAFARICOM", "KE"),
            ("SAFARICOM LIMITED", "KE"),
            ("LETSHEGO", "GH"),
            ("ECOBANK", "GH"),
            ("TALA OMAR", "KE"),
            ("", "GH"),
        ] {
            assert_ne!(company_of(name, country, false), Some(Company::Lender), "{name}");
        }
        assert_eq!(company_of("BRANCH", "TZ", true), Some(Company::Lender));
    }

    #[test]
    fn a_bank_is_known_by_its_name_among_words_of_companies() {
        for name in [
            "EQUITY BULK ACCOUNT 300600",
            "EQUITY BANK LIMITED 247247",
            "KCB BANK 522522",
            "CO-OPERATIVE BANK MONEY TRANSFER 400222",
            "CO-OPERATIVE BANK OF KENYA LTD",
            "NCBA BANK 880100",
            "I&M BANK LIMITED 542542",
            "DTB ACCOUNT 516600",
            "DIAMOND TRUST BANK KENYA LIMITED",
            "Equity Paybill Account 300603",
            "STANDARD CHARTERED BANK KENYA 329329",
        ] {
            assert_eq!(company_of(name, "KE", false), Some(Company::Bank), "{name}");
        }
        for name in [
            "EQUITY ENTERPRISES 400100",
            "EQUITY SERVICES LIMITED",
            "EQUITY",
            "RAFIKI MONEY TRANSFER",
            "NCBA CHEMIST",
            "NCBA BANK STAFF SACCO",
            "EQUITY BANK AGENT 12345",
            "KCB BANK PLAZA SHOP",
            "JOHN BANKOLE",
            "JOHN EQUITY BANK",
            "BLOOD BANK KENYA",
            "CREDIT ACCOUNT 300600",
            "ZENITH BANK PLC",
            "BANK",
            "",
        ] {
            assert_eq!(company_of(name, "KE", false), None, "{name}");
        }
        assert_eq!(company_of("ZENITH BANK PLC", "NG", false), Some(Company::Bank));
    }
}
