//! The order of the records of one account within a second.
//!
//! A phone that was off receives the messages of days within one second, and their ids are hashes. Their balances tell
//! the order. A record that states a balance leads from the balance before it to its own. The balance before is its own
//! less its [`change`].
//!
//! - **A chain** is a set of such records of one account and currency within one second. Each balance follows from the
//!   one before, and every record occurs once. In terms of graphs, balances are vertices, records are arcs, and a chain
//!   is a connected component with an Eulerian trail. The trail is found in linear time (Hierholzer 1873). If several
//!   trails exist, they begin and end at the same balances.
//! - A chain that returns to its first balance may begin at any of its balances. It begins at the balance before the
//!   second. If that is not one of them, it ends with the balance of its last record in the order of the ledger.
//! - The chain that begins at the balance before the second comes first. The other chains, and the records in none,
//!   follow in the order of the ledger, a chain by its last record.
//! - Records without a balance keep their places.
//!
//! The names of an account that share one balance ([`shared_balance`](super::shared_balance)) are one account here.
//!
//! So a second in which the balances prove nothing keeps the order of the ledger: by timestamp, then id. Records of
//! different accounts or currencies keep their places among each other.

use super::change;
use super::survey::{ByCurrency, Entry};
use super::total::Total;
use crate::Record;
use crate::order::sort_by_key;

/// The change of a balance by a record: its movement less its stated fee, with the overdraft that completed it.
pub(crate) fn change(entry: &Entry<'_>) -> Total {
    change::change(entry.record, entry.drawn())
}

/// The records, oldest first; within a second in the order that their balances prove.
pub(crate) fn oldest_first<'a>(entries: impl Iterator<Item = Entry<'a>>) -> Vec<Entry<'a>> {
    // A list that grows takes up to three times the memory.
    let mut ordered = Vec::with_capacity(entries.size_hint().1.unwrap_or(0));
    ordered.extend(entries);
    sort_by_key(&mut ordered, |entry: &Entry<'a>| entry.record.position());
    order_seconds(&mut ordered);
    ordered
}

/// Orders the records of each second. The entries are in the order of the ledger.
pub(crate) fn order_seconds(entries: &mut [Entry<'_>]) {
    if !has_rivals(entries.iter().map(|entry| entry.record)) {
        return;
    }
    let accounts = entries.iter().map(|entry| entry.holder() + 1).max().unwrap_or(0);
    let mut standing = vec![ByCurrency::<Option<Total>>::default(); accounts];
    for second in entries.chunk_by_mut(|one, next| one.record.timestamp == next.record.timestamp) {
        if has_rivals(second.iter().map(|entry| entry.record)) {
            order_second(second, |entry| *standing[entry.holder()].entry(entry.currency));
        }
        for entry in second {
            let balance = standing[entry.holder()].entry(entry.currency);
            let stated = entry.record.balance.map(Total::from);
            *balance = stated.or_else(|| balance.map(|before| before + change(entry)));
        }
    }
}

/// Whether two records of one second state a balance, of records in the order of time. Most ledgers have none.
pub(crate) fn has_rivals<'a>(records: impl Iterator<Item = &'a Record>) -> bool {
    let mut known = None;
    let mut times = records
        .filter(|record| record.balance.is_some())
        .map(|record| record.timestamp);
    times.any(|at| known.replace(at) == Some(at))
}

/// Orders the records of one second. `before` is the balance before the second of an entry's account and currency.
fn order_second<'a>(second: &mut [Entry<'a>], mut before: impl FnMut(&Entry<'a>) -> Option<Total>) {
    let key = |place: usize| (second[place].holder(), second[place].currency);
    let with_balance = (0..second.len()).filter(|place| second[*place].record.balance.is_some());
    let mut places: Vec<usize> = with_balance.collect();
    sort_by_key(&mut places, |place| key(*place));
    let rivals: Vec<Vec<usize>> = places
        .chunk_by(|one, next| key(*one) == key(*next))
        .map(<[usize]>::to_vec)
        .collect();
    for places in rivals.into_iter().filter(|places| places.len() > 1) {
        let records: Vec<Entry<'a>> = places.iter().map(|place| second[*place]).collect();
        let arcs: Vec<Arc> = records.iter().filter_map(Arc::of).collect();
        for (place, record) in places.iter().zip(order(&arcs, before(&records[0]))) {
            second[*place] = records[record];
        }
    }
}

/// The balances before and after a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Arc {
    from: Total,
    to: Total,
}

impl Arc {
    fn of(entry: &Entry<'_>) -> Option<Self> {
        let to = Total::from(entry.record.balance?);
        let from = to - change(entry);
        Some(Self { from, to })
    }
}

