//! The usual wordings of a text. They take back an operator's small changes, so that templates match the text again.
//!
//! Templates match a message as a whole, so they miss a message with only a greeting in front. Each change here keeps
//! the meaning. Templates and their checks decide about the result as about any other text.

use daftari_sms_notation::clause::{MONEY, NUMBER};

use super::parted::Parted;
use super::sentences::Sentence;
use super::skeleton::{Amount, Skeleton};
use super::tables::{class, in_class};
use crate::text::{goes_on, plain, stands_alone};
use crate::words::WORDS;

/// Most words of a greeting before its comma.
const MOST_GREETING_WORDS: usize = 5;
/// Most words of a sentence about a fee.
const MOST_FEE_WORDS: usize = 8;
/// Stands between a changed wording and the usual one in the list `reworded`.
const FOR: &str = " > ";
/// Added to an amount that is written without decimals.
const NO_CENTS: &str = ".00";

/// A text in a more usual wording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wording {
    /// In the form of [`plain`].
    pub(crate) text: String,
    /// A sentence about a fee is left out, so a fee in the rest is not the whole fee.
    pub(crate) without_fee: bool,
}

/// Parts of a text to replace: start, end and what replaces it.
type Changes = Vec<(usize, usize, &'static str)>;

/// The text with each change taken back alone, and with all of them.
pub(crate) fn usual_wordings(text: &Parted<'_>) -> Vec<Wording> {
    let parts = text.parts();
    let (skeleton, sentences) = (&parts.skeleton, &parts.sentences);
    let mut kinds: Vec<(Changes, bool)> = vec![(greeting(skeleton, sentences), false)];
    kinds.extend(
        WORDS
            .reworded
            .iter()
            .map(|pair| (reworded(&skeleton.text, pair), false)),
    );
    kinds.push((whole_amounts(skeleton), false));
    kinds.push((fees(sentences), true));
    kinds.retain(|(changes, _)| !changes.is_empty());
    if kinds.len() > 1 {
        let all = kinds.iter().flat_map(|(changes, _)| changes.iter().copied()).collect();
        let without_fee = kinds.iter().any(|(_, fee)| *fee);
        kinds.push((all, without_fee));
    }
    let changed = kinds.into_iter().map(|(changes, without_fee)| Wording {
        text: plain(&with(&skeleton.text, changes)),
        without_fee,
    });
    changed.collect()
}

/// The text with the changes. Of two changes that overlap, the first one counts.
fn with(text: &str, mut changes: Changes) -> String {
    let mut out = String::with_capacity(text.len() + NO_CENTS.len() * changes.len());
    let mut done = 0;
    // They are few, and a sort is compiled into 30 KB.
    while let Some(first) = (0..changes.len()).min_by_key(|at| changes[*at]) {
        let (start, end, known) = changes.swap_remove(first);
        if start < done {
            continue;
        }
        out.push_str(&text[done..start]);
        out.push_str(known);
        done = end;
    }
    out.push_str(&text[done..]);
    out
}

/// A greeting with a name, at the beginning: "Dear Customer, ".
fn greeting(skeleton: &Skeleton, sentences: &[Sentence]) -> Changes {
    let tokens = sentences.first().map_or(&[][..], |sentence| &sentence.tokens);
    let greets = tokens
        .first()
        .is_some_and(|first| first.start == 0 && in_class(class::GREETING_WORD, first.word));
    let comma = tokens
        .iter()
        .take(MOST_GREETING_WORDS)
        .position(|token| skeleton.slice(token) == ",");
    let Some(comma) = comma.filter(|comma| greets && *comma > 1) else {
        return Vec::new();
    };
    let is_name = tokens[1..comma]
        .iter()
        .all(|token| skeleton.slice(token).chars().all(char::is_alphabetic) && !in_class(class::UNNAMED, token.word));
    let Some(next) = tokens.get(comma + 1).filter(|_| is_name) else {
        return Vec::new();
    };
    vec![(0, next.start as usize, "")]
}

/// The places of a changed wording, as whole words in any case. `pair` is an entry of the list `reworded`.
fn reworded(text: &str, pair: &'static str) -> Changes {
    let Some((written, known)) = pair.split_once(FOR) else {
        return Vec::new();
    };
    let lower = text.to_ascii_lowercase();
    let places = lower.match_indices(written);
    let whole = places.filter(|(at, _)| stands_alone(text.as_bytes(), *at, at + written.len()));
    whole.map(|(at, _)| (at, at + written.len(), known)).collect()
}

/// Amounts without decimals that are not cut off, because the text goes on behind them.
fn whole_amounts(skeleton: &Skeleton) -> Changes {
    let stated = skeleton.amounts.iter().filter(|amount| {
        let is_whole = amount.value.is_some_and(|value| value.decimal().fract().is_zero());
        is_whole && !amount.cents && amount.code.is_some() && goes_on(&skeleton.text, amount.end)
    });
    // "500 KES": the currency may be behind the number.
    let number_end = |amount: &Amount| {
        let stated = &skeleton.text[..amount.end];
        stated
            .rfind(|c: char| c.is_ascii_digit())
            .map_or(amount.end, |at| at + 1)
    };
    let ends = stated.map(number_end);
    ends.map(|end| (end, end, NO_CENTS)).collect()
}

/// Sentences within the text that state a fee and nothing else.
fn fees(sentences: &[Sentence]) -> Changes {
    let mut changes = Vec::new();
    for pair in sentences.windows(2).skip(1) {
        let [sentence, next] = pair else { continue };
        let tokens = &sentence.tokens;
        let amounts = tokens.iter().filter(|token| matches!(token.word, MONEY | NUMBER));
        let states = amounts.count() == 1
            && tokens.len() <= MOST_FEE_WORDS
            && tokens.iter().any(|token| in_class(class::FEE, token.word))
            && tokens
                .iter()
                .all(|token| matches!(token.word, MONEY | NUMBER) || in_class(class::FEE_GAP, token.word));
        let (Some(first), Some(behind)) = (tokens.first(), next.tokens.first()) else {
            continue;
        };
        if states && first.start < behind.start {
            changes.push((first.start as usize, behind.start as usize, ""));
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wordings(text: &str) -> Vec<String> {
        let parted = Parted::new(text, "KE".parse().ok());
        usual_wordings(&parted)
            .into_iter()
            .map(|wording| wording.text)
            .collect()
    }

    #[test]
    fn each_change_is_taken_back_alone_and_with_the_others() {
        assert_eq!(
            wordings("Dear Customer, UAB1234567 Completed. Ksh5.00 was sent."),
            [
                "UAB1234567 Completed. Ksh5.00 was sent.",
                "Dear Customer, UAB1234567 confirmed. Ksh5.00 was sent.",
                "Dear Customer, UAB1234567 Completed. Ksh5.00 has been sent.",
                "UAB1234567 confirmed. Ksh5.00 has been sent.",
            ]
        );
    }

    #[test]
    fn only_a_name_stands_in_a_greeting() {
        for text in [
            "Dear JOHN did not, Ksh5.00 sent.",
            "Dear 5, Ksh5.00 sent.",
            "Dear, Ksh5.00 sent.",
        ] {
            assert_eq!(wordings(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn an_amount_that_may_be_cut_off_stays() {
        assert_eq!(
            wordings("Ksh1,500 sent to JANE DOE. Balance Ksh2"),
            ["Ksh1,500.00 sent to JANE DOE. Balance Ksh2"]
        );
        assert_eq!(
            wordings("1,500 KES sent to JANE DOE."),
            ["1,500.00 KES sent to JANE DOE."]
        );
    }

    #[test]
    fn a_sentence_that_states_only_a_fee_is_left_out() {
        let with_fee = "UAB1234567 Confirmed. Service fee 1.50 charged. Ksh5.00 sent to JANE DOE.";
        assert_eq!(wordings(with_fee), ["UAB1234567 Confirmed. Ksh5.00 sent to JANE DOE."]);
        assert_eq!(
            wordings("UAB1234567 Confirmed. Service fee 1.50 refused. Ksh5.00 sent."),
            [""; 0]
        );
    }
}
