//! Tests of the derived products, and what builds the records they are about.

mod alerts_summary;
mod completeness;
mod credit_report;
mod dti;
mod edges;
mod lateness;
mod loan_status;
mod pairing;
mod properties;
pub(crate) mod records;
mod repayment;
mod same_instant;
mod sizes;
mod tradelines;
mod transactions_summary;
