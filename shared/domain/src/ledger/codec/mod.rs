//! A page's records as bytes, and back.
//!
//! Goals: few bytes, since the store bills by them; every damaged page is an error, never fewer records; the format
//! outlives the structs. So records are stored as *columns*, each tagged and with its own length, each compressed only
//! where that makes it smaller:
//!
//! | tag | column | one entry per | encoding |
//! |---|---|---|---|
//! | 1 | streams | distinct (institution, account, account type, currency) | texts, type, currency, decimal places |
//! | 2 | stream of the record | record | varint: twice the index into the streams, and 1 if the record has details |
//! | 3 | timestamp | record | varint seconds since the record before; the first since 1970 |
//! | 4 | fields | record | bit set: the fields the record has, impact, kind of id |
//! | 5 | id, 16 bytes | record with a hex or uuid id | raw |
//! | 6 | id, text | record with another id | length, bytes |
//! | 7 | amount | record with an amount | varint in the stream's decimal places |
//! | 8 | balance | record with a balance | signed varint: balance − its prediction from the one before, amount and fee |
//! | 9 | labels | record with labels | varint bit set |
//! | 10 | body | record with a body | length, bytes |
//! | 11 | details | record with details | bit set: which details it has |
//! | 12 | fee | record with a fee | varint in the stream's decimal places |
//! | 13 | reference, a short code | record with one | signed varint: its number less that of the one before in the stream |
//! | 14 | reference, another text | record with one | length, bytes |
//! | 15 | counterparties | distinct counterparty | kind, whether it has a token, the 8 bytes of the token |
//! | 16 | counterparty of the record | record with one | varint index into the counterparties |
//! | 17 | version | record | signed varint: the page's version when the record changed, less that of the record before |
//! | 18 | due date | record with one | signed varint: days from the record's date of UTC |
//!
//! A page is: format (2), varint count, the columns (tag, method, varint stored length, varint plain length, bytes),
//! CRC-32 of all before it. An absent column is empty. Records are sorted by position; equal records give equal bytes.
//!
//! Format 1 has only the columns 1 to 10. Its stream column holds the bare index, and its balances are not predicted
//! from fees. Pages of format 1 stay readable forever; they are rewritten only when their records change. Their records
//! have no version of their own, so they take the version of the page.

mod account_stream;
mod bytes;
mod columns;
mod decode;
mod encode;
mod reference;

pub use decode::{PageRecords, decode, decode_versioned};
pub use encode::encode;
#[cfg(test)]
pub(crate) use encode::plain_bytes;
pub(super) use reference::MAX_PACKED_BYTES;

/// The format written.
const FORMAT_2: u8 = 2;
/// The previous format, which is still decoded.
const FORMAT_1: u8 = 1;

/// The reason why bytes are not a page.
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

/// The reason why records cannot be encoded as a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// The number of versions differs from the number of records.
    #[error("records and versions differ in number")]
    Unversioned,
    /// They are not sorted by position, or a record occurs twice.
    #[error("records are not in order")]
    OutOfOrder,
    /// A column exceeds the size that a decoder would inflate.
    #[error("records are larger than a page")]
    TooLarge,
}

/// The fields of a record, as one byte per record.
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

/// Which details a record has, as one byte per record that has some.
mod detail {
    pub(super) const FEE: u8 = 1;
    /// At most one of the two kinds of reference.
    pub(super) const REFERENCE: u8 = 1 << 1;
    pub(super) const REFERENCE_TEXT: u8 = 1 << 2;
    pub(super) const COUNTERPARTY: u8 = 1 << 3;
    pub(super) const DUE_DATE: u8 = 1 << 4;
    pub(super) const ALL: u8 = FEE | REFERENCE | REFERENCE_TEXT | COUNTERPARTY | DUE_DATE;
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

    /// Increasing and decreasing versions, one for each record.
    fn versions(records: &[Record]) -> Vec<u64> {
        (1..).map(|n| n * n % 7 + n / 3).take(records.len()).collect()
    }

