//! Messages that look like texts of templates but mean something else. Each is read right, or not at all.
//!
//! All messages are made up for these tests.

#[path = "../support/mod.rs"]
mod support;

mod balances;
mod kinds;
mod labels;
mod loans;
mod movements;
mod undone;

use daftari_sms::Reading;
use support::{describe_reading, reading};

/// Asserts that the messages yield no record: neither a movement nor a label nor a balance.
fn assert_unread(sender: &str, country: &str, bodies: &[&str]) {
    for body in bodies {
        let found = reading(sender, country, body);
        assert!(!matches!(found, Reading::Records(_)), "{body:?}\n  {found:?}");
    }
}

fn assert_not_financial(sender: &str, country: &str, bodies: &[&str]) {
    for body in bodies {
        let found = reading(sender, country, body);
        assert!(matches!(found, Reading::NotFinancial(_)), "{body:?}\n  {found:?}");
    }
}

fn assert_read(sender: &str, country: &str, body: &str, expect: &[&str]) {
    assert_eq!(describe_reading(&reading(sender, country, body)), expect, "{body:?}");
}
