//! A sentence that takes a movement back stops the reading, behind every example of every template.

mod support;

use std::collections::{BTreeMap, BTreeSet};

use daftari_domain::Record;
use daftari_sms::Reading;
use support::{describe_reading, examples};

/// Sentences behind which no movement of the message may be recorded.
const TAKES_BACK: &[&str] = &[
    "The transaction was not successful.",
    "This payment was later cancelled.",
    "The money has been returned to the sender.",
    "This is a test message.",
    "Transaction under review.",
    "The amount was recalled by the bank.",
    "Awaiting confirmation from the other bank.",
    "Sent in error; it has been refunded.",
    "Your transfer timed out.",
    "JOHN did not receive the money.",
    "The recipient rejected it.",
    "We apologise for the double posting, now corrected.",
    "The above was posted to the wrong customer.",
    "It bounced.",
    "Not effected due to system downtime.",
    "This alert was sent to you by mistake.",
    "Please disregard this message.",
    "The sender has asked for it back.",
    "The money bounced back.",
    "Hold placed by compliance.",
    "Duplicate transaction.",
    "Please ignore the previous message.",
    "It has since been undone.",
    "To be settled later.",
    "The cheque is yet to clear.",
    "The above did not happen.",
    "Status: Failed",
    "Status: PENDING",
    "Funds not delivered.",
    "Muamala umeghairiwa.",
    "Muamala umezuiliwa.",
    "Puuza ujumbe huu.",
    "L'operation a ete annulee.",
    "Operation suspendue.",
    "A operacao foi cancelada.",
    "Operacao suspensa.",
];

#[test]
fn nothing_moves_in_a_message_that_takes_itself_back() {
    let mut wrong: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    // A template of a family reads the same at each of its institutions.
    let mut seen = BTreeSet::new();
    for example in examples() {
        let template = if example.template.contains('/') {
            example.template.clone()
        } else {
            format!("{}/{}", example.institution, example.template)
        };
        if !seen.insert(template) {
            continue;
        }
        let Reading::Records(_) = example.read(&example.text) else {
            continue;
        };
        for tail in TAKES_BACK {
            let text = format!("{} {tail}", example.text.trim_end());
            let reading = example.read(&text);
            let moves = match &reading {
                Reading::Records(records) => records.iter().any(Record::is_transaction),
                Reading::NotFinancial(_) | Reading::Unrecognized => false,
            };
            if moves {
                let name = format!("{}/{}", example.institution, example.template);
                wrong
                    .entry(tail)
                    .or_default()
                    .push(format!("{name} {:?}", describe_reading(&reading)));
            }
        }
    }
    let lines: Vec<String> = wrong
        .iter()
        .map(|(tail, read)| format!("{} behind: {tail}\n  {}", read.len(), read[0]))
        .collect();
    assert!(wrong.is_empty(), "{}", lines.join("\n"));
}
