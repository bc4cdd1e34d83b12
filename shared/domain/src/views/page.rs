//! One page of a list of records, newest first.

use std::num::NonZeroU32;

use super::AccountTypes;
use crate::{InstitutionId, LabelSet, Record, TimeRange};

/// Records on a page.
pub const PAGE_SIZE: usize = 1_000;

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
        is_shown: impl Fn(&Record) -> bool,
        number: NonZeroU32,
    ) -> Self {
        let Some(institution) = institution else {
            return Self::at(&[], number);
        };
        let admitted = records.iter().filter(|record| {
            record.institution_id == *institution && filter.admits(record) && is_shown(record)
        });
        let mut admitted: Vec<_> = admitted.collect();
        admitted.sort_by(|a, b| b.position().cmp(&a.position()));
        Self::at(&admitted, number)
    }

    fn at(records: &[&'a Record], number: NonZeroU32) -> Self {
        let index = usize::try_from(number.get() - 1).unwrap_or(usize::MAX);
        Self {
            total: records.len() as u64,
            num_pages: records.len().div_ceil(PAGE_SIZE).max(1) as u64,
            records: records
                .chunks(PAGE_SIZE)
                .nth(index)
                .unwrap_or_default()
                .to_vec(),
        }
    }
}

/// Whether a record is in the lists of balances.
pub(super) const fn has_balance(record: &Record) -> bool {
    record.balance.is_some()
}

/// Whether a record is in the lists of alerts.
pub(super) const fn is_alert(record: &Record) -> bool {
    !record.labels.is_empty()
}
