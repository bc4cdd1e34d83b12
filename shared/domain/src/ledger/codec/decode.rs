//! Bytes to records.

use super::account_stream::{Stream, counterparty_of, sane};
use super::bytes::Reader;
use super::columns::{self, Columns};
use super::encode::UUID_DASHES;
use super::{FORMAT_1, FORMAT_2, PageError, detail, field, reference};
use crate::{
    Counterparty, CounterpartyToken, Date, Details, Impact, KeptDetails, KeptText, LabelSet, Record, RecordId,
    Reference, Timestamp,
};

/// The records of a page, sorted by position, and the version of the page when each was last changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageRecords {
    /// By position.
    pub records: Vec<Record>,
    /// One for each record.
    pub versions: Vec<u64>,
}

/// Unpacks the bytes of a page: all of its records, sorted by position, or an error.
pub fn decode(page: &[u8]) -> Result<Vec<Record>, PageError> {
    decode_versioned(page, 0).map(|page| page.records)
}

/// Unpacks the bytes of a page that is at `page_version`, with the versions of its records.
pub fn decode_versioned(page: &[u8], page_version: u64) -> Result<PageRecords, PageError> {
    let format = match page.first() {
        None => return Err(PageError::Malformed("empty")),
        Some(&FORMAT_1) => Format::One(page_version),
        Some(&FORMAT_2) => Format::Two,
        Some(version) => return Err(PageError::UnknownVersion(*version)),
    };
    let (body, checksum) = page.split_last_chunk::<4>().ok_or(PageError::Checksum)?;
    if crc32fast::hash(body) != u32::from_le_bytes(*checksum) {
        return Err(PageError::Checksum);
    }
    let [_, columns @ ..] = body else {
        return Err(PageError::Checksum);
    };
    let mut reader = Reader(columns);
    let count = reader.len()?;
    let columns = Columns::read(reader)?;
    let page = Decoder::new(&columns, format)?.records(count)?;
    if page
        .records
        .windows(2)
        .any(|pair| pair[0].position() >= pair[1].position())
    {
        return Err(PageError::Malformed("records out of order"));
    }
    Ok(page)
}

/// The format of the columns.
#[derive(Clone, Copy)]
enum Format {
    /// Without details; records have the version of their page.
    One(u64),
    Two,
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
    details: Reader<'a>,
    fees: Reader<'a>,
    references: Reader<'a>,
    reference_texts: Reader<'a>,
    counterparties: Vec<Counterparty>,
    counterparty_of: Reader<'a>,
    versions: Reader<'a>,
    due_dates: Reader<'a>,
    format: Format,
    seconds: i64,
    version: u64,
}

