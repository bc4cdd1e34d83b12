//! From a text to its skeleton.

use daftari_sms_notation::clause::{LONG, MASK, MONEY, NUMBER, UNKNOWN};

use super::super::money::country;
use super::super::tables::{PHRASES, class, in_class};
use super::lexer::Lexer;
use super::token::{Skeleton, Token};
use crate::text::fold_char;

/// The text in plain characters, with its line ends.
fn plain_lines(body: &str) -> String {
    let mut plain = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(c) = rest.chars().next() {
        // Nearly all of a text is already plain. These parts are copied in one step.
        let run = rest
            .bytes()
            .take_while(|byte| matches!(byte, b'\n' | b' '..=b'~'))
            .count();
        if run > 0 {
            plain.push_str(&rest[..run]);
            rest = &rest[run..];
            continue;
        }
        rest = &rest[c.len_utf8()..];
        match c {
            '\u{2026}' => plain.push_str("..."),
            c if c.is_whitespace() || c.is_control() => {
                if c != '\r' {
                    plain.push(' ');
                }
            }
            c => match fold_char(c) {
                '\0' => {}
                c => plain.push(c),
            },
        }
    }
    if plain.contains("&amp;") {
        plain = plain.replace("&amp;", "&");
    }
    plain
}

/// The skeleton of a message. `of` is the code of the country, empty if it is not known.
pub(crate) fn skeleton(body: &str, of: &str) -> Skeleton {
    let text = plain_lines(body);
    let mut lexer = Lexer {
        country: country(of),
        bytes: text.as_bytes(),
        text: &text,
        at: 0,
        tokens: Vec::with_capacity(text.len() / 4),
        amounts: Vec::new(),
        impossible_date: false,
        lower: String::new(),
    };
    while lexer.at < lexer.bytes.len() {
        lexer.next();
    }
    let Lexer {
        tokens,
        amounts,
        impossible_date,
        ..
    } = lexer;
    let mut skeleton = Skeleton {
        text,
        tokens,
        amounts,
        impossible_date,
    };
    unquote_accounts(&mut skeleton);
    join_phrases(&mut skeleton.tokens);
    bare_amounts(&mut skeleton);
    skeleton
}

/// Leaves out the quotes around a masked or long number: "your account '5128****011'".
fn unquote_accounts(skeleton: &mut Skeleton) {
    let text = skeleton.text.as_bytes();
    let is_quote =
        |token: &Token| token.end - token.start == 1 && matches!(text.get(token.start as usize), Some(b'\'' | b'"'));
    let tokens = &mut skeleton.tokens;
    for at in (1..tokens.len().saturating_sub(1)).rev() {
        let quoted = matches!(tokens[at].word, MASK | LONG)
            && is_quote(&tokens[at - 1])
            && is_quote(&tokens[at + 1])
            && tokens[at - 1].end == tokens[at].start
            && tokens[at].end == tokens[at + 1].start;
        if quoted {
            tokens.remove(at + 1);
            tokens.remove(at - 1);
        }
    }
}

fn join_phrases(tokens: &mut Vec<Token>) {
    let mut kept = 0_usize;
    for at in 0..tokens.len() {
        let token = tokens[at];
        let joined = kept.checked_sub(1).and_then(|last| {
            let pair = (tokens[last].word, token.word);
            let found = PHRASES
                .binary_search_by_key(&pair, |(first, second, _)| (*first, *second))
                .ok()?;
            Some((last, PHRASES[found].2))
        });
        if let Some((last, word)) = joined {
            tokens[last].word = word;
            tokens[last].end = token.end;
            continue;
        }
        tokens[kept] = token;
        kept += 1;
    }
    tokens.truncate(kept);
}

/// Makes numbers without a currency amounts if they stand behind the words of a balance, an amount or a fee. Other
/// words may part a number from the word of a balance: "balance after this transaction 300". Such a number may be the
/// balance or not. It becomes a bad amount, so that the message is not read without its balance.
fn bare_amounts(skeleton: &mut Skeleton) {
    for at in 0..skeleton.tokens.len() {
        let token = skeleton.tokens[at];
        if token.word != NUMBER || token.end - token.start > 9 {
            continue;
        }
        let before = skeleton.tokens[..at].iter().rev().map(|token| token.word);
        let mut before = before.skip_while(|word| in_class(class::TO_NUMBER, *word)).take(1);
        if before.next().is_some_and(|word| in_class(class::NUMBERED, word)) {
            skeleton.tokens[at].word = MONEY;
            let next = skeleton.tokens.get(at + 1).map_or(UNKNOWN, |next| next.word);
            if matches!(next, NUMBER | LONG) {
                skeleton.amounts[usize::from(token.amount)].bad = true;
            }
        } else if may_be_balance(&skeleton.tokens[..at]) {
            skeleton.tokens[at].word = MONEY;
            skeleton.amounts[usize::from(token.amount)].bad = true;
        }
    }
}

/// Most words between the word of a balance and its number.
const BALANCE_GAP: usize = 8;

/// Whether a number behind these tokens may be a balance: only words that describe a balance part it from the word of a
/// balance, and the last word does not announce the number of an account.
fn may_be_balance(before: &[Token]) -> bool {
    let is_account = |at: usize| in_class(class::ACCOUNT_NOUN, before[at].word);
    let last = before.len().checked_sub(1);
    if last.is_none_or(is_account) {
        return false;
    }
    let nearest = (before.len().saturating_sub(BALANCE_GAP)..before.len()).rev();
    for at in nearest {
        let word = before[at].word;
        if in_class(class::BALANCE, word) {
            return true;
        }
        let numbers_account = matches!(word, NUMBER | LONG | MASK) && at > 0 && is_account(at - 1);
        if !numbers_account && !in_class(class::BALANCE_GAP, word) && !in_class(class::TO_NUMBER, word) {
            return false;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_digit_beside_a_currency_is_in_one_amount() {
        for (body, country) in [
            ("Confirmed.Ksh500.00paid to SHOP on 1/1/26 at 1:00 PMKsh20.00", "KE"),
            ("Recu 5 000FCFA de JEAN.Frais:50F Solde:4607F", "CM"),
            ("NGN5,000.00DR/NGN20.00CR REF:NGN5", "NG"),
        ] {
            let skeleton = skeleton(body, country);
            let inside = |at: usize| {
                skeleton
                    .tokens
                    .iter()
                    .any(|token| token.word == MONEY && (token.start as usize..token.end as usize).contains(&at))
            };
            for (at, _) in body.match_indices(|c: char| c.is_ascii_digit()) {
                let before = body[..at].trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, ',' | '.'));
                let beside = ["Ksh", "NGN"].iter().any(|currency| before.ends_with(currency));
                assert!(!beside || inside(at), "{body:?} at {at}: {:?}", skeleton.tokens);
            }
        }
    }
}
