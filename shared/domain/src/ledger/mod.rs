//! A ledger as a book of monthly pages.
//!
//! A page contains the records of a span of one month, `[start, end)`, packed into a few tens of bytes each. Usually a
//! month is one page; above a size limit it is split. The pages of a month cover it without gaps and overlaps.
//!
//! - [`merge`]: the union of stored and incoming records, by record identity;
//! - [`ToldMovements`]: movements that two messages tell;
//! - [`limits`]: the limits of a ledger, which keep it readable;
//! - [`paginate`]: the pages a month's records are stored as;
//! - [`UnpackedMonth::plan`]: the pages to write for a batch, and the records that a limit refuses;
//! - [`codec`]: a page's records as bytes, and back.

pub mod codec;
mod filter;
pub mod limits;
mod merge;
mod paginate;
mod plan;
mod repeats;

#[cfg(test)]
mod samples;

pub use filter::LedgerFilter;
pub use merge::{Change, Merged, Outcome, merge};
pub use paginate::{EncodedPage, TooDense, paginate};
pub use plan::{Full, Group, Plan, UnpackedMonth, UnpackedPage};
pub use repeats::{REPEAT_SECONDS, ToldMovements};
