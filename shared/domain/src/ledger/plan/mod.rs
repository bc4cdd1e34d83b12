//! Plans how a batch changes the pages of a month.

mod parts;
mod refuse;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::limits::{ACCOUNT_WEIGHT, AccountKey, MAX_MONTH_PAGES, MAX_MONTH_WEIGHT, account_key, weight};
use super::merge::{Change, Difference, Merge, Outcome};
use super::paginate::{EncodedPage, Fill, TooDense, split};
use super::repeats::{REPEAT_SECONDS, ToldMovements};
use crate::order::sort_by;
use crate::{Month, Record, Timestamp};

/// Why records were refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    /// The ledger has reached the limit of records of this second.
    Instant,
    /// The ledger has reached the limit of records of this month.
    Month,
    /// The ledger has reached its limit of records.
    Ledger,
}

/// A stored page, unpacked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnpackedPage {
    /// The first instant the page covers.
    pub start: Timestamp,
    /// The first instant after those the page covers.
    pub end: Timestamp,
    /// Its records, by position.
    pub records: Vec<Record>,
    /// For each record, the version of its page when it was last changed.
    pub versions: Vec<u64>,
}

/// The stored pages of one month, unpacked, in order, without gaps.
#[derive(Clone, Debug)]
pub struct UnpackedMonth {
    pages: Vec<Place>,
    /// The records of all pages, by position.
    records: Vec<Record>,
    /// For each record, the version of its page when it was last changed.
    versions: Vec<u64>,
    /// The version of the pages that are written next.
    next_version: u64,
    /// Whether a group that tells known movements again is a duplicate.
    drops_repeats: bool,
}

/// The range of a page's records among those of its month.
#[derive(Clone, Copy, Debug)]
struct Place {
    start: Timestamp,
    end: Timestamp,
    from: usize,
    to: usize,
}

/// Records that are stored together or not at all, such as those of one message. All belong to the planned month.
pub type Group = Vec<Record>;

/// The planned state of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The pages to write, in order: only those that change. The others stay unchanged.
    pub pages: Vec<EncodedPage>,
    /// Whether a record moves from one page to another, or a page is split. Then the pages are one change, which
    /// readers must see as a whole.
    pub moves: bool,
    /// The outcome of each group, with an outcome for each of its records.
    pub outcomes: Vec<Result<Vec<Outcome>, Full>>,
    /// The changes of the month's records.
    pub changes: Vec<Change>,
    /// The weight of the month after the plan. The month must have this much room.
    pub weight: usize,
}

impl UnpackedMonth {
    /// The records of all pages.
    pub fn into_records(self) -> Vec<Record> {
        self.records
    }

    /// The month of some pages, which are in order and cover it without gaps. A month without pages is empty. A plan
    /// gives the pages that it writes, and their changed records, the version `next_version`. It must be above the
    /// version of every page of the month.
    pub fn new(month: Month, pages: Vec<UnpackedPage>, next_version: u64) -> Self {
        let mut places = Vec::with_capacity(pages.len());
        let count = pages.iter().map(|page| page.records.len()).sum();
        let (mut records, mut versions) = (Vec::with_capacity(count), Vec::with_capacity(count));
        for page in pages {
            let from = records.len();
            records.extend(page.records);
            versions.extend(page.versions);
            places.push(Place {
                start: page.start,
                end: page.end,
                from,
                to: records.len(),
            });
        }
        if places.is_empty() {
            places.push(Place {
                start: month.start(),
                end: month.end(),
                from: 0,
                to: 0,
            });
        }
        Self {
            pages: places,
            records,
            versions,
            next_version,
            drops_repeats: false,
        }
    }

    /// The same month for records of messages: a group that only [tells known movements again](ToldMovements) counts
    /// as a duplicate.
    #[must_use]
    pub fn dropping_repeats(self) -> Self {
        Self {
            drops_repeats: true,
            ..self
        }
    }

    /// Plans the pages to write. Groups are admitted in their order, each if it fits together with those admitted
    /// before it.
    ///
    /// `room` is the weight limit of the month. A group that does not make the month heavier always fits. If an
    /// instant, or the number of pages, is at its limit, all groups that add records there are refused together,
    /// because packed sizes do not add up.
    pub fn plan(&self, groups: &[&[Record]], room: usize) -> Plan {
        self.plan_in_rounds(groups, room).0
    }

