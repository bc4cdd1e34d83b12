//! The messages of a user that were not read: one item in the user's partition, written with optimistic locking.
//!
//! The item has the distinct senders as a list, and `data`: [`ENTRY_BYTES`] for each message.

use daftari_domain::Timestamp;
use daftari_domain::unrecognized::{MAX_NOTED, MessageKey, Note, UnrecognizedMessages};
use daftari_domain::vocabulary::UnrecognizedCode;

use super::attributes::Attributes;
use super::backoff::Backoff;
use super::fault::Fault;
use super::items::{ItemBuilder, ItemReader};
use super::operation::Put;
use super::primary_key::Key;
use super::{Store, StoreError};
use crate::identity::UserKey;

/// Bytes of a message in `data`, all numbers with the highest byte first: 4 of the time in seconds since 1970, 4 of the
/// hash, 4 of the reader, 2 of the place of its sender in the list, 1 of the place of its code among all codes, 1 that
/// is 1 if the message may concern a loan.
const ENTRY_BYTES: usize = 16;

/// The outcomes of a batch of messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sorted {
    /// The messages that were not read.
    pub unread: Vec<(MessageKey, Note)>,
    /// The messages that were read, or have nothing to record.
    pub read: Vec<MessageKey>,
}

struct Stored {
    version: u64,
    messages: UnrecognizedMessages,
}

impl Store {
    /// Notes the unread messages of a batch, and removes the read ones. False if the user does not exist. Idempotent.
    ///
    /// Costs 1 read unit for each 4 KB of the item. If something changes, also 1 write unit for each KB. The first
    /// write is a transaction: it costs twice as many, and 2 for the check that the user exists.
    pub async fn sort_unrecognized(&self, user: UserKey, sorted: &Sorted) -> Result<bool, StoreError> {
        let mut backoff = Backoff::default();
        loop {
            let stored = self.table.get(Key::unrecognized(user)).await?;
            let old = stored.map(Stored::read).transpose()?;
            let before = old.as_ref().map(|old| old.messages.clone()).unwrap_or_default();
            let mut messages = before.clone();
            for key in &sorted.read {
                messages.remove(*key);
            }
            for (key, note) in &sorted.unread {
                messages.note(*key, note.clone());
            }
            if messages == before {
                return Ok(true);
            }
            let version = old.map(|old| old.version);
            let item = item(
                &Key::unrecognized(user),
                &messages,
                version.map_or(1, |version| version + 1),
            );
            let written = match version {
                None => self.create_for(user, item).await,
                Some(version) => self.table.put(Put::replace(item, version)).await,
            };
            match (written, version) {
                (Ok(()), _) => return Ok(true),
                (Err(Fault::Condition), None) => return Ok(false),
                // Another batch wrote the item, or an erasure deleted the item and the user.
                (Err(Fault::Condition | Fault::Conflict), _) => backoff.wait().await?,
                (Err(Fault::Error(error)), _) => return Err(error),
            }
        }
    }

    /// The messages of a user that were not read; none if the user does not exist. Strongly consistent.
    pub async fn unrecognized(&self, user: UserKey) -> Result<UnrecognizedMessages, StoreError> {
        let item = self.table.get(Key::unrecognized(user)).await?;
        let stored = item.map(Stored::read).transpose()?;
        Ok(stored.map(|stored| stored.messages).unwrap_or_default())
    }
}

fn item(key: &Key, messages: &UnrecognizedMessages, version: u64) -> Attributes {
    let mut senders: Vec<&str> = Vec::new();
    let mut data = Vec::with_capacity(MAX_NOTED * ENTRY_BYTES);
    for (key, note) in messages.iter() {
        let sender = note.sender.as_str();
        let place = senders.iter().position(|known| *known == sender).unwrap_or_else(|| {
            senders.push(sender);
            senders.len() - 1
        });
        let code = UnrecognizedCode::ALL.iter().position(|code| *code == note.code);
        // Times are from 1970 to a day from now, and there are at most as many senders as messages.
        data.extend(
            u32::try_from(key.received_at.unix_seconds())
                .unwrap_or_default()
                .to_be_bytes(),
        );
        data.extend(key.hash.to_be_bytes());
        data.extend(note.reader.to_be_bytes());
        data.extend(u16::try_from(place).unwrap_or_default().to_be_bytes());
        data.push(u8::try_from(code.unwrap_or_default()).unwrap_or_default());
        data.push(u8::from(note.may_concern_loan));
    }
    ItemBuilder::new(key, "unrecognized")
        .number("version", version)
        .optional("omitted_until", messages.omitted_until())
        .strings("senders", senders)
        .binary("data", data)
        .build()
}

