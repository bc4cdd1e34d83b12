//! Derived products: what a lender reads off a user's ledger.
//!
//! - [`dti()`]: debit cashflow to credit cashflow, and repayments to income ([`repayment`]);
//! - [`transactions_summary()`], [`alerts_summary()`]: counts and sums by currency, account, month, label;
//! - [`credit_report()`]: balances held, loans, how they stand ([`loan_status`]) and when they were late ([`lateness`]).
//!
//! Each is a pure function of the records, the [`Subject`] and a time, and shares these rules:
//!
//! - The order of the records never changes an answer. "Latest" is by timestamp, then record id; what happened to a
//!   loan in one second, by the rank of its event (`loan_order`).
//! - An account is (institution id, account id, account type). Its currency is the most common one its records in the
//!   range state, ties to the latest.
//! - A record counts in its own currency, else its account's, else that of the user's country. Where that is unknown too
//!   it counts under the currency `null`.
//! - **Currencies are never added to one another.** Top-level figures are in the report currency; an account whose
//!   records state two currencies has one row for each.
//! - Arithmetic is exact; only quotients are rounded, half to even, to six decimals.

pub mod alerts_summary;
pub mod credit_report;
pub mod dti;
mod flow;
pub mod lateness;
pub mod limits;
mod loan_order;
pub mod loan_status;
mod matching;
mod pairs;
pub mod repayment;
mod status;
mod survey;
#[cfg(test)]
pub(crate) mod tests;
mod total;
pub mod transactions_summary;

use serde::Serialize;

use crate::ids::{OrganizationId, UserId};
use crate::{Country, Currency, Month, Record, TimeRange, Timestamp};

pub use alerts_summary::{AlertsSummary, alerts_summary};
pub use credit_report::{CreditReport, Person, credit_report};
pub use dti::{DtiReport, dti};
pub use flow::Flow;
pub use loan_status::LoanStatus;
pub(crate) use survey::Votes;
pub use total::QUOTIENT_DECIMALS;
pub use transactions_summary::{TransactionsSummary, transactions_summary};

/// Whose ledger is reported on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The user.
    pub user_uuid: UserId,
    /// The organization the user is registered with.
    pub client_uuid: OrganizationId,
    /// The country of the user's phone number, where it is known.
    pub country: Option<Country>,
}

impl Subject {
    /// The currency of the user's country.
    pub fn country_currency(&self) -> Option<Currency> {
        self.country.and_then(Currency::of_country)
    }
}

/// Says what an answer is about and how fresh it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = ReportMeta)]
pub struct Meta {
    /// The user.
    #[schema(value_type = Uuid)]
    pub user_uuid: UserId,
    /// The organization the user is registered with.
    #[schema(value_type = Uuid)]
    pub client_uuid: OrganizationId,
    /// The first instant considered; null where open.
    pub utc_starttime: Option<Timestamp>,
    /// The last instant considered; null where open.
    pub utc_endtime: Option<Timestamp>,
    /// The timestamp of the newest record considered; null where there is none.
    pub latest_record_at: Option<Timestamp>,
}

impl Meta {
    fn new(subject: &Subject, range: TimeRange, latest: Option<&Record>) -> Self {
        Self {
            user_uuid: subject.user_uuid,
            client_uuid: subject.client_uuid,
            utc_starttime: range.start,
            utc_endtime: range.end,
            latest_record_at: latest.map(|record| record.timestamp),
        }
    }
}

fn in_range(records: &[Record], range: TimeRange) -> impl Iterator<Item = &Record> {
    let inside = move |record: &&Record| range.contains(record.timestamp);
    records.iter().filter(inside)
}

/// Every month from the first to the last, both included.
fn months(first: Month, last: Month) -> impl Iterator<Item = Month> {
    std::iter::successors(Some(first), |month| Some(month.next())).take_while(move |month| *month <= last)
}

/// `2021-10`
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn month_text<S: serde::Serializer>(month: &Month, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(month)
}
