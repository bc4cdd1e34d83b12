//! The class of a message that is not read.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

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

/// The class of a message that was not read, by its plain form and its parts. It is not financial only if it is known
/// not to be.
pub(crate) fn unread(text: &str, parted: &Parted<'_>) -> Reading {
    if looks_like_money(text, parted) {
        Reading::Unrecognized
    } else {
        Reading::NotFinancial
    }
}

/// Whether the text must be kept secret, such as a password, rather than recorded.
fn is_password(text: &str) -> bool {
    // Short words are also parts of names: HOTPOINT.
    let asks = PASSWORDS
        .find_iter(text)
        .any(|found| found.len() > 3 || stands_alone(text.as_bytes(), found.start(), found.end()));
    asks && !STATEMENTS.is_match(text)
}

/// Whether a text mentions money and is not known to be harmless. A password is harmless. A text with an amount is
/// harmless only if it is an advertisement without words of an event. A text without an amount is harmless unless it
/// mentions a loan or a lack of funds.
fn looks_like_money(text: &str, parted: &Parted<'_>) -> bool {
    if is_password(text) {
        return false;
    }
    let sight = clauses::glance(parted);
    if !sight.states_an_amount {
        return sight.tells_of_loan;
    }
    EVENTS.is_match(text) || !sight.advertises
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::plain;

    /// The countries of the texts.
    const WHERE: [&str; 7] = ["KE", "TZ", "RW", "NG", "ET", "BF", "MZ"];

    fn looks_like_money_in(country: &str, body: &str) -> bool {
        looks_like_money(&plain(body), &Parted::new(body, country.parse().ok()))
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
            assert!(WHERE.iter().any(|country| looks_like_money_in(country, text)), "{text}");
        }
    }

    #[test]
    fn passwords_greetings_and_offers_do_not() {
        for text in [
            "Your OTP for the payment of KES 400 is 112233",
            "Happy birthday from all of us!",
            "Enjoy 2GB for only Ksh50, dial *544#",
            "Transaction services are down tonight",
            "Votre code de confirmation pour le paiement de 500 FCFA est 1234",
            "O teu codigo de verificacao e 1234. Pagamento de 300.00MT",
            "Joyeux anniversaire de la part de toute l'equipe!",
            "Heri ya mwaka mpya kutoka kwetu sote!",
            "Umwaka mushya muhire!",
            "Feliz aniversario!",
        ] {
            assert!(
                !WHERE.iter().any(|country| looks_like_money_in(country, text)),
                "{text}"
            );
        }
    }
}
