//! Hints about the senders of unread messages.

use std::collections::HashSet;

use daftari_domain::Country;
use daftari_domain::views::{Warning, WarningCode};
use daftari_domain::vocabulary::UnrecognizedCode;
use daftari_sms::{Message, sender_hint};

/// Most hints of an answer.
const MAX_HINTS: usize = 20;
/// Most senders of a batch that are looked up: each is compared with every known sender.
const MAX_SENDERS: usize = 50;

/// The hints of a batch: at most one for each sender.
#[derive(Debug)]
pub(crate) struct Hints {
    list: &'static str,
    senders: HashSet<String>,
    warnings: Vec<Warning>,
}

impl Hints {
    /// Of the messages in the list of this name.
    pub(crate) fn new(list: &'static str) -> Self {
        Self {
            list,
            senders: HashSet::new(),
            warnings: Vec::new(),
        }
    }

    /// Looks the sender of an unread message up, unless it is known or an earlier message of the batch has it.
    pub(crate) fn add(
        &mut self,
        index: usize,
        message: &Message<'_>,
        code: UnrecognizedCode,
        country: Option<Country>,
    ) {
        let (sender, body) = (message.sender, message.body);
        let is_full = self.senders.len() == MAX_SENDERS || self.warnings.len() == MAX_HINTS;
        if is_full || code != UnrecognizedCode::UnknownSender || !self.senders.insert(sender.to_owned()) {
            return;
        }
        let hint = sender_hint(sender, body, country);
        self.warnings.extend(hint.map(|hint| Warning {
            code: WarningCode::UnknownSender,
            pointer: format!("/{}/{index}/sender", self.list).into(),
            detail: hint.text,
        }));
    }

    pub(crate) fn into_warnings(self) -> Vec<Warning> {
        self.warnings
    }
}
