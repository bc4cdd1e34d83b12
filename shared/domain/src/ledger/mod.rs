//! A ledger as a book of monthly pages.
//!
//! A page holds the records of one stretch of one month, `[start, end)`, packed into a few tens of bytes each. Usually
//! a month is one page; past a size limit it is split. The pages of a month always tile it.
//!
//! - [`merge`]: the union of stored and incoming records, by record identity;
//! - [`limits`]: what a ledger may hold, so that it can always be read;
//! - [`paginate`]: the pages a month's records are stored as;
//! - [`UnpackedMonth::plan`]: the pages to write for a batch, and what there is no room for;
//! - [`codec`]: a page's records as bytes, and back.

pub mod codec;
mod filter;
pub mod limits;
mod merge;
mod paginate;
mod plan;

#[cfg(test)]
mod samples;

pub use filter::LedgerFilter;
pub use merge::{Change, Merged, Outcome, merge};
pub use paginate::{EncodedPage, TooDense, paginate};
pub use plan::{Full, Group, Plan, UnpackedMonth, UnpackedPage};
