//! The class of a message that is not read.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use daftari_domain::vocabulary::NotFinancialCode;

use crate::clauses::{self, Parted};
use crate::message::Reading;
use crate::text::stands_alone;
use crate::words::WORDS;

static PASSWORDS: LazyLock<AhoCorasick> = LazyLock::new(|| scanner(WORDS.secret));
static STATEMENTS: LazyLock<AhoCorasick> = LazyLock::new(|| scanner(WORDS.statement));
static EVENTS: LazyLock<AhoCorasick> = LazyLock::new(|| scanner(WORDS.moved));

fn scanner(words: &[&str]) -> AhoCorasick {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(words)
        .expect("the words are few and short")
}

/// The class of a message that was not read. `text` is its plain form. A message is not financial only if its words
/// show it.
pub(crate) fn unread(text: &str, parted: &Parted<'_>) -> Reading {
    harmless(text, parted).map_or(Reading::Unrecognized, Reading::NotFinancial)
}

/// Whether the text must be kept secret, such as a password, rather than recorded.
fn is_password(text: &str) -> bool {
    // Short words are also parts of names: HOTPOINT.
    let asks = PASSWORDS
        .find_iter(text)
        .any(|found| found.len() > 3 || stands_alone(text.as_bytes(), found.start(), found.end()));
    asks && !STATEMENTS.is_match(text)
}

/// Why a text is harmless; `None` if it may be about the user's money. A password is harmless. A text with an amount is
/// harmless only if it is an advertisement without words of an event. A text without an amount is harmless unless it
/// mentions a loan or a lack of funds.
fn harmless(text: &str, parted: &Parted<'_>) -> Option<NotFinancialCode> {
    if is_password(text) {
        return Some(NotFinancialCode::Password);
    }
    let sight = clauses::glance(parted);
    if !sight.states_an_amount {
        return (!sight.tells_of_loan).then_some(NotFinancialCode::NoAmount);
    }
    let advertises = sight.advertises && !EVENTS.is_match(text);
    advertises.then_some(NotFinancialCode::Advertisement)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::plain;

    /// The countries of the texts.
    const WHERE: [&str; 7] = ["KE", "TZ", "RW", "NG", "ET", "BF", "MZ"];

    fn harmless_in(country: &str, body: &str) -> Option<NotFinancialCode> {
        harmless(&plain(body), &Parted::new(body, country.parse().ok()))
    }

    #[test]
    fn amounts_that_moved_look_like_money() {
        for text in [
            "You paid KES 40 to a shop",
            "Salio jipya ni Tsh 300",
            "Avail Bal: 1,200.00 for acct 1",
            "Ksh4,000.00 was paid to HOTPOINT APPLIANCES",
            "NGN500.00 left your acct. Bal: NGN20.00. Never tell anybody your OTP",
            "Wohereje 2,000 RWF kuri Eric",
            "Kiasi cha TZS 5,000 kimewekwa kwenye akaunti yako",
            "Transferencia de 300.00MT. O teu saldo e de 20.00MT",
            "\u{12a8}\u{12a0}\u{1260}\u{1260} 500.00 \u{1265}\u{122d} \u{1270}\u{1240}\u{1265}\u{1208}\u{12cb}\u{120d}",
        ] {
            assert!(
                WHERE.iter().any(|country| harmless_in(country, text).is_none()),
                "{text}"
            );
        }
    }

    #[test]
    fn passwords_greetings_and_offers_do_not() {
        use NotFinancialCode::{Advertisement, NoAmount, Password};
        for (text, reason) in [
            ("Your OTP for the payment of KES 400 is 112233", Password),
            ("Happy birthday from all of us!", NoAmount),
            ("Transaction services are down tonight", NoAmount),
            (
                "Votre code de confirmation pour le paiement de 500 FCFA est 1234",
                Password,
            ),
            ("O teu codigo de verificacao e 1234. Pagamento de 300.00MT", Password),
            ("Joyeux anniversaire de la part de toute l'equipe!", NoAmount),
            ("Heri ya mwaka mpya kutoka kwetu sote!", NoAmount),
            ("Umwaka mushya muhire!", NoAmount),
            ("Feliz aniversario!", NoAmount),
        ] {
            for country in WHERE {
                assert_eq!(harmless_in(country, text), Some(reason), "{country}: {text}");
            }
        }
        let offer = "Enjoy 2GB for only Ksh50, dial *544#";
        assert_eq!(harmless_in("KE", offer), Some(Advertisement));
        assert!(WHERE.iter().all(|country| harmless_in(country, offer).is_some()));
    }
}
