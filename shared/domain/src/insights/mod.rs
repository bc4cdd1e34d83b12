//! Insights: figures that lenders need beyond the reports.
//!
//! - [`features()`]: named figures in windows of 30 and 90 days, and the [`indicators`] beside them;
//! - [`income()`] and [`recurring()`]: payments that repeat, by payer, with their rhythm and next date;
//! - [`cash_flow()`]: money in and out, balances and idle days, by window and month;
//! - [`affordability()`]: whether an instalment fits into income and cash flow, by the lender's own policy.
//!
//! Each is a pure function of the records, the [`Subject`] and the time T (`as_of`). These rules are those of the
//! [reports](crate::reports):
//!
//! - The order of the records never changes an answer.
//! - Currencies are never added to one another. A record counts in its own currency, or else its account's, or else
//!   that of the user's country.
//! - Only quotients are rounded, half to even, to six decimals.
//!
//! Further rules:
//!
//! - **Lookback.** Only records with T − 365 days < timestamp ≤ T count; of features, those of 180 days, or of 376 with
//!   the longest window. Records after T and older records change nothing. The affordability is the exception: it takes
//!   the whole ledger, and a loan that was late or defaulted long ago is one of its reasons.
//! - **Windows** are half open: T − b days < timestamp ≤ T − a days. Neighbours are disjoint ([`window`]).
//! - **Own transfers** and **loans received** are found once, for all products ([`transfers`], [`movements`]).
//! - **Local dates** are those of the user's country ([`Country::utc_offset_minutes`](crate::Country)); UTC where the
//!   country is not known. Only rhythms of payments use them. Calendar months and end-of-day balances are of UTC, as in
//!   the reports.
//! - `history_days` are the days from the UTC date of the oldest depository record of the lookback to that of T.
//!   `full_periods` are the whole periods of 30 days between the two instants, at least 1.

mod activity;
pub mod affordability;
pub mod cash_flow;
mod definition;
mod direction;
pub(crate) mod end_of_day;
pub mod features;
pub mod income;
pub mod indicators;
mod meta;
pub(crate) mod movements;
pub mod recurring;
mod scope;
mod statistics;
#[cfg(test)]
mod tests;
pub(crate) mod transfers;
mod view;
pub(crate) mod window;

pub use crate::reports::Subject;
pub use affordability::{AffordabilityReport, AffordabilityRequest, affordability};
pub use cash_flow::{CashFlowReport, cash_flow};
pub use definition::{Definition, NullRule, Unit, Value, Values};
pub use direction::Direction;
pub use features::{FeatureReport, features};
pub use income::{Confidence, IncomeReport, income};
pub use meta::InsightsMeta;
pub use recurring::{RecurringReport, recurring};
pub use scope::lookback;

/// Days before T whose records count.
pub const LOOKBACK_DAYS: i64 = 365;
