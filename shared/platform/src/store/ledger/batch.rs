//! The records of a batch that belong to one month, and the parts in which they are written.

use daftari_domain::Record;
use daftari_domain::ledger::{Full, Group, Outcome, Plan, UnpackedMonth};

use super::appended::Rejection;
use super::month::StoredMonth;
use super::write::{PART_BYTES, is_writable, page_sizes};

/// The outcomes of records, each with the record's place in the batch.
pub(super) type Results = Vec<(usize, Result<Outcome, Rejection>)>;

/// Groups of one month, with the indexes of their records in the batch.
#[derive(Default)]
pub(super) struct MonthBatch {
    groups: Vec<Group>,
    /// The indexes of the records of each group.
    places: Vec<Vec<usize>>,
    /// The groups that are neither stored nor refused, in the order of the batch.
    open: Vec<usize>,
    results: Results,
}

/// Groups that one transaction can write, and their plan.
pub(super) struct Part {
    groups: Vec<usize>,
    pub(super) plan: Plan,
}

impl MonthBatch {
    pub(super) fn push(&mut self, places: Vec<usize>, group: Group) {
        self.open.push(self.groups.len());
        self.groups.push(group);
        self.places.push(places);
    }

    /// The results of all groups, once no group is open.
    pub(super) fn into_results(self) -> Results {
        self.results
    }

    pub(super) fn is_done(&self) -> bool {
        self.open.is_empty()
    }

    /// The part to write next: all open groups in the order of the batch, if one transaction can write them. Otherwise
    /// groups that touch the same pages. Refuses groups that no transaction can write. `None` if no group is left.
    pub(super) fn next_part(&mut self, stored: &StoredMonth, unpacked: &UnpackedMonth, room: usize) -> Option<Part> {
        // Each round but the last refuses at least one group.
        while !self.is_done() {
            let groups = self.open.clone();
            let plan = unpacked.plan(&self.records_of(&groups), room);
            if is_writable(stored, &plan) {
                return Some(Part { groups, plan });
            }
            let refused = if stored.is_lockable() {
                let mut groups = self.in_order_of_pages(stored, unpacked);
                let first = groups[0];
                if groups.len() == self.open.len() {
                    groups.truncate(groups.len() / 2);
                }
                // A part whose pages become too large is halved.
                while !groups.is_empty() {
                    let plan = unpacked.plan(&self.records_of(&groups), room);
                    if is_writable(stored, &plan) {
                        return Some(Part { groups, plan });
                    }
                    groups.truncate(groups.len() / 2);
                }
                vec![first]
            } else {
                groups
            };
            let outcomes = unpacked.without_room(&self.records_of(&refused));
            self.settle(&refused, outcomes);
        }
        None
    }

    /// The open groups that touch the same pages as the first one come first.
    fn in_order_of_pages(&self, stored: &StoredMonth, unpacked: &UnpackedMonth) -> Vec<usize> {
        let part = unpacked.first_part(&self.records_of(&self.open), &page_sizes(stored), PART_BYTES);
        part.into_iter().map(|at| self.open[at]).collect()
    }

    fn records_of(&self, groups: &[usize]) -> Vec<&[Record]> {
        groups.iter().map(|group| self.groups[*group].as_slice()).collect()
    }

    /// Records that a part was written.
    pub(super) fn written(&mut self, part: Part) {
        self.settle(&part.groups, part.plan.outcomes);
    }

    fn settle(&mut self, groups: &[usize], outcomes: Vec<Result<Vec<Outcome>, Full>>) {
        for (group, outcome) in groups.iter().zip(outcomes) {
            let places = self.places[*group].iter().enumerate();
            self.results.extend(places.map(|(at, place)| {
                let result = outcome.as_ref().map(|outcomes| outcomes[at]);
                (*place, result.map_err(|full| Rejection::from(*full)))
            }));
        }
        let mut settled = groups.to_vec();
        settled.sort_unstable();
        self.open.retain(|group| settled.binary_search(group).is_err());
    }
}
