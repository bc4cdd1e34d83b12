//! Pairs the two sides of events, so that as many as possible find their other side.
//!
//! Legs of one sum in one currency can be the two sides of one event if their roles and times fit ([`reach`]) and they
//! belong to two accounts. Each leg has at most one partner. The best pairing has, in this order:
//!
//! 1. the most pairs,
//! 2. the most credits that are labelled as loans, so that no other credit takes their loan,
//! 3. the smallest sum of seconds between the sides,
//! 4. the most loans rather than transfers.
//!
//! Each sum is one of these optima or follows from them. So it depends only on times, sums and accounts, and never on
//! the ids of records or their order. Which of several equally good credits has a side may depend on the ids. The
//! Hungarian algorithm finds the optimum (Kuhn 1955, Munkres 1957; the shortest augmenting paths of Jonker and
//! Volgenant 1987).
//!
//! Its time grows with the cube of the number of legs. Legs that no chain of possible pairs connects are solved
//! separately. A connected group with more than [`MAX_LEGS`] on a side is paired greedily by [`pair_off`]: earliest
//! first, nearest first, loans before transfers. There the records' ids decide between legs of the same second.

use std::ops::Range;

use super::pairs::{LOAN_NOTICE_SECONDS, Leg, Role, TRANSFER_SECONDS, pair_off};
use crate::hash::HashMap;
use crate::order::sort_by_key;

/// Limit of legs per side of a connected group that is paired optimally. Few ledgers move one sum this often
/// within a chain of minutes or days; one that pays the same sum each day for two months does.
pub(crate) const MAX_LEGS: usize = 64;

/// Weights of the aims. One step of each outweighs the total of all lesser aims.
const TRANSFER: i64 = 1;
const SECOND: i64 = 1 << 7;
const LABELLED: i64 = 1 << 30;
const PAIR: i64 = 1 << 37;
const IMPOSSIBLE: i64 = i64::MAX / 4;

#[expect(clippy::cast_possible_wrap, reason = "a small constant")]
const _: () = {
    let legs = MAX_LEGS as i64;
    assert!(TRANSFER * legs < SECOND);
    assert!((SECOND * LOAN_NOTICE_SECONDS + TRANSFER) * legs < LABELLED);
    assert!((LABELLED + LABELLED / legs) * legs < PAIR);
    assert!(PAIR * 2 * legs * legs < IMPOSSIBLE);
};

/// The roles of pairs, in the order in which [`pair_off`] processes them.
const ROLES: [(Role, Role); 6] = [
    (Role::Payment, Role::Notice),
    (Role::Lent, Role::LoanReceived),
    (Role::Lent, Role::Received),
    (Role::Drawn, Role::LoanReceived),
    (Role::Drawn, Role::Received),
    (Role::Sent, Role::Received),
];

/// Limit of seconds between the sides of an event. `None` if the two are never sides of one event.
const fn reach(one: Role, other: Role) -> Option<i64> {
    match (one, other) {
        (Role::Payment, Role::Notice)
        | (Role::Lent, Role::LoanReceived | Role::Received)
        | (Role::Drawn, Role::LoanReceived) => Some(LOAN_NOTICE_SECONDS),
        // Most draws complete a payment and are not credited to any account.
        (Role::Drawn | Role::Sent, Role::Received) => Some(TRANSFER_SECONDS),
        _ => None,
    }
}

/// The legs after pairing.
#[derive(Default)]
pub(crate) struct Paired<'a> {
    /// Debits without a partner.
    pub(crate) left: Vec<Leg<'a>>,
    /// Every credit, with the role of its partner.
    pub(crate) credits: Vec<(Leg<'a>, Option<Role>)>,
}

/// Pairs debits with credits by the rules of the module.
pub(crate) fn pair<'a>(debits: Vec<Leg<'a>>, credits: Vec<Leg<'a>>) -> Paired<'a> {
    let mut groups: HashMap<_, Group<'a>> = HashMap::default();
    for debit in debits {
        groups.entry(debit.sum()).or_default().debits.push(debit);
    }
    for credit in credits {
        groups.entry(credit.sum()).or_default().credits.push(credit);
    }
    let mut paired = Paired::default();
    for group in groups.into_values() {
        for connected in group.split(&mut paired) {
            connected.pair(&mut paired);
        }
    }
    paired
}

/// Legs of one sum in one currency.
#[derive(Default)]
struct Group<'a> {
    debits: Vec<Leg<'a>>,
    credits: Vec<Leg<'a>>,
}

impl<'a> Group<'a> {
    /// Splits into connected groups. Ignores accounts, so a group may consist of several that are not connected.
    fn split(mut self, paired: &mut Paired<'a>) -> Vec<Self> {
        sort_by_key(&mut self.credits, Leg::second);
        let labelled = self.credits.iter().any(|credit| credit.role == Role::LoanReceived);
        let window = |debit| self.window(debit, labelled);
        let windows: Vec<Range<usize>> = self.debits.iter().map(window).collect();
        // Windows that begin minus windows that end at a credit. If any are open, the credit is connected to the next
        // one.
        let mut begins = vec![0_i64; self.credits.len()];
        for window in windows.iter().filter(|window| !window.is_empty()) {
            begins[window.start] += 1;
            begins[window.end - 1] -= 1;
        }
        let mut groups: Vec<Self> = Vec::new();
        let mut group_of = Vec::with_capacity(self.credits.len());
        let mut open = 0;
        for (credit, begins) in self.credits.into_iter().zip(begins) {
            if open == 0 {
                groups.push(Self::default());
            }
            open += begins;
            group_of.push(groups.len() - 1);
            groups.last_mut().expect("pushed").credits.push(credit);
        }
        for (debit, window) in self.debits.into_iter().zip(windows) {
            if window.is_empty() {
                paired.left.push(debit);
            } else {
                groups[group_of[window.start]].debits.push(debit);
            }
        }
        groups
    }

