//! The institutions of a sender.

use daftari_sms_notation::sender::sender_key;

use super::tables::{Kind, Row, SENDERS, rows_of_sender};
use crate::sender::{first_of_keys, is_phone_number};

/// Whether the words name another institution of the country and not this one: "your ABYSSINIA account" in a text of
/// another bank. The words are looked up together and one by one.
pub(super) fn names_another(row: &Row, country: &str, words: &[&str]) -> bool {
    let of = |name: &str| -> Vec<&'static str> {
        let found = SENDERS.find(&format!("{country}{}", sender_key(name)));
        found.map_or_else(Vec::new, |at| rows_of_sender(at).map(Row::id).collect())
    };
    // "CBE Birr" is not CBE, so all words together decide first.
    let whole = of(&words.concat());
    if !whole.is_empty() {
        return !whole.contains(&row.id());
    }
    let named: Vec<Vec<&str>> = words.iter().copied().map(of).collect();
    named.iter().any(|ids| !ids.is_empty()) && !named.iter().any(|ids| ids.contains(&row.id()))
}

/// The institutions of the country that use the sender. If none does and the sender is not a telephone number, the body
/// may name the institution at its beginning: before a colon, or in brackets as in `[-EVCPLUS-]`.
pub(crate) fn institutions_of(sender: &str, body: &str, country: &str) -> Vec<&'static Row> {
    let of_key = |key: &str| -> Vec<&'static Row> {
        let found = SENDERS.find(&format!("{country}{key}"));
        found.map_or_else(Vec::new, |at| rows_of_sender(at).collect())
    };
    let mut rows = first_of_keys(sender, country.parse().ok(), of_key, |row| row.kind == Kind::Bank);
    if rows.is_empty() && !is_phone_number(sender) {
        let body = body.trim_start();
        let head = match body.strip_prefix('[') {
            Some(within) => within.split_once(']').map(|(head, _)| head),
            None => body.split_once(':').map(|(head, _)| head),
        };
        if let Some(head) = head.filter(|head| (3..=24).contains(&head.len())) {
            rows = of_key(&sender_key(head));
        }
    }
    rows
}
