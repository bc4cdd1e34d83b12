//! A user's messages that were not read, without their texts.
//!
//! A message is *noted* when it is not read, and *removed* when a later sending of it is read. Noting is idempotent and
//! does not depend on the order of messages, even beyond the limit: of [`MAX_NOTED`] messages, those that may concern a
//! loan stay first, then the newest. So messages of shops cannot hide those of a lender. The time of the newest message
//! that had no room is kept.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::order::sort_by_key;
use crate::vocabulary::UnrecognizedCode;
use crate::{TimeRange, Timestamp};

/// Most messages noted for a user.
pub const MAX_NOTED: usize = 300;

/// Tells the messages of a user apart: the time at which a message arrived, and 32 bits of a hash over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MessageKey {
    /// When the phone received it.
    pub received_at: Timestamp,
    /// A hash over sender, time and text.
    pub hash: u32,
}

/// Why a message was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The sender by its letters and digits, in lower case; a telephone number is masked.
    pub sender: String,
    /// The reason.
    pub code: UnrecognizedCode,
    /// Whether it may concern a loan: it mentions one, or a lender sent it.
    pub may_concern_loan: bool,
    /// The version of the reader.
    pub reader: u32,
}

/// The noted messages of a user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnrecognizedMessages {
    notes: BTreeMap<MessageKey, Note>,
    omitted_until: Option<Timestamp>,
}

impl UnrecognizedMessages {
    /// As it was stored.
    pub fn new(notes: impl IntoIterator<Item = (MessageKey, Note)>, omitted_until: Option<Timestamp>) -> Self {
        let mut messages = Self {
            notes: BTreeMap::new(),
            omitted_until,
        };
        messages.notes.extend(notes);
        messages
    }

    /// Notes a message. A later note about the same message replaces the earlier one.
    pub fn note(&mut self, key: MessageKey, note: Note) {
        self.notes.insert(key, note);
        if self.notes.len() > MAX_NOTED {
            let oldest = self.notes.iter().find(|(_, note)| !note.may_concern_loan);
            let oldest = oldest.or(self.notes.first_key_value()).map(|(key, _)| *key);
            if let Some(oldest) = oldest {
                self.notes.remove(&oldest);
                self.omitted_until = self.omitted_until.max(Some(oldest.received_at));
            }
        }
    }

    /// Removes a message that was read.
    pub fn remove(&mut self, key: MessageKey) {
        self.notes.remove(&key);
    }

    /// The messages, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = (&MessageKey, &Note)> {
        self.notes.iter()
    }

    /// When the newest message arrived that had no room; `None` if all had.
    pub const fn omitted_until(&self) -> Option<Timestamp> {
        self.omitted_until
    }

    /// The messages of a range, by sender and reason.
    pub fn summary(&self, range: TimeRange) -> UnrecognizedSummary {
        let mut senders: BTreeMap<(&str, UnrecognizedCode), UnrecognizedSender> = BTreeMap::new();
        for (MessageKey { received_at, .. }, note) in self.in_range(range) {
            let row = senders.entry((&note.sender, note.code));
            let row = row.or_insert_with(|| UnrecognizedSender {
                sender: note.sender.clone(),
                code: note.code,
                messages: 0,
                may_concern_loans: 0,
                earliest_at: *received_at,
                latest_at: *received_at,
                reader: note.reader,
            });
            row.messages += 1;
            row.may_concern_loans += u64::from(note.may_concern_loan);
            row.latest_at = *received_at;
            row.reader = row.reader.min(note.reader);
        }
        let mut senders: Vec<UnrecognizedSender> = senders.into_values().collect();
        // Stable, so rows with equal counts stay in the order of senders.
        sort_by_key(&mut senders, |row| std::cmp::Reverse(row.messages));
        UnrecognizedSummary {
            messages: senders.iter().map(|row| row.messages).sum(),
            may_concern_loans: self.may_concern_loans(range),
            senders,
            omitted_until: self
                .omitted_until
                .filter(|until| range.start.is_none_or(|start| *until >= start)),
        }
    }

    /// Number of messages of a range that may concern a loan.
    pub fn may_concern_loans(&self, range: TimeRange) -> u64 {
        self.in_range(range).filter(|(_, note)| note.may_concern_loan).count() as u64
    }

    /// The messages of a range, oldest first.
    fn in_range(&self, range: TimeRange) -> impl Iterator<Item = (&MessageKey, &Note)> {
        self.notes
            .iter()
            .filter(move |(key, _)| range.contains(key.received_at))
    }
}

/// The messages that seem to concern money and were not read, so no figure includes them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct UnrecognizedSummary {
    /// Number of messages in the range. At most 300 of a user are kept: first those that may concern a loan, then the
    /// newest.
    pub messages: u64,
    /// The messages among them that may concern a loan: they mention one, or a lender sent them.
    pub may_concern_loans: u64,
    /// The messages by sender and reason: the most messages first, then by sender.
    pub senders: Vec<UnrecognizedSender>,
    /// Messages up to this time may be missing from the figures, because at most 300 of a user are kept; null if none
    /// is missing.
    pub omitted_until: Option<Timestamp>,
}

