//! The clauses alone on examples that an operator has reworded: read as the example, or not at all.
//!
//! `cargo test -p daftari-sms --test drifts_of_clauses -- --nocapture` prints the table.

mod support;

use std::collections::HashSet;

use daftari_domain::{Record, RecordId};
use daftari_sms::{Reading, read_by_clauses};
use support::{Example, describe_reading, examples, is_part_of};

/// A way of writing the same message otherwise.
type Drift = fn(&str) -> String;

const DRIFTS: &[(&str, Drift)] = &[
    ("a greeting in front", |text| format!("Dear Customer, {text}")),
    ("bal: for balance is", |text| {
        text.replace("balance is ", "bal: ").replace("Balance is ", "Bal: ")
    }),
    ("was for has been", |text| {
        text.replace("has been", "was").replace("have been", "were")
    }),
    ("Completed for Confirmed", |text| text.replace("Confirmed", "Completed")),
    ("whole amounts", without_cents),
    ("no thousands separators", without_separators),
    ("a fee sentence in the middle", with_fee),
    ("no space after full stops", |text| text.replace(". ", ".")),
    ("an advertisement behind", |text| {
        with_sentence(text, "Download our new app today and enjoy free transfers.")
    }),
    ("an advertisement with money behind", |text| {
        with_sentence(text, "Get a loan of up to 50,000 today!")
    }),
    ("capitals", str::to_uppercase),
];

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

fn with_sentence(text: &str, sentence: &str) -> String {
    let text = text.trim_end();
    let stop = if text.ends_with(['.', '!']) { "" } else { "." };
    format!("{text}{stop} {sentence}")
}

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

fn digits_at(text: &str, at: usize, len: usize) -> bool {
    text.get(at..at + len)
        .is_some_and(|piece| piece.bytes().all(|byte| byte.is_ascii_digit()))
}

fn digit_at(text: &str, at: usize) -> bool {
    digits_at(text, at, 1)
}

fn without_cents(text: &str) -> String {
    let mut out = String::new();
    let mut at = 0;
    while at < text.len() {
        if text[at..].starts_with(".00") && at > 0 && digit_at(text, at - 1) && !digit_at(text, at + 3) {
            at += 3;
            continue;
        }
        let c = text[at..].chars().next().expect("not at the end");
        out.push(c);
        at += c.len_utf8();
    }
    out
}

fn without_separators(text: &str) -> String {
    let kept = text.char_indices().filter(|(at, c)| {
        let separates =
            *c == ',' && *at > 0 && digit_at(text, at - 1) && digits_at(text, at + 1, 3) && !digit_at(text, at + 4);
        !separates
    });
    kept.map(|(_, c)| c).collect()
}

/// After the first sentence that is not a greeting.
fn with_fee(text: &str) -> String {
    let place = text
        .match_indices(". ")
        .find(|(at, _)| text[at + 2..].starts_with(|c: char| c.is_ascii_uppercase()));
    match place {
        Some((at, _)) => format!("{}. Service fee 1.50 charged. {}", &text[..at], &text[at + 2..]),
        None => text.to_owned(),
    }
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
    records(&read_by_clauses(&example.message(text), Some(example.country)).0)
}

/// Examples that clauses read, one of each shape.
fn read_examples() -> Vec<(Example, Vec<Record>)> {
    let mut seen = HashSet::new();
    let distinct = examples().into_iter().filter(|example| {
        // A family's examples once, not for every institution.
        let digits: String = example.text.chars().filter(char::is_ascii_digit).collect();
        let institution = (!example.template.contains('/')).then(|| example.institution.clone());
        seen.insert((institution, example.template.clone(), digits))
    });
    distinct
        .filter_map(|example| {
            let reading = read_by_clauses(&example.message(&example.text), Some(example.country)).0;
            let right = !example.expect.is_empty() && describe_reading(&reading) == example.expect;
            right.then(|| (example, records(&reading)))
        })
        .collect()
}

/// The parts of records that a drift must not change: a drift that states another fee may change the fee.
fn told(drift: &str, records: &[Record]) -> Vec<Record> {
    let mut records = records.to_vec();
    if drift == "a fee sentence in the middle" {
        for record in &mut records {
            let details = daftari_domain::Details {
                fee: None,
                ..(*record.details).clone()
            };
            record.details = details.into();
        }
    }
    records
}

#[test]
fn reworded_messages_are_read_as_before_or_not_at_all() {
    let base = read_examples();
    let mut wrong = Vec::new();
    let mut low = Vec::new();
    println!("{} examples of distinct shape", base.len());
    for (name, drift) in DRIFTS {
        let (mut right, mut total) = (0, 0);
        let mut unread = Vec::new();
        for (example, expected) in &base {
            let text = drift(&example.text);
            if text == example.text {
                continue;
            }
            total += 1;
            let found = by_clauses(example, &text);
            if support::agree(&told(name, &found), &told(name, expected)) {
                right += 1;
            } else if found.is_empty() {
                unread.push(format!("  {} {}: {text:?}", example.institution, example.template));
            } else {
                wrong.push(format!(
                    "{name}: {} {}: {text:?}\n  {found:?}\n  {expected:?}",
                    example.institution, example.template
                ));
            }
        }
        println!("{name}: {right} of {total} right");
        if std::env::var_os("SHOW_UNREAD").is_some() {
            println!("{}", unread.join("\n"));
        }
        // A loan that is offered behind a notice of a loan may be part of it.
        let bar = if *name == "an advertisement with money behind" {
            70
        } else {
            90
        };
        if right * 100 < total * bar {
            low.push(format!("{name}: {right} of {total}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
    assert!(low.is_empty(), "{low:?}");
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

/// Cut at any character: the reading of the rest is that of the whole, perhaps without the balance or a label.
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
