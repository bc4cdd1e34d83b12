//! Which groups a plan refuses if records do not fit.
//!
//! Groups that cannot be admitted for another reason are refused with the others: copies of a refused record, and
//! groups that are too heavy for the month. Otherwise one of them would replace the refused ones in each round.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Admitted, Crowd, Full, UnpackedMonth};
use crate::ledger::limits::{Identity, weight};
use crate::{Record, Timestamp};

impl UnpackedMonth {
    /// Refuses the groups that do not fit. A refused group that is already stored still counts as a duplicate.
    pub(super) fn refuse(
        &self,
        crowd: &Crowd,
        admitted: &Admitted<'_>,
        groups: &[&[Record]],
        refused: &mut BTreeMap<usize, Full>,
    ) {
        let on_pages = |pages: &[usize], at| pages.contains(&self.page_at(at));
        let open = |groups: Vec<usize>| -> Vec<usize> {
            let open = groups.into_iter().filter(|group| !refused.contains_key(group));
            open.collect()
        };
        let (crowded, full) = match crowd {
            Crowd::Pages(pages) => {
                let crowded = self.touching(|at| on_pages(pages, at), admitted, groups);
                (open(crowded), Full::Month)
            }
            Crowd::Instant { instant, page } => {
                let mut crowded = open(self.growing(*instant, admitted, groups));
                // A replacement of the same weight can pack worse.
                if crowded.is_empty() {
                    crowded = open(self.touching(|at| at == *instant, admitted, groups));
                }
                if crowded.is_empty() {
                    crowded = open(self.touching(|at| on_pages(&[*page], at), admitted, groups));
                }
                (crowded, Full::Instant)
            }
        };
        refused.extend(crowded.into_iter().map(|group| (group, full)));
    }

    /// The groups that change a record of some instants, in order.
    fn touching(
        &self,
        is_there: impl Fn(Timestamp) -> bool,
        admitted: &Admitted<'_>,
        groups: &[&[Record]],
    ) -> Vec<usize> {
        let changed: BTreeSet<Identity<'_>> = admitted
            .differences
            .iter()
            .filter(|difference| {
                let old = difference.stored.map(|at| self.records[at].timestamp);
                is_there(difference.new.timestamp) || old.is_some_and(&is_there)
            })
            .map(|difference| difference.new.identity())
            .collect();
        admitted.groups_with(groups, |record, is_taken| {
            changed.contains(&record.identity()) || !is_taken && is_there(record.timestamp)
        })
    }

    /// The groups that make an instant heavier, in order.
    fn growing(&self, instant: Timestamp, admitted: &Admitted<'_>, groups: &[&[Record]]) -> Vec<usize> {
        let from = self.records.partition_point(|record| record.timestamp < instant);
        let stored = self.records[from..]
            .iter()
            .take_while(|record| record.timestamp == instant);
        let stored: HashMap<Identity<'_>, usize> = stored.map(|record| (record.identity(), weight(record))).collect();
        let is_heavier = |record: &Record| {
            let before = stored.get(&record.identity()).copied().unwrap_or(0);
            record.timestamp == instant && weight(record) > before
        };
        let differences = admitted.differences.iter().map(|difference| difference.new);
        let grown: BTreeSet<Identity<'_>> = differences
            .filter(|new| is_heavier(new))
            .map(Record::identity)
            .collect();
        admitted.groups_with(groups, |record, is_taken| {
            is_heavier(record) && (!is_taken || grown.contains(&record.identity()))
        })
    }
}

impl Admitted<'_> {
    /// The groups with a record of some kind, in order. The kind may depend on whether the record's group is admitted.
    fn groups_with(&self, groups: &[&[Record]], is_kind: impl Fn(&Record, bool) -> bool) -> Vec<usize> {
        let groups = groups.iter().zip(&self.outcomes).enumerate();
        groups
            .filter(|(_, (records, outcomes))| records.iter().any(|record| is_kind(record, outcomes.is_ok())))
            .map(|(group, _)| group)
            .collect()
    }
}