const _: () = assert!(MAX_NOTED == 300, "the descriptions above have the number");

/// The unread messages of one sender, for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct UnrecognizedSender {
    /// The sender by its letters and digits, in lower case: `mtnmobmoney`. `<number>` for telephone numbers, `<none>`
    /// if there was no sender.
    pub sender: String,
    /// The reason.
    pub code: UnrecognizedCode,
    /// Number of messages.
    pub messages: u64,
    /// The messages among them that may concern a loan.
    pub may_concern_loans: u64,
    /// When the first of them arrived.
    pub earliest_at: Timestamp,
    /// When the last of them arrived.
    pub latest_at: Timestamp,
    /// The lowest version of the reader that did not read one of them. If the service's version is higher, send the
    /// messages again.
    pub reader: u32,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::EPOCH.plus_seconds(seconds)
    }

    fn key(seconds: i64, hash: u32) -> MessageKey {
        MessageKey {
            received_at: at(seconds),
            hash,
        }
    }

    fn note(sender: &str, may_concern_loan: bool) -> Note {
        Note {
            sender: sender.to_owned(),
            code: UnrecognizedCode::Wording,
            may_concern_loan,
            reader: 3,
        }
    }

    #[test]
    fn messages_are_summed_by_sender_and_reason_within_the_range() {
        let mut unrecognized = UnrecognizedMessages::default();
        unrecognized.note(key(10, 1), note("tala", true));
        unrecognized.note(key(20, 1), note("mpesa", false));
        unrecognized.note(key(30, 1), note("mpesa", true));
        let earlier = Note {
            reader: 2,
            ..note("mpesa", false)
        };
        unrecognized.note(key(40, 1), earlier);
        let other = Note {
            code: UnrecognizedCode::Contradicted,
            ..note("mpesa", false)
        };
        unrecognized.note(key(50, 1), other);
        let all = unrecognized.summary(TimeRange::default());
        assert_eq!((all.messages, all.may_concern_loans, all.omitted_until), (5, 2, None));
        let rows: Vec<_> = all
            .senders
            .iter()
            .map(|row| {
                (
                    row.sender.as_str(),
                    row.code.as_str(),
                    row.messages,
                    row.may_concern_loans,
                    row.reader,
                )
            })
            .collect();
        assert_eq!(
            rows,
            [
                ("mpesa", "wording", 3, 1, 2),
                ("mpesa", "contradicted", 1, 0, 3),
                ("tala", "wording", 1, 1, 3),
            ]
        );
        assert_eq!((all.senders[0].earliest_at, all.senders[0].latest_at), (at(20), at(40)));
        let range = TimeRange {
            start: Some(at(15)),
            end: Some(at(35)),
        };
        assert_eq!(unrecognized.summary(range).messages, 2);
    }

    #[test]
    fn the_newest_stay_and_the_time_of_the_omitted_is_known() {
        let mut unrecognized = UnrecognizedMessages::default();
        for seconds in 0..i64::try_from(MAX_NOTED).expect("small") + 5 {
            unrecognized.note(key(seconds, 7), note("mpesa", false));
        }
        let all = unrecognized.summary(TimeRange::default());
        assert_eq!((all.messages, all.omitted_until), (MAX_NOTED as u64, Some(at(4))));
        assert_eq!(all.senders[0].earliest_at, at(5));
        let old_loan = key(0, 8);
        unrecognized.note(old_loan, note("tala", true));
        let kept = unrecognized.summary(TimeRange::default());
        assert_eq!((kept.messages, kept.may_concern_loans), (MAX_NOTED as u64, 1));
        assert_eq!(kept.omitted_until, Some(at(5)));
        unrecognized.remove(old_loan);
        let later = TimeRange {
            start: Some(at(6)),
            end: None,
        };
        assert_eq!(unrecognized.summary(later).omitted_until, None);
    }

    #[test]
    fn a_message_that_was_read_is_removed() {
        let mut unrecognized = UnrecognizedMessages::default();
        unrecognized.note(key(10, 1), note("tala", true));
        unrecognized.remove(key(10, 2));
        assert_eq!(unrecognized.iter().count(), 1);
        unrecognized.remove(key(10, 1));
        assert_eq!(unrecognized, UnrecognizedMessages::default());
    }

    proptest! {
        #[test]
        fn noting_is_idempotent_and_does_not_depend_on_the_order(
            (messages, shuffled) in proptest::collection::vec((0..400_i64, 0..3_u32), 0..700).prop_flat_map(|messages| {
                let shuffled = Just(messages.clone()).prop_shuffle();
                (Just(messages), shuffled)
            })
        ) {
            let noted = |messages: &[(i64, u32)]| {
                let mut unrecognized = UnrecognizedMessages::default();
                for (seconds, hash) in messages {
                    unrecognized.note(key(*seconds, *hash), note("mpesa", *hash == 0));
                }
                unrecognized
            };
            let once = noted(&messages);
            prop_assert_eq!(&noted(&shuffled), &once);
            let twice: Vec<_> = messages.iter().chain(&shuffled).copied().collect();
            prop_assert_eq!(noted(&twice), once);
        }
    }
}
