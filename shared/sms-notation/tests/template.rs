//! The meaning of the notation of templates.

#[path = "support/oracle.rs"]
mod oracle;

use std::borrow::Cow;

use daftari_sms_notation::field_words::FieldWords;
use daftari_sms_notation::form::Form;
use daftari_sms_notation::kind::FieldKind;
use daftari_sms_notation::machine::Machine;
use daftari_sms_notation::program::Program;
use daftari_sms_notation::required::Required;
use daftari_sms_notation::template::translate;
use oracle::{Oracle, fit};

fn words() -> Vec<String> {
    ["Ksh", "KES", "N"].map(str::to_owned).to_vec()
}

/// Words of a language that does not exist.
fn spoken() -> FieldWords<'static> {
    FieldWords {
        debit_marks: Cow::Borrowed(&["du"]),
        credit_marks: Cow::Borrowed(&["ku"]),
        debit: Cow::Borrowed(&["du", "dun", "duna"]),
        credit: Cow::Borrowed(&["ku", "kuna"]),
        before_time: Cow::Borrowed(&["ti"]),
        ordinal: Cow::Borrowed(&["o"]),
        half_day: Cow::Borrowed(&["ma", "m.a.", "m.a"]),
    }
}

/// The fields of a text that matches the pattern as a whole.
fn fields(pattern: &str, text: &str) -> Option<Vec<String>> {
    let pieces = translate(pattern, &words(), &spoken())
        .expect(pattern)
        .pieces
        .into_iter();
    let form = Form::Sequence(pieces.map(|piece| piece.form).chain([Form::End]).collect());
    let found = fit(&mut Machine::default(), &Program::new(&form), text);
    assert_eq!(found, Oracle::new(&form).fit(text), "{pattern}: {text}");
    let (_, fields) = found?;
    let value = |range: Option<std::ops::Range<usize>>| range.map_or(String::new(), |range| text[range].to_owned());
    Some(fields.into_iter().map(value).collect())
}

fn fault(pattern: &str) -> String {
    translate(pattern, &words(), &spoken()).expect_err(pattern)
}

#[test]
fn words_stand_for_themselves_in_any_case() {
    assert!(fields("You have paid (in full) + 5%", "you HAVE paid (in full) + 5%").is_some());
    assert!(fields("You have paid", "Youhave paid").is_none());
}

#[test]
fn punctuation_between_sentences_may_vary_and_inside_words_may_not() {
    for text in ["Confirmed. You", "Confirmed.You", "Confirmed You", "Confirmed , You"] {
        assert!(fields("Confirmed. You", text).is_some(), "{text}");
    }
    assert!(fields("dial 1.5x", "dial 15x").is_none());
    for text in ["Bal:5", "Bal : 5", "Bal 5"] {
        assert_eq!(fields("Bal[:] {number}", text), Some(vec!["5".into()]), "{text}");
    }
    assert!(fields("Bal: {number}", "Bal 5").is_none());
}

#[test]
fn brackets_hold_optional_parts_and_angles_hold_alternatives() {
    let pattern = "sent <to|from> {name}[ via <app|web>] on {date}";
    assert_eq!(
        fields(pattern, "sent to A B on 1/2/26"),
        Some(vec!["A B".into(), "1/2/26".into()])
    );
    assert_eq!(
        fields(pattern, "sent from A via web on 9o Jul 2026"),
        Some(vec!["A".into(), "9o Jul 2026".into()])
    );
    assert!(fields(pattern, "sent by A on 1/2/26").is_none());
    assert!(fields(r"\[a\|b\]", "[a|b]").is_some());
}

#[test]
fn money_is_a_number_with_its_currency() {
    for text in ["Ksh1,234.50", "KES. 10", "10Ksh", "Ksh Ksh5"] {
        assert_eq!(fields("{amount} x", &format!("{text} x")), Some(vec![text.into()]));
    }
    assert!(fields("{amount} x", "10 x").is_none());
    assert!(fields("{amount:loose} x", "10 x").is_some());
    assert!(fields("{amount:2} x", "Ksh10 x").is_none());
    assert!(fields("{amount:int} x", "Ksh10.00 x").is_none());
    assert!(fields("{amount:fr} x", "1 500,00Ksh x").is_some());
    assert!(fields("{amount:eu} x", "1.500,00Ksh x").is_some());
    assert!(fields("{balance:masked} x", "N*** x").is_some());
}

#[test]
fn a_field_named_as_its_kind_need_not_say_it() {
    let pattern = translate("x {name} y {payee:name} z {text}", &words(), &spoken()).expect("pattern");
    let fields: Vec<(&str, FieldKind)> = pattern.fields.iter().map(|(name, kind)| (*name, *kind)).collect();
    assert_eq!(
        fields,
        [
            ("name", FieldKind::Name),
            ("payee", FieldKind::Name),
            ("text", FieldKind::Text)
        ]
    );
}

#[test]
fn mistakes_are_named() {
    assert!(fault("a {payee} b").contains("no such kind"));
    assert!(fault("a {Name} b").contains("lower-case"));
    assert!(fault("a {name").contains("not closed"));
    assert!(fault("a [b").contains("not closed"));
    assert!(fault("a ] b").contains("stray"));
    assert!(fault("reçu").contains("not ASCII"));
}

#[test]
fn every_message_contains_the_required_texts() {
    let pattern = "{ref} Confirmed. You have[ just] sent 5 <to|from> <him|<her|them> there>, <good night|bye>. {tail}";
    let pattern = translate(pattern, &words(), &spoken()).expect("pattern");
    let required = Required::of(&pattern.whole());
    assert_eq!(required.texts, ["confirmed", "you have", "sent 5"]);
    // `to` is too short to be searched. The nearest texts of the inner choice are optional for the outer one.
    let alternatives = |all: &[&[&str]]| -> Vec<Vec<String>> {
        all.iter()
            .map(|texts| texts.iter().map(ToString::to_string).collect())
            .collect()
    };
    assert_eq!(
        required.choices,
        [
            alternatives(&[&["him"], &["there"]]),
            alternatives(&[&["good night"], &["bye"]])
        ]
    );
}

/// A language is only its lists: no word of one is in the forms themselves.
#[test]
fn the_words_of_fields_are_those_of_the_lists() {
    for text in [
        "1/2/26",
        "1/2/26 ti 10:15",
        "9o Jul 2026 10:15:00 MA",
        "9 Jul 2026 10:15m.a.",
        "1/2/26 10:15 ma.",
    ] {
        let found = fields("x {when} y", &format!("x {text} y"));
        assert_eq!(found, Some(vec![text.into()]), "{text}");
    }
    for text in [
        "1/2/26 at 10:15",
        "9th Jul 2026",
        "1/2/26 10:15 am",
        "1/2/26 10:15 m.a..",
    ] {
        assert_eq!(fields("x {when} y", &format!("x {text} y")), None, "{text}");
    }
    for text in ["du", "dun", "Duna", "KU", "kuna"] {
        let found = fields("x {direction} y", &format!("x {text} y"));
        assert_eq!(found, Some(vec![text.into()]), "{text}");
    }
    assert_eq!(fields("x {direction} y", "x debit y"), None);
    for text in ["Ksh5.00du", "Ksh5.00 KU"] {
        let found = fields("{amount:drcr} y", &format!("{text} y"));
        assert_eq!(found, Some(vec![text.into()]), "{text}");
    }
    for text in ["Ksh5.00dun", "Ksh5.00 DR"] {
        assert_eq!(fields("{amount:drcr} y", &format!("{text} y")), None, "{text}");
    }
}
