//! Records to bytes.

use std::collections::HashMap;

use super::bytes::{put_signed, put_text, put_varint};
use super::columns::{self, Columns};
use super::stream::{Stream, StreamKey};
use super::{EncodeError, VERSION, field};
use crate::{Impact, Record, RecordId};

/// Packs records that are sorted by position into the bytes of a page, which [`decode`](super::decode) can read.
pub fn encode(records: &[Record]) -> Result<Vec<u8>, EncodeError> {
    let is_sorted = |pair: &[Record]| pair[0].position() < pair[1].position();
    if !records.windows(2).all(is_sorted) {
        return Err(EncodeError::OutOfOrder);
    }
    let columns = columns_of(records);
    if columns.are_readable() {
        Ok(page_of(records.len(), &columns))
    } else {
        Err(EncodeError::TooLarge)
    }
}

pub(super) fn columns_of(records: &[Record]) -> Columns {
    let (mut streams, stream_of) = streams_of(records);
    let mut columns = Columns::default();
    for stream in &streams {
        stream.write(columns.at(columns::STREAMS));
    }
    let mut last_seconds = 0;
    for (record, at) in records.iter().zip(stream_of) {
        put_varint(columns.at(columns::STREAM_OF), at as u128);
        let seconds = record.timestamp.unix_seconds();
        put_signed(
            columns.at(columns::TIMESTAMP),
            i128::from(seconds) - i128::from(last_seconds),
        );
        last_seconds = seconds;
        let id_kind = put_id(&mut columns, &record.id);
        columns.at(columns::FIELDS).push(id_kind | fields_of(record));
        put_sums(&mut columns, &mut streams[at], record);
        if !record.labels.is_empty() {
            put_varint(columns.at(columns::LABELS), u128::from(record.labels.bits()));
        }
        if let Some(body) = &record.body {
            put_text(columns.at(columns::BODY), body);
        }
    }
    columns
}

pub(super) fn page_of(count: usize, columns: &Columns) -> Vec<u8> {
    let mut page = vec![VERSION];
    put_varint(&mut page, count as u128);
    columns.write(&mut page);
    let checksum = crc32fast::hash(&page);
    page.extend_from_slice(&checksum.to_le_bytes());
    page
}

/// The streams in order of first appearance, and which one each record belongs to.
fn streams_of(records: &[Record]) -> (Vec<Stream>, Vec<usize>) {
    let mut known: HashMap<StreamKey, usize> = HashMap::new();
    let mut streams: Vec<Stream> = Vec::new();
    let mut stream_of = Vec::with_capacity(records.len());
    for record in records {
        let at = *known.entry(StreamKey::of(record)).or_insert_with_key(|key| {
            streams.push(Stream::new(key.clone(), 0));
            streams.len() - 1
        });
        let stream = &mut streams[at];
        for money in [record.amount, record.balance].into_iter().flatten() {
            stream.scale = stream.scale.max(money.parts().1);
        }
        stream_of.push(at);
    }
    (streams, stream_of)
}

fn fields_of(record: &Record) -> u8 {
    let impact = match record.impact {
        Some(Impact::Credit) => field::CREDIT,
        Some(Impact::Debit) => field::DEBIT,
        None => 0,
    };
    [
        (record.amount.is_some(), field::AMOUNT),
        (record.balance.is_some(), field::BALANCE),
        (!record.labels.is_empty(), field::LABELS),
        (record.body.is_some(), field::BODY),
    ]
    .into_iter()
    .filter(|(has, _)| *has)
    .fold(impact, |bits, (_, bit)| bits | bit)
}

fn put_id(columns: &mut Columns, id: &RecordId) -> u8 {
    if let Some(bytes) = id.as_bytes() {
        columns.at(columns::ID_BYTES).extend_from_slice(bytes);
        return field::ID_HEX;
    }
    let text = id.to_string();
    if let Some(bytes) = uuid_bytes(&text) {
        columns.at(columns::ID_BYTES).extend_from_slice(&bytes);
        return field::ID_UUID;
    }
    put_text(columns.at(columns::ID_TEXT), &text);
    field::ID_TEXT
}

/// Where the dashes of a uuid stand.
pub(super) const UUID_DASHES: [usize; 4] = [8, 13, 18, 23];

/// The bytes of a text that is a uuid in lower case with dashes.
fn uuid_bytes(text: &str) -> Option<[u8; 16]> {
    let dashes = text
        .bytes()
        .enumerate()
        .filter(|(_, byte)| *byte == b'-')
        .map(|(at, _)| at);
    if text.len() != 36 || !dashes.eq(UUID_DASHES) {
        return None;
    }
    text.replace('-', "").parse::<RecordId>().ok()?.as_bytes().copied()
}

fn put_sums(columns: &mut Columns, stream: &mut Stream, record: &Record) {
    let amount = record.amount.map(|amount| stream.to_units(amount));
    if let Some(amount) = amount {
        // Amounts are never negative in a valid record; a signed code keeps any other exact too.
        put_signed(columns.at(columns::AMOUNT), amount);
    }
    if let Some(balance) = record.balance {
        let balance = stream.to_units(balance);
        let predicted = stream.predicted_balance(record.impact, amount.unwrap_or(0));
        put_signed(columns.at(columns::BALANCE), balance - predicted);
        stream.saw_balance(balance);
    }
}
