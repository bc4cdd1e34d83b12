//! What to call a message that no template reads.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::tables::INSTITUTIONS;
use crate::text::stands_alone;
use crate::words::WORDS;

static PASSWORDS: LazyLock<AhoCorasick> = LazyLock::new(|| scanner(WORDS.secret.iter().copied()));
static STATEMENTS: LazyLock<AhoCorasick> =
    LazyLock::new(|| scanner(WORDS.statement.iter().copied()));
static EVENTS: LazyLock<AhoCorasick> = LazyLock::new(|| scanner(WORDS.moved.iter().copied()));
static CURRENCIES: LazyLock<AhoCorasick> = LazyLock::new(|| {
    scanner(
        INSTITUTIONS
            .iter()
            .flat_map(|institution| institution.currencies)
            .map(|(spelling, _)| *spelling),
    )
});

fn scanner<'a>(words: impl Iterator<Item = &'a str>) -> AhoCorasick {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(words.map(str::to_owned).collect::<Vec<_>>())
        .expect("the words are few and short")
}

/// Whether the text asks to be kept secret rather than to be kept as a record.
pub(crate) fn is_password(text: &str) -> bool {
    // Short words are also parts of names: HOTPOINT.
    let asks = PASSWORDS
        .find_iter(text)
        .any(|found| found.len() > 3 || stands_alone(text.as_bytes(), found.start(), found.end()));
    asks && !STATEMENTS.is_match(text)
}

/// Whether a text speaks of an amount, and of something that happened to it.
pub(crate) fn looks_like_money(text: &str) -> bool {
    !is_password(text) && EVENTS.is_match(text) && states_an_amount(text)
}

/// A currency beside a digit, or a number with two decimals.
fn states_an_amount(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit_at = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let near = |at: usize| {
        digit_at(at) || (matches!(bytes.get(at), Some(b' ' | b'.' | b'-')) && digit_at(at + 1))
    };
    let beside_currency = CURRENCIES.find_overlapping_iter(text).any(|found| {
        let start = found.start();
        near(found.end())
            || start.checked_sub(1).is_some_and(digit_at)
            || (start >= 2 && bytes[start - 1] == b' ' && digit_at(start - 2))
    });
    let decimals = || {
        bytes.windows(4).any(|window| {
            window[0].is_ascii_digit()
                && matches!(window[1], b'.' | b',')
                && window[2].is_ascii_digit()
                && window[3].is_ascii_digit()
        })
    };
    beside_currency || decimals()
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert!(looks_like_money(text), "{text}");
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
            assert!(!looks_like_money(text), "{text}");
        }
    }
}
