//! Overdrafts that pay a part of a payment.
//!
//! A draw of an overdraft, the debit of a revolving loan, often completes a payment without a credit to the account
//! that pays: 500 are paid from 200 and a draw of 300, and the balance is 0. So the draw is money that came in, and its
//! record tells it.
//!
//! | draw | belongs to |
//! |---|---|
//! | with the record id of a debit of a depository account | that debit: one message states both |
//! | with its reference, at most [`LOAN_NOTICE_SECONDS`] apart | that debit |
//! | any other | the debit at most [`TRANSFER_SECONDS`] apart whose balance is higher than told by exactly the draw (`completeness`) |
//!
//! Both state one currency, or none, and a named draw is at most the payment and its fee. A debit has one draw, and a
//! draw one debit. A draw that a depository account was credited with (same id or reference, same sum) belongs to no
//! debit.

use super::pairs::{LOAN_NOTICE_SECONDS, TRANSFER_SECONDS};
use super::total::Total;
use crate::hash::{HashMap, HashSet};
use crate::{AccountType, Impact, Record, RecordId, Reference};

/// Most draws that are examined for one debit. Real users never draw so often within minutes or under one name. The
/// limit bounds the work on malicious ledgers.
const MAX_NEAR_DRAWS: usize = 100;

/// A record and its index in the ledger.
type Placed<'a> = (usize, &'a Record);

/// The draws of a ledger.
#[derive(Debug, Default)]
pub(crate) struct Draws<'a> {
    /// The units of the draw that completed a debit, by the index of the debit in the ledger.
    of_debit: HashMap<usize, u64>,
    /// The indexes of the draws that a debit names.
    spent: HashSet<usize>,
    /// The draws that no debit names, oldest first.
    unnamed: Vec<Placed<'a>>,
}

impl<'a> Draws<'a> {
    /// Finds the draws of a ledger, whose records are ordered oldest first.
    pub(crate) fn of(records: impl Iterator<Item = &'a Record> + Clone) -> Self {
        let of_kind = |account_type, impact| {
            let places = records.clone().enumerate();
            let meant = places.filter(|(_, record)| amount_of(record, account_type, impact).is_some());
            meant.collect::<Vec<Placed<'a>>>()
        };
        let mut unnamed = of_kind(AccountType::RevolvingLoan, Impact::Debit);
        if unnamed.is_empty() {
            return Self::default();
        }
        let credits = of_kind(AccountType::Depository, Impact::Credit);
        let credits = credits
            .iter()
            .flat_map(|(_, record)| Name::all(record).map(|name| (name, record.amount)));
        let credits: HashSet<_> = credits.collect();
        unnamed.retain(|(_, draw)| !Name::all(draw).any(|name| credits.contains(&(name, draw.amount))));
        let debits = of_kind(AccountType::Depository, Impact::Debit);
        let mut of_debit: HashMap<usize, u64> = HashMap::default();
        let mut told: HashSet<&Reference> = HashSet::default();
        let mut spent: HashSet<usize> = HashSet::default();
        for by_reference in [false, true] {
            let mut named: HashMap<Name<'_>, Vec<Placed<'a>>> = HashMap::default();
            for draw in &unnamed {
                if let Some(name) = Name::of(draw.1, by_reference) {
                    named.entry(name).or_default().push(*draw);
                }
            }
            let mut taken: HashSet<usize> = HashSet::default();
            for (place, debit) in debits.iter().filter(|_| !named.is_empty()) {
                let draws = Name::of(debit, by_reference).and_then(|name| named.get(&name));
                let mut draws = draws.into_iter().flatten().take(MAX_NEAR_DRAWS);
                let draw = draws.find(|(draw, record)| !taken.contains(draw) && is_completed_by(debit, record));
                if let Some((draw, record)) = draw.filter(|_| !of_debit.contains_key(place)) {
                    taken.insert(*draw);
                    told.extend(&record.details.reference);
                    of_debit.insert(
                        *place,
                        u64::try_from(amount(record).units()).expect("amounts are below 10^19 units"),
                    );
                }
            }
            unnamed.retain(|(place, _)| !taken.contains(place));
            spent.extend(taken);
        }
        // Several messages may state one draw.
        let is_told = |draw: &Record| draw.details.reference.as_ref().is_some_and(|name| told.contains(name));
        spent.extend(
            unnamed
                .iter()
                .filter(|(_, draw)| is_told(draw))
                .map(|(place, _)| *place),
        );
        unnamed.retain(|(_, draw)| !is_told(draw));
        Self {
            of_debit,
            spent,
            unnamed,
        }
    }

