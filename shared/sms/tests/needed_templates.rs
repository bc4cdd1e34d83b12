//! A template that the clauses replace has no place in the data: every template reads something that they do not.

mod support;

use std::collections::BTreeMap;
use std::iter::once;

use daftari_domain::{Record, RecordId};
use daftari_sms::{Message, Reading, explain, read_by_clauses, read_with_tokens};
use support::rewording::drifted;
use support::{Example, examples, received_at, token_of};

/// The records of a reading, whatever their id and text are; `None` if the message is unrecognized.
fn told(reading: Reading) -> Option<Vec<Record>> {
    let id = "0".parse::<RecordId>().expect("id");
    match reading {
        Reading::Records(records) => Some(
            records
                .into_iter()
                .map(|record| Record {
                    id: id.clone(),
                    body: None,
                    ..record
                })
                .collect(),
        ),
        Reading::NotFinancial(_) => Some(Vec::new()),
        Reading::Unrecognized => None,
    }
}

/// Whether the templates read a text, and the clauses alone read it otherwise or not at all.
fn needs_a_template(example: &Example, sender: &str, text: &str) -> bool {
    let message = Message {
        sender,
        body: text,
        received_at: received_at(),
        id: None,
    };
    let country = Some(example.country);
    let read = told(read_with_tokens(&message, country, &token_of).0);
    read.is_some() && read != told(read_by_clauses(&message, country, Some(&token_of)).0)
}

/// The example with a price in its narration, as card payments abroad have it. The clauses cannot tell the price from
/// the amount of a second message.
fn with_price(example: &Example) -> Option<String> {
    let explanation = explain(&example.message(&example.text), Some(example.country));
    let narration = explanation.fields.iter().find(|field| field.name == "text")?;
    let narration = narration.text.trim();
    let priced = format!("{narration} USD25.99 SHOP");
    Some(example.text.replacen(narration, &priced, 1))
}

/// Its examples as they are, in every way of rewording, with a price in the narration, and without the sender.
#[test]
fn every_template_reads_something_that_the_clauses_do_not() {
    let mut needed: BTreeMap<String, bool> = BTreeMap::new();
    for example in examples() {
        // The templates of a family count once, whichever institution needs them.
        let name = if example.template.contains('/') {
            example.template.clone()
        } else {
            format!("{}/{}", example.institution, example.template)
        };
        let is_needed = needed.entry(name).or_default();
        *is_needed = *is_needed
            || once(example.text.clone())
                .chain(drifted(&example.text))
                .chain(with_price(&example))
                .any(|text| needs_a_template(&example, &example.sender, &text))
            || needs_a_template(&example, "", &example.text);
    }
    println!("{} templates", needed.len());
    let replaced: Vec<_> = needed.iter().filter(|(_, is_needed)| !**is_needed).collect();
    assert!(replaced.is_empty(), "the clauses read these alike: {replaced:?}");
}
