//! The notations of the data files of `shared/sms`, and their meaning.
//!
//! - [`template`]: the layout of a whole message, translated to a form;
//! - [`kind`]: the kinds of fields;
//! - [`field_words`]: the words of languages in fields;
//! - [`form`]: the shape of a part of a text;
//! - [`program`] and [`machine`]: find where a text fits a form;
//! - [`directory`]: the list of institutions;
//! - [`sender`]: how senders are compared;
//! - [`clause`]: patterns over the words of a message;
//! - `files` (feature `files`): the formats of the files.
//!
//! The build script of `daftari-sms` turns the files into tables with this crate, and the reader runs the tables. No
//! I/O.

pub mod clause;
pub mod directory;
pub mod field_words;
mod fields;
#[cfg(feature = "files")]
#[allow(
    missing_docs,
    reason = "docs/adding-an-institution.md describes every key for its authors"
)]
pub mod files;
pub mod form;
#[allow(
    missing_docs,
    reason = "docs/adding-an-institution.md describes every kind for its authors"
)]
pub mod kind;
pub mod machine;
pub mod program;
pub mod required;
pub mod sender;
#[allow(
    missing_docs,
    reason = "docs/adding-an-institution.md describes the notation for its authors"
)]
pub mod template;
