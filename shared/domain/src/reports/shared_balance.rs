//! Accounts that share one balance.
//!
//! A bank names an account by its number, by the number of its card, or not at all. Each name is an account of the
//! ledger, because a message does not tell that they are one. The money under all of them is the same, so a sum of
//! balances must count it once. The balances prove that two names share one:
//!
//! | term | rule |
//! |---|---|
//! | candidates | depository accounts of one institution, compared in one currency |
//! | balance before | the stated balance of a record less its change (the movement, the fee, an overdraft that completed it); not 0 |
//! | evidence for | the balance before differs from the latest one of the record's account, and is the latest one of another account with a later record |
//! | evidence against | the balance before is the latest one of the record's account, and not that of any account with a later record |
//! | shared | more evidence for than against, and twice, or once by a balance before of [`DIGITS`] digits, not counting zeros at its ends. Names that share a balance with a third one share it with each other |
//! | holder | stands for all names of an account: the one with the most records; of equally many, the first by account id |

use std::cmp::Reverse;

use super::change::{fee, moved};
use super::total::Total;
use crate::hash::{HashMap, HashSet};
use crate::{AccountId, AccountType, Currency, InstitutionId, Record};

/// Digits of a balance that two accounts hardly have by chance.
const DIGITS: u32 = 4;

/// Most other accounts of an institution that a record is compared with: those with the latest records. Real users have
/// fewer. The limit bounds the work on malicious ledgers.
const MAX_OTHERS: usize = 8;

/// The evidence about two accounts.
#[derive(Clone, Copy, Debug, Default)]
struct Evidence {
    shared: u32,
    apart: u32,
    /// Whether a balance that two accounts hardly have by chance is evidence for one.
    is_precise: bool,
}

impl Evidence {
    fn add_shared(&mut self, balance: Total) {
        self.shared += 1;
        self.is_precise |= digits(balance) >= DIGITS;
    }

    const fn proves(&self) -> bool {
        self.shared > self.apart && (self.shared > 1 || self.is_precise)
    }
}

/// A record of a ledger.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told<'a> {
    pub(super) record: &'a Record,
    /// The index of its account.
    pub(super) account: usize,
    /// The currency in which it counts.
    pub(super) currency: Option<Currency>,
    /// The overdraft that completed the payment.
    pub(super) drawn: Total,
}

impl Told<'_> {
    fn change(&self) -> Total {
        moved(self.record) - fee(self.record) + self.drawn
    }

    /// The balance of the money before the record.
    fn balance_before(&self) -> Option<Total> {
        stated(self.record).map(|balance| balance - self.change())
    }
}

/// The holder of each account's money, as indices of accounts. `records` are those of the ledger, oldest first.
pub(super) fn holders<'a>(accounts: usize, records: impl Iterator<Item = Told<'a>> + Clone) -> Vec<usize> {
    let mut holders: Vec<usize> = (0..accounts).collect();
    let deposits = records.filter(|told| told.record.account_type == AccountType::Depository);
    let mut first: HashMap<&InstitutionId, usize> = HashMap::default();
    let mut named_twice: HashSet<&InstitutionId> = HashSet::default();
    for told in deposits.clone() {
        if *first.entry(&told.record.institution_id).or_insert(told.account) != told.account {
            named_twice.insert(&told.record.institution_id);
        }
    }
    if named_twice.is_empty() {
        return holders;
    }
    let mut ranks: Vec<(Reverse<usize>, Option<&AccountId>)> = vec![Default::default(); accounts];
    let mut comparison = Comparison::default();
    for told in deposits.filter(|told| named_twice.contains(&told.record.institution_id)) {
        let (Reverse(count), id) = &mut ranks[told.account];
        *count += 1;
        *id = Some(&told.record.account_id);
        comparison.add(&told);
    }
    for (one, other) in comparison.proven() {
        let (one, other) = (root(&mut holders, one), root(&mut holders, other));
        let first = std::cmp::min_by_key(one, other, |account| ranks[*account]);
        holders[one] = first;
        holders[other] = first;
    }
    (0..accounts).map(|account| root(&mut holders, account)).collect()
}

/// The holder of an account. Compresses the path.
fn root(holders: &mut [usize], mut account: usize) -> usize {
    while holders[account] != account {
        holders[account] = holders[holders[account]];
        account = holders[account];
    }
    account
}

/// The accounts of an institution, the latest record last, each with its balance if it is known.
type Latest = Vec<(usize, Option<Total>)>;

#[derive(Default)]
struct Comparison<'a> {
    latest: HashMap<(&'a InstitutionId, Option<Currency>), Latest>,
    evidence: Pairs,
}

/// The evidence by the indices of two accounts, the smaller first.
#[derive(Default)]
struct Pairs(HashMap<(usize, usize), Evidence>);

impl Pairs {
    fn of(&mut self, one: usize, other: usize) -> &mut Evidence {
        self.0.entry((one.min(other), one.max(other))).or_default()
    }
}

impl<'a> Comparison<'a> {
    fn add(&mut self, told: &Told<'a>) {
        let Told { account, record, .. } = *told;
        let latest = self.latest.entry((&record.institution_id, told.currency)).or_default();
        let place = latest.iter().position(|(known, _)| *known == account);
        let own = place.and_then(|place| latest[place].1);
        let later = &latest[place.map_or(0, |place| place + 1)..];
        if let Some(before) = told.balance_before().filter(|before| *before != Total::ZERO) {
            let known = later.iter().rev().filter(|(_, balance)| balance.is_some());
            let found = known.clone().find(|(_, balance)| *balance == Some(before));
            match (own == Some(before), found) {
                (false, Some((other, _))) => self.evidence.of(account, *other).add_shared(before),
                (true, None) => known.for_each(|(other, _)| self.evidence.of(account, *other).apart += 1),
                // Nothing is known, or movements that add up to 0 lie between.
                (false, None) | (true, Some(_)) => {}
            }
        }
        let balance = stated(record).or_else(|| own.map(|own| own + told.change()));
        match place {
            Some(place) => latest[place..].rotate_left(1),
            None if latest.len() > MAX_OTHERS => latest.rotate_left(1),
            None => latest.push((account, None)),
        }
        if let Some(last) = latest.last_mut() {
            *last = (account, balance);
        }
    }

    /// The pairs of accounts that share a balance, ascending.
    fn proven(self) -> Vec<(usize, usize)> {
        let proven = self.evidence.0.into_iter().filter(|(_, evidence)| evidence.proves());
        let mut proven: Vec<(usize, usize)> = proven.map(|(pair, _)| pair).collect();
        proven.sort_unstable();
        proven
    }
}

fn stated(record: &Record) -> Option<Total> {
    record.balance.map(Total::from)
}

/// The number of digits, not counting zeros at either end.
fn digits(balance: Total) -> u32 {
    let mut units = balance.units().unsigned_abs();
    while units != 0 && units.is_multiple_of(10) {
        units /= 10;
    }
    units.checked_ilog10().map_or(0, |log| log + 1)
}