impl Stored {
    fn read(mut item: ItemReader) -> Result<Self, StoreError> {
        let data = item.binary("data")?;
        let senders = item.strings("senders")?;
        let (entries, rest) = data.as_chunks::<ENTRY_BYTES>();
        let notes: Option<Vec<_>> = entries.iter().map(|entry| message(entry, &senders)).collect();
        let notes = notes.filter(|_| rest.is_empty());
        let notes = notes.ok_or_else(|| item.corrupt("an entry of data"))?;
        Ok(Self {
            version: item.number("version")?,
            messages: UnrecognizedMessages::new(notes, item.optional_parsed("omitted_until")?),
        })
    }
}

fn message(entry: &[u8; ENTRY_BYTES], senders: &[String]) -> Option<(MessageKey, Note)> {
    let [t0, t1, t2, t3, h0, h1, h2, h3, r0, r1, r2, r3, s0, s1, code, loan] = *entry;
    let key = MessageKey {
        received_at: Timestamp::from_unix_seconds(u32::from_be_bytes([t0, t1, t2, t3]).into())?,
        hash: u32::from_be_bytes([h0, h1, h2, h3]),
    };
    let note = Note {
        sender: senders.get(usize::from(u16::from_be_bytes([s0, s1])))?.clone(),
        code: *UnrecognizedCode::ALL.get(usize::from(code))?,
        may_concern_loan: match loan {
            0 => false,
            1 => true,
            _ => return None,
        },
        reader: u32::from_be_bytes([r0, r1, r2, r3]),
    };
    Some((key, note))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::attributes::binary;

    fn stored(messages: &UnrecognizedMessages) -> Attributes {
        item(&Key::nothing(), messages, 7)
    }

    fn full() -> UnrecognizedMessages {
        let mut messages = UnrecognizedMessages::default();
        for number in 0..=u16::try_from(MAX_NOTED).expect("small") {
            let key = MessageKey {
                received_at: Timestamp::EPOCH.plus_seconds(i64::from(number) * 86_400),
                hash: u32::MAX - u32::from(number),
            };
            let codes = UnrecognizedCode::ALL;
            let note = Note {
                sender: format!("sender{}", number % 30),
                code: codes[usize::from(number) % codes.len()],
                may_concern_loan: number % 2 == 0,
                reader: u32::from(number) << 9,
            };
            messages.note(key, note);
        }
        messages
    }

    #[test]
    fn messages_come_back_as_they_were() {
        for messages in [UnrecognizedMessages::default(), full()] {
            let read = Stored::read(ItemReader::new(stored(&messages))).expect("readable");
            assert_eq!((read.version, read.messages), (7, messages));
        }
        assert!(full().omitted_until().is_some());
    }

    #[test]
    fn a_damaged_item_is_an_error_and_never_fewer_messages() {
        let whole = stored(&full());
        let data = whole["data"].as_b().expect("binary").as_ref().to_vec();
        let changed = |at: usize, value: u8| {
            let mut data = data.clone();
            data[at] = value;
            data
        };
        let unknown_sender = changed(ENTRY_BYTES - 4, u8::MAX);
        let unknown_code = changed(ENTRY_BYTES - 2, u8::MAX);
        let no_flag = changed(ENTRY_BYTES - 1, 2);
        let cut = data[1..].to_vec();
        for damaged in [unknown_sender, unknown_code, no_flag, cut] {
            let mut item = whole.clone();
            item.insert("data".to_owned(), binary(damaged));
            let read = Stored::read(ItemReader::new(item));
            assert!(matches!(read, Err(StoreError::Corrupt { .. })));
        }
    }
}
