//! Counts of a batch of messages, separate from its answer.

use std::collections::BTreeMap;

use daftari_domain::Country;
use daftari_domain::unrecognized::Note;
use daftari_platform::store::Sorted;
use daftari_platform::telemetry;
use daftari_sms::{Check, Message, Outcome, Source, known_sender, message_key};

use crate::learning::Shapes;

/// Logged for senders that the directory does not know, because they may be persons.
const OTHER_SENDERS: &str = "other";

/// The sender as logged, and the template or rule that read the message, if any.
pub(crate) type Origin = (&'static str, Option<Source>);

/// The counts of a batch.
#[derive(Debug)]
pub(crate) struct Tally {
    /// The country in which the messages are read.
    pub(crate) country: Option<Country>,
    outcomes: BTreeMap<(Origin, &'static str), usize>,
    checks: BTreeMap<(Origin, Check), usize>,
    /// The shapes of unread messages.
    pub(crate) shapes: Shapes,
    /// The messages by whether they were read.
    pub(crate) sorted: Sorted,
}

impl Tally {
    /// Starts for a batch.
    pub(crate) fn new(country: Option<Country>) -> Self {
        Self {
            country,
            outcomes: BTreeMap::new(),
            checks: BTreeMap::new(),
            shapes: Shapes::default(),
            sorted: Sorted::default(),
        }
    }

    /// Counts the outcome of a message.
    pub(crate) fn count(&mut self, sender: &str, source: Option<Source>, outcome: Outcome) {
        let origin = self.origin(sender, source);
        *self.outcomes.entry((origin, outcome.as_str())).or_default() += 1;
    }

    /// Counts the results of checking records against balances, each with the index of its reading.
    pub(crate) fn count_checks(&mut self, checks: &[(usize, Check)], origins: &[Origin]) {
        for (at, check) in checks {
            *self.checks.entry((origins[*at], *check)).or_default() += 1;
        }
    }

    /// Adds an unread message and its shape. `refused` is the reason if a rule read the message but its records were
    /// refused.
    pub(crate) fn add_unread(&mut self, message: &Message<'_>, note: Note, refused: Option<&'static str>) {
        self.shapes.add(message.sender, message.body, self.country, refused);
        self.sorted.unread.push((message_key(message), note));
    }

    /// Adds a message that was read, or has nothing to record.
    pub(crate) fn add_read(&mut self, message: &Message<'_>) {
        self.sorted.read.push(message_key(message));
    }

    /// The origin of a message's records.
    pub(crate) fn origin(&self, sender: &str, source: Option<Source>) -> Origin {
        (known_sender(sender, self.country).unwrap_or(OTHER_SENDERS), source)
    }

    /// Logs one line per sender, institution, template and outcome, and one for the results of checking their records
    /// against balances. Nothing else about messages is logged. If the records of a template are often contradicted,
    /// the template is wrong.
    pub(crate) fn log(&self) {
        for (((sender, source), check), records) in &self.checks {
            telemetry::log_checks(&telemetry::ChecksLine {
                sender,
                institution: source.map_or("", |source| source.institution),
                template: source.map_or("", |source| source.template),
                check: check.name(),
                records: *records,
            });
        }
        for (((sender, source), outcome), messages) in &self.outcomes {
            telemetry::log_messages(&telemetry::MessagesLine {
                sender,
                institution: source.map_or("", |source| source.institution),
                template: source.map_or("", |source| source.template),
                outcome,
                messages: *messages,
            });
        }
    }
}
