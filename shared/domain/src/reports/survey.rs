//! The first step of every report: determines the accounts, and the currency in which each record counts.

use std::cmp::{Ordering, Reverse};

use super::draws::Draws;
use super::shared_balance::{Told, holders};
use super::total::Total;
use crate::hash::HashMap;
use crate::order::{indices_by_key, sort_by, sort_by_key};
use crate::{AccountId, AccountType, Currency, InstitutionId, Record};

/// The identity of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct AccountKey<'a> {
    pub(crate) institution_id: &'a InstitutionId,
    pub(crate) account_id: &'a AccountId,
    pub(crate) account_type: AccountType,
}

impl<'a> AccountKey<'a> {
    pub(crate) const fn of(record: &'a Record) -> Self {
        Self {
            institution_id: &record.institution_id,
            account_id: &record.account_id,
            account_type: record.account_type,
        }
    }
}

/// Counts the occurrences of each currency, with its last one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Votes<'a>(Vec<Vote<'a>>);

#[derive(Clone, Debug)]
struct Vote<'a> {
    currency: Currency,
    count: usize,
    latest: &'a Record,
}

impl<'a> Votes<'a> {
    pub(crate) fn cast(&mut self, currency: Currency, record: &'a Record) {
        match self.0.iter_mut().find(|vote| vote.currency == currency) {
            Some(vote) => {
                vote.count += 1;
                vote.latest = later(vote.latest, record);
            }
            None => self.0.push(Vote {
                currency,
                count: 1,
                latest: record,
            }),
        }
    }

    /// The most frequent currency. Of equally frequent ones, the one seen last; of several seen in the same second, the
    /// first by code.
    pub(crate) fn winner(&self) -> Option<Currency> {
        let best = self
            .0
            .iter()
            .max_by_key(|vote| (vote.count, vote.latest.timestamp, Reverse(vote.currency.code())));
        best.map(|vote| vote.currency)
    }
}

/// The later of two records in the order of the ledger.
pub(crate) fn later<'a>(a: &'a Record, b: &'a Record) -> &'a Record {
    if b.position() > a.position() { b } else { a }
}

/// An account with the currency of its records.
#[derive(Debug)]
pub(crate) struct Account<'a> {
    pub(crate) key: AccountKey<'a>,
    /// The most common currency of its records; of equally common ones, the latest. `None` if no record has one.
    pub(crate) currency: Option<Currency>,
    pub(crate) latest: &'a Record,
}

/// The records of a report, each with its account.
#[derive(Debug)]
pub(crate) struct Survey<'a> {
    /// In the order of their first records. Sort by key before output.
    pub(crate) accounts: Vec<Account<'a>>,
    /// Oldest first.
    entries: Vec<(usize, &'a Record)>,
    /// For each account, the index of the one that holds its money ([`shared_balance`](super::shared_balance)).
    holders: Vec<usize>,
    country_currency: Option<Currency>,
    pub(crate) draws: Draws<'a>,
}

/// A record, the index of its account, and the currency in which it counts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) account: usize,
    pub(crate) record: &'a Record,
    pub(crate) currency: Option<Currency>,
    holder: u32,
    /// The units of the overdraft that completed the payment. Amounts are below 10¹⁹ units, and lists of entries are
    /// long.
    drawn: u64,
}

impl Entry<'_> {
    /// The index of the account that holds the money: several names of an account share one balance.
    pub(crate) const fn holder(&self) -> usize {
        self.holder as usize
    }

    /// The overdraft that completed the payment.
    pub(crate) fn drawn(&self) -> Total {
        Total::from_units(self.drawn.into())
    }
}

impl<'a> Survey<'a> {
    /// Examines each record once, in any order. A record counts in `country_currency` if neither it nor its account has
    /// a currency.
    pub(crate) fn of(records: impl Iterator<Item = &'a Record>, country_currency: Option<Currency>) -> Self {
        let mut records: Vec<&Record> = records.collect();
        sort_by_key(&mut records, |record| record.position());
        let mut index: HashMap<AccountKey<'a>, usize> = HashMap::default();
        let mut found: Vec<(Account<'a>, Votes<'a>)> = Vec::new();
        let mut entries = Vec::with_capacity(records.len());
        let mut last = 0;
        for record in records {
            let key = AccountKey::of(record);
            // Adjacent records often belong to one account, which avoids hashing its ids.
            if found.get(last).is_none_or(|(account, _)| account.key != key) {
                last = *index.entry(key).or_insert(found.len());
            }
            if last == found.len() {
                let account = Account {
                    key,
                    currency: None,
                    latest: record,
                };
                found.push((account, Votes::default()));
            }
            let (account, votes) = &mut found[last];
            account.latest = record;
            if let Some(currency) = record.currency {
                votes.cast(currency, record);
            }
            entries.push((last, record));
        }
        let accounts = found.iter().map(|(account, votes)| Account {
            currency: votes.winner(),
            ..*account
        });
        let mut survey = Self {
            accounts: accounts.collect(),
            draws: Draws::of(entries.iter().map(|(_, record)| *record)),
            holders: (0..found.len()).collect(),
            entries,
            country_currency,
        };
        let told = survey.entries().map(|entry| Told {
            record: entry.record,
            account: entry.account,
            currency: entry.currency,
            drawn: entry.drawn(),
        });
        survey.holders = holders(survey.accounts.len(), told);
        survey
    }

