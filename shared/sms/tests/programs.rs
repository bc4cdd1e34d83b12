//! The program of every template fits the same texts as its regular expression, in steps linear in the text.

mod support;

#[path = "../../sms-notation/tests/support/oracle.rs"]
mod oracle;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use daftari_sms_notation::field_words::FieldWords;
use daftari_sms_notation::form::Form;
use daftari_sms_notation::machine::{Machine, Subject};
use daftari_sms_notation::program::Program;
use daftari_sms_notation::template::translate;
use oracle::{Oracle, fit};
use proptest::prelude::*;
use support::{examples, languages, templates};

#[derive(Debug)]
struct Layout {
    name: String,
    whole: Form,
    pieces: Vec<Form>,
    examples: Vec<String>,
}

static LAYOUTS: LazyLock<Vec<Layout>> = LazyLock::new(|| {
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for example in examples() {
        let name = format!("{}: {}", example.institution, example.template);
        texts.entry(name).or_default().push(example.text);
    }
    let languages = languages();
    let spoken = FieldWords::of(&languages.iter().map(|language| &language.words).collect::<Vec<_>>());
    let mut layouts = Vec::new();
    for (file, templates) in templates() {
        for (name, entry) in templates {
            let source = file.pattern(&entry);
            let pattern = translate(&source, &file.currency_words(), &spoken).expect("a pattern");
            let name = format!("{}: {name}", file.id);
            layouts.push(Layout {
                whole: pattern.whole(),
                pieces: pattern.pieces.into_iter().map(|piece| piece.form).collect(),
                examples: texts.remove(&name).expect("an example"),
                name,
            });
        }
    }
    layouts
});

/// A text with small changes, as operators make them, and with some that break its layout.
fn drifts(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut drifts = vec![
        text.to_owned(),
        text.to_uppercase(),
        text.replace(". ", ".").replace(", ", " "),
        text.replace(' ', ""),
        text.replace(['1', '0'], "é"),
        text.replace(':', " : ").replace('.', ""),
        format!("{text} Dial *100# to save money."),
        format!("{text}{text}"),
    ];
    for part in 1..4 {
        let at = chars.len() * part / 4;
        let (before, behind) = chars.split_at(at);
        let (before, behind) = (before.iter().collect::<String>(), behind.iter().collect::<String>());
        drifts.push(before.clone());
        drifts.push(format!("{before}7{behind}"));
        drifts.push(format!("{before} x{behind}"));
        drifts.push(format!("{before}{}", behind.chars().skip(1).collect::<String>()));
    }
    drifts
}

/// Asserts that program and regular expression agree on a text. Returns whether they fit it.
fn assert_fits_alike(layout: &Layout, program: &Program, oracle: &Oracle, text: &str) -> bool {
    let expected = oracle.fit(text);
    for patience in [0, 32] {
        let found = fit(&mut Machine::with_patience(patience), program, text);
        assert_eq!(found, expected, "{} with patience {patience}: {text:?}", layout.name);
    }
    expected.is_some()
}

#[test]
fn every_template_fits_what_its_regular_expression_fits() {
    let mut fitting = 0;
    for layout in LAYOUTS.iter() {
        let (program, oracle) = (Program::new(&layout.whole), Oracle::new(&layout.whole));
        for text in layout.examples.iter().flat_map(|text| drifts(text)) {
            fitting += usize::from(assert_fits_alike(layout, &program, &oracle, &text));
        }
    }
    assert!(fitting > LAYOUTS.len() * 3, "{fitting} drifts fit their templates");
}

fn splices() -> impl Strategy<Value = (&'static Layout, String)> {
    let layout = || prop::sample::select((0..LAYOUTS.len()).collect::<Vec<_>>());
    let part = || any::<prop::sample::Index>();
    (layout(), layout(), part(), part(), "\\PC{0,3}|[0-9 .,:]{0,4}").prop_map(|(one, other, to, from, middle)| {
        let (layout, other) = (&LAYOUTS[one], &LAYOUTS[other]);
        let (head, tail) = (&layout.examples[0], &other.examples[0]);
        let head: String = head.chars().take(to.index(head.len() + 1)).collect();
        let tail: String = tail.chars().skip(from.index(tail.len() + 1)).collect();
        (layout, format!("{head}{middle}{tail}"))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn spliced_examples_fit_alike((layout, text) in splices()) {
        assert_fits_alike(layout, &Program::new(&layout.whole), &Oracle::new(&layout.whole), &text);
    }

    #[test]
    fn the_first_pieces_end_alike((layout, text) in splices(), part in any::<prop::sample::Index>()) {
        let mut machine = Machine::default();
        machine.run(&Program::of_pieces(&layout.pieces), &Subject::new(&text));
        let passed = machine.passed();
        let some = part.index(layout.pieces.len()) + 1;
        for count in [some, passed.len(), passed.len() + 1] {
            if let Some(pieces) = layout.pieces.get(..count) {
                let expected = Oracle::new(&Form::Sequence(pieces.to_vec())).fit(&text);
                let found = count.checked_sub(1).map_or(Some(0), |last| passed.get(last).copied());
                prop_assert_eq!(found, expected.map(|(end, _)| end), "{}: {} pieces of {:?}", layout.name, count, text);
            }
        }
    }
}

/// Most steps for each byte of a text. Without the machine's notes, some of these texts take thousands.
const STEPS_PER_BYTE: u64 = 100;

#[test]
fn steps_grow_with_the_text_and_no_faster() {
    let units = ["9", "1,", "a ", "x.", "ksh1.00 ", "on 1/1/26 at 1:00 pm "];
    let mut machine = Machine::default();
    for layout in LAYOUTS.iter() {
        let program = Program::new(&layout.whole);
        let text = &layout.examples[0];
        for part in 0..4 {
            let head: String = text.chars().take(text.chars().count() * part / 4).collect();
            for unit in units {
                let text: String = head.chars().chain(unit.chars().cycle()).take(2_000).collect();
                machine.run(&program, &Subject::new(&text));
                let limit = STEPS_PER_BYTE * text.len() as u64;
                assert!(
                    machine.steps() < limit,
                    "{}: {} steps for {text:?}",
                    layout.name,
                    machine.steps()
                );
            }
        }
    }
}