    /// The units of the draw that completed the debit at an index of the ledger; 0 without one.
    pub(crate) fn of_debit(&self, place: usize) -> u64 {
        self.of_debit.get(&place).copied().unwrap_or_default()
    }

    /// Whether the record at an index of the ledger is a draw that a debit names. Its money is paid out, so no credit
    /// records it.
    pub(crate) fn is_spent(&self, place: usize) -> bool {
        self.spent.contains(&place)
    }

    /// The draws that no debit names, for [`UnnamedDraws::take`].
    pub(crate) fn unnamed(&self) -> UnnamedDraws<'a> {
        UnnamedDraws(self.unnamed.iter().map(|(_, draw)| (*draw, false)).collect())
    }
}

/// Draws that no debit names, oldest first, each with whether it is taken.
pub(crate) struct UnnamedDraws<'a>(Vec<(&'a Record, bool)>);

impl UnnamedDraws<'_> {
    /// Takes the draw that completed a debit whose balance is higher than recorded by `difference`.
    pub(crate) fn take(&mut self, debit: &Record, difference: Total) -> bool {
        if amount_of(debit, AccountType::Depository, Impact::Debit).is_none() {
            return false;
        }
        let earliest = debit.timestamp.plus_seconds(-TRANSFER_SECONDS);
        let first = self.0.partition_point(|(draw, _)| draw.timestamp < earliest);
        let near = self.0[first..].iter_mut().take(MAX_NEAR_DRAWS);
        let mut near = near.take_while(|(draw, _)| seconds_between(debit, draw) <= TRANSFER_SECONDS);
        let found =
            near.find(|(draw, is_taken)| !*is_taken && amount(draw) == difference && debit.currency == draw.currency);
        found.map(|(_, is_taken)| *is_taken = true).is_some()
    }
}

/// The key by which two records belong to one event.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Name<'a> {
    Id(&'a RecordId),
    Reference(&'a Reference),
}

impl<'a> Name<'a> {
    /// The id of a record, or its reference.
    fn of(record: &'a Record, by_reference: bool) -> Option<Self> {
        if by_reference {
            record.details.reference.as_ref().map(Self::Reference)
        } else {
            Some(Self::Id(&record.id))
        }
    }

    fn all(record: &'a Record) -> impl Iterator<Item = Self> {
        [false, true]
            .into_iter()
            .filter_map(|by_reference| Self::of(record, by_reference))
    }
}

/// The amount of a movement of an account type in a direction.
fn amount_of(record: &Record, account_type: AccountType, impact: Impact) -> Option<Total> {
    let is_meant = record.account_type == account_type && record.impact == Some(impact);
    record.amount.filter(|_| is_meant).map(Total::from)
}

fn amount(record: &Record) -> Total {
    record.amount.map_or(Total::ZERO, Total::from)
}

fn is_completed_by(debit: &Record, draw: &Record) -> bool {
    let paid = amount(debit) + debit.details.fee.map_or(Total::ZERO, Total::from);
    amount(draw) <= paid && debit.currency == draw.currency && seconds_between(debit, draw) <= LOAN_NOTICE_SECONDS
}

fn seconds_between(one: &Record, other: &Record) -> i64 {
    (one.timestamp.unix_seconds() - other.timestamp.unix_seconds()).abs()
}
