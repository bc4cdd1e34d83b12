//! Ids, time, text and due dates: turns the readings of a message into records of the ledger.

use daftari_domain::unrecognized::MessageKey;
use daftari_domain::{AccountId, Country, KeptDetails, KeptText, Record, RecordId};
use sha2::{Digest, Sha256};

use crate::details::{MessageDetails, Pseudonyms};
use crate::draft::Draft;
use crate::due::due_date;
use crate::message::Message;

/// The records of a message. `country` is that of the user.
///
/// All records have the message's id, which shows that they are one event. The ledger would take two records with the
/// same institution and account for one. So the id of the later one is derived from the message's id and its place.
pub(crate) fn finish(
    message: &Message<'_>,
    country: Option<Country>,
    drafts: Vec<Draft>,
    details: &MessageDetails,
    pseudonyms: Option<&dyn Pseudonyms>,
) -> Vec<Record> {
    let id = message.id.cloned().unwrap_or_else(|| message_id(message));
    let mut records: Vec<Record> = Vec::with_capacity(drafts.len());
    let due_dates = drafts.iter().map(|draft| due_date(draft, message, country));
    let details = details.of_drafts(&drafts, due_dates, pseudonyms);
    for (place, (draft, details)) in drafts.into_iter().zip(details).enumerate() {
        let Some(mut record) = record(message, draft, details, &id) else {
            continue;
        };
        if records.iter().any(|other| other.identity() == record.identity()) {
            record.id = derived_id(&id, place);
        }
        records.push(record);
    }
    records
}

fn record(message: &Message<'_>, draft: Draft, details: KeptDetails, id: &RecordId) -> Option<Record> {
    let account_id = draft.account_id.and_then(|account| account.parse::<AccountId>().ok());
    Some(Record {
        id: id.clone(),
        timestamp: message.received_at,
        institution_id: draft.institution_id.parse().ok()?,
        account_id: account_id.unwrap_or_default(),
        account_type: draft.account_type,
        amount: draft.amount,
        balance: draft.balance,
        currency: draft.currency,
        impact: draft.impact,
        body: (!draft.labels.is_empty())
            .then(|| KeptText::beginning_of(message.body))
            .filter(|text| !text.is_empty()),
        labels: draft.labels,
        details,
    })
}

/// Tells the messages of a user apart, whether they are read or not.
pub fn message_key(message: &Message<'_>) -> MessageKey {
    let [first, second, third, fourth, ..] = digest(message);
    MessageKey {
        received_at: message.received_at,
        hash: u32::from_be_bytes([first, second, third, fourth]),
    }
}

/// 128 bits of a hash over sender, time and text.
fn message_id(message: &Message<'_>) -> RecordId {
    first_half(&digest(message))
}

/// A hash over sender, time and text. Lengths are hashed too, so that no two messages share the input.
fn digest(message: &Message<'_>) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in [
        message.sender.as_bytes(),
        &message.received_at.unix_seconds().to_be_bytes(),
        message.body.as_bytes(),
    ] {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

fn derived_id(id: &RecordId, place: usize) -> RecordId {
    let mut hash = Sha256::new();
    hash.update(id.to_string());
    hash.update([b'#', u8::try_from(place).unwrap_or(u8::MAX)]);
    first_half(&hash.finalize())
}

fn first_half(digest: &[u8]) -> RecordId {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    RecordId::from_bytes(bytes)
}