    /// The plan, and the number of rounds of packing that it takes.
    fn plan_in_rounds(&self, groups: &[&[Record]], room: usize) -> (Plan, usize) {
        let mut refused = BTreeMap::new();
        // Each round refuses at least one more group, and without groups there are no pages to lay out, so the loop
        // ends.
        let mut rounds = 0;
        loop {
            rounds += 1;
            let admitted = self.admit(groups, room, &refused);
            match self.lay_out(&admitted) {
                Ok((pages, moves)) => {
                    let differences = admitted.differences.iter();
                    let plan = Plan {
                        pages,
                        moves,
                        changes: differences.map(|difference| difference.change(&self.records)).collect(),
                        outcomes: admitted.outcomes,
                        weight: admitted.weight,
                    };
                    return (plan, rounds);
                }
                Err(crowds) => {
                    let before = refused.len();
                    for crowd in crowds {
                        self.refuse(&crowd, &admitted, groups, &mut refused);
                    }
                    if refused.len() == before {
                        refused.extend(admitted.changing(groups).map(|group| (group, Full::Month)));
                    }
                }
            }
        }
    }

    /// The outcomes of groups if nothing can be written: only groups that are already stored succeed.
    pub fn without_room(&self, groups: &[&[Record]]) -> Vec<Result<Vec<Outcome>, Full>> {
        let none = (0..groups.len()).map(|group| (group, Full::Month));
        self.admit(groups, usize::MAX, &none.collect()).outcomes
    }

    /// Admits group after group, except those that are refused and those that are too heavy.
    fn admit<'a>(&'a self, groups: &[&'a [Record]], room: usize, refused: &BTreeMap<usize, Full>) -> Admitted<'a> {
        let mut merge = Merge::new(&self.records, groups.iter().copied().flatten());
        let mut scale = Scale::of(&self.records);
        let mut outcomes = Vec::with_capacity(groups.len());
        let mut told = self.told_beside(groups);
        for (at, group) in groups.iter().enumerate() {
            // A record that is stored already is replaced as usual.
            let repeats = |record: &Record| told.tell(record) && !merge.has(record);
            if !group.is_empty() && group.iter().all(repeats) {
                outcomes.push(Ok(vec![Outcome::Duplicate; group.len()]));
                continue;
            }
            let before = scale.weight;
            let mut puts = Vec::with_capacity(group.len());
            for record in *group {
                let put = merge.put(record);
                if put.outcome != Outcome::Duplicate {
                    scale.change(put.before, Some(record));
                }
                puts.push((put, record));
            }
            let changes = puts.iter().any(|(put, _)| put.outcome != Outcome::Duplicate);
            let grows = scale.weight > before;
            let full = match refused.get(&at) {
                Some(full) if changes => Some(*full),
                _ if grows && scale.weight > MAX_MONTH_WEIGHT => Some(Full::Month),
                _ if grows && scale.weight > room => Some(Full::Ledger),
                _ => None,
            };
            let Some(full) = full else {
                outcomes.push(Ok(puts.iter().map(|(put, _)| put.outcome).collect()));
                if self.drops_repeats {
                    group.iter().for_each(|record| told.add(record));
                }
                continue;
            };
            for (put, record) in puts.iter().rev() {
                if put.outcome != Outcome::Duplicate {
                    scale.change(Some(record), put.before);
                    merge.take_back(put);
                }
            }
            outcomes.push(Err(full));
        }
        Admitted {
            differences: merge.differences(),
            weight: scale.weight,
            outcomes,
        }
    }

    /// The stored movements that the groups may tell again: those at most [`REPEAT_SECONDS`] before or after them. None
    /// if repeats are kept.
    fn told_beside<'a>(&'a self, groups: &[&'a [Record]]) -> ToldMovements<'a> {
        let mut told = ToldMovements::default();
        let incoming = || groups.iter().copied().flatten();
        let times = || incoming().map(|record| record.timestamp);
        let (true, Some(first), Some(last)) = (self.drops_repeats, times().min(), times().max()) else {
            return told;
        };
        let first = first.plus_seconds(-REPEAT_SECONDS);
        let last = last.plus_seconds(REPEAT_SECONDS);
        let from = self.records.partition_point(|record| record.timestamp < first);
        let near = self.records[from..]
            .iter()
            .take_while(|record| record.timestamp <= last);
        near.for_each(|record| told.add(record));
        incoming().for_each(|record| told.add_balance(record));
        told
    }

    /// The pages that change, and whether readers must see them as one change.
    fn lay_out(&self, admitted: &Admitted<'_>) -> Result<(Vec<EncodedPage>, bool), Vec<Crowd>> {
        let touched = self.touched(admitted);
        let mut pages = Vec::new();
        let mut broken = Vec::new();
        let mut crowds = Vec::new();
        for (at, touch) in &touched {
            let place = self.pages[*at];
            let mut versioned: Vec<(&Record, u64)> = (place.from..place.to)
                .filter(|stored| !touch.gone.contains(stored))
                .map(|stored| (&self.records[stored], self.versions[stored]))
                .collect();
            let latest_old = versioned.last().map(|(record, _)| record.timestamp);
            versioned.extend(touch.new.iter().map(|record| (*record, self.next_version)));
            sort_by(&mut versioned, |(a, _), (b, _)| a.position().cmp(&b.position()));
            let versions: Vec<u64> = versioned.iter().map(|(_, version)| *version).collect();
            let records: Vec<Record> = versioned.into_iter().map(|(record, _)| record.clone()).collect();
            let earliest_new = touch.new.iter().map(|record| record.timestamp).min();
            let fill = if earliest_new >= latest_old {
                Fill::Most
            } else {
                Fill::Half
            };
            let parts = split(place.start, place.end, &records, &versions, fill);
            match parts {
                Ok(parts) => {
                    if parts.len() > 1 {
                        broken.push(*at);
                    }
                    pages.extend(parts);
                }
                Err(TooDense { at: instant }) => crowds.push(Crowd::Instant { instant, page: *at }),
            }
        }
        if !crowds.is_empty() {
            return Err(crowds);
        }
        let after = self.pages.len() - touched.len() + pages.len();
        if !broken.is_empty() && after > MAX_MONTH_PAGES {
            return Err(vec![Crowd::Pages(broken)]);
        }
        let moves = !broken.is_empty()
            || admitted.differences.iter().any(|difference| {
                let from = difference.stored.map(|stored| &self.records[stored]);
                from.is_some_and(|from| self.page_at(from.timestamp) != self.page_at(difference.new.timestamp))
            });
        Ok((pages, moves))
    }

    fn page_at(&self, at: Timestamp) -> usize {
        let later = self.pages.partition_point(|page| page.start <= at);
        later.saturating_sub(1)
    }

    /// The records that each page gains and loses.
    fn touched<'a>(&self, admitted: &Admitted<'a>) -> BTreeMap<usize, Touch<'a>> {
        let mut touched: BTreeMap<usize, Touch<'a>> = BTreeMap::new();
        for difference in &admitted.differences {
            if let Some(stored) = difference.stored {
                let page = self.page_at(self.records[stored].timestamp);
                touched.entry(page).or_default().gone.insert(stored);
            }
            let page = self.page_at(difference.new.timestamp);
            touched.entry(page).or_default().new.push(difference.new);
        }
        touched
    }

