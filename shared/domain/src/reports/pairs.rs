//! Finds the two sides of one event (the same sum on two accounts at about the same time) by a greedy rule that runs in
//! almost linear time. It may miss pairs. [`super::matching`] misses none, and uses this rule only for large groups.

use super::total::Total;
use crate::hash::HashMap;
use crate::order::sort_by_key;
use crate::time::DAY_SECONDS;
use crate::{Currency, Record};

/// Seconds between the two sides of a transfer between accounts of one user, or of a draw paid into an account.
pub const TRANSFER_SECONDS: i64 = 10 * 60;

/// Seconds between the two sides of a payment to a lender, or of a loan paid into an account.
pub const LOAN_NOTICE_SECONDS: i64 = DAY_SECONDS;

/// Most movements of the same sum that are examined on each side of one, nearest first. Real users never move the same
/// sum so often within minutes. The limit bounds the work on malicious ledgers.
const MAX_NEAR_MOVEMENTS: usize = 1_000;

/// The role of a movement as one side of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Role {
    /// Debit of a depository account that is labelled as a repayment.
    Payment,
    /// Credit of a loan account: a repayment.
    Notice,
    /// Debit of an account of type `loan`: money lent.
    Lent,
    /// Debit of a revolving loan.
    Drawn,
    /// Other debit of a depository account.
    Sent,
    /// Credit of a depository account that is labelled as a loan.
    LoanReceived,
    /// Credit of a depository account that is labelled as a salary or a winning. Its other side is not the user.
    Earned,
    /// Other credit of a depository account.
    Received,
}

/// One side: a movement, the index of the account that holds its money, and the currency it counts in.
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

    /// The address of the record, which identifies it.
    pub(crate) const fn address(&self) -> *const Record {
        std::ptr::from_ref(self.record)
    }

    pub(crate) const fn sum(&self) -> (Option<Currency>, Total) {
        (self.currency, self.amount)
    }
}

/// Removes the pairs from both lists, leaves the rest, and returns the pairs.
///
/// A pair has one sum in one currency, two accounts, and at most `seconds` between its sides. The earliest of `ones`
/// chooses first, and takes the nearest remaining one of `others`. Of two equally near ones it takes the earlier; of
/// several in the same second, the nearest in the order of the ledger.
pub(crate) fn pair_off<'a>(
    ones: &mut Vec<Leg<'a>>,
    others: &mut Vec<Leg<'a>>,
    seconds: i64,
) -> Vec<(Leg<'a>, Leg<'a>)> {
    let mut pairs = Vec::new();
    let common = common_amounts(ones, others);
    if common.is_empty() {
        return pairs;
    }
    let has_other_side = |leg: &mut Leg<'a>| common.binary_search(&leg.amount).is_ok();
    let mut debits: Vec<Leg<'a>> = ones.extract_if(.., has_other_side).collect();
    let mut credits: Vec<Leg<'a>> = others.extract_if(.., has_other_side).collect();
    in_order(&mut debits);
    in_order(&mut credits);
    let mut of_sum: HashMap<_, Vec<usize>> = HashMap::default();
    for (index, other) in credits.iter().enumerate() {
        of_sum.entry(other.sum()).or_default().push(index);
    }
    let mut taken = vec![false; credits.len()];
    for one in debits {
        let candidates = of_sum.get(&one.sum()).map_or(&[][..], Vec::as_slice);
        if let Some(index) = nearest(&one, candidates, &credits, &taken, seconds) {
            taken[index] = true;
            pairs.push((one, credits[index]));
        } else {
            ones.push(one);
        }
    }
    let left = credits.into_iter().zip(taken).filter(|(_, taken)| !taken);
    others.extend(left.map(|(credit, _)| credit));
    pairs
}

/// The amounts in both lists, ascending. Most movements have a unique sum and need no other work.
fn common_amounts(ones: &[Leg<'_>], others: &[Leg<'_>]) -> Vec<Total> {
    let sorted = |legs: &[Leg<'_>]| {
        let mut amounts: Vec<Total> = legs.iter().map(|leg| leg.amount).collect();
        amounts.sort_unstable();
        amounts.dedup();
        amounts
    };
    if ones.is_empty() || others.is_empty() {
        return Vec::new();
    }
    let (mut common, others) = (sorted(ones), sorted(others));
    let mut rest = others.iter().peekable();
    common.retain(|amount| {
        while rest.next_if(|other| *other < amount).is_some() {}
        rest.peek() == Some(&amount)
    });
    common
}

fn nearest(one: &Leg<'_>, candidates: &[usize], others: &[Leg<'_>], taken: &[bool], seconds: i64) -> Option<usize> {
    let distance = |index: usize| (others[index].second() - one.second()).abs();
    let first = |near: &mut dyn Iterator<Item = &usize>| {
        near.take(MAX_NEAR_MOVEMENTS)
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
    sort_by_key(legs, |leg| leg.record.position());
}
