//! The limits of a ledger, which keep it readable.
//!
//! Packed bytes measure storage but not memory, since texts pack a thousand to one. So records also count by *weight*:
//! an upper bound of the plain bytes of a record in a page, and of a quarter of the memory it takes as a [`Record`].
//! Weights are sums, so the weight that a record adds is known before anything is packed.

use std::mem::size_of;

use super::codec;
use crate::money::MAX_SCALE;
use crate::{AccountId, AccountType, Currency, Details, InstitutionId, KeptDetails, Money, Record, RecordId};

/// A page that would be larger, packed, is split: three quarters of the 400 KB that the store takes in one item.
pub const MAX_PAGE_BYTES: usize = 300_000;

/// A page whose records weigh more is split.
pub const MAX_PAGE_WEIGHT: usize = 1_000_000;

/// A page whose records all have the same timestamp cannot be split; it may grow to this, packed.
pub const MAX_INSTANT_BYTES: usize = 380_000;

/// Most weight of the records of one month: some 207,000 records without texts and details.
pub const MAX_MONTH_WEIGHT: usize = 8_500_000;

/// Most pages of one month. Months filled in order of time have about 18, those filled in any order about twice as
/// many.
pub const MAX_MONTH_PAGES: usize = 60;

/// The weight that a month may have without counting against [`MAX_RESERVED_WEIGHT`]: some 500 records in two accounts.
pub const MONTH_ALLOWANCE: usize = 24 * 1024;

/// Most weight of the months of one user together that are heavier than [`MONTH_ALLOWANCE`].
pub const MAX_RESERVED_WEIGHT: usize = 16 << 20;

/// The weight of each account in each month where it has records, in addition to the records: reports list accounts by
/// month, and must fit into an answer.
pub const ACCOUNT_WEIGHT: usize = 3 * 1024;

/// Upper bound of a record's memory for each byte of its weight.
pub const MEMORY_PER_WEIGHT: usize = 4;

/// Months that a ledger can span: from 1970 to 2053.
pub const MAX_MONTHS: usize = 1_000;

/// Most weight of a ledger.
pub const MAX_LEDGER_WEIGHT: usize = MAX_MONTHS * MONTH_ALLOWANCE + MAX_RESERVED_WEIGHT;

/// Most pages of a ledger: one for each month, and more only for months that have outgrown a page.
pub const MAX_LEDGER_PAGES: usize = MAX_MONTHS + MAX_RESERVED_WEIGHT / MAX_PAGE_BYTES * MAX_MONTH_PAGES;

const _: () = {
    assert!(MAX_PAGE_BYTES < MAX_INSTANT_BYTES);
    assert!(MAX_PAGE_BYTES < MAX_PAGE_WEIGHT, "a split page has outgrown a weight");
    assert!(MONTH_ALLOWANCE < MAX_PAGE_BYTES, "months of several pages are counted");
    assert!(MAX_MONTH_WEIGHT <= MAX_RESERVED_WEIGHT, "a full month finds room");
    assert!(
        MAX_MONTH_WEIGHT / MAX_PAGE_BYTES * 2 <= MAX_MONTH_PAGES,
        "half full pages do"
    );
    assert!(
        MAX_LEDGER_WEIGHT * (MEMORY_PER_WEIGHT + 1) < 210_000_000,
        "the records of a ledger and its packed pages fit into a function of 256 MB"
    );
};

/// The allocator's overhead for a separate text, and the reference counts of a shared one, in bytes.
const HEAP_OVERHEAD: usize = 32;

/// Stream, seconds since the record before, fields.
const FIXED_BYTES: usize = 2 + 4 + 1;

/// The difference of two versions of a page that was written up to 100 million times.
const VERSION_BYTES: usize = 4;

/// One byte for the kinds of details that a record has; its counterparty, and that counterparty's entry in the page.
const DETAILS_BYTES: usize = 1;
const COUNTERPARTY_BYTES: usize = 3 + 9;

/// The days between any two dates of the years 1970 to 9999.
const DUE_DATE_BYTES: usize = 4;

/// A difference of two balances of 19 digits.
const BALANCE_BYTES: usize = 10;

