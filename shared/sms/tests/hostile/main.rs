//! Texts that look like movements of the reader's money but are not: no movement and no label is read from them.
//!
//! Add a line to `tests/hostile/texts.txt` for every text that once fooled a rule.

#[path = "../support/mod.rs"]
mod support;

use daftari_domain::Record;
use daftari_sms::{Message, Reading, read};
use support::received_at;

const TEXTS: &str = include_str!("texts.txt");

/// A receipt whose event was not understood, and a failure of something else: nobody knows whose the balance is.
#[test]
fn a_receipt_beside_a_failure_is_not_read_as_a_failure() {
    let message = Message {
        sender: "T-CASH",
        body: "0000022419177011 confirmed. Your bundle purchase request of GHS25.00 on 2026-04-19 has been received at 13:12:36. Your new Telecel Cash balance is GHS195.11. Transaction failed, M-PESA cannot complete payment of Ksh35.00 to Family Bank Pay Bill.",
        received_at: received_at(),
        id: None,
    };
    assert_eq!(read(&message, "GH".parse().ok()), Reading::Unrecognized);
}

#[test]
fn events_that_did_not_happen_are_not_read() {
    let mut wrong = Vec::new();
    let lines = TEXTS.lines().filter(|line| !line.starts_with('#'));
    for line in lines {
        let [sender, country, body]: [&str; 3] = line
            .splitn(3, '|')
            .collect::<Vec<_>>()
            .try_into()
            .expect("sender|country|text");
        let message = Message {
            sender,
            body,
            received_at: received_at(),
            id: None,
        };
        if let Reading::Records(records) = read(&message, country.parse().ok()) {
            let silent = |record: &Record| !record.is_transaction() && record.labels.is_empty();
            if !records.iter().all(silent) {
                wrong.push(format!("{line}\n  {records:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}
