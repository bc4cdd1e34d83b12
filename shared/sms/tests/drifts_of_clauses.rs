//! The clauses alone, on reworded examples: a reworded example is read as the example or not at all.
//!
//! `cargo test -p daftari-sms --test drifts_of_clauses -- --nocapture` prints the table.

mod support;

use std::collections::HashSet;

use daftari_domain::{Record, RecordId};
use daftari_sms::{Reading, read_by_clauses};
use support::rewording::{Drift, assert_drifts, with_sentence};
use support::{Example, describe_reading, examples, is_part_of, token_of};

/// Texts that take a movement back, or show that it has not happened.
const REVERSALS: &[(&str, Drift)] = &[
    ("reversed", |text| {
        with_sentence(text, "This transaction has been reversed.")
    }),
    ("failed", |text| with_sentence(text, "The transaction failed.")),
    ("pending", |text| format!("Pending: {text}")),
    ("negated", negated),
    ("future", |text| {
        text.replace("has been ", "will be ").replace("have been ", "will be ")
    }),
];

fn negated(text: &str) -> String {
    for (from, to) in [
        ("You have ", "You have not "),
        ("you have ", "you have not "),
        ("has been ", "has not been "),
    ] {
        if text.contains(from) {
            return text.replacen(from, to, 1);
        }
    }
    text.to_owned()
}

fn records(reading: &Reading) -> Vec<Record> {
    let id = "0".parse::<RecordId>().expect("id");
    let Reading::Records(records) = reading else {
        return Vec::new();
    };
    records
        .iter()
        .map(|record| Record {
            id: id.clone(),
            body: None,
            ..record.clone()
        })
        .collect()
}

fn by_clauses(example: &Example, text: &str) -> Vec<Record> {
    records(&read_by_clauses(&example.message(text), Some(example.country), Some(&token_of)).0)
}

/// Examples that clauses read, one of each shape.
fn read_examples() -> Vec<(Example, Vec<Record>)> {
    let mut seen = HashSet::new();
    let distinct = examples().into_iter().filter(|example| {
        // The examples of a family count once, not for every institution.
        let digits: String = example.text.chars().filter(char::is_ascii_digit).collect();
        let institution = (!example.template.contains('/')).then(|| example.institution.clone());
        seen.insert((institution, example.template.clone(), digits))
    });
    distinct
        .filter_map(|example| {
            let reading = read_by_clauses(&example.message(&example.text), Some(example.country), Some(&token_of)).0;
            let right = !example.expect.is_empty() && describe_reading(&reading) == example.expect;
            right.then(|| (example, records(&reading)))
        })
        .collect()
}

#[test]
fn reworded_messages_are_read_as_before_or_not_at_all() {
    // The offer of a loan behind a notice of a loan may be a part of the notice. Only templates distinguish the two.
    let bars = [("an advertisement with money behind", 89)];
    assert_drifts("clauses alone", &read_examples(), by_clauses, &bars);
}

#[test]
fn texts_that_take_a_movement_back_are_never_read_as_movements() {
    let base = read_examples();
    let mut wrong = Vec::new();
    for (name, drift) in REVERSALS {
        for (example, expected) in &base {
            let text = drift(&example.text);
            let moved = expected.iter().any(Record::is_transaction);
            if !moved || text == example.text {
                continue;
            }
            if by_clauses(example, &text).iter().any(Record::is_transaction) {
                wrong.push(format!(
                    "{name}: {} {}: {text:?}",
                    example.institution, example.template
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

/// The reading of a text that is cut at any character is that of the whole text, perhaps without a balance or a label.
#[test]
fn a_cut_message_is_never_misread() {
    let mut wrong = Vec::new();
    for (example, whole) in read_examples() {
        for (at, _) in example.text.char_indices().skip(8) {
            let text = &example.text[..at];
            for record in by_clauses(&example, text) {
                let holds = whole.iter().any(|full| is_part_of(&record, full));
                if !holds {
                    wrong.push(format!(
                        "{} {}: {text:?}\n  {record:?}",
                        example.institution, example.template
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}
