//! The clause reader: the third layer, after the templates of an institution and of its families.
//!
//! It reads by roles: it gives every amount of a message one role. The message must tell exactly one event, the event
//! must be the reader's, and no remaining word may reverse it. The balances must agree with the event. Otherwise the
//! message is unrecognized. `docs/READER.md` analyses one message.
//!
//! The grammar is data, one file a language under `languages/`; all languages are compiled into one set of tables.

mod accounted;
mod code;
mod context;
pub(crate) mod counterparty;
mod draft;
mod ending;
mod glance;
mod guards;
mod labels;
pub(crate) mod lender;
mod loans;
mod masked;
mod matching;
mod money;
mod moved;
mod movement;
mod name;
mod outcome;
mod parted;
mod read;
mod receipt;
mod scan;
mod senders;
mod sentences;
mod skeleton;
pub(crate) mod tables;
mod tie;
mod whose;
mod wording;

pub(crate) use accounted::{is_beside, tells};
pub(crate) use glance::{glance, mentions_loan};
pub(crate) use masked::{Masked, masked_sentences};
pub(crate) use money::{goes_on_as_date, states_money};
pub use outcome::Stop;
pub(crate) use outcome::{Outcome, Read};
pub(crate) use parted::Parted;
pub(crate) use read::{IMPOSSIBLE_DATE, Taken, read};
pub(crate) use receipt::carries_foreign_receipt;
pub(crate) use scan::{full_date, has_impossible_date};
pub(crate) use senders::institutions_of;
pub(crate) use skeleton::skeleton;
pub(crate) use wording::usual_wordings;