    fn packed(records: &[Record]) -> Vec<u8> {
        encode(records, &versions(records)).expect("page")
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
            assert_eq!(encode(&records, &[1, 1]), Err(EncodeError::OutOfOrder));
            let page = encode::page_of(records.len(), &encode::columns_of(&records, &[1, 1]));
            assert_eq!(decode(&page), Err(PageError::Malformed("records out of order")));
        }
    }

    /// Records whose texts have this number of bytes together, and compress a thousand to one.
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
        let unreadable = with_texts(64 << 20);
        assert_eq!(encode(&unreadable, &versions(&unreadable)), Err(EncodeError::TooLarge));
    }

    /// A page of format 1 with compressed and plain columns, in hex. Stored pages must stay readable forever, so this
    /// file never changes; a later format gets its own file.
    #[test]
    fn pages_of_format_1_stay_readable() {
        let bytes = bytes_of(include_str!("format-1.hex"));
        assert_eq!(bytes[0], FORMAT_1);
        assert_eq!(decode(&bytes), Ok(format_1_records()));
        // Their records are as old as their page.
        let page = decode_versioned(&bytes, 41).expect("page");
        assert_eq!(page.versions, [41; 60]);
        assert_eq!(page.records, format_1_records());
    }

    /// The same of format 2, with every kind of detail.
    #[test]
    fn pages_of_format_2_stay_readable() {
        let bytes = bytes_of(include_str!("format-2.hex"));
        assert_eq!(bytes[0], FORMAT_2);
        let records = format_2_records();
        let versions = versions(&records);
        assert_eq!(decode_versioned(&bytes, 99), Ok(PageRecords { records, versions }));
    }

    /// The same with due dates.
    #[test]
    fn pages_of_format_2_with_due_dates_stay_readable() {
        let bytes = bytes_of(include_str!("format-2-due-dates.hex"));
        assert_eq!(bytes[0], FORMAT_2);
        let records = records_with_due_dates();
        let versions = versions(&records);
        assert_eq!(decode_versioned(&bytes, 99), Ok(PageRecords { records, versions }));
    }

    #[test]
    fn an_unknown_detail_and_a_lost_version_are_refused() {
        let record = Record {
            details: crate::Details {
                due_date: "2021-10-08".parse().ok(),
                ..details(1)
            }
            .into(),
            ..record_at("a", 1)
        };
        let records = std::slice::from_ref(&record);
        assert_eq!(encode(records, &[]), Err(EncodeError::Unversioned));
        let with = |tag: u8, bytes: &[u8]| {
            let mut columns = encode::columns_of(records, &[1]);
            *columns.at(tag) = bytes.to_vec();
            decode(&encode::page_of(1, &columns))
        };
        let malformed = |rule| Err(PageError::Malformed(rule));
        for bits in [0, 1 << 5, 0xff] {
            assert_eq!(with(columns::DETAILS, &[bits]), malformed("details"));
        }
        let both = detail::REFERENCE | detail::REFERENCE_TEXT;
        assert_eq!(with(columns::DETAILS, &[both]), malformed("reference"));
        assert_eq!(with(columns::COUNTERPARTY_OF, &[1]), malformed("unknown counterparty"));
        assert_eq!(
            with(columns::COUNTERPARTIES, &[7 << 1]),
            malformed("kind of counterparty")
        );
        assert_eq!(with(columns::VERSION, &[]), malformed("ends early"));
        assert_eq!(with(columns::VERSION, &[1]), malformed("version"));
        assert_eq!(with(columns::VERSION, &[2, 2]), malformed("column is too long"));
        assert_eq!(with(columns::REFERENCE, &[0]), malformed("reference"));
        // More days than the years of due dates have.
        assert_eq!(
            with(columns::DUE_DATE, &[0xff, 0xff, 0xff, 0x0f]),
            malformed("due date")
        );
    }

    #[test]
    fn a_fee_explains_a_balance() {
        let sums = |n: i64, fee: &str| Record {
            amount: "100".parse().ok(),
            impact: Some(crate::Impact::Debit),
            balance: crate::Money::from_parts(i128::from(1_000_000 - n * 10_700), 2).ok(),
            details: crate::Details {
                fee: fee.parse().ok(),
                ..crate::Details::default()
            }
            .into(),
            ..record_at("a", n)
        };
        let balances = |fee: &str| {
            let records: Vec<_> = (0..40).map(|n| sums(n, fee)).collect();
            let versions = versions(&records);
            let mut columns = encode::columns_of(&records, &versions);
            std::mem::take(columns.at(columns::BALANCE))
        };
        assert!(balances("7")[4..].iter().all(|byte| *byte == 0));
        assert!(balances("6")[4..].iter().all(|byte| *byte != 0));
    }

    fn bytes_of(hex: &str) -> Vec<u8> {
        let hex = hex.replace(char::is_whitespace, "");
        let digits = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex");
        (0..hex.len()).step_by(2).map(digits).collect()
    }

    fn details(n: i64) -> crate::Details {
        let at = usize::try_from(n).expect("index");
        let references = ["QJ912ABCDE", "QJ91ZZZZZZ", "CI210908.1234.A12345", "0000000000017"];
        let kinds = crate::CounterpartyKind::ALL;
        crate::Details {
            fee: crate::Money::from_parts(i128::from(n) * 550, 2)
                .ok()
                .filter(|_| n % 3 != 0),
            reference: references[at % 4].parse().ok().filter(|_| n % 5 != 2),
            counterparty: Some(crate::Counterparty {
                token: Some(crate::CounterpartyToken([u8::try_from(n % 9).expect("byte"); 8])).filter(|_| n % 4 != 3),
                kind: kinds[at % kinds.len()],
            })
            .filter(|_| n % 7 != 6),
            due_date: None,
        }
    }

    fn format_2_records() -> Vec<Record> {
        let with_details = |(n, record): (usize, Record)| Record {
            details: details(i64::try_from(n).expect("index")).into(),
            ..record
        };
        let records = format_1_records().into_iter().enumerate();
        records.map(with_details).collect()
    }

    /// The records of format 2, some with due dates before and after them.
    fn records_with_due_dates() -> Vec<Record> {
        let with_due_date = |(n, record): (i64, Record)| Record {
            details: crate::Details {
                due_date: (n % 3 != 1).then(|| crate::Date::utc(record.timestamp).plus_days(n * n - 20)),
                ..details(n)
            }
            .into(),
            ..record
        };
        (0..).zip(format_1_records()).map(with_due_date).collect()
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
            let page = packed(&records);
            prop_assert_eq!(decode(&page), Ok(records.clone()));
            let versions = versions(&records);
            prop_assert_eq!(decode_versioned(&page, 77), Ok(PageRecords { records, versions }));
        }

        #[test]
        fn any_versions_are_kept(versions in prop::collection::vec(any::<u64>(), 0..20)) {
            let records: Vec<_> = (0..).map(|n| record_at("a", n)).take(versions.len()).collect();
            let page = encode(&records, &versions).expect("page");
            prop_assert_eq!(decode_versioned(&page, 0), Ok(PageRecords { records, versions }));
        }

        #[test]
        fn encoded_records_can_be_decoded(
            records in prop::collection::vec(crate::ledger::samples::record(), 0..4), is_sorted in any::<bool>(),
        ) {
            let records = if is_sorted { sorted(records) } else { records };
            match encode(&records, &versions(&records)) {
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

        /// With a valid checksum, so that the parser itself meets the invalid bytes.
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