/// The weight of a record.
pub fn weight(record: &Record) -> usize {
    let id_len = record.id.text_len();
    let (id_plain, id_heap) = record.id.as_bytes().map_or_else(
        || (text_bytes(id_len), HEAP_OVERHEAD + id_len),
        |bytes| (bytes.len(), 0),
    );
    let (body_plain, body_heap) = record
        .body
        .as_ref()
        .map_or((0, 0), |body| (text_bytes(body.len()), HEAP_OVERHEAD + body.len()));
    let amount = record.amount.map_or(0, money_bytes);
    let balance = record.balance.map_or(0, |_| BALANCE_BYTES);
    let labels = if record.labels.is_empty() { 0 } else { 5 };
    let (details_plain, details_heap) = details_bytes(&record.details);
    let plain = FIXED_BYTES + VERSION_BYTES + id_plain + amount + balance + labels + body_plain + details_plain;
    let memory = size_of::<Record>() + id_heap + body_heap + details_heap;
    plain.max(memory.div_ceil(MEMORY_PER_WEIGHT))
}

/// The plain bytes and the heap of a record's details.
fn details_bytes(details: &KeptDetails) -> (usize, usize) {
    if details.is_empty() {
        return (0, 0);
    }
    let fee = details.fee.map_or(0, money_bytes);
    let counterparty = details.counterparty.map_or(0, |_| COUNTERPARTY_BYTES);
    let (reference_plain, reference_heap) = details.reference.as_ref().map_or((0, 0), |reference| {
        let len = reference.as_str().len();
        (text_bytes(len).max(codec::MAX_PACKED_BYTES), HEAP_OVERHEAD + len)
    });
    let due_date = details.due_date.map_or(0, |_| DUE_DATE_BYTES);
    let plain = DETAILS_BYTES + fee + reference_plain + counterparty + due_date;
    (plain, HEAP_OVERHEAD + size_of::<Details>() + reference_heap)
}

fn money_bytes(money: Money) -> usize {
    let (mantissa, scale) = money.parts();
    signed_bytes(mantissa * 10_i128.pow(MAX_SCALE.saturating_sub(scale)))
}

const fn text_bytes(len: usize) -> usize {
    len + if len < 128 { 1 } else { 2 }
}

/// The length of a signed number in a page.
const fn signed_bytes(value: i128) -> usize {
    let bits = 1 + (i128::BITS - value.unsigned_abs().leading_zeros()) as usize;
    bits.div_ceil(7)
}

/// The key of an account; each account of a month adds [`ACCOUNT_WEIGHT`].
pub(super) type AccountKey<'a> = (&'a InstitutionId, &'a AccountId, AccountType, Option<Currency>);

pub(super) const fn account_key(record: &Record) -> AccountKey<'_> {
    (
        &record.institution_id,
        &record.account_id,
        record.account_type,
        record.currency,
    )
}

/// An id that two records of one month cannot share in one account.
pub(super) type Identity<'a> = (&'a RecordId, &'a InstitutionId, &'a AccountId);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ledger::codec;
    use crate::ledger::samples::distinct_records;

    #[test]
    fn signed_numbers_take_as_many_bytes_as_they_say() {
        for (value, bytes) in [(0, 1), (63, 1), (-64, 2), (64, 2), (8_191, 2), (8_192, 3)] {
            assert_eq!(signed_bytes(value), bytes, "{value}");
        }
    }

    /// Enough records to make the weight of their account negligible.
    #[test]
    fn versions_that_go_up_and_down_do_not_make_a_page_heavier_than_its_records() {
        let money = |sign: i128| Money::from_parts(sign * 9_999_999_999_999_999_999, 4).expect("money");
        let record = |n: u32| Record {
            id: RecordId::from_bytes(u128::from(n).to_be_bytes()),
            amount: Some(money(1)),
            balance: Some(money(if n.is_multiple_of(2) { 1 } else { -1 })),
            ..crate::ledger::samples::record_at("a", i64::from(n) * 600)
        };
        let records: Vec<_> = (0..4_000).map(record).collect();
        let versions: Vec<u64> = (0..4_000).map(|n| n % 2 * 99_999_999 + 1).collect();
        let weight: usize = records.iter().map(weight).sum::<usize>() + ACCOUNT_WEIGHT;
        assert!(codec::plain_bytes(&records, &versions) <= weight);
    }

    proptest! {
        #[test]
        fn no_page_is_heavier_than_its_records_weigh(records in distinct_records(60)) {
            let mut records = records;
            records.sort_by(|a, b| a.position().cmp(&b.position()));
            let accounts: std::collections::HashSet<_> = records.iter().map(account_key).collect();
            let weight: usize = records.iter().map(weight).sum::<usize>() + accounts.len() * ACCOUNT_WEIGHT;
            let versions: Vec<u64> = (0..).map(|n| n * 99_999_999 % 100_000_000).take(records.len()).collect();
            prop_assert!(codec::plain_bytes(&records, &versions) <= weight);
        }
    }
}
