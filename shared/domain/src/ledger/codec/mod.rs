//! A page's records as bytes, and back.
//!
//! Goals: few bytes, since the store bills by them; every damaged page is an error, never fewer records; the format
//! outlives the structs. So records are stored as *columns*, each tagged and with its own length, each compressed only
//! where that makes it smaller:
//!
//! | tag | column | one entry per | encoding |
//! |---|---|---|---|
//! | 1 | streams | distinct (institution, account, account type, currency) | texts, type, currency, decimal places |
//! | 2 | stream of the record | record | varint index into the streams |
//! | 3 | timestamp | record | varint seconds since the record before; the first since 1970 |
//! | 4 | fields | record | bit set: what the record has, impact, kind of id |
//! | 5 | id, 16 bytes | record with a hex or uuid id | raw |
//! | 6 | id, text | record with another id | length, bytes |
//! | 7 | amount | record with an amount | varint in the stream's decimal places |
//! | 8 | balance | record with a balance | signed varint: what the balance before and the amount do not explain |
//! | 9 | labels | record with labels | varint bit set |
//! | 10 | body | record with a body | length, bytes |
//!
//! A page is: version (1), varint count, the columns (tag, method, varint stored length, varint plain length, bytes),
//! CRC-32 of all before it. An absent column is empty. Records are sorted by position; equal records give equal bytes.

mod bytes;
mod columns;
mod decode;
mod encode;
mod stream;

pub use decode::decode;
pub use encode::encode;

/// The format written.
const VERSION: u8 = 1;

/// Why bytes are not a page.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// Written by a later version of this software, or not a page.
    #[error("unknown page format {0}")]
    UnknownVersion(u8),
    /// The checksum does not match: the bytes are damaged or cut off.
    #[error("page checksum does not match")]
    Checksum,
    /// The bytes break a rule of the format.
    #[error("page is malformed: {0}")]
    Malformed(&'static str),
}

/// Why records cannot be a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// They are not sorted by position, or one is there twice.
    #[error("records are not in order")]
    OutOfOrder,
    /// No reader would inflate what they take.
    #[error("records are larger than what a page can hold")]
    TooLarge,
}

/// The plain bytes of all columns together.
#[cfg(test)]
pub(crate) fn plain_bytes(records: &[crate::Record]) -> usize {
    encode::columns_of(records).plain_bytes()
}

/// What a record has, as one byte per record.
mod field {
    pub(super) const AMOUNT: u8 = 1;
    pub(super) const BALANCE: u8 = 1 << 1;
    pub(super) const CREDIT: u8 = 1 << 2;
    pub(super) const DEBIT: u8 = 1 << 3;
    pub(super) const LABELS: u8 = 1 << 4;
    pub(super) const BODY: u8 = 1 << 5;
    /// Two bits: the kind of id.
    pub(super) const ID_KIND: u8 = 3 << 6;
    pub(super) const ID_HEX: u8 = 0;
    pub(super) const ID_UUID: u8 = 1 << 6;
    pub(super) const ID_TEXT: u8 = 2 << 6;
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Record;
    use crate::ledger::samples::{distinct_records, record_at};

    fn sorted(mut records: Vec<Record>) -> Vec<Record> {
        records.sort_by(|a, b| a.position().cmp(&b.position()));
        records
    }

    fn packed(records: &[Record]) -> Vec<u8> {
        encode(records).expect("page")
    }

    #[test]
    fn an_empty_page_is_a_page() {
        assert_eq!(decode(&packed(&[])), Ok(vec![]));
    }

    #[test]
    fn a_later_format_is_named() {
        let mut bytes = packed(&[record_at("a", 1)]);
        bytes[0] = 9;
        assert_eq!(decode(&bytes), Err(PageError::UnknownVersion(9)));
        assert_eq!(decode(&[]), Err(PageError::Malformed("empty")));
    }

    #[test]
    fn unsorted_or_repeated_records_are_refused() {
        for records in [
            vec![record_at("b", 5), record_at("a", 5)],
            vec![record_at("a", 5), record_at("a", 5)],
        ] {
            assert_eq!(encode(&records), Err(EncodeError::OutOfOrder));
            let page = encode::page_of(records.len(), &encode::columns_of(&records));
            assert_eq!(decode(&page), Err(PageError::Malformed("records out of order")));
        }
    }

