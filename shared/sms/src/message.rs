//! A message, its reading, and the rule that read it.

use daftari_domain::vocabulary::NotFinancialCode;
use daftari_domain::{Record, RecordId, Timestamp};
use serde::Serialize;

use crate::clauses::tables::is_weak;

/// A message as it arrived on the phone.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    /// The sender as the phone shows it. Empty if it is not known.
    pub sender: &'a str,
    /// The text.
    pub body: &'a str,
    /// When the phone received it. Its records have this timestamp.
    pub received_at: Timestamp,
    /// The id that the source gave it. Without one, the id of its records is derived from sender, time and text.
    pub id: Option<&'a RecordId>,
}

/// The reading of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// One record, or several if several accounts are involved.
    Records(Vec<Record>),
    /// Nothing to record, for this reason.
    NotFinancial(NotFinancialCode),
    /// It looks like money, and neither a template nor the clauses account for all of it.
    Unrecognized,
}

/// The rule that read a message: a template, or a rule of the clauses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[schema(as = MessageSource)]
pub struct Source {
    /// The institution's id.
    pub institution: &'static str,
    /// The template's name in the institution's data file, or `clauses/` and the rule's name in the language's.
    pub template: &'static str,
}

impl Source {
    /// Whether a rule of the clauses read the message, not a template.
    pub fn is_of_clauses(&self) -> bool {
        self.template.starts_with("clauses/")
    }

    /// Whether the rule is `weak` in its language file: it reads the form of a receipt, which does not name the reader.
    pub fn is_weak(&self) -> bool {
        is_weak(self.template)
    }
}
