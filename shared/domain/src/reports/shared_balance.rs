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
//! | evidence for | the balance before differs from the latest one of the record's account, and is the latest one of another account with a later record. Not if the same change once more, from the account's own latest balance, explains it: its message may be missing |
//! | evidence against | the balance before is the latest one of the record's account, and not that of any account with a later record |
//! | shared | more evidence for than against, and twice, or once by a balance before of [`DIGITS`] digits, not counting zeros at its ends. Names that share a balance with a third one share it with each other, unless there is more evidence against than for it: then the pair with the most evidence counts |
//! | holder | stands for all names of an account: the one with the most records; of equally many, the first by account id |

use std::cmp::Reverse;

use super::change::change;
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

    const fn refutes(&self) -> bool {
        self.apart > self.shared
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
        change(self.record, self.drawn)
    }

    /// The balance of the money before the record.
    fn balance_before(&self) -> Option<Total> {
        stated(self.record).map(|balance| balance - self.change())
    }
}

/// The holder of each account's money, as indices of accounts. `records` are those of the ledger, oldest first.
pub(super) fn holders<'a>(accounts: usize, records: impl Iterator<Item = Told<'a>> + Clone) -> Vec<usize> {
    let deposits = records.filter(|told| told.record.account_type == AccountType::Depository);
    let mut first: HashMap<&InstitutionId, usize> = HashMap::default();
    let mut named_twice: HashSet<&InstitutionId> = HashSet::default();
    for told in deposits.clone() {
        if *first.entry(&told.record.institution_id).or_insert(told.account) != told.account {
            named_twice.insert(&told.record.institution_id);
        }
    }
    if named_twice.is_empty() {
        return (0..accounts).collect();
    }
    let mut ranks: Vec<(Reverse<usize>, Option<&AccountId>)> = vec![Default::default(); accounts];
    let mut comparison = Comparison::default();
    for told in deposits.filter(|told| named_twice.contains(&told.record.institution_id)) {
        let (Reverse(count), id) = &mut ranks[told.account];
        *count += 1;
        *id = Some(&told.record.account_id);
        comparison.add(&told);
    }
    let mut groups = Groups::new(accounts);
    for (pair, evidence) in &comparison.evidence.0 {
        if evidence.refutes() {
            groups.part(*pair);
        }
    }
    for pair in comparison.proven() {
        groups.join(pair);
    }
    let groups: Vec<usize> = (0..accounts).map(|account| groups.of(account)).collect();
    let mut first: Vec<usize> = (0..accounts).collect();
    for (account, group) in groups.iter().enumerate() {
        first[*group] = std::cmp::min_by_key(first[*group], account, |account| ranks[*account]);
    }
    groups.into_iter().map(|group| first[group]).collect()
}

/// Groups of accounts that share a balance, each known by one of its accounts.
struct Groups {
    parents: Vec<usize>,
    /// For each group, those that have an account that shares no balance with one of its own.
    apart: HashMap<usize, HashSet<usize>>,
}

impl Groups {
    fn new(accounts: usize) -> Self {
        Self {
            parents: (0..accounts).collect(),
            apart: HashMap::default(),
        }
    }

    /// The group of an account. Compresses the path.
    fn of(&mut self, mut account: usize) -> usize {
        let parents = &mut self.parents;
        while parents[account] != account {
            parents[account] = parents[parents[account]];
            account = parents[account];
        }
        account
    }

    /// Keeps two accounts apart.
    fn part(&mut self, (one, other): (usize, usize)) {
        let (one, other) = (self.of(one), self.of(other));
        self.apart.entry(one).or_default().insert(other);
        self.apart.entry(other).or_default().insert(one);
    }

    /// Joins the groups of two accounts, unless they are apart. Moves the shorter list of groups.
    fn join(&mut self, (one, other): (usize, usize)) {
        let (one, other) = (self.of(one), self.of(other));
        let count = |group: &usize| self.apart.get(group).map_or(0, HashSet::len);
        let (kept, gone) = if count(&one) < count(&other) {
            (other, one)
        } else {
            (one, other)
        };
        if one == other || self.apart.get(&gone).is_some_and(|apart| apart.contains(&kept)) {
            return;
        }
        self.parents[gone] = kept;
        for group in self.apart.remove(&gone).unwrap_or_default() {
            if let Some(apart) = self.apart.get_mut(&group) {
                apart.remove(&gone);
            }
            self.part((kept, group));
        }
    }
}

/// The accounts of an institution, the latest record last, each with its balance if it is known.
type Latest = Vec<(usize, Option<Total>)>;

#[derive(Default)]
struct Comparison<'a> {
    latest: HashMap<(&'a InstitutionId, Option<Currency>), Latest>,
    /// The latest balance of each account, also of those that are not among the latest ones.
    own: HashMap<(usize, Option<Currency>), Option<Total>>,
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
        let last = self.own.entry((account, told.currency)).or_default();
        let own = *last;
        let later = &latest[place.map_or(0, |place| place + 1)..];
        if let Some(before) = told.balance_before().filter(|before| *before != Total::ZERO) {
            let known = later.iter().rev().filter(|(_, balance)| balance.is_some());
            let found = known.clone().find(|(_, balance)| *balance == Some(before));
            match (own == Some(before), found) {
                // Twin accounts of one standing order: a message of this one may be missing.
                (false, Some(_)) if own.is_some_and(|own| own + told.change() == before) => {}
                (false, Some((other, _))) => self.evidence.of(account, *other).add_shared(before),
                (true, None) => known.for_each(|(other, _)| self.evidence.of(account, *other).apart += 1),
                // Nothing is known, or movements that add up to 0 lie between.
                (false, None) | (true, Some(_)) => {}
            }
        }
        let balance = stated(record).or_else(|| own.map(|own| own + told.change()));
        *last = balance;
        match place {
            Some(place) => latest[place..].rotate_left(1),
            None if latest.len() > MAX_OTHERS => latest.rotate_left(1),
            None => latest.push((account, None)),
        }
        if let Some(last) = latest.last_mut() {
            *last = (account, balance);
        }
    }

    /// The pairs of accounts that share a balance, those with the most evidence first.
    fn proven(self) -> Vec<(usize, usize)> {
        let proven = self.evidence.0.into_iter().filter(|(_, evidence)| evidence.proves());
        let mut proven: Vec<_> = proven
            .map(|(pair, evidence)| (Reverse(evidence.shared - evidence.apart), pair))
            .collect();
        proven.sort_unstable();
        proven.into_iter().map(|(_, pair)| pair).collect()
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
