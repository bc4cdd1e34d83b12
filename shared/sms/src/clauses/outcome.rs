//! The outcome of the clauses for a message.

use daftari_domain::Money;
use daftari_domain::vocabulary::NotFinancialCode;

use crate::draft::Draft;

/// A name as the text writes it, with the number or telephone number that belongs to it.
#[derive(Debug)]
pub(crate) struct Name {
    pub(crate) text: String,
    /// The text calls the other side an agent.
    pub(crate) agent: bool,
}

/// The outcome of the clauses for a message.
#[derive(Debug)]
pub(crate) enum Outcome {
    Records(Box<Read>),
    /// The message is known to have nothing to record, for this reason.
    Nothing(NotFinancialCode),
    /// The message is not read.
    Stopped(Stop),
}

/// Why a reading stopped.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[schema(as = StoppedBy)]
pub struct Stop {
    /// The reason, in words that do not depend on the message: they contain none of its text.
    pub reason: &'static str,
    /// The part of the text that stopped it, or the names of the rules; empty if the message as a whole stopped it.
    pub segment: String,
}

impl std::fmt::Display for Stop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.segment.as_str() {
            "" => f.write_str(self.reason),
            segment => write!(f, "{}: {segment}", self.reason),
        }
    }
}

impl Stop {
    pub(crate) fn at(reason: &'static str, segment: impl Into<String>) -> Self {
        Self {
            reason,
            segment: segment.into(),
        }
    }
}

impl From<&'static str> for Stop {
    fn from(reason: &'static str) -> Self {
        Self::at(reason, "")
    }
}

/// A reading by clauses.
#[derive(Debug)]
pub(crate) struct Read {
    /// The institution whose message it is.
    pub(crate) institution: &'static str,
    /// The rule of the event.
    pub(crate) rule: &'static str,
    pub(crate) drafts: Vec<Draft>,
    /// The fee with its taxes, if the text shows that no other figure is a part of it or adds to it.
    pub(crate) fee: Option<Money>,
    /// The operator's code of the transaction.
    pub(crate) reference: Option<String>,
    /// The words behind the word for the other side. They may hold more than its name.
    pub(crate) party: Option<String>,
    /// The name of the other side, if it is closed on both sides.
    pub(crate) name: Option<Name>,
    /// The other side is an account of the reader at another institution.
    pub(crate) own: bool,
}

pub(super) fn stop<T>(why: impl Into<Stop>) -> Result<T, Outcome> {
    Err(Outcome::Stopped(why.into()))
}

/// Stops at a part of the text. The reason itself contains no text of the message.
pub(super) fn stop_at<T>(reason: &'static str, segment: impl Into<String>) -> Result<T, Outcome> {
    stop(Stop::at(reason, segment))
}
