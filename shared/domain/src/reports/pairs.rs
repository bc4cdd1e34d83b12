//! Finds the two sides of one event, the same sum on two accounts told at about the same time, by a rule whose time hardly
//! grows with the records. It may miss pairs; [`super::matching`] misses none, and uses this rule only for crowds.

use std::collections::HashMap;

use super::total::Total;
use crate::{Currency, Record};

/// Seconds between the two sides of a transfer between accounts of one user, or of a draw paid into an account.
pub const TRANSFER_SECONDS: i64 = 10 * 60;

/// Seconds between the two sides of a payment to a lender, or of a loan paid into an account.
pub const LOAN_NOTICE_SECONDS: i64 = 24 * 60 * 60;

/// Most movements of the same sum that are looked at on each side of one, nearest first. Nobody moves the same sum so often
/// within minutes; the limit bounds the work on ledgers made to be slow.
const MAX_CANDIDATES: usize = 1_000;

/// What a movement may be one side of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Role {
    /// Debit of a depository account that says it is a repayment.
    Payment,
    /// Credit of a loan account: a repayment.
    Notice,
    /// Debit of an account of type `loan`: money lent.
    Lent,
    /// Debit of a revolving loan.
    Drawn,
    /// Other debit of a depository account.
    Sent,
    /// Credit of a depository account that says it is a loan.
    LoanReceived,
    /// Other credit of a depository account.
    Received,
}

/// One side: a movement, the index of its account and the currency it counts in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Leg<'a> {
    pub(crate) record: &'a Record,
    pub(crate) role: Role,
    pub(crate) account: usize,
    pub(crate) currency: Option<Currency>,
    pub(crate) amount: Total,
}

impl Leg<'_> {
    pub(crate) const fn second(&self) -> i64 {
        self.record.timestamp.unix_seconds()
    }

    pub(crate) const fn sum(&self) -> (Option<Currency>, Total) {
        (self.currency, self.amount)
    }
}

/// Takes from both lists what pairs off, and leaves the rest in the order of the ledger. Returns what was taken
/// from `others`, whose sums are those taken from `ones`.
///
/// A pair is of one sum in one currency, on two accounts, at most `seconds` apart. Earliest `ones` first, each takes the
/// nearest of `others` that is left: of two as near one that is earlier, and of several of one second the one that is
/// nearest in the order of the ledger.
pub(crate) fn pair_off<'a>(ones: &mut Vec<Leg<'a>>, others: &mut Vec<Leg<'a>>, seconds: i64) -> Vec<Leg<'a>> {
    in_order(ones);
    in_order(others);
    let mut of_sum: HashMap<_, Vec<usize>> = HashMap::new();
    for (index, other) in others.iter().enumerate() {
        of_sum.entry(other.sum()).or_default().push(index);
    }
    let mut taken = vec![false; others.len()];
    ones.retain(|one| {
        let Some(candidates) = of_sum.get(&one.sum()) else {
            return true;
        };
        let found = nearest(one, candidates, others, &taken, seconds);
        if let Some(index) = found {
            taken[index] = true;
        }
        found.is_none()
    });
    let (paired, left) = others.iter().zip(&taken).partition::<Vec<_>, _>(|(_, taken)| **taken);
    let legs = |list: Vec<(&Leg<'a>, &bool)>| list.into_iter().map(|(leg, _)| *leg).collect();
    let (paired, left) = (legs(paired), legs(left));
    *others = left;
    paired
}

fn nearest(one: &Leg<'_>, candidates: &[usize], others: &[Leg<'_>], taken: &[bool], seconds: i64) -> Option<usize> {
    let distance = |index: usize| (others[index].second() - one.second()).abs();
    let first = |near: &mut dyn Iterator<Item = &usize>| {
        near.take(MAX_CANDIDATES)
            .copied()
            .take_while(|index| distance(*index) <= seconds)
            .find(|index| !taken[*index] && others[*index].account != one.account)
    };
    let middle = candidates.partition_point(|index| others[*index].second() < one.second());
    let before = first(&mut candidates[..middle].iter().rev());
    let after = first(&mut candidates[middle..].iter());
    [before, after]
        .into_iter()
        .flatten()
        .min_by_key(|index| distance(*index))
}

fn in_order(legs: &mut [Leg<'_>]) {
    legs.sort_by(|a, b| a.record.position().cmp(&b.record.position()));
}
