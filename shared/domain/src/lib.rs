//! The pure core of Daftari.
//!
//! Everything here is a function of its arguments: no I/O, no clock, no AWS. Money is exact decimal; times are whole
//! seconds of UTC. The modules, from the ground up:
//!
//! - [`money`], [`currency`], [`country`], [`time`], [`vocabulary`], [`ids`]: the values of records;
//! - [`kept_text`]: the stored text of a labelled record;
//! - [`details`]: the fee, the reference and the counterparty of a record;
//! - [`members`]: the members of a JSON object in their source form; [`json_fault`]: errors of the parser in own words;
//! - [`record`]: one ledger record and its rules; [`new_record`]: one as a client writes it; [`shown_record`]: one as
//!   the API shows it;
//! - [`ledger`]: merges, splits and stores the records of a month as pages;
//! - [`reports`]: figures computed from a ledger: debt to income, summaries, the credit report;
//! - [`insights`]: features, income, recurring payments, cash flow, affordability;
//! - [`unrecognized`]: the messages that were not read;
//! - [`spelling`]: how near two names are, for suggestions;
//! - `order`: sorting;
//! - [`described`], [`openapi`]: schemas of the API's document;
//! - [`views`]: the lists of institutions, transactions, balances and alerts, and the institution directory.

pub mod country;
pub mod currency;
pub mod date;
pub mod described;
pub mod details;
mod hash;
pub mod ids;
pub mod insights;
pub mod json_fault;
pub mod kept_text;
pub mod ledger;
pub mod members;
pub mod money;
pub mod new_record;
pub mod openapi;
pub mod order;
pub mod record;
pub mod reports;
pub mod shown_record;
pub mod spelling;
mod text;
pub mod time;
pub mod unrecognized;
pub mod views;
pub mod vocabulary;

pub use country::Country;
pub use currency::Currency;
pub use date::Date;
pub use details::{Counterparty, CounterpartyToken, Details, KeptDetails, Reference};
pub use ids::{AccountId, InstitutionId, RecordId};
pub use kept_text::KeptText;
pub use money::Money;
pub use new_record::NewRecord;
pub use record::{Record, RecordFault};
pub use shown_record::ShownRecord;
pub use time::{Month, TimeRange, Timestamp};
pub use vocabulary::{AccountType, CounterpartyKind, Impact, Label, LabelSet};
