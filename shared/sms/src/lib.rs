//! From the text of a financial SMS to ledger records.
//!
//! **Right or unrecognized, never wrong.** Lenders act on these numbers. A message is read only if every word of it is
//! accounted for: by a template that matches all of it, or by the clauses of its language. Every other message is
//! [`Reading::NotFinancial`] if it is known to be, and otherwise [`Reading::Unrecognized`].
//!
//! Everything here is a function of its arguments: no I/O, no clock. Templates are data, one file per institution under
//! `institutions/`, turned into static tables by the build; `docs/adding-an-institution.md` explains how to write them.
//! The reader compiles a template when the first message arrives that the template may match.
//!
//! - [`read`]: reads a message;
//! - [`read_with_tokens`]: the same, with a pseudonym of the other side;
//! - [`explain`]: the reason for a reading, and how far the nearest template matched;
//! - [`sender_hint`]: the known senders that an unknown one resembles;
//! - [`note`]: the facts about an unread message, and [`message_key`], which tells messages apart;
//! - [`Shape`]: the wording of a message, and the part that stopped its reading, without personal data;
//! - [`READER`]: a number that rises when rules change;
//! - [`institutions`]: the institutions whose messages can be read;
//! - `check` (feature `check`): measures readings against messages with known readings;
//! - `import` (feature `import`): messages of an Android backup.

mod account;
mod arithmetic;
mod candidates;
mod classify;
mod clauses;
mod company;
mod credible;
mod details;
mod directory;
mod draft;
mod due;
mod explanation;
mod matched;
mod matcher;
mod message;
mod number;
mod parts;
mod phone;
mod read;
mod reader;
mod records;
mod registered;
mod sender;
mod sender_hint;
mod shape;
mod tables;
mod text;
mod trigrams;
mod unread;
mod words;

#[cfg(feature = "check")]
pub mod check;
#[cfg(feature = "import")]
pub mod import;

pub use arithmetic::{Balances, Check, Checked};
pub use clauses::Stop;
pub use details::Pseudonyms;
pub use directory::{InstitutionEntry, institutions};
pub use explanation::{Attempt, Clauses, Explanation, Field, NotFinancial, Outcome, explain, explain_briefly};
pub use message::{Message, Reading, Source};
pub use read::{read, read_by_clauses, read_with_source, read_with_tokens};
pub use reader::READER;
pub use records::message_key;
pub use registered::Registered;
pub use sender_hint::{NearSender, SenderHint, sender_hint};
pub use shape::{MAX_SHAPE_CHARS, Shape, known_sender};
pub use text::MAX_READ_BYTES;
pub use unread::note;
