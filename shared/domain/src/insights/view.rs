//! The records of an insight: those of the days before an instant, in the order of the ledger.

use super::end_of_day::{CARRY_DAYS, Day, end_of_day_of};
use super::transfers::OwnTransfers;
use super::window::Window;
use crate::hash::HashSet;
use crate::money::DecimalNumber;
use crate::order::sort_by_key;
use crate::reports::Subject;
use crate::reports::balance_order::oldest_first;
use crate::reports::change::movement;
use crate::reports::completeness::StepFigures;
use crate::reports::survey::{Entry, Survey};
use crate::reports::total::Total;
use crate::{AccountType, Currency, Impact, LabelSet, Record, Timestamp};

/// The records up to `at` for the figures.
pub(super) struct View<'a> {
    pub(super) at: Timestamp,
    pub(super) survey: Survey<'a>,
    /// The report currency.
    pub(super) currency: Option<Currency>,
    /// The completeness in the report currency.
    pub(super) completeness: Option<DecimalNumber>,
    /// Oldest first, within a second in the order that balances prove.
    pub(super) items: Vec<Item<'a>>,
    /// Number of different events of the labelled records.
    events: u32,
}

/// A record of the view.
#[derive(Clone, Copy)]
pub(super) struct Item<'a> {
    pub(super) record: &'a Record,
    /// The index of the account that holds its money.
    pub(super) holder: usize,
    /// Whether it counts in the report currency.
    pub(super) is_reported: bool,
    /// Whether it is a side of a transfer between accounts of the user.
    pub(super) is_own: bool,
    /// Whether the other side of that transfer is a record too.
    pub(super) is_matched: bool,
    /// The event of a labelled record. Records with one id belong to one event.
    event: u32,
}

impl Item<'_> {
    /// The movement of money in the report currency.
    pub(super) fn movement(&self) -> Option<(Impact, Total)> {
        movement(self.record).filter(|_| self.is_reported)
    }

    /// The movement, if it is one in the report currency of an account of this type.
    pub(super) fn movement_of(&self, account_type: AccountType) -> Option<(Impact, Total)> {
        self.movement().filter(|_| self.record.account_type == account_type)
    }

    /// The balance in the report currency, of an account of this type.
    pub(super) fn balance_of(&self, account_type: AccountType) -> Option<Total> {
        let is_meant = self.is_reported && self.record.account_type == account_type;
        self.record.balance.filter(|_| is_meant).map(Total::from)
    }

    pub(super) const fn is_labelled(&self, labels: LabelSet) -> bool {
        self.record.labels.intersects(labels)
    }

    pub(super) const fn date(&self) -> i64 {
        self.record.timestamp.day()
    }
}

impl<'a> View<'a> {
    /// The records before `at`, in any order. The report currency is `currency`, or otherwise the usual one of these
    /// records.
    pub(super) fn of(
        records: impl Iterator<Item = &'a Record>,
        subject: &Subject,
        at: Timestamp,
        currency: Option<Currency>,
    ) -> Self {
        let survey = Survey::of(records, subject.country_currency());
        let currency = survey.report_currency(currency);
        let steps = StepFigures::of(&survey);
        let transfers = OwnTransfers::of(&survey, &steps.untold_falls);
        let item = |entry: Entry<'a>| Item {
            record: entry.record,
            holder: entry.holder(),
            is_reported: entry.currency == currency,
            is_own: transfers.includes(entry.record),
            is_matched: transfers.is_matched(entry.record),
            event: 0,
        };
        let mut items: Vec<Item<'a>> = oldest_first(survey.entries()).into_iter().map(item).collect();
        let events = number_events(&mut items);
        Self {
            at,
            survey,
            currency,
            completeness: steps.completeness_in(currency),
            items,
            events,
        }
    }

    /// The records within a window.
    pub(super) fn within(&self, window: Window) -> &[Item<'a>] {
        let until = |instant: Timestamp| self.items.partition_point(|item| item.record.timestamp <= instant);
        &self.items[until(window.after)..until(window.until)]
    }

    /// The end-of-day totals of the accounts of a type, in the report currency, over a window.
    pub(super) fn end_of_day(&self, account_type: AccountType, window: Window) -> Vec<Day> {
        let start = self
            .items
            .partition_point(|item| item.date() < window.after.day() - CARRY_DAYS);
        let end = self.items.partition_point(|item| item.record.timestamp <= window.until);
        let reported = self.items[start..end].iter().filter(|item| item.is_reported);
        let records = reported.map(|item| (item.holder, item.record));
        end_of_day_of(records, &self.survey.accounts, account_type, window)
    }

    /// The number of events among the records that have one of the labels.
    pub(super) fn events(&self, items: &[Item<'_>], labels: LabelSet) -> u64 {
        self.distinct_events(items.iter().filter(|item| item.is_labelled(labels)))
    }

    /// Number of events of these labelled records.
    pub(super) fn distinct_events<'b>(&self, items: impl Iterator<Item = &'b Item<'a>>) -> u64
    where
        'a: 'b,
    {
        let mut seen = vec![false; self.events as usize];
        let mut count = 0;
        for item in items {
            count += u64::from(!std::mem::replace(&mut seen[item.event as usize], true));
        }
        count
    }

    /// The oldest record.
    pub(super) fn oldest(&self) -> Option<&'a Record> {
        self.items.first().map(|item| item.record)
    }

    /// The newest record.
    pub(super) fn newest(&self) -> Option<&'a Record> {
        self.items.last().map(|item| item.record)
    }

    /// The currencies that records count in, other than the report currency, by code.
    pub(super) fn other_currencies(&self) -> Vec<Currency> {
        let entries = self.survey.entries();
        let found: HashSet<Currency> = entries.filter_map(|entry| entry.currency).collect();
        let mut found: Vec<Currency> = found.into_iter().filter(|code| Some(*code) != self.currency).collect();
        found.sort_unstable();
        found
    }
}

/// Numbers the ids of the labelled records, and returns the count.
fn number_events(items: &mut [Item<'_>]) -> u32 {
    let labelled = items
        .iter()
        .enumerate()
        .filter(|(_, item)| !item.record.labels.is_empty());
    let mut by_id: Vec<usize> = labelled.map(|(index, _)| index).collect();
    sort_by_key(&mut by_id, |index| &items[*index].record.id);
    let (mut number, mut known) = (0, None);
    for index in by_id {
        let id = &items[index].record.id;
        number += u32::from(known.is_some_and(|known| known != id));
        known = Some(id);
        items[index].event = number;
    }
    known.map_or(0, |_| number + 1)
}

/// The number of different dates of records, which are in the order of time.
pub(super) fn dates(items: &[Item<'_>]) -> u64 {
    let (mut count, mut known) = (0, None);
    for date in items.iter().map(Item::date) {
        if known.replace(date) != Some(date) {
            count += 1;
        }
    }
    count
}
