//! Insights: how a user handles money, as figures for a lender's own models and rules.
//!
//! - [`features()`]: about 50 named figures in windows of 30 and 90 days, and the [`indicators`] beside them.
//!
//! Each is a pure function of the records, the [`Subject`](crate::reports::Subject) and an instant `T`, and follows the
//! rules of [`reports`](crate::reports). Besides:
//!
//! - A [`Window`] leaves out its first instant and includes its last one, so that neighbouring windows share no record.
//!   Records after `T` change nothing.
//! - Sums and balances are of the records in the report currency. Counts are of all records.
//! - Money is exact. Quotients, deviations and slopes are rounded once, half to even, to six decimals.

mod balances;
mod definition;
pub mod features;
pub mod indicators;
mod own;
mod statistics;
#[cfg(test)]
mod tests;
mod view;
mod window;

pub use definition::{Definition, NullRule, Unit, Value, Values};
pub use features::{FeatureReport, features};
pub use window::Window;
