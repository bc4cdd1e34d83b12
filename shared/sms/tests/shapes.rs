//! A shape contains nothing about a person, for any message.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use daftari_sms::{MAX_SHAPE_CHARS, Shape, Stop, explain};
use proptest::prelude::*;
use proptest::sample::select;
use support::{Example, examples};

/// The placeholders, masks and marks that a shape may hold besides words of the languages.
const MASKS: &[&str] = &[
    "<m>", "<d>", "<a>", "<f>", "<n>", "<r>", "<u>", "<q>", "<bad>", "w", "|", "...",
];

/// Every word in a language file, as written there, in lower case.
static VOCABULARY: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("languages");
    let mut words = BTreeSet::new();
    for entry in fs::read_dir(folder).expect("languages") {
        let text = fs::read_to_string(entry.expect("entry").path()).expect("file");
        let text: String = text
            .lines()
            .filter(|line| !line.trim_start().starts_with('#'))
            .collect::<Vec<_>>()
            .join("\n");
        let part = |c: char| c.is_whitespace() || "\"()|@!%{}?[]=".contains(c);
        words.extend(
            text.split(part)
                .flat_map(|word| [word.to_owned(), word.trim_end_matches(',').to_owned()]),
        );
    }
    words
});

static EXAMPLES: LazyLock<Vec<Example>> = LazyLock::new(examples);

fn is_allowed(word: &str) -> bool {
    MASKS.contains(&word) || word.chars().all(|c| !c.is_alphanumeric()) || VOCABULARY.contains(word)
}

/// Words that no language file holds, of several scripts.
fn secret() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Z][a-z]{2,9}",
        "[A-Z]{3,12}",
        "[a-z]{3,12}",
        "[\u{12a0}-\u{12c0}]{2,6}",
        "[а-я]{3,8}",
        "07[0-9]{8}",
        "[0-9]{1,3}(,[0-9]{3}){0,2}(\\.[0-9]{2})?",
        "[A-Z]{2}[0-9]{2}[A-Z0-9]{6}",
        "[a-z]{3,8}@[a-z]{3,8}\\.com",
        "(KES|Ksh|NGN|GHS)[0-9]{1,7}",
    ]
    .prop_filter("a word of a language", |word| {
        !VOCABULARY.contains(&word.to_lowercase())
    })
}

/// An example, its text with secrets in the place of some words and between words, and the secrets.
fn planted() -> impl Strategy<Value = (Example, String, Vec<String>)> {
    (
        select(&EXAMPLES[..]),
        prop::collection::vec((any::<prop::sample::Index>(), any::<bool>(), secret()), 1..12),
    )
        .prop_map(|(example, plants)| {
            let mut words: Vec<String> = example.text.split(' ').map(str::to_owned).collect();
            let mut secrets = Vec::new();
            for (at, replaces, secret) in plants {
                let at = at.index(words.len());
                if replaces {
                    words[at].clone_from(&secret);
                } else {
                    words.insert(at, secret.clone());
                }
                secrets.push(secret);
            }
            let text = words.join(" ");
            (example, text, secrets)
        })
}

fn words_of(shape: &Shape) -> impl Iterator<Item = &str> {
    shape.text.split(' ').filter(|word| !word.is_empty())
}

fn check(shape: &Shape) -> Result<(), TestCaseError> {
    for word in words_of(shape) {
        prop_assert!(is_allowed(word), "{word:?} in {:?}", shape.text);
    }
    prop_assert!(shape.text.chars().count() <= MAX_SHAPE_CHARS);
    Ok(())
}

