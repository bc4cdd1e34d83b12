//! The nearest template of an unread message.

mod support;

use daftari_sms::{Attempt, Message, explain};
use support::{examples, received_at};

fn nearest(sender: &str, country: &str, body: &str) -> Option<Attempt> {
    let message = Message {
        sender,
        body,
        received_at: received_at(),
        id: None,
    };
    explain(&message, country.parse().ok()).nearest
}

#[test]
fn the_place_is_between_words_and_the_expected_part_leads_to_the_piece_that_does_not_fit() {
    let body = "QJ812ABCDE Confirmed. Ksh1,250.00 sentimental to JANE WAMBUI 0722000111 on 8/10/21 at 1:41 PM.";
    let found = nearest("MPESA", "KE", body).expect("nearest");
    assert_eq!(found.read, "QJ812ABCDE Confirmed. Ksh1,250.00 ");
    assert!(found.expected.starts_with("sent "), "{found:?}");
    assert_eq!(found.found, &body[found.read.len()..]);
}

#[test]
fn no_place_is_within_a_word() {
    let mut tried = 0;
    for example in examples().iter().step_by(29) {
        // One letter more at the end of a word in the middle. A test of every word would take too long.
        let middle = example.text.len() / 2;
        let Some(at) = (middle..example.text.len()).find(|at| example.text.as_bytes()[*at] == b' ') else {
            continue;
        };
        let (before, after) = example.text.split_at(at);
        let body = format!("{before}q{after}");
        let Some(found) = nearest(&example.sender, &example.country.to_string(), &body) else {
            continue;
        };
        let last = found.read.chars().next_back().is_some_and(char::is_alphanumeric);
        let next = found.found.chars().next().is_some_and(char::is_alphanumeric);
        assert!(!(last && next), "{found:?}");
        assert_eq!(found.expected.trim(), found.expected, "{found:?}");
        tried += 1;
    }
    assert!(tried > 5, "{tried} messages with a nearest template");
}
