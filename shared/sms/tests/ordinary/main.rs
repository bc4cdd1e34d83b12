//! Ordinary texts of institutions without a template: each is read, and read right. These texts guard coverage, as
//! those of `hostile` guard safety.
//!
//! Add a line to `texts.txt` for every ordinary wording that the reader misses, and a line to `tails.txt` for every
//! harmless sentence that it stops at.

#[path = "../support/mod.rs"]
mod support;

use daftari_sms::{Message, Reading, explain};
use support::{describe_reading, received_at};

const TEXTS: &str = include_str!("texts.txt");
const TAILS: &str = include_str!("tails.txt");

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#'))
}

/// The reading, and the reason if it stopped.
fn reading(sender: &str, country: &str, body: &str) -> (String, String) {
    let message = Message {
        sender,
        body,
        received_at: received_at(),
        id: None,
    };
    let explanation = explain(&message, country.parse().ok());
    assert!(
        explanation.template.is_none(),
        "a template reads {body:?}: it says nothing of the clauses"
    );
    let read = match &explanation.reading() {
        Reading::Records(_) => describe_reading(&explanation.reading()).join(" + "),
        other => format!("{other:?}"),
    };
    (read, format!("{:?}", explanation.stopped))
}

#[test]
fn ordinary_texts_of_many_countries_are_read() {
    let mut faults = Vec::new();
    for line in lines(TEXTS) {
        let parts: Vec<&str> = line.splitn(4, '|').collect();
        let [sender, country, expect, body] = parts[..] else {
            panic!("sender|country|records|text: {line}");
        };
        let (read, stopped) = reading(sender, country, &body.replace("\\n", "\n"));
        if read != expect {
            faults.push(format!("{line}\n  {read} {stopped}"));
        }
    }
    assert!(faults.is_empty(), "{}\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn sentences_that_change_nothing_stop_nothing() {
    let events = [
        (
            "KCB",
            "KE",
            "KCB",
            "Dear MARY, KES 750.00 has been sent from your account 145******971 to JANE DOE on 07-08-2026. Available balance is KES 4,239.00.",
            "kcb #971 depository DEBIT 750 KES balance 4239",
        ),
        (
            "Absa",
            "ZM",
            "Absa",
            "Dear Customer, ZMW 480.00 has been debited from your account ****4410 at SHOPRITE on 03/09/2026 11:20. Avail bal ZMW 2,004.15.",
            "absa_zm #4410 depository DEBIT 480 ZMW balance 2004.15",
        ),
        (
            "AirtelMoney",
            "MW",
            "Airtel",
            "You have received MWK 15,000.00 from CHIKONDI PHIRI 0999000111. Your new balance is MWK 18,220.50.",
            "airtel_mw depository CREDIT 15000 MWK balance 18220.5",
        ),
    ];
    let mut faults = Vec::new();
    for (sender, country, own, event, expect) in events {
        for tail in lines(TAILS).filter(|tail| country == "KE" || !tail.contains("KES")) {
            let body = format!("{event} {}", tail.replace("KCB", own));
            let (read, stopped) = reading(sender, country, &body);
            if read != expect {
                faults.push(format!("{body}\n  {read} {stopped}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}\n{}", faults.len(), faults.join("\n"));
}
