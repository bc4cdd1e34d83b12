//! Reads a message by its clauses.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::context::Context;
use super::matching::Matcher;
use super::money::country;
use super::outcome::{Outcome, Stop};
use super::parted::Parted;
use super::senders::institutions_of;
use super::sentences::Sentence;
use super::skeleton::Skeleton;
use super::tables::{Role, WORD_TEXTS, pattern};
use crate::words::WORDS;

/// The analysis of a message, for people.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    pub(crate) skeleton: String,
    /// Each amount with its role and the rule that gave it.
    pub(crate) roles: Vec<String>,
    pub(crate) notes: Vec<String>,
    /// The parts that were passed over, each with the reason.
    pub(crate) passed: Vec<(&'static str, String)>,
}

/// The reason of a text with an impossible date.
pub(crate) const IMPOSSIBLE_DATE: &str = "a date that no calendar has";

/// Reads a message by its clauses. They stop if the country is not known.
pub(crate) fn read(sender: &str, text: &Parted<'_>, taken: Option<&mut Taken>) -> Outcome {
    read_counting(sender, text, taken).0
}

/// Like [`read`], and also returns the number of pattern steps.
fn read_counting(sender: &str, text: &Parted<'_>, taken: Option<&mut Taken>) -> (Outcome, u64) {
    let Some(known) = country(text.country()) else {
        return (Outcome::Stopped("no institution of the country is known".into()), 0);
    };
    let rows = institutions_of(sender, text.body, text.country());
    let row = match rows.as_slice() {
        [row] => *row,
        [] => {
            return (
                Outcome::Stopped("the sender is not an institution of the country".into()),
                0,
            );
        }
        _ => {
            return (
                Outcome::Stopped("several institutions of the country use the sender".into()),
                0,
            );
        }
    };
    let parts = text.parts();
    if parts.skeleton.impossible_date {
        return (Outcome::Stopped(IMPOSSIBLE_DATE.into()), parts.steps);
    }
    let matcher = Matcher { steps: parts.steps };
    let mut context = Context::new(
        &parts.skeleton,
        &parts.sentences,
        &parts.narrations,
        matcher,
        known,
        row,
    );
    context.notes = taken.is_some().then(Vec::new);
    let outcome = decide(&mut context);
    if let Some(taken) = taken {
        *taken = take_apart(&context, &parts.skeleton);
    }
    (outcome, context.matcher.steps)
}

/// The stems of words for a movement that did not happen.
static REFUSED: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(WORDS.refused)
        .expect("the words are few and short")
});

fn decide(context: &mut Context<'_>) -> Outcome {
    if context.mentions.is_empty() && !context.says(pattern::MONEY_WORDS) {
        return Outcome::Stopped("no amount".into());
    }
    if let Some(found) = REFUSED.find(&context.skeleton.text) {
        return Outcome::Stopped(Stop::at("refused", WORDS.refused[found.pattern().as_usize()]));
    }
    if context.is_two_messages() {
        return Outcome::Stopped("two messages in one".into());
    }
    if context.narration_tells() {
        return Outcome::Stopped("a narration that states the result of the movement".into());
    }
    match context.loan() {
        Some(outcome) => outcome,
        None => context.movement(),
    }
}

fn take_apart(context: &Context<'_>, skeleton: &Skeleton) -> Taken {
    let mut words = Vec::new();
    for sentence in context.sentences {
        let mut line: Vec<&str> = Vec::new();
        for (word, token) in sentence.words[1..].iter().zip(&sentence.tokens) {
            let text = WORD_TEXTS.get(usize::from(*word));
            // A stem that a rule names (`revers*`) is not a word, so the written word is shown.
            let written = text.is_empty() || text.ends_with('*');
            line.push(if written { skeleton.slice(token) } else { text });
        }
        let mark = if sentence.harmless {
            " (harmless)"
        } else if sentence.opener {
            " (opener)"
        } else {
            ""
        };
        words.push(format!("{}{mark}", line.join(" ")));
    }
    let roles = context.mentions.iter().map(|mention| {
        let token = &context.sentences[mention.sentence].tokens[mention.at - 1];
        let role = mention.role.map_or("no role", Role::name);
        let rule = mention.event.map_or(String::new(), |event| {
            format!(" by {} ({:?})", event.name, event.strength)
        });
        let bad = if context.amount(mention).bad {
            ", not a number"
        } else {
            ""
        };
        format!("{}: {role}{rule}{bad}", skeleton.slice(token))
    });
    Taken {
        skeleton: words.join(" | "),
        roles: roles.collect(),
        notes: context.notes.clone().unwrap_or_default(),
        passed: passed(context),
    }
}

/// The parts of the text that gave nothing to the reading, in the order of the text, narrations last.
fn passed(context: &Context<'_>) -> Vec<(&'static str, String)> {
    let reason = |sentence: &Sentence| match sentence {
        Sentence { harmless: true, .. } => Some("harmless"),
        Sentence { has_money: true, .. } => None,
        Sentence { opener: true, .. } => Some("advertisement or help"),
        _ => Some("residue"),
    };
    let sentences = context.sentences.iter().enumerate();
    let sentences = sentences.filter_map(|(at, sentence)| Some((reason(sentence)?, context.sentence_text(at))));
    let narrations = context.narrations.iter();
    let narrations = narrations.map(|narration| ("free text", narration.text.clone()));
    sentences.chain(narrations).collect()
}

#[cfg(test)]
mod tests {
    use daftari_domain::Country;

    use super::*;

    /// The test counts steps, because time varies. Every pattern looks at a bounded number of words, so twice the text
    /// takes twice the steps.
    #[test]
    fn steps_grow_with_the_text_and_no_faster() {
        let country: Country = "KE".parse().expect("country");
        let pieces = [
            "a ",
            "1,",
            "9",
            "Ksh1.00 ",
            "sent to JOHN ",
            "You have received Ksh1.00 from ",
            "your account ",
            "has been ",
            ". ",
            "New M-PESA balance is ",
            "Desc: x ",
            "*334# ",
            "if you did not ",
        ];
        for piece in pieces {
            let steps = |len: usize| {
                let body: String = piece.repeat(len / piece.len() + 1).chars().take(len).collect();
                let body = format!("UAB4K7QM2D Confirmed. Your account 12****345 has been debited with Ksh1.00 {body}");
                read_counting("MPESA", &Parted::new(&body, Some(country)), None).1
            };
            let (short, long) = (steps(1_000), steps(4_000));
            assert!(
                long <= 6 * short + 10_000,
                "{piece:?}: {short} steps for 1,000 characters, {long} for 4,000"
            );
            assert!(long < 2_000_000, "{piece:?}: {long}");
        }
    }
}
