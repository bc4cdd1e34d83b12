//! A ledger as a book of monthly pages.
//!
//! A page holds the records of one stretch of one month, `[start, end)`, packed into a few tens of bytes each. Usually
//! a month is one page; past a size limit it is split at its median timestamp. The pages of a month always tile it.
//!
//! - [`merge`]: the union of stored and incoming records, by record identity;
//! - [`paginate`]: the pages a month's records are stored as;
//! - [`codec`]: a page's records as bytes, and back.

pub mod codec;
mod filter;
mod merge;
mod paginate;

#[cfg(test)]
mod samples;

pub use filter::LedgerFilter;
pub use merge::{Merged, Outcome, merge};
pub use paginate::{EncodedPage, MAX_PAGE_BYTES, TooDense, paginate};