    #[cfg(test)]
    fn unpacked_pages(&self) -> Vec<UnpackedPage> {
        let unpacked = |place: &Place| UnpackedPage {
            start: place.start,
            end: place.end,
            records: self.records[place.from..place.to].to_vec(),
            versions: self.versions[place.from..place.to].to_vec(),
        };
        self.pages.iter().map(unpacked).collect()
    }
}

/// The records that a page gains and loses.
#[derive(Default)]
struct Touch<'a> {
    gone: BTreeSet<usize>,
    new: Vec<&'a Record>,
}

/// A place where records do not fit.
enum Crowd {
    /// At an instant, within the page at that place.
    Instant { instant: Timestamp, page: usize },
    /// In the month, which has too many pages once these are split.
    Pages(Vec<usize>),
}

/// The admitted groups, merged.
struct Admitted<'a> {
    differences: Vec<Difference<'a>>,
    weight: usize,
    outcomes: Vec<Result<Vec<Outcome>, Full>>,
}

impl Admitted<'_> {
    /// The admitted groups that were not stored completely before.
    fn changing(&self, groups: &[&[Record]]) -> impl Iterator<Item = usize> {
        let changes = |outcomes: &Vec<Outcome>| {
            let mut outcomes = outcomes.iter();
            outcomes.any(|outcome| *outcome != Outcome::Duplicate)
        };
        let outcomes = self.outcomes.iter().take(groups.len()).enumerate();
        outcomes
            .filter(move |(_, outcomes)| outcomes.as_ref().is_ok_and(changes))
            .map(|(group, _)| group)
    }
}

/// The weight of a month while its records change.
struct Scale<'a> {
    weight: usize,
    accounts: HashMap<AccountKey<'a>, usize>,
}

impl<'a> Scale<'a> {
    fn of(records: &'a [Record]) -> Self {
        let mut scale = Self {
            weight: 0,
            accounts: HashMap::new(),
        };
        for record in records {
            scale.change(None, Some(record));
        }
        scale
    }

    /// Replaces one record by another.
    fn change(&mut self, old: Option<&'a Record>, new: Option<&'a Record>) {
        if let Some(new) = new {
            self.weight += weight(new);
            let count = self.accounts.entry(account_key(new)).or_default();
            *count += 1;
            if *count == 1 {
                self.weight += ACCOUNT_WEIGHT;
            }
        }
        if let Some(old) = old {
            self.weight -= weight(old);
            let count = self.accounts.entry(account_key(old)).or_default();
            *count -= 1;
            if *count == 0 {
                self.weight -= ACCOUNT_WEIGHT;
            }
        }
    }
}

#[cfg(test)]
mod tests;
