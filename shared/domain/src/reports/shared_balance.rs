//! Accounts that share one balance.
//!
//! A bank names an account by its number, by the number of its card, or not at all. Each name is an account of the
//! ledger, because a message does not tell that they are one. The money under all of them is the same, so a sum of
//! balances must count it once. The balances prove that two names share one:
//!
//! | term | rule |
//! |---|---|
//! | candidates | depository accounts of one institution, compared in one currency |
//! | balance before | the stated balance of a record less its [`change`]; not 0 |
//! | evidence for | the balance before differs from the latest one of the record's account, and is the latest one of another account with a later record |
//! | evidence against | the balance before is the latest one of the record's account, and not that of any account with a later record |
//! | shared | more evidence for than against, and twice, or once by a balance before of [`DIGITS`] digits, not counting zeros at its ends. Names that share a balance with a third one share it with each other |
//! | holder | stands for all names of an account: the one with the most records; of equally many, the first by account id |

use std::cmp::Reverse;

use super::balance_order::change;
use super::survey::{Account, Entry};
use super::total::Total;
use crate::hash::HashMap;
use crate::{AccountType, Currency, InstitutionId, Record};

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

/// The holder of each account's money, as indices of accounts. `entries` are those of all accounts, oldest first.
pub(super) fn holders<'a>(accounts: &[Account<'a>], entries: impl Iterator<Item = Entry<'a>>) -> Vec<usize> {
    let mut holders: Vec<usize> = (0..accounts.len()).collect();
    let mut names: HashMap<&InstitutionId, usize> = HashMap::default();
    for account in accounts {
        if account.key.account_type == AccountType::Depository {
            *names.entry(account.key.institution_id).or_default() += 1;
        }
    }
    names.retain(|_, count| *count > 1);
    if names.is_empty() {
        return holders;
    }
    let mut records = vec![0_usize; accounts.len()];
    let mut comparison = Comparison::default();
    for entry in entries {
        let record = entry.record;
        if record.account_type == AccountType::Depository && names.contains_key(&record.institution_id) {
            records[entry.account] += 1;
            comparison.add(&entry);
        }
    }
    let is_before = |one: usize, other: usize| {
        (Reverse(records[one]), accounts[one].key) < (Reverse(records[other]), accounts[other].key)
    };
    for (one, other) in comparison.proven() {
        let (one, other) = (root(&holders, one), root(&holders, other));
        let (holder, name) = if is_before(one, other) {
            (one, other)
        } else {
            (other, one)
        };
        holders[name] = holder;
    }
    (0..holders.len()).map(|account| root(&holders, account)).collect()
}

fn root(holders: &[usize], mut account: usize) -> usize {
    while holders[account] != account {
        account = holders[account];
    }
    account
}

#[derive(Default)]
struct Comparison<'a> {
    /// The accounts with the latest records, the latest last, each with its balance if it is known.
    latest: HashMap<(&'a InstitutionId, Option<Currency>), Vec<(usize, Option<Total>)>>,
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
    fn add(&mut self, entry: &Entry<'a>) {
        let Entry { account, record, .. } = *entry;
        let latest = self.latest.entry((&record.institution_id, entry.currency)).or_default();
        let place = latest.iter().position(|(known, _)| *known == account);
        let own = place.and_then(|place| latest[place].1);
        let later = &latest[place.map_or(0, |place| place + 1)..];
        if let Some(before) = balance_before(entry).filter(|before| *before != Total::ZERO) {
            let mut known = later.iter().rev().filter(|(_, balance)| balance.is_some());
            let found = known.clone().find(|(_, balance)| *balance == Some(before));
            match (own == Some(before), found) {
                (false, Some((other, _))) => self.evidence.of(account, *other).add_shared(before),
                (true, None) => known.for_each(|(other, _)| self.evidence.of(account, *other).apart += 1),
                // Nothing is known, or movements that add up to 0 lie between.
                (false, None) | (true, Some(_)) => {}
            }
        }
        let balance = stated(record).or_else(|| own.map(|own| own + change(entry)));
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

/// The balance of the money before the record.
fn balance_before(entry: &Entry<'_>) -> Option<Total> {
    stated(entry.record).map(|balance| balance - change(entry))
}

/// The number of digits, not counting zeros at either end.
fn digits(balance: Total) -> u32 {
    let mut units = balance.units().unsigned_abs();
    while units != 0 && units.is_multiple_of(10) {
        units /= 10;
    }
    units.checked_ilog10().map_or(0, |log| log + 1)
}
