//! The meaning of the notation of clauses.

use std::collections::BTreeMap;

use daftari_sms_notation::clause::{Item, Written, parse};

fn word(word: &str) -> Item {
    Item::Word(word.into())
}

#[test]
fn steps_are_words_classes_choices_and_gaps() {
    let macros = BTreeMap::from([("BE".to_owned(), "@be? been?".to_owned())]);
    let steps = parse("^ %BE (sent|@paid) !@stop{2} <m>", &macros).expect("a pattern");
    let step = |items: &[Item], negated, optional| Written {
        items: items.to_vec(),
        negated,
        or_money: false,
        optional,
    };
    let stop = [Item::Class("stop".into())];
    assert_eq!(
        steps,
        [
            step(&[word("^")], false, false),
            step(&[Item::Class("be".into())], false, true),
            step(&[word("been")], false, true),
            step(&[word("sent"), Item::Class("paid".into())], false, false),
            step(&stop, true, true),
            step(&stop, true, true),
            step(&[word("<m>")], false, false),
        ]
    );
}

#[test]
fn mistakes_are_named() {
    let fault = |pattern| parse(pattern, &BTreeMap::new()).expect_err(pattern);
    assert!(fault("a (b").contains("not closed"));
    assert!(fault("%none").contains("no macro"));
    assert!(fault("a{x}").contains("count"));
    assert!(fault("a? b?").contains("nothing at all"));
    assert!(fault("a{90} b").contains("steps"));
}