    /// Records whose texts have that many bytes together, and pack a thousand to one.
    fn with_texts(bytes: usize) -> Vec<Record> {
        let text = "a".repeat(1 << 19);
        (0..bytes.div_ceil(text.len()))
            .map(|n| Record {
                body: Some(crate::KeptText::stored(&text)),
                ..record_at("a", i64::try_from(n).expect("seconds"))
            })
            .collect()
    }

    #[test]
    fn a_column_that_no_reader_would_inflate_is_not_written() {
        let readable = with_texts((64 << 20) - (1 << 19));
        assert_eq!(decode(&packed(&readable)), Ok(readable));
        assert_eq!(encode(&with_texts(64 << 20)), Err(EncodeError::TooLarge));
    }

    /// A page of format 1 with compressed and plain columns, in hex. Stored pages must stay readable for good, so this
    /// file never changes; a later format gets a file of its own.
    #[test]
    fn pages_of_format_1_stay_readable() {
        let hex = include_str!("format-1.hex").replace(char::is_whitespace, "");
        let digits = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex");
        let bytes: Vec<u8> = (0..hex.len()).step_by(2).map(digits).collect();
        assert_eq!(decode(&bytes), Ok(format_1_records()));
    }

    fn format_1_records() -> Vec<Record> {
        let ids = [
            "dd9bfad8a88f838d53f63b85c109dcf1",
            "958a5ae8-f3a3-41d5-ae48-177fdc19e3f4",
            "text",
        ];
        let records = (0..60).map(|n| {
            let mut record = record_at(ids[usize::try_from(n % 3).expect("index")], n * 3_600);
            record.account_id = format!("{:04}", n / 3).parse().expect("account");
            record.balance = "-12345.6789".parse().ok().filter(|_| n % 4 == 0);
            record.impact = record.impact.filter(|_| n % 5 != 0);
            if n % 6 == 0 {
                record.labels = record.labels.with(crate::Label::OtherLoanOffer);
                record.body = Some("A loan of KES 5,000 is waiting for you.".into());
            }
            record
        });
        sorted(records.collect())
    }

    proptest! {
        #[test]
        fn decoding_undoes_encoding(records in distinct_records(60)) {
            let records = sorted(records);
            prop_assert_eq!(decode(&packed(&records)), Ok(records));
        }

        #[test]
        fn what_is_encoded_can_be_decoded(
            records in prop::collection::vec(crate::ledger::samples::record(), 0..4), is_sorted in any::<bool>(),
        ) {
            let records = if is_sorted { sorted(records) } else { records };
            match encode(&records) {
                Ok(page) => prop_assert_eq!(decode(&page), Ok(records)),
                Err(error) => prop_assert_eq!(error, EncodeError::OutOfOrder),
            }
        }

        #[test]
        fn a_truncated_page_is_an_error(records in distinct_records(20), cut in any::<prop::sample::Index>()) {
            let bytes = packed(&sorted(records));
            prop_assert!(decode(&bytes[..cut.index(bytes.len())]).is_err());
        }

        #[test]
        fn a_damaged_page_is_an_error(
            records in distinct_records(20), at in any::<prop::sample::Index>(), flip in 1_u8..=255,
        ) {
            let mut bytes = packed(&sorted(records));
            let at = at.index(bytes.len());
            bytes[at] ^= flip;
            prop_assert!(decode(&bytes).is_err());
        }

        /// With the checksum made right, so that the parser itself meets the nonsense.
        #[test]
        fn nonsense_with_a_valid_checksum_never_panics(
            records in distinct_records(10), edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        ) {
            let mut bytes = packed(&sorted(records));
            let body = bytes.len() - 4;
            for (at, value) in edits {
                let at = at.index(body);
                bytes[at] = value;
            }
            let checksum = crc32fast::hash(&bytes[..body]).to_le_bytes();
            bytes[body..].copy_from_slice(&checksum);
            let _ = decode(&bytes);
        }
    }
}
