//! One page of a list of records, newest first.

use std::num::NonZeroU32;

use super::AccountTypes;
use crate::{InstitutionId, LabelSet, Record, TimeRange};

/// Most records on a page.
pub const PAGE_SIZE: usize = 1_000;

/// What the records of a page weigh at most, unless it holds only one: an upper bound of the bytes they take in an answer
/// of the service, where quotes and backslashes count twice. Well below what an answer may hold.
const MAX_PAGE_WEIGHT: usize = 3_990_000;

/// What a record takes in any list beside its texts, at most: the names of the fields, money, times, types.
const FIXED_WEIGHT: usize = 768;

/// What a label takes beside its name: quotes, twice each, and a comma.
const LABEL_WEIGHT: usize = 5;

/// What a character of an id, which is visible ASCII, takes at most: a quote or a backslash.
const MAX_CHAR_WEIGHT: usize = 4;

/// Which records a list shows. The default shows all.
#[derive(Clone, Copy, Debug, Default)]
pub struct ListFilter {
    /// The records inside this range.
    pub range: TimeRange,
    /// The records with any of these labels; all where empty.
    pub labels: LabelSet,
    /// The records of accounts of any of these types; all where empty.
    pub account_types: AccountTypes,
}

impl ListFilter {
    /// Whether the list shows a record.
    pub fn admits(&self, record: &Record) -> bool {
        self.range.contains(record.timestamp)
            && (self.labels.is_empty() || self.labels.intersects(record.labels))
            && (self.account_types.is_empty() || self.account_types.contains(record.account_type))
    }
}

/// One page of a list, and what is known of the whole.
#[derive(Debug)]
pub(super) struct Page<'a> {
    /// Newest first; empty past the end.
    pub(super) records: Vec<&'a Record>,
    /// Records on all pages.
    pub(super) total: u64,
    /// At least 1: a list without records has one empty page.
    pub(super) num_pages: u64,
}

impl<'a> Page<'a> {
    /// The page `number` of the records at `institution` that `filter` and `is_shown` admit.
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
        let admitted = records
            .iter()
            .filter(|record| record.institution_id == *institution && filter.admits(record) && list.shows(record));
        let mut admitted: Vec<_> = admitted.collect();
        admitted.sort_by(|a, b| b.position().cmp(&a.position()));
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

/// Where the pages of a list begin. It depends on the list alone, so that a page is the same in every answer.
fn starts(records: &[&Record], list: List) -> Vec<usize> {
    let mut starts: Vec<usize> = Vec::new();
    let mut weight = 0;
    for (at, record) in records.iter().enumerate() {
        let more = list.weight(record);
        let is_full = starts
            .last()
            .is_none_or(|start| at - start == PAGE_SIZE || (at > *start && weight + more > MAX_PAGE_WEIGHT));
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
    /// The records with a label, and their texts.
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

    /// An upper bound of what a record takes in an answer. The larger shape shows id and text twice.
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

/// What a byte of a text takes in a JSON string that is itself in a JSON string.
const fn text_weight(byte: u8) -> usize {
    match byte {
        b'"' | b'\\' => MAX_CHAR_WEIGHT,
        b'\n' | b'\r' | b'\t' => 3,
        // `\u0001`, whose backslash counts twice.
        ..=0x1f => 7,
        _ => 1,
    }
}