/// Checks that every word of a segment also stands in the shape, so that a segment adds nothing to the shape.
fn check_segment(text: &str, example: &Example, stop: &Stop, secrets: &[String]) -> Result<(), TestCaseError> {
    let segment = Shape::segment(text, Some(example.country), stop);
    let shape = Shape::of(&example.sender, text, Some(example.country)).text;
    let shown: BTreeSet<&str> = shape.split(' ').collect();
    for word in segment.split(' ').filter(|word| !word.is_empty()) {
        prop_assert!(is_allowed(word), "{word:?} in {segment:?}");
        prop_assert!(
            shown.contains(word) || shape.ends_with("..."),
            "{word:?} of {segment:?} in {shape:?}"
        );
        for secret in secrets {
            prop_assert!(word != secret.to_lowercase(), "{secret:?} in {segment:?}");
        }
    }
    prop_assert!(segment.chars().count() <= MAX_SHAPE_CHARS);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn only_words_of_the_languages_and_masks_survive((example, text, secrets) in planted()) {
        let shape = Shape::of(&example.sender, &text, Some(example.country));
        check(&shape)?;
        let shown: BTreeSet<&str> = words_of(&shape).collect();
        for secret in &secrets {
            prop_assert!(!shown.contains(secret.to_lowercase().as_str()), "{secret:?} in {:?}", shape.text);
            prop_assert!(secret.len() < 5 || !shape.text.contains(secret.as_str()), "{secret:?} in {:?}", shape.text);
        }
    }

    #[test]
    fn any_text_at_all_is_masked(text in "\\PC{0,400}", country in select(&["KE", "NG", "TZ", "RW", "ET", "CM", "MZ", "EG"][..])) {
        check(&Shape::of("X", &text, country.parse().ok()))?;
        check(&Shape::of("X", &text, None))?;
    }

    #[test]
    fn a_segment_holds_only_words_of_the_languages_and_masks((example, text, secrets) in planted()) {
        let explanation = explain(&example.message(&text), Some(example.country));
        if let Some(stop) = &explanation.stopped {
            check_segment(&text, &example, stop, &secrets)?;
        }
    }

    /// A stop may name any part of a message.
    #[test]
    fn a_segment_of_any_part_is_masked((example, text, secrets) in planted(), from in any::<prop::sample::Index>(), len in 1_usize..40) {
        let chars: Vec<char> = text.chars().collect();
        let from = from.index(chars.len());
        let part: String = chars.iter().skip(from).take(len).collect();
        let stop = Stop { reason: "not understood", segment: part };
        check_segment(&text, &example, &stop, &secrets)?;
    }

    #[test]
    fn a_telephone_number_is_masked(number in "\\+?[0-9]{3} ?[0-9]{3} ?[0-9]{3,6}") {
        prop_assert_eq!(Shape::of(&number, "", None).sender, "<number>");
    }
}

#[test]
fn no_shape_of_an_example_holds_a_digit_outside_of_the_languages_words() {
    let digits: BTreeSet<String> = EXAMPLES
        .iter()
        .flat_map(|example| {
            let shape = Shape::of(&example.sender, &example.text, Some(example.country));
            let words = words_of(&shape).filter(|word| word.chars().any(|c| c.is_ascii_digit()));
            words.map(str::to_owned).collect::<Vec<_>>()
        })
        .collect();
    assert!(
        digits.iter().all(|word| word.chars().any(char::is_alphabetic)),
        "{digits:?}"
    );
}

/// Texts of one wording with different names, amounts and dates are one shape. Otherwise no shape would ever come from
/// enough users.
#[test]
fn values_do_not_tell_shapes_apart() {
    let with = |name: &str, amount: &str, code: &str, day: &str| {
        let text = format!(
            "{code} Confirmed. You have gifted {amount} to {name} on {day} at 1:41 PM. New M-PESA balance is {amount}."
        );
        Shape::of("MPESA", &text, "KE".parse().ok())
    };
    let one = with("JANE WAMBUI 0722000111", "Ksh1,250.00", "QJ812ABCDE", "8/10/21");
    let other = with("Peter O. Kamau 0733222111", "Ksh90.00", "QK9XXYYZZ1", "19/11/22");
    assert_eq!(one, other);
    assert!(
        one.text.contains("new m-pesa balance is <m>") || one.text.contains("balance is <m>"),
        "{}",
        one.text
    );
}