    /// The credits within reach of a debit, and possibly some between them that are not. `labelled`: whether any credit
    /// is labelled as a loan.
    fn window(&self, debit: &Leg<'_>, labelled: bool) -> Range<usize> {
        let seconds = match debit.role {
            Role::Sent => TRANSFER_SECONDS,
            Role::Drawn if !labelled => TRANSFER_SECONDS,
            _ => LOAN_NOTICE_SECONDS,
        };
        let (from, to) = (debit.second() - seconds, debit.second() + seconds);
        let first = self.credits.partition_point(|credit| credit.second() < from);
        let end = self.credits.partition_point(|credit| credit.second() <= to);
        first..end
    }

    fn pair(self, paired: &mut Paired<'a>) {
        if self.debits.len().max(self.credits.len()) > MAX_LEGS {
            return self.pair_off(paired);
        }
        let debit_of = assign(&self.debits, &self.credits);
        let roles = debit_of.iter().map(|debit| debit.map(|debit| self.debits[debit].role));
        paired.credits.extend(self.credits.into_iter().zip(roles));
        let debits = self.debits.into_iter().enumerate();
        let left = debits.filter(|(index, _)| !debit_of.contains(&Some(*index)));
        paired.left.extend(left.map(|(_, debit)| debit));
    }

    fn pair_off(self, paired: &mut Paired<'a>) {
        let (mut debits, mut credits) = (by_role(self.debits), by_role(self.credits));
        for (one, other) in ROLES {
            if let (Some(ones), Some(others), Some(seconds)) =
                (debits.get_mut(&one), credits.get_mut(&other), reach(one, other))
            {
                let taken = pair_off(ones, others, seconds).into_iter();
                paired.credits.extend(taken.map(|(_, credit)| (credit, Some(one))));
            }
        }
        paired.left.extend(debits.into_values().flatten());
        let rest = credits.into_values().flatten();
        paired.credits.extend(rest.map(|leg| (leg, None)));
    }
}

fn by_role(legs: Vec<Leg<'_>>) -> HashMap<Role, Vec<Leg<'_>>> {
    let mut roles: HashMap<Role, Vec<Leg<'_>>> = HashMap::default();
    for leg in legs {
        roles.entry(leg.role).or_default().push(leg);
    }
    roles
}

/// The cost of a pair. It is negative, so any pair is better than none. `None` if the two are not of one event.
fn cost(debit: &Leg<'_>, credit: &Leg<'_>) -> Option<i64> {
    let apart = (debit.second() - credit.second()).abs();
    let fits = apart <= reach(debit.role, credit.role)? && debit.account != credit.account;
    let labelled = i64::from(credit.role == Role::LoanReceived);
    let transfer = i64::from(debit.role == Role::Sent);
    fits.then(|| apart * SECOND + transfer * TRANSFER - labelled * LABELLED - PAIR)
}

/// For each credit, its debit in the pairing with the least total cost.
///
/// The Hungarian algorithm with potentials. There is one row per debit. There is one column per credit, and one per
/// debit for staying alone. Row and column 0 mean "none yet".
fn assign(debits: &[Leg<'_>], credits: &[Leg<'_>]) -> Vec<Option<usize>> {
    let width = credits.len() + debits.len();
    let costs: Vec<Vec<i64>> = debits
        .iter()
        .map(|debit| {
            let pairs = credits.iter().map(|credit| cost(debit, credit).unwrap_or(IMPOSSIBLE));
            pairs.chain(std::iter::repeat_n(0, debits.len())).collect()
        })
        .collect();
    let (mut row_potential, mut column_potential) = (vec![0_i64; debits.len() + 1], vec![0_i64; width + 1]);
    let mut row_of = vec![0_usize; width + 1];
    for row in 1..=debits.len() {
        row_of[0] = row;
        let mut column = 0;
        let mut slack = vec![i64::MAX; width + 1];
        let mut came_from = vec![0_usize; width + 1];
        let mut visited = vec![false; width + 1];
        while row_of[column] != 0 {
            visited[column] = true;
            let from = row_of[column];
            let (mut step, mut next) = (i64::MAX, 0);
            for to in 1..=width {
                if visited[to] {
                    continue;
                }
                let reduced = costs[from - 1][to - 1] - row_potential[from] - column_potential[to];
                if reduced < slack[to] {
                    slack[to] = reduced;
                    came_from[to] = column;
                }
                if slack[to] < step {
                    step = slack[to];
                    next = to;
                }
            }
            for to in 0..=width {
                if visited[to] {
                    row_potential[row_of[to]] += step;
                    column_potential[to] -= step;
                } else if to > 0 {
                    slack[to] -= step;
                }
            }
            column = next;
        }
        while column != 0 {
            row_of[column] = row_of[came_from[column]];
            column = came_from[column];
        }
    }
    let pairs = row_of[1..=credits.len()].iter();
    pairs.map(|row| row.checked_sub(1)).collect()
}
