//! Bytes to records.

use super::bytes::Reader;
use super::columns::{self, Columns};
use super::encode::UUID_DASHES;
use super::stream::{Stream, sane};
use super::{PageError, VERSION, field};
use crate::{Impact, KeptText, LabelSet, Record, RecordId, Timestamp};

/// Unpacks the bytes of a page: all of its records, sorted by position, or an error.
pub fn decode(page: &[u8]) -> Result<Vec<Record>, PageError> {
    match page.first() {
        None => return Err(PageError::Malformed("empty")),
        Some(&VERSION) => {}
        Some(version) => return Err(PageError::UnknownVersion(*version)),
    }
    let (body, checksum) = page.split_last_chunk::<4>().ok_or(PageError::Checksum)?;
    if crc32fast::hash(body) != u32::from_le_bytes(*checksum) {
        return Err(PageError::Checksum);
    }
    let mut reader = Reader(body.get(1..).unwrap_or_default());
    let count = reader.len()?;
    let columns = Columns::read(reader)?;
    let records = Decoder::new(&columns)?.records(count)?;
    if records.windows(2).any(|pair| pair[0].position() >= pair[1].position()) {
        return Err(PageError::Malformed("records out of order"));
    }
    Ok(records)
}

/// Walks the columns in step.
struct Decoder<'a> {
    streams: Vec<Stream>,
    stream_of: Reader<'a>,
    timestamps: Reader<'a>,
    fields: Reader<'a>,
    id_bytes: Reader<'a>,
    id_text: Reader<'a>,
    amounts: Reader<'a>,
    balances: Reader<'a>,
    labels: Reader<'a>,
    bodies: Reader<'a>,
    seconds: i64,
}

impl<'a> Decoder<'a> {
    fn new(columns: &'a Columns) -> Result<Self, PageError> {
        let mut streams = Vec::new();
        let mut reader = columns.reader(columns::STREAMS);
        while !reader.0.is_empty() {
            streams.push(Stream::read(&mut reader)?);
        }
        Ok(Self {
            streams,
            stream_of: columns.reader(columns::STREAM_OF),
            timestamps: columns.reader(columns::TIMESTAMP),
            fields: columns.reader(columns::FIELDS),
            id_bytes: columns.reader(columns::ID_BYTES),
            id_text: columns.reader(columns::ID_TEXT),
            amounts: columns.reader(columns::AMOUNT),
            balances: columns.reader(columns::BALANCE),
            labels: columns.reader(columns::LABELS),
            bodies: columns.reader(columns::BODY),
            seconds: 0,
        })
    }

    fn records(mut self, count: usize) -> Result<Vec<Record>, PageError> {
        // Every record has a byte of its own in this column, so it also bounds what is allocated.
        if self.fields.0.len() != count {
            return Err(PageError::Malformed("another number of records than stated"));
        }
        let mut records = Vec::with_capacity(count);
        for _ in 0..count {
            records.push(self.record()?);
        }
        for column in [
            self.stream_of,
            self.timestamps,
            self.id_bytes,
            self.id_text,
            self.amounts,
            self.balances,
            self.labels,
            self.bodies,
        ] {
            column.finish()?;
        }
        Ok(records)
    }

    fn record(&mut self) -> Result<Record, PageError> {
        let fields = self.fields.byte()?;
        let timestamp = self.timestamp()?;
        let id = self.id(fields)?;
        let at = self.stream_of.len()?;
        let stream = self.streams.get_mut(at).ok_or(PageError::Malformed("unknown stream"))?;
        let impact = match fields & (field::CREDIT | field::DEBIT) {
            0 => None,
            field::CREDIT => Some(Impact::Credit),
            field::DEBIT => Some(Impact::Debit),
            _ => return Err(PageError::Malformed("impact")),
        };
        let has = |bit| fields & bit != 0;
        let amount = if has(field::AMOUNT) {
            Some(sane(self.amounts.signed()?)?)
        } else {
            None
        };
        let balance = if has(field::BALANCE) {
            let predicted = stream.predicted_balance(impact, amount.unwrap_or(0));
            let units = sane(sane(self.balances.signed()?)? + predicted)?;
            stream.saw_balance(units);
            Some(units)
        } else {
            None
        };
        Ok(Record {
            id,
            timestamp,
            institution_id: stream.key.institution_id.clone(),
            account_id: stream.key.account_id.clone(),
            account_type: stream.key.account_type,
            currency: stream.key.currency,
            amount: amount.map(|units| stream.money(units)).transpose()?,
            balance: balance.map(|units| stream.money(units)).transpose()?,
            impact,
            labels: if has(field::LABELS) {
                self.labels()?
            } else {
                LabelSet::EMPTY
            },
            body: if has(field::BODY) {
                Some(KeptText::stored(self.bodies.text()?))
            } else {
                None
            },
        })
    }

    fn timestamp(&mut self) -> Result<Timestamp, PageError> {
        let step = i64::try_from(self.timestamps.signed()?).ok();
        let seconds = step.and_then(|step| self.seconds.checked_add(step));
        let timestamp = seconds.and_then(Timestamp::from_unix_seconds);
        let timestamp = timestamp.ok_or(PageError::Malformed("timestamp out of range"))?;
        self.seconds = timestamp.unix_seconds();
        Ok(timestamp)
    }

    fn id(&mut self, fields: u8) -> Result<RecordId, PageError> {
        let kind = fields & field::ID_KIND;
        let text = match kind {
            field::ID_HEX | field::ID_UUID => {
                let bytes = self.id_bytes.take(16)?;
                let id = RecordId::from_bytes(bytes.try_into().unwrap_or_default());
                if kind == field::ID_HEX {
                    return Ok(id);
                }
                let mut text = id.to_string();
                for at in UUID_DASHES {
                    text.insert(at, '-');
                }
                text
            }
            field::ID_TEXT => self.id_text.text()?.to_owned(),
            _ => return Err(PageError::Malformed("kind of id")),
        };
        text.parse().map_err(|_| PageError::Malformed("record id"))
    }

    fn labels(&mut self) -> Result<LabelSet, PageError> {
        let bits = u32::try_from(self.labels.varint()?).map_err(|_| PageError::Malformed("labels"))?;
        if bits == 0 {
            return Err(PageError::Malformed("labels"));
        }
        LabelSet::from_bits(bits).ok_or(PageError::Malformed("unknown label"))
    }
}
