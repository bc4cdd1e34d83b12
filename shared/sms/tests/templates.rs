//! Every template reads its own examples, and no other template of the institution reads them.

mod support;

use std::collections::HashSet;

use daftari_sms::{Reading, explain};
use support::{describe_reading, examples, templates_without_example};

#[test]
fn every_template_reads_its_examples() {
    let mut faults = Vec::new();
    for example in examples() {
        let found = describe_reading(&example.read(&example.text));
        if found != example.expect {
            let text = &example.text;
            let explanation = explain(&example.message(text), Some(example.country));
            faults.push(format!(
                "{} {}\n  text   {text:?}\n  expect {:?}\n  found  {found:?}\n  {:?} {:?}",
                example.institution, example.template, example.expect, explanation.template, explanation.nearest,
            ));
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn every_example_is_read_by_its_own_template_alone() {
    for example in examples() {
        let explanation = explain(&example.message(&example.text), Some(example.country));
        assert_eq!(
            (
                explanation.template.map(|source| (source.institution, source.template)),
                explanation.matching.len()
            ),
            (Some((example.institution.as_str(), example.template.as_str())), 1),
            "{:?} is read by {:?}",
            example.text,
            explanation.matching,
        );
    }
}

#[test]
fn every_template_has_an_example() {
    assert_eq!(templates_without_example(), Vec::<String>::new());
}

#[test]
fn no_two_examples_are_the_same() {
    let mut seen = HashSet::new();
    for example in examples() {
        assert!(
            seen.insert((example.institution.clone(), example.text.clone())),
            "{:?}",
            example.text
        );
    }
}

#[test]
fn records_keep_the_rules_of_the_ledger() {
    let latest = "2030-01-01T00:00:00Z".parse().expect("timestamp");
    for example in examples() {
        let Reading::Records(records) = example.read(&example.text) else {
            continue;
        };
        let mut identities = HashSet::new();
        for record in &records {
            assert_eq!(record.check(latest), Ok(()), "{record:?}");
            assert_eq!(record.timestamp, support::received_at());
            assert_eq!(record.body.is_some(), !record.labels.is_empty());
            assert!(
                identities.insert((
                    record.id.clone(),
                    record.institution_id.clone(),
                    record.account_id.clone()
                )),
                "{records:?}"
            );
        }
    }
}
