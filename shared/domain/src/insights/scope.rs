//! The records of a lookback, prepared once for all products.

use super::LOOKBACK_DAYS;
use super::meta::InsightsMeta;
use super::movements::{Movement, movements, payments_to_lenders};
use super::window::{Periods, Window};
use crate::money::DecimalNumber;
use crate::reports::Subject;
use crate::reports::completeness::StepFigures;
use crate::reports::survey::{Entry, Survey};
use crate::reports::total::Total;
use crate::unrecognized::UnrecognizedMessages;
use crate::{AccountType, Country, Currency, Record, TimeRange, Timestamp};

/// The records of a lookback.
pub(crate) struct Scope<'a> {
    subject: Subject,
    pub(crate) as_of: Timestamp,
    pub(crate) survey: Survey<'a>,
    /// The report currency.
    pub(crate) currency: Option<Currency>,
    /// The transactions of depository accounts, oldest first.
    pub(crate) movements: Vec<Movement<'a>>,
    oldest_depository: Option<Timestamp>,
    /// In the report currency.
    completeness: Option<DecimalNumber>,
}

impl<'a> Scope<'a> {
    pub(crate) fn new(records: &'a [Record], subject: &Subject, as_of: Timestamp, currency: Option<Currency>) -> Self {
        Self::of(records.iter(), subject, as_of, currency)
    }

    /// The scope of some records, in any order.
    pub(crate) fn of(
        records: impl Iterator<Item = &'a Record>,
        subject: &Subject,
        as_of: Timestamp,
        currency: Option<Currency>,
    ) -> Self {
        let range = lookback(as_of);
        let survey = Survey::of(
            records.filter(|record| range.contains(record.timestamp)),
            subject.country_currency(),
        );
        let depository = survey
            .entries()
            .filter(|entry| entry.record.account_type == AccountType::Depository);
        let oldest_depository = depository.map(|entry| entry.record.timestamp).min();
        let currency = survey.report_currency(currency);
        let steps = StepFigures::of(&survey);
        Self {
            subject: *subject,
            as_of,
            currency,
            movements: movements(&survey, &steps.untold_falls),
            completeness: steps.completeness_in(currency),
            survey,
            oldest_depository,
        }
    }

    /// The currency of the user's country.
    pub(crate) fn country_currency(&self) -> Option<Currency> {
        self.subject.country_currency()
    }

    pub(crate) const fn country(&self) -> Option<Country> {
        self.subject.country
    }

    /// The transactions of depository accounts in a currency, oldest first.
    pub(crate) fn movements_in(&self, currency: Option<Currency>) -> impl Iterator<Item = &Movement<'a>> + Clone {
        self.movements
            .iter()
            .filter(move |movement| movement.currency == currency)
    }

    /// The records that count in a currency, oldest first.
    pub(crate) fn entries_in(&self, currency: Option<Currency>) -> impl Iterator<Item = Entry<'a>> {
        self.survey.entries().filter(move |entry| entry.currency == currency)
    }

    /// The payments to lenders in a currency, in any order, each once.
    pub(crate) fn payments_to_lenders(&self, currency: Option<Currency>) -> impl Iterator<Item = (&'a Record, Total)> {
        payments_to_lenders(self.entries_in(currency), self.movements_in(currency))
    }

    pub(crate) fn periods(&self) -> Periods {
        Periods::new(self.as_of, self.oldest_depository)
    }

    /// The time of the oldest record, of any account.
    pub(crate) fn oldest(&self) -> Option<Timestamp> {
        self.survey.entries().map(|entry| entry.record.timestamp).min()
    }

    pub(crate) const fn oldest_depository(&self) -> Option<Timestamp> {
        self.oldest_depository
    }

    /// Days from the date of the oldest depository record to that of T.
    pub(crate) fn history_days(&self) -> Option<i64> {
        self.oldest_depository.map(|oldest| self.as_of.days_since(oldest))
    }

    /// How much of the money in the currency the messages state. `None` without two stated balances of an account.
    pub(crate) const fn completeness(&self) -> Option<DecimalNumber> {
        self.completeness
    }

    pub(crate) fn meta(&self) -> InsightsMeta {
        InsightsMeta {
            user_uuid: self.subject.user_uuid,
            client_uuid: self.subject.client_uuid,
            utc_time: self.as_of,
            latest_record_at: self.survey.latest().map(|record| record.timestamp),
            history_days: self.history_days(),
            full_periods: self.periods().full,
            completeness: self.completeness,
            unrecognized_loan_messages: 0,
        }
    }
}

impl InsightsMeta {
    /// Counts the unread messages of the lookback that may concern a loan, among those of the user.
    pub fn count_unread(&mut self, unrecognized: &UnrecognizedMessages) {
        self.unrecognized_loan_messages = unrecognized.may_concern_loans(lookback(self.utc_time));
    }
}

/// T − 365 days < timestamp ≤ T: the records of every product except features.
pub fn lookback(as_of: Timestamp) -> TimeRange {
    TimeRange {
        start: Some(Window::last(as_of, LOOKBACK_DAYS).after.plus_seconds(1)),
        end: Some(as_of),
    }
}
