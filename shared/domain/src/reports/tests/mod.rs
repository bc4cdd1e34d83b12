//! Tests of the derived products, and builders of their records.

mod alerts_summary;
pub(crate) mod balance_order;
mod completeness;
mod credit_report;
mod draws;
mod dti;
mod edges;
mod lateness;
mod loan_status;
mod pairing;
mod properties;
pub(crate) mod records;
mod repayment;
mod same_instant;
mod shared_balance;
mod sizes;
mod tradelines;
mod transactions_summary;
