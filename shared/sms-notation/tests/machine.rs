//! Programs match the same texts as their regular expressions, with a number of steps that is linear in the text.

#[path = "support/oracle.rs"]
mod oracle;

use daftari_sms_notation::form::{Bytes, Form};
use daftari_sms_notation::machine::Machine;
use daftari_sms_notation::program::Program;
use oracle::{Oracle, fit};
use proptest::prelude::*;

fn sets() -> impl Strategy<Value = Bytes> {
    prop::sample::select(vec![
        Bytes::of(b"a"),
        Bytes::of(b"b1"),
        Bytes::of(b" ."),
        Bytes::of(b"ab"),
        Bytes::DIGIT,
        Bytes::LETTER,
        Bytes::VISIBLE,
        Bytes::ANY,
    ])
}

fn texts() -> impl Strategy<Value = Form> {
    "[ab1 .]{1,3}".prop_map(Form::Text)
}

/// Forms without fields.
fn plain() -> BoxedStrategy<Form> {
    let leaves = prop_oneof![
        texts(),
        (sets(), 0..3_u8, prop::option::of(0..2_u8)).prop_map(|(of, min, more)| Form::Run {
            of,
            min,
            max: more.map(|more| min + more)
        }),
        sets().prop_map(Form::Few),
    ];
    leaves
        .prop_recursive(3, 12, 3, |inner| {
            let begun = (texts(), inner.clone()).prop_map(|(text, rest)| Form::Sequence(vec![text, rest]));
            prop_oneof![
                prop::collection::vec(inner.clone(), 1..4).prop_map(Form::Sequence),
                prop::collection::vec(inner.clone(), 1..4).prop_map(Form::Choice),
                inner.prop_map(|form| Form::Optional(Box::new(form))),
                begun.prop_map(|form| Form::Repeated(Box::new(form))),
            ]
        })
        .boxed()
}

/// Forms with fields at any place except in fields and repetitions.
fn forms() -> BoxedStrategy<Form> {
    let leaves = prop_oneof![plain(), plain().prop_map(|form| Form::Field(Box::new(form)))];
    let nested = leaves.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..5).prop_map(Form::Sequence),
            prop::collection::vec(inner.clone(), 1..3).prop_map(Form::Choice),
            inner.prop_map(|form| Form::Optional(Box::new(form))),
        ]
    });
    (nested, any::<bool>())
        .prop_map(|(form, whole)| {
            let end = whole.then_some(Form::End);
            Form::Sequence([form].into_iter().chain(end).collect())
        })
        .boxed()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_program_fits_as_the_regular_expression_does(form in forms(), texts in prop::collection::vec("[abAB1 .é]{0,14}", 1..6)) {
        let program = Program::new(&form);
        let oracle = Oracle::new(&form);
        for text in texts {
            let expected = oracle.fit(&text);
            prop_assert_eq!(&fit(&mut Machine::default(), &program, &text), &expected, "{:?}", text);
            prop_assert_eq!(&fit(&mut Machine::with_patience(0), &program, &text), &expected, "with notes: {:?}", text);
            prop_assert_eq!(&fit(&mut Machine::with_patience(u64::MAX), &program, &text), &expected, "without notes: {:?}", text);
        }
    }

    #[test]
    fn pieces_end_where_a_regular_expression_of_the_first_pieces_ends(pieces in prop::collection::vec(forms(), 1..5), text in "[ab1 .]{0,14}") {
        let mut machine = Machine::default();
        fit(&mut machine, &Program::of_pieces(&pieces), &text);
        for count in 1..=pieces.len() {
            let expected = Oracle::new(&Form::Sequence(pieces[..count].to_vec())).fit(&text);
            let found = machine.passed().get(count - 1).copied();
            prop_assert_eq!(found, expected.map(|(end, _)| end), "{} pieces", count);
        }
    }
}

/// Steps of a failing search for a form in a text of a length.
fn steps(form: &Form, unit: &str, len: usize, patience: u64) -> u64 {
    let mut machine = Machine::with_patience(patience);
    let text: String = unit.chars().cycle().take(len).collect();
    assert_eq!(fit(&mut machine, &Program::new(form), &text), None);
    machine.steps()
}

#[test]
fn steps_grow_with_the_text_and_no_faster() {
    let some = |of| Form::Run { of, min: 1, max: None };
    let group = Form::Sequence(vec![Form::Text(",".into()), some(Bytes::DIGIT)]);
    let number = Form::Sequence(vec![some(Bytes::DIGIT), Form::Repeated(Box::new(group))]);
    let end = || Form::Text("!".into());
    let hard = [
        (
            Form::Sequence(vec![Form::Few(Bytes::ANY), some(Bytes::DIGIT), Form::Text("x".into())]),
            "1",
        ),
        (
            Form::Sequence(vec![Form::Few(Bytes::ANY), number.clone(), Form::Text("x".into())]),
            "1,",
        ),
        (
            Form::Sequence(vec![some(Bytes::ANY), some(Bytes::ANY), some(Bytes::ANY), end()]),
            "a",
        ),
        (
            Form::Sequence(vec![
                Form::Few(Bytes::ANY),
                Form::Text("a".into()),
                Form::Few(Bytes::ANY),
                Form::Text("a".into()),
                Form::Few(Bytes::ANY),
                end(),
            ]),
            "a",
        ),
        (
            Form::Sequence(vec![
                Form::Few(Bytes::ANY),
                Form::Optional(Box::new(number)),
                some(Bytes::VISIBLE),
                end(),
            ]),
            "12,a",
        ),
    ];
    for (form, unit) in hard {
        let (short, long) = (steps(&form, unit, 1_000, 1), steps(&form, unit, 4_000, 1));
        assert!(
            long < short * 5,
            "{form:?}: {short} steps, {long} for a text four times as long"
        );
        let (short, long) = (steps(&form, unit, 100, u64::MAX), steps(&form, unit, 400, u64::MAX));
        assert!(
            long > short * 8,
            "without notes, the text is hard: {form:?}: {short} steps, {long}"
        );
    }
}
