//! The columns of a page: each has a tag, and is compressed if that makes it smaller.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use super::PageError;
use super::bytes::{Reader, put_varint};

/// Columns by tag.
pub(super) const STREAMS: u8 = 1;
pub(super) const STREAM_OF: u8 = 2;
pub(super) const TIMESTAMP: u8 = 3;
pub(super) const FIELDS: u8 = 4;
pub(super) const ID_BYTES: u8 = 5;
pub(super) const ID_TEXT: u8 = 6;
pub(super) const AMOUNT: u8 = 7;
pub(super) const BALANCE: u8 = 8;
pub(super) const LABELS: u8 = 9;
pub(super) const BODY: u8 = 10;
pub(super) const DETAILS: u8 = 11;
pub(super) const FEE: u8 = 12;
pub(super) const REFERENCE: u8 = 13;
pub(super) const REFERENCE_TEXT: u8 = 14;
pub(super) const COUNTERPARTIES: u8 = 15;
pub(super) const COUNTERPARTY_OF: u8 = 16;
pub(super) const VERSION: u8 = 17;
pub(super) const DUE_DATE: u8 = 18;
const COUNT: usize = 19;

/// The column is stored uncompressed.
const PLAIN: u8 = 0;
/// The column is compressed by raw deflate.
const DEFLATE: u8 = 1;

/// A larger column is neither written nor read.
const MAX_COLUMN_BYTES: usize = 64 << 20;

/// The plain bytes of each column.
#[derive(Default)]
pub(super) struct Columns([Vec<u8>; COUNT]);

impl Columns {
    pub(super) fn at(&mut self, tag: u8) -> &mut Vec<u8> {
        &mut self.0[usize::from(tag)]
    }

    pub(super) fn reader(&self, tag: u8) -> Reader<'_> {
        Reader(&self.0[usize::from(tag)])
    }

    /// Whether every column is small enough to be decoded.
    pub(super) fn are_readable(&self) -> bool {
        self.0.iter().all(|plain| plain.len() <= MAX_COLUMN_BYTES)
    }

    #[cfg(test)]
    pub(super) fn plain_bytes(&self) -> usize {
        self.0.iter().map(Vec::len).sum()
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        for (tag, plain) in (0_u8..).zip(&self.0).filter(|(_, plain)| !plain.is_empty()) {
            // Ids of 16 bytes are random: compressing them costs time and saves no space.
            let packed = if tag == ID_BYTES { None } else { deflate(plain) };
            let (method, stored) = match &packed {
                Some(packed) if packed.len() < plain.len() => (DEFLATE, packed),
                _ => (PLAIN, plain),
            };
            out.push(tag);
            out.push(method);
            put_varint(out, stored.len() as u128);
            put_varint(out, plain.len() as u128);
            out.extend_from_slice(stored);
        }
    }

    pub(super) fn read(mut reader: Reader<'_>) -> Result<Self, PageError> {
        let mut columns = Self::default();
        while !reader.0.is_empty() {
            let tag = usize::from(reader.byte()?);
            let method = reader.byte()?;
            let (stored_len, plain_len) = (reader.len()?, reader.len()?);
            let stored = reader.take(stored_len)?;
            let column = columns.0.get_mut(tag).filter(|_| tag > 0);
            let column = column.ok_or(PageError::Malformed("unknown column"))?;
            if !column.is_empty() {
                return Err(PageError::Malformed("column occurs twice"));
            }
            if plain_len > MAX_COLUMN_BYTES {
                return Err(PageError::Malformed("column too large"));
            }
            *column = match method {
                PLAIN => stored.to_vec(),
                DEFLATE => inflate(stored, plain_len)?,
                _ => return Err(PageError::Malformed("unknown compression")),
            };
            if column.len() != plain_len {
                return Err(PageError::Malformed("column has another length than stated"));
            }
        }
        Ok(columns)
    }
}

fn deflate(plain: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::with_capacity(plain.len()), Compression::best());
    encoder.write_all(plain).ok()?;
    encoder.finish().ok()
}

fn inflate(stored: &[u8], plain_len: usize) -> Result<Vec<u8>, PageError> {
    let mut plain = Vec::new();
    // Reads one byte more than stated. It reveals a column that is longer than stated, and limits the memory for one
    // that is far longer.
    let mut decoder = DeflateDecoder::new(stored).take(plain_len as u64 + 1);
    decoder
        .read_to_end(&mut plain)
        .map_err(|_| PageError::Malformed("column does not decompress"))?;
    Ok(plain)
}