impl<'a> Decoder<'a> {
    fn new(columns: &'a Columns, format: Format) -> Result<Self, PageError> {
        let mut streams = Vec::new();
        let mut reader = columns.reader(columns::STREAMS);
        while !reader.0.is_empty() {
            streams.push(Stream::read(&mut reader)?);
        }
        let mut counterparties = Vec::new();
        let mut reader = columns.reader(columns::COUNTERPARTIES);
        while !reader.0.is_empty() {
            counterparties.push(counterparty(&mut reader)?);
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
            details: columns.reader(columns::DETAILS),
            fees: columns.reader(columns::FEE),
            references: columns.reader(columns::REFERENCE),
            reference_texts: columns.reader(columns::REFERENCE_TEXT),
            counterparties,
            counterparty_of: columns.reader(columns::COUNTERPARTY_OF),
            versions: columns.reader(columns::VERSION),
            due_dates: columns.reader(columns::DUE_DATE),
            format,
            seconds: 0,
            version: 0,
        })
    }

    fn records(mut self, count: usize) -> Result<PageRecords, PageError> {
        // Every record has one byte in this column, so its length also limits the allocated memory.
        if self.fields.0.len() != count {
            return Err(PageError::Malformed("another number of records than stated"));
        }
        let mut page = PageRecords {
            records: Vec::with_capacity(count),
            versions: Vec::with_capacity(count),
        };
        for _ in 0..count {
            page.records.push(self.record()?);
            page.versions.push(self.version()?);
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
            self.details,
            self.fees,
            self.references,
            self.reference_texts,
            self.counterparty_of,
            self.versions,
            self.due_dates,
        ] {
            column.finish()?;
        }
        Ok(page)
    }

    fn record(&mut self) -> Result<Record, PageError> {
        let fields = self.fields.byte()?;
        let timestamp = self.timestamp()?;
        let id = self.id(fields)?;
        let at = self.stream_of.len()?;
        let (at, has_details) = match self.format {
            Format::One(_) => (at, false),
            Format::Two => (at >> 1, at & 1 == 1),
        };
        let details = if has_details {
            self.details(at, timestamp)?
        } else {
            KeptDetails::NONE
        };
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
            let fee = details.fee.map_or(0, |fee| stream.to_units(fee));
            let predicted = stream.predicted_balance(impact, amount.unwrap_or(0), fee);
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
            details,
        })
    }

    fn details(&mut self, stream: usize, timestamp: Timestamp) -> Result<KeptDetails, PageError> {
        let stream = self
            .streams
            .get_mut(stream)
            .ok_or(PageError::Malformed("unknown stream"))?;
        let has = self.details.byte()?;
        if has == 0 || has & !detail::ALL != 0 {
            return Err(PageError::Malformed("details"));
        }
        let fee = if has & detail::FEE == 0 {
            None
        } else {
            Some(stream.money(sane(self.fees.signed()?)?)?)
        };
        let reference = match has & (detail::REFERENCE | detail::REFERENCE_TEXT) {
            0 => None,
            detail::REFERENCE => {
                let packed = self.references.signed()?.checked_add(stream.last_reference());
                let packed = packed.ok_or(PageError::Malformed("reference"))?;
                stream.saw_reference(packed);
                Some(reference::unpack(packed).ok_or(PageError::Malformed("reference"))?)
            }
            detail::REFERENCE_TEXT => Some(self.reference_texts.text()?.to_owned()),
            _ => return Err(PageError::Malformed("reference")),
        };
        let reference = reference.map(|text| Reference::stored(&text).map_err(|_| PageError::Malformed("reference")));
        let counterparty = if has & detail::COUNTERPARTY == 0 {
            None
        } else {
            let at = self.counterparty_of.len()?;
            let counterparty = self.counterparties.get(at).copied();
            Some(counterparty.ok_or(PageError::Malformed("unknown counterparty"))?)
        };
        let due_date = if has & detail::DUE_DATE == 0 {
            None
        } else {
            let days = i64::try_from(self.due_dates.signed()?).ok();
            let date = days.map(|days| Date::utc(timestamp).plus_days(days));
            let date = date.filter(|date| date.is_writable());
            Some(date.ok_or(PageError::Malformed("due date"))?)
        };
        let details = Details {
            fee,
            reference: reference.transpose()?,
            counterparty,
            due_date,
        };
        Ok(details.into())
    }

    fn version(&mut self) -> Result<u64, PageError> {
        if let Format::One(page) = self.format {
            return Ok(page);
        }
        let version = self.versions.signed()?.checked_add(i128::from(self.version));
        let version = version.and_then(|version| u64::try_from(version).ok());
        self.version = version.ok_or(PageError::Malformed("version"))?;
        Ok(self.version)
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
                let id = RecordId::from_bytes(self.id_bytes.array()?);
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

fn counterparty(reader: &mut Reader<'_>) -> Result<Counterparty, PageError> {
    let code = reader.byte()?;
    let token = if code & 1 == 0 {
        None
    } else {
        Some(CounterpartyToken(reader.array()?))
    };
    let kind = counterparty_of(code >> 1)?;
    Ok(Counterparty { token, kind })
}
