//! The institutions of a sender.

use daftari_sms_notation::sender::sender_key;

use super::tables::{Row, SENDERS, rows_of_sender};
use crate::sender::is_phone_number;

/// The institutions of the country that use the sender. If the sender is missing or unusable, the body may begin with
/// the institution's name and a colon.
pub(crate) fn institutions_of(sender: &str, body: &str, country: &str) -> Vec<&'static Row> {
    let named = |name: &str| -> Vec<&'static Row> {
        let key = sender_key(name);
        let found = SENDERS.find(&format!("{country}{key}"));
        found.map_or_else(Vec::new, |at| rows_of_sender(at).collect())
    };
    let mut rows = named(sender);
    if rows.is_empty() {
        // "AIRTEL KE": the country behind the name.
        let key = sender_key(sender);
        if let Some(name) = key
            .strip_suffix(&country.to_ascii_lowercase())
            .filter(|name| name.len() > 1)
        {
            rows = named(name);
        }
    }
    if rows.is_empty() && !is_phone_number(sender) {
        let head = body
            .trim_start()
            .split(':')
            .next()
            .filter(|head| head.len() < body.len() && (3..=24).contains(&head.len()));
        if let Some(head) = head {
            rows = named(head);
        }
    }
    rows
}
