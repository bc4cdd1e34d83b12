//! Records to bytes.

use std::collections::HashMap;

use super::account_stream::{Stream, StreamKey, counterparty_code};
use super::bytes::{put_signed, put_text, put_varint};
use super::columns::{self, Columns};
use super::{EncodeError, FORMAT_2, detail, field, reference};
use crate::{Counterparty, Date, Details, Impact, Record, RecordId};

/// Packs records that are sorted by position into the bytes of a page, which [`decode`](super::decode) can read.
/// `versions` are those of the page when each record was last changed.
pub fn encode(records: &[Record], versions: &[u64]) -> Result<Vec<u8>, EncodeError> {
    if records.len() != versions.len() {
        return Err(EncodeError::Unversioned);
    }
    let is_sorted = |pair: &[Record]| pair[0].position() < pair[1].position();
    if !records.windows(2).all(is_sorted) {
        return Err(EncodeError::OutOfOrder);
    }
    let columns = columns_of(records, versions);
    if columns.are_readable() {
        Ok(page_of(records.len(), &columns))
    } else {
        Err(EncodeError::TooLarge)
    }
}

/// The plain bytes of all columns together.
#[cfg(test)]
pub(crate) fn plain_bytes(records: &[Record], versions: &[u64]) -> usize {
    columns_of(records, versions).plain_bytes()
}

pub(super) fn columns_of(records: &[Record], versions: &[u64]) -> Columns {
    let (mut streams, stream_of) = streams_of(records);
    let mut columns = Columns::default();
    for stream in &streams {
        stream.write(columns.at(columns::STREAMS));
    }
    let mut counterparties = Counterparties::default();
    let (mut last_seconds, mut last_version) = (0, 0);
    for ((record, at), version) in records.iter().zip(stream_of).zip(versions) {
        let has_details = !record.details.is_empty();
        put_varint(
            columns.at(columns::STREAM_OF),
            (at as u128) << 1 | u128::from(has_details),
        );
        put_signed(
            columns.at(columns::VERSION),
            i128::from(*version) - i128::from(last_version),
        );
        last_version = *version;
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
        if has_details {
            put_details(&mut columns, &mut streams[at], &mut counterparties, record);
        }
    }
    columns
}

pub(super) fn page_of(count: usize, columns: &Columns) -> Vec<u8> {
    let mut page = vec![FORMAT_2];
    put_varint(&mut page, count as u128);
    columns.write(&mut page);
    let checksum = crc32fast::hash(&page);
    page.extend_from_slice(&checksum.to_le_bytes());
    page
}

/// The streams in order of first appearance, and the stream of each record.
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
        for money in [record.amount, record.balance, record.details.fee]
            .into_iter()
            .flatten()
        {
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

/// The positions of the dashes in a uuid.
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
        let fee = record.details.fee.map_or(0, |fee| stream.to_units(fee));
        let predicted = stream.predicted_balance(record.impact, amount.unwrap_or(0), fee);
        put_signed(columns.at(columns::BALANCE), balance - predicted);
        stream.saw_balance(balance);
    }
}

/// The distinct counterparties of a page, in order of first appearance.
#[derive(Default)]
struct Counterparties(HashMap<Counterparty, usize>);

impl Counterparties {
    /// The index of a counterparty. An unknown one is appended.
    fn at(&mut self, columns: &mut Columns, counterparty: Counterparty) -> usize {
        let next = self.0.len();
        *self.0.entry(counterparty).or_insert_with(|| {
            let column = columns.at(columns::COUNTERPARTIES);
            let kind = counterparty_code(counterparty.kind);
            column.push(kind << 1 | u8::from(counterparty.token.is_some()));
            column.extend(counterparty.token.iter().flat_map(|token| token.0));
            next
        })
    }
}

fn put_details(columns: &mut Columns, stream: &mut Stream, counterparties: &mut Counterparties, record: &Record) {
    let details: &Details = &record.details;
    let mut has = 0;
    if let Some(fee) = details.fee {
        has |= detail::FEE;
        put_signed(columns.at(columns::FEE), stream.to_units(fee));
    }
    if let Some(reference) = &details.reference {
        if let Some(packed) = reference::pack(reference) {
            has |= detail::REFERENCE;
            put_signed(columns.at(columns::REFERENCE), packed - stream.last_reference());
            stream.saw_reference(packed);
        } else {
            has |= detail::REFERENCE_TEXT;
            put_text(columns.at(columns::REFERENCE_TEXT), reference.as_str());
        }
    }
    if let Some(counterparty) = details.counterparty {
        has |= detail::COUNTERPARTY;
        let at = counterparties.at(columns, counterparty);
        put_varint(columns.at(columns::COUNTERPARTY_OF), at as u128);
    }
    if let Some(due_date) = details.due_date {
        has |= detail::DUE_DATE;
        let days = due_date.days_since(Date::utc(record.timestamp));
        put_signed(columns.at(columns::DUE_DATE), days.into());
    }
    columns.at(columns::DETAILS).push(has);
}
