//! Reports: figures computed from a user's ledger.
//!
//! - [`dti()`]: debit cashflow divided by credit cashflow, and repayments divided by income ([`repayment`]);
//! - [`transactions_summary()`], [`alerts_summary()`]: counts and sums by currency, account, month, label;
//! - [`completeness()`]: how much of the money the messages told;
//! - [`credit_report()`]: balances held, loans, their status ([`loan_status`]) and their late episodes ([`lateness`]).
//!
//! Each is a pure function of the records, the [`Subject`] and a time, and shares these rules:
//!
//! - The order of the records never changes an answer. "Latest" is by timestamp, then record id. Balances of one
//!   account in the same second are in the order that they prove (`balance_order`), events of one loan by rank
//!   (`loan_order`).
//! - An account is (institution id, account id, account type). Its currency is the most common one of its records in
//!   the range; of equally common ones, the latest.
//! - A record counts in its own currency, or else its account's, or else that of the user's country. If that is unknown
//!   too, it counts under the currency `null`.
//! - **Currencies are never added to one another.** Top-level figures are in the report currency. An account whose
//!   records have two currencies has one row for each.
//! - Arithmetic is exact. Only quotients are rounded, half to even, to six decimals.

pub mod alerts_summary;
pub(crate) mod balance_order;
pub(crate) mod change;
pub mod completeness;
pub mod credit_report;
mod draws;
pub mod dti;
pub(crate) mod flow;
pub mod lateness;
pub mod list_limits;
mod loan_order;
pub mod loan_status;
pub(crate) mod matching;
pub(crate) mod pairs;
pub mod repayment;
mod shared_balance;
mod status_reason;
pub(crate) mod survey;
#[cfg(test)]
pub(crate) mod tests;
pub(crate) mod total;
pub mod transactions_summary;

use serde::Serialize;

use crate::ids::{OrganizationId, UserId};
use crate::unrecognized::UnrecognizedMessages;
use crate::{Country, Currency, Month, Record, TimeRange, Timestamp};

pub use alerts_summary::{AlertsSummary, alerts_summary};
pub use completeness::{Completeness, CompletenessReport, completeness, completeness_report};
pub use credit_report::{CreditReport, Person, credit_report};
pub use dti::{DtiReport, dti};
pub use flow::Flow;
pub use loan_status::LoanStatus;
pub(crate) use survey::Votes;
pub use total::QUOTIENT_DECIMALS;
pub use transactions_summary::{TransactionsSummary, transactions_summary};

/// The subject of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The user.
    pub user_uuid: UserId,
    /// The organization the user is registered with.
    pub client_uuid: OrganizationId,
    /// The country of the user's phone number, if it is known.
    pub country: Option<Country>,
}

impl Subject {
    /// The currency of the user's country.
    pub fn country_currency(&self) -> Option<Currency> {
        self.country.and_then(Currency::of_country)
    }
}

/// The subject of an answer and the age of its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = ReportMeta)]
pub struct Meta {
    /// The user.
    #[schema(value_type = Uuid)]
    pub user_uuid: UserId,
    /// The organization the user is registered with.
    #[schema(value_type = Uuid)]
    pub client_uuid: OrganizationId,
    /// The first instant considered; null if open.
    pub utc_starttime: Option<Timestamp>,
    /// The end of the range, inclusive; null if open.
    pub utc_endtime: Option<Timestamp>,
    /// Time of the newest record in the report. Null without records.
    pub latest_record_at: Option<Timestamp>,
    /// Messages of the range that were not read and may concern a loan: they mention one, or a lender sent them. The
    /// figures lack what they state, so above 0 a loan, a payment or a late notice may be missing. Ours.
    pub unrecognized_loan_messages: u64,
}

impl Meta {
    fn new(subject: &Subject, range: TimeRange, latest: Option<&Record>) -> Self {
        Self {
            user_uuid: subject.user_uuid,
            client_uuid: subject.client_uuid,
            utc_starttime: range.start,
            utc_endtime: range.end,
            latest_record_at: latest.map(|record| record.timestamp),
            unrecognized_loan_messages: 0,
        }
    }

    /// Counts the unread messages of the range that may concern a loan, among those of the user.
    pub fn count_unread(&mut self, unrecognized: &UnrecognizedMessages) {
        let (start, end) = (self.utc_starttime, self.utc_endtime);
        self.unrecognized_loan_messages = unrecognized.may_concern_loans(TimeRange { start, end });
    }
}

pub(crate) fn in_range(records: &[Record], range: TimeRange) -> impl Iterator<Item = &Record> {
    let inside = move |record: &&Record| range.contains(record.timestamp);
    records.iter().filter(inside)
}

/// Every month from the first to the last, inclusive.
pub(crate) fn months(first: Month, last: Month) -> impl Iterator<Item = Month> {
    std::iter::successors(Some(first), |month| Some(month.next())).take_while(move |month| *month <= last)
}

/// `2021-10`
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
pub(crate) fn month_text<S: serde::Serializer>(month: &Month, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(month)
}