/// The order of some arcs, by their indices. `before` is the balance before all of them.
fn order(arcs: &[Arc], before: Option<Total>) -> Vec<usize> {
    let mut graph = Graph::of(arcs);
    let before = before.and_then(|before| graph.balances.binary_search(&before).ok());
    let mut chains: Vec<Chain> = Vec::new();
    for component in graph.components() {
        match graph.start(&component, before) {
            Some(start) => chains.push(Chain {
                is_first: before == Some(start),
                last: *component.last().expect("a component has an arc"),
                arcs: graph.take_trail(start),
            }),
            None => chains.extend(component.into_iter().map(Chain::single)),
        }
    }
    sort_by_key(&mut chains, |chain| (!chain.is_first, chain.last));
    chains.into_iter().flat_map(|chain| chain.arcs).collect()
}

struct Chain {
    /// Whether it begins at the balance before the second.
    is_first: bool,
    /// The arc that is the last one in the order of the ledger.
    last: usize,
    arcs: Vec<usize>,
}

impl Chain {
    /// An arc whose place among its neighbours is unknown.
    fn single(arc: usize) -> Self {
        Self {
            is_first: false,
            last: arc,
            arcs: vec![arc],
        }
    }
}

/// Balances and the records between them, as a graph.
struct Graph {
    /// In ascending order.
    balances: Vec<Total>,
    /// The ends of each arc, as indices of balances.
    ends: Vec<(usize, usize)>,
    /// For each balance, its outgoing arcs that are not in a trail yet, the first one last.
    leaving: Vec<Vec<usize>>,
}

impl Graph {
    fn of(arcs: &[Arc]) -> Self {
        let mut balances: Vec<Total> = arcs.iter().flat_map(|arc| [arc.from, arc.to]).collect();
        balances.sort_unstable();
        balances.dedup();
        let index = |balance: Total| balances.partition_point(|known| *known < balance);
        let ends: Vec<(usize, usize)> = arcs.iter().map(|arc| (index(arc.from), index(arc.to))).collect();
        let mut leaving = vec![Vec::new(); balances.len()];
        for (arc, (from, _)) in ends.iter().enumerate().rev() {
            leaving[*from].push(arc);
        }
        Self {
            balances,
            ends,
            leaving,
        }
    }

    /// The connected components, each with its arcs in their order.
    fn components(&self) -> Vec<Vec<usize>> {
        let mut parents: Vec<usize> = (0..self.balances.len()).collect();
        for &(from, to) in &self.ends {
            let (one, other) = (root(&mut parents, from), root(&mut parents, to));
            parents[one] = other;
        }
        let mut components: Vec<Vec<usize>> = vec![Vec::new(); self.balances.len()];
        for (arc, &(from, _)) in self.ends.iter().enumerate() {
            components[root(&mut parents, from)].push(arc);
        }
        components.retain(|component| !component.is_empty());
        components
    }

    /// The start of a component's chain. `None` if the component is not a chain.
    fn start(&self, component: &[usize], before: Option<usize>) -> Option<usize> {
        // An arc leaves its first balance and enters its second one.
        let mut surplus: Vec<(usize, i64)> = Vec::with_capacity(2 * component.len());
        for &arc in component {
            let (from, to) = self.ends[arc];
            surplus.extend([(from, 1), (to, -1)]);
        }
        sort_by_key(&mut surplus, |(balance, _)| *balance);
        let sums = surplus.chunk_by(|(one, _), (next, _)| one == next).map(|chunk| {
            let sum: i64 = chunk.iter().map(|(_, one)| one).sum();
            (chunk[0].0, sum)
        });
        let open: Vec<(usize, i64)> = sums.filter(|(_, sum)| *sum != 0).collect();
        match open.as_slice() {
            [] => {
                let is_here = |balance: &usize| surplus.iter().any(|(known, _)| known == balance);
                let last = component.last().map(|arc| self.ends[*arc].1);
                before.filter(is_here).or(last)
            }
            [(start, 1), (_, -1)] | [(_, -1), (start, 1)] => Some(*start),
            _ => None,
        }
    }

    /// The trail through all arcs of a chain, which begins at `start`.
    fn take_trail(&mut self, start: usize) -> Vec<usize> {
        let mut path: Vec<(usize, Option<usize>)> = vec![(start, None)];
        let mut trail = Vec::new();
        while let Some(&(balance, arc)) = path.last() {
            if let Some(next) = self.leaving[balance].pop() {
                path.push((self.ends[next].1, Some(next)));
            } else {
                path.pop();
                trail.extend(arc);
            }
        }
        trail.reverse();
        trail
    }
}

/// The representative of a component. Compresses the path.
fn root(parents: &mut [usize], mut at: usize) -> usize {
    while parents[at] != at {
        parents[at] = parents[parents[at]];
        at = parents[at];
    }
    at
}
