//! Texts that look like movements of the reader's money but are not. Nothing is recorded of such a text, unless the
//! line behind it states its true balance.
//!
//! Add a line to `tests/hostile/texts.txt` for every text that a rule misreads.

#[path = "../support/mod.rs"]
mod support;

use daftari_sms::Reading;
use support::{describe_reading, reading};

const TEXTS: &str = include_str!("texts.txt");
/// Begins a line with a record of the text before it.
const RECORDS: &str = "= ";

/// A text, and the records that may be read from it: balances only.
struct Hostile {
    sender: &'static str,
    country: &'static str,
    body: String,
    expect: Vec<&'static str>,
}

fn hostile() -> Vec<Hostile> {
    let mut texts: Vec<Hostile> = Vec::new();
    for line in TEXTS.lines().filter(|line| !line.starts_with('#')) {
        if let Some(record) = line.strip_prefix(RECORDS) {
            let text = texts.last_mut().expect("records follow their text");
            text.expect.push(record);
            continue;
        }
        let parts: Vec<&str> = line.splitn(3, '|').collect();
        let [sender, country, body]: [&str; 3] = parts.try_into().expect("sender|country|text");
        texts.push(Hostile {
            sender,
            country,
            // `\n` stands for a new line.
            body: body.replace("\\n", "\n"),
            expect: Vec::new(),
        });
    }
    texts
}

/// Beside a receipt whose event is not understood and a failure of something else, the balance may be of either.
#[test]
fn a_receipt_beside_a_failure_is_not_read_as_a_failure() {
    let body = "0000022419177011 confirmed. Your bundle purchase request of GHS25.00 on 2026-04-19 has been received at 13:12:36. Your new Telecel Cash balance is GHS195.11. Transaction failed, M-PESA cannot complete payment of Ksh35.00 to Family Bank Pay Bill.";
    assert_eq!(reading("T-CASH", "GH", body), Reading::Unrecognized);
}

#[test]
fn nothing_is_recorded_of_events_that_did_not_happen() {
    let mut wrong = Vec::new();
    for text in hostile() {
        let Hostile {
            sender,
            country,
            body,
            expect,
        } = text;
        let found = match reading(sender, country, &body) {
            records @ Reading::Records(_) => describe_reading(&records),
            Reading::NotFinancial(_) | Reading::Unrecognized => Vec::new(),
        };
        if found != expect {
            wrong.push(format!("{sender}|{country}|{body}\n= {}", found.join("\n= ")));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

/// A hostile text can state a balance, but no amount and no label.
#[test]
fn only_balances_are_expected() {
    for text in hostile() {
        for record in text.expect {
            let moved = record.contains(" DEBIT ") || record.contains(" CREDIT ");
            let ends_in_balance = record.rsplit(' ').nth(1) == Some("balance");
            assert!(!moved && ends_in_balance, "{record}: {}", text.body);
        }
    }
}