    /// Every record, oldest first, with the currency in which it counts: its own, otherwise its account's, otherwise
    /// the country's.
    pub(crate) fn entries(&self) -> impl Iterator<Item = Entry<'a>> + Clone {
        (0..self.entries.len()).map(|place| self.entry(place))
    }

    /// The entry at an index of [`Survey::entries`].
    pub(crate) fn entry(&self, place: usize) -> Entry<'a> {
        let (account, record) = self.entries[place];
        Entry {
            account,
            record,
            holder: u32::try_from(self.holders[account]).expect("a ledger has fewer accounts"),
            drawn: self.draws.of_debit(place),
            currency: record
                .currency
                .or_else(|| self.counting_currency(&self.accounts[account])),
        }
    }

    /// The currency in which an account's records without a currency count.
    pub(crate) fn counting_currency(&self, account: &Account<'_>) -> Option<Currency> {
        account.currency.or(self.country_currency)
    }

    /// The indices of the accounts, by institution, account id and type.
    pub(crate) fn accounts_in_order(&self) -> Vec<usize> {
        indices_by_key(self.accounts.len(), |account| self.accounts[account].key)
    }

    /// The index of the account that holds the money of an account.
    pub(crate) fn holder(&self, account: usize) -> usize {
        self.holders[account]
    }

    /// The newest record.
    pub(crate) fn latest(&self) -> Option<&'a Record> {
        let newest = self.accounts.iter().map(|account| account.latest);
        newest.reduce(later)
    }

    /// The currency of the top-level figures: the requested one, otherwise the country's if any record is in it,
    /// otherwise the most common one (of equally common ones, the latest), otherwise the country's.
    ///
    /// Only records with a currency, an amount or a balance count here, so an alert without money does not select a
    /// currency in which the user has no money.
    pub(crate) fn report_currency(&self, requested: Option<Currency>) -> Option<Currency> {
        if requested.is_some() {
            return requested;
        }
        let mut votes = Votes::default();
        for entry in self.entries() {
            let Some(currency) = entry.currency.filter(|_| is_denominated(entry.record)) else {
                continue;
            };
            if Some(currency) == self.country_currency {
                return self.country_currency;
            }
            votes.cast(currency, entry.record);
        }
        votes.winner().or(self.country_currency)
    }
}

const fn is_denominated(record: &Record) -> bool {
    record.currency.is_some() || record.amount.is_some() || record.balance.is_some()
}

/// Figures for each currency. Users have few currencies, and a short list is searched faster than a map.
#[derive(Clone, Debug)]
pub(crate) struct ByCurrency<T>(Vec<(Option<Currency>, T)>);

impl<T> Default for ByCurrency<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Default> ByCurrency<T> {
    pub(crate) fn entry(&mut self, currency: Option<Currency>) -> &mut T {
        let found = self.0.iter().position(|(known, _)| *known == currency);
        let at = found.unwrap_or_else(|| {
            self.0.push((currency, T::default()));
            self.0.len() - 1
        });
        &mut self.0[at].1
    }

    pub(crate) fn get(&self, currency: Option<Currency>) -> Option<&T> {
        let found = self.0.iter().find(|(known, _)| *known == currency);
        found.map(|(_, value)| value)
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map(|(_, value)| value)
    }

    /// By code. Figures without a currency come last.
    pub(crate) fn into_sorted(mut self) -> impl Iterator<Item = (Option<Currency>, T)> {
        sort_by(&mut self.0, |(a, _), (b, _)| by_code(*a, *b));
        self.0.into_iter()
    }
}

fn by_code(a: Option<Currency>, b: Option<Currency>) -> Ordering {
    (a.is_none(), a).cmp(&(b.is_none(), b))
}
