//! The order in which a batch is written if one transaction cannot write all of it.
//!
//! A transaction writes whole pages, so it costs as much as the pages that it touches. If the records of a batch come
//! in random order, any few dozen of them touch all pages of their month. So a batch is written page by page: groups
//! that touch the same pages come together.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::UnpackedMonth;
use crate::ledger::limits::Identity;
use crate::ledger::merge::Merge;
use crate::order::sort_by_key;
use crate::{Record, Timestamp};

/// Groups that share records, directly or through other groups, and share none with the groups of other clusters.
///
/// Clusters can be written in any order. The groups of one cluster keep the order of the batch, because the last record
/// of an identity wins.
struct Cluster {
    /// In the order of the batch.
    groups: Vec<usize>,
    /// The pages that the cluster changes, if no limit refuses a record.
    pages: BTreeSet<usize>,
    earliest: Option<Timestamp>,
}

impl UnpackedMonth {
    /// The groups of the first part of a batch, by their indexes in the batch, in the order in which they are admitted.
    ///
    /// `sizes` has the bytes of each page of the month. The part touches at most `most` bytes of pages, unless a single
    /// cluster touches more. Pages are taken in *blocks* of at most half of `most`, so that some part touches any two
    /// given blocks. A batch that moves records between all pages then takes one part for each pair of blocks.
    pub fn first_part(&self, groups: &[&[Record]], sizes: &[usize], most: usize) -> Vec<usize> {
        let blocks = blocks(sizes, most / 2);
        let mut clusters = self.clusters(groups);
        sort_by_key(&mut clusters, |cluster| {
            let ends = [cluster.pages.first(), cluster.pages.last()];
            (
                ends.map(|page| page.map(|page| blocks[*page])),
                ends.map(Option::<&usize>::copied),
                cluster.earliest,
            )
        });
        let mut part = Vec::new();
        let mut touched = BTreeSet::new();
        let mut is_full = false;
        for cluster in clusters {
            let more = cluster.pages.difference(&touched).copied();
            let more: Vec<usize> = more.collect();
            let bytes: usize = touched.iter().chain(&more).map(|page| sizes[*page]).sum();
            is_full |= bytes > most && !part.is_empty();
            // A full part still admits groups that touch no other page.
            if !is_full || more.is_empty() {
                touched.extend(more);
                part.extend(cluster.groups);
            }
        }
        part
    }

    /// The clusters of a batch, by their first groups.
    fn clusters(&self, groups: &[&[Record]]) -> Vec<Cluster> {
        let mut sets = Sets::new(groups.len());
        let mut first_of: HashMap<Identity<'_>, usize> = HashMap::new();
        let mut merge = Merge::new(&self.records, groups.iter().copied().flatten());
        for (at, group) in groups.iter().enumerate() {
            for record in *group {
                let first = *first_of.entry(record.identity()).or_insert(at);
                sets.join(first, at);
                merge.put(record);
            }
        }
        let mut clusters: BTreeMap<usize, Cluster> = BTreeMap::new();
        for (at, group) in groups.iter().enumerate() {
            let cluster = clusters.entry(sets.root(at)).or_insert_with(|| Cluster {
                groups: Vec::new(),
                pages: BTreeSet::new(),
                earliest: group.iter().map(|record| record.timestamp).min(),
            });
            cluster.groups.push(at);
        }
        for difference in merge.differences() {
            let group = first_of.get(&difference.new.identity());
            let cluster = group.and_then(|group| clusters.get_mut(&sets.root(*group)));
            if let Some(cluster) = cluster {
                let old = difference.stored.map(|stored| self.records[stored].timestamp);
                let times = old.into_iter().chain([difference.new.timestamp]);
                cluster.pages.extend(times.map(|at| self.page_at(at)));
            }
        }
        clusters.into_values().collect()
    }
}

/// The block of each page. A block is a run of pages of at most `most` bytes together, or a single page.
fn blocks(sizes: &[usize], most: usize) -> Vec<usize> {
    let (mut block, mut filled) = (0, 0);
    let of = sizes.iter().map(|size| {
        if filled > 0 && filled + size > most {
            block += 1;
            filled = 0;
        }
        filled += size;
        block
    });
    of.collect()
}

/// Disjoint sets of numbers (union-find). The root of a set is its least number.
struct Sets(Vec<usize>);

impl Sets {
    fn new(count: usize) -> Self {
        Self((0..count).collect())
    }

    fn root(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }
}
