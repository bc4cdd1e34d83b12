//! The clause reader without templates: it reads most examples of the templates right, and none wrong.

mod support;

use std::collections::BTreeMap;

use daftari_domain::Record;
use daftari_sms::{Reading, explain, read_by_clauses};
use support::{Example, describe_reading, examples, token_of};

fn by_clauses(example: &Example, text: &str) -> Reading {
    read_by_clauses(&example.message(text), Some(example.country), Some(&token_of)).0
}

fn records(reading: &Reading) -> &[Record] {
    match reading {
        Reading::Records(records) => records,
        Reading::NotFinancial(_) | Reading::Unrecognized => &[],
    }
}

/// *Leave one out*: without templates and families, the clauses read most examples of the templates right, and none
/// wrong.
#[test]
fn clauses_read_what_templates_read_or_nothing() {
    let (mut right, mut total) = (0, 0);
    let mut wrong = Vec::new();
    let mut unread: BTreeMap<String, Vec<String>> = BTreeMap::new();
    // For each institution: how many examples are read right, and how many there are.
    let mut table: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for example in examples() {
        let reading = by_clauses(&example, &example.text);
        let found = describe_reading(&reading);
        if example.expect.is_empty() {
            if !records(&reading).is_empty() {
                wrong.push(format!(
                    "{} {}: {:?}\n  {found:?} for nothing",
                    example.institution, example.template, example.text
                ));
            }
            continue;
        }
        total += 1;
        let row = table.entry(example.institution.clone()).or_default();
        row.1 += 1;
        if found == example.expect {
            right += 1;
            row.0 += 1;
        } else if !records(&reading).is_empty() {
            wrong.push(format!(
                "{} {}: {:?}\n  {found:?}\n  {:?}",
                example.institution, example.template, example.text, example.expect
            ));
        } else {
            let stopped = explain(&example.message(&example.text), Some(example.country))
                .clauses
                .map(|clauses| clauses.stopped);
            unread.entry(example.template.clone()).or_default().push(format!(
                "{} {:?} ({reading:?}: {stopped:?})",
                example.institution, example.text
            ));
        }
    }
    for (institution, (right, total)) in &table {
        println!("{institution:<24} {right:>4} of {total:>4}");
    }
    println!("{right} of {total} right, {} wrong", wrong.len());
    if std::env::var_os("SHOW_UNREAD").is_some() {
        for (template, texts) in &unread {
            println!("{template}: {} {}", texts.len(), texts[0]);
        }
    }
    assert!(
        wrong.is_empty(),
        "{right} of {total} right, {} wrong\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(right * 100 >= total * 80, "{right} of {total}");
}
