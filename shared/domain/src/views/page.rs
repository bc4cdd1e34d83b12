//! One page of a list of records, newest first.

use std::num::NonZeroU32;

use super::AccountTypes;
use crate::order::sort_by_key;
use crate::reports::balance_order::{has_rivals, oldest_first};
use crate::reports::survey::Survey;
use crate::{InstitutionId, LabelSet, Record, TimeRange};

/// Limit of records on a page.
pub const PAGE_SIZE: usize = 1_000;

/// Limit of the weight of a page, unless it has only one record. The weight is an upper bound of the bytes in a Lambda
/// response, where quotes and backslashes count twice. The limit is well below that of an answer.
const MAX_ANSWERED_WEIGHT: usize = 3_990_000;

/// Upper bound of a record's weight in any list, without its texts: field names, money, times, types.
const FIXED_WEIGHT: usize = 768;

/// Weight of a label in addition to its name: escaped quotes and a comma.
const LABEL_WEIGHT: usize = 5;

/// Upper bound of the weight of a character of an id, which is visible ASCII: that of a quote or a backslash.
const MAX_CHAR_WEIGHT: usize = 4;

/// Selects the records of a list. The default selects all.
#[derive(Clone, Copy, Debug, Default)]
pub struct ListFilter {
    /// The records within this range.
    pub range: TimeRange,
    /// The records with any of these labels; all if empty.
    pub labels: LabelSet,
    /// The records of accounts of any of these types; all if empty.
    pub account_types: AccountTypes,
}

impl ListFilter {
    /// Whether the filter selects a record.
    pub fn admits(&self, record: &Record) -> bool {
        self.range.contains(record.timestamp)
            && (self.labels.is_empty() || self.labels.intersects(record.labels))
            && (self.account_types.is_empty() || self.account_types.contains(record.account_type))
    }
}

/// One page of a list, with the figures of the whole list.
#[derive(Debug)]
pub(super) struct Page<'a> {
    /// Newest first; empty past the end.
    pub(super) records: Vec<&'a Record>,
    /// Number of records on all pages.
    pub(super) total: u64,
    /// Number of pages; at least 1, because a list without records has one empty page.
    pub(super) num_pages: u64,
}

impl<'a> Page<'a> {
    /// Page `number` of the records at `institution` that `filter` and `is_shown` select.
    pub(super) fn of(
        records: &'a [Record],
        institution: Option<&InstitutionId>,
        filter: &ListFilter,
        list: List,
        number: NonZeroU32,
    ) -> Self {
        let Some(institution) = institution else {
            return Self::at(&[], list, number);
        };
        let is_meant = |record: &&Record| record.institution_id == *institution;
        let mut found: Vec<&Record> = records.iter().filter(is_meant).collect();
        sort_by_key(&mut found, |record| record.position());
        if has_rivals(found.iter().copied()) {
            // All records of the ledger determine the order of balances within a second, including those that are not
            // shown.
            let ordered = oldest_first(Survey::of(records.iter(), None).entries());
            found = ordered.into_iter().map(|entry| entry.record).filter(is_meant).collect();
        }
        let newest_first = found.into_iter().rev();
        let admitted = newest_first.filter(|record| filter.admits(record) && list.shows(record));
        let admitted: Vec<_> = admitted.collect();
        Self::at(&admitted, list, number)
    }

    fn at(records: &[&'a Record], list: List, number: NonZeroU32) -> Self {
        let index = usize::try_from(number.get() - 1).unwrap_or(usize::MAX);
        let starts = starts(records, list);
        let start = starts.get(index).copied().unwrap_or(records.len());
        let next = index.saturating_add(1);
        let end = starts.get(next).copied().unwrap_or(records.len());
        Self {
            total: records.len() as u64,
            num_pages: starts.len().max(1) as u64,
            records: records[start..end].to_vec(),
        }
    }
}

/// The start of each page of a list. It depends only on the list, so a page is the same in every answer.
fn starts(records: &[&Record], list: List) -> Vec<usize> {
    let mut starts: Vec<usize> = Vec::new();
    let mut weight = 0;
    for (at, record) in records.iter().enumerate() {
        let more = list.weight(record);
        let is_full = starts
            .last()
            .is_none_or(|start| at - start == PAGE_SIZE || (at > *start && weight + more > MAX_ANSWERED_WEIGHT));
        if is_full {
            starts.push(at);
            weight = 0;
        }
        weight += more;
    }
    starts
}

/// A list of records, in the shapes of both generations of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    /// The records with an amount and an impact.
    Transactions,
    /// The records with a balance.
    Balances,
    /// The records with a label, with their texts.
    Alerts,
}

impl List {
    const fn shows(self, record: &Record) -> bool {
        match self {
            Self::Transactions => record.is_transaction(),
            Self::Balances => record.balance.is_some(),
            Self::Alerts => !record.labels.is_empty(),
        }
    }

    /// An upper bound of a record's size in an answer. The larger of the two shapes has id and text twice.
    fn weight(self, record: &Record) -> usize {
        let account_id = MAX_CHAR_WEIGHT * record.account_id.as_str().len();
        let ids = record.institution_id.as_str().len() + account_id;
        let labels = record.labels.iter();
        let labels: usize = labels.map(|label| label.as_str().len() + LABEL_WEIGHT).sum();
        let text = match (self, &record.body) {
            (Self::Alerts, Some(body)) => body.bytes().map(text_weight).sum(),
            _ => 0,
        };
        FIXED_WEIGHT + ids + labels + 2 * (MAX_CHAR_WEIGHT * record.id.text_len() + text)
    }
}

/// The size of a byte of a text in a JSON string within a JSON string.
const fn text_weight(byte: u8) -> usize {
    match byte {
        b'"' | b'\\' => MAX_CHAR_WEIGHT,
        b'\n' | b'\r' | b'\t' => 3,
        // `\u0001`: the backslash counts twice.
        ..=0x1f => 7,
        _ => 1,
    }
}
