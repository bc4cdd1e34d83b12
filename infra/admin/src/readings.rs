//! A file with the reading of each message of a backup, to compare the texts with the records.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::Context;
use daftari_sms::import::Imported;
use serde::Deserialize;
use serde_json::Value;

/// The columns. A message with several records has a row for each.
const COLUMNS: [&str; 15] = [
    "message",
    "received_at",
    "sender",
    "outcome",
    "reason",
    "timestamp",
    "institution_id",
    "account_id",
    "account_type",
    "impact",
    "amount",
    "balance",
    "currency",
    "labels",
    "text",
];
/// The columns that are members of a record.
const OF_RECORD: std::ops::Range<usize> = 5..14;

/// The parts of a dry run's answer that are written.
#[derive(Deserialize)]
pub(crate) struct DryRun {
    readings: Vec<Reading>,
    rejected: Vec<Rejected>,
}

#[derive(Deserialize)]
struct Reading {
    index: usize,
    outcome: String,
    records: Vec<Value>,
    stopped: Option<Stopped>,
    not_financial: Option<NotFinancial>,
}

#[derive(Deserialize)]
struct Stopped {
    reason: String,
    segment: String,
}

#[derive(Deserialize)]
struct NotFinancial {
    text: String,
}

/// A message that the service refuses.
#[derive(Deserialize)]
pub(crate) struct Rejected {
    /// Its place in the batch.
    pub(crate) index: usize,
    /// The reason.
    pub(crate) detail: String,
}

impl Reading {
    /// The reason why the message has no record. Empty if it has one.
    fn reason(&self) -> String {
        match (&self.stopped, &self.not_financial) {
            (Some(Stopped { reason, segment }), _) if segment.is_empty() => reason.clone(),
            (Some(Stopped { reason, segment }), _) => format!("{reason}: {segment}"),
            (None, Some(NotFinancial { text })) => text.clone(),
            (None, None) => String::new(),
        }
    }
}

/// The file, as comma-separated values. Only its owner may read it, because it contains the texts.
pub(crate) struct Readings(csv::Writer<File>);

impl Readings {
    /// Creates the file, or empties it.
    pub(crate) fn create(path: &Path) -> anyhow::Result<Self> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true).mode(0o600);
        let file = options.open(path).with_context(|| path.display().to_string())?;
        let mut writer = csv::Writer::from_writer(file);
        writer.write_record(COLUMNS)?;
        Ok(Self(writer))
    }

    /// Adds the messages of a batch, in its order.
    pub(crate) fn add(&mut self, batch: &[Imported], answer: &DryRun) -> anyhow::Result<()> {
        for (index, message) in batch.iter().enumerate() {
            if let Some(reading) = answer.readings.iter().find(|reading| reading.index == index) {
                let reason = reading.reason();
                for record in &reading.records {
                    self.row(message, &reading.outcome, &reason, record)?;
                }
                if reading.records.is_empty() {
                    self.row(message, &reading.outcome, &reason, &Value::Null)?;
                }
            }
            if let Some(rejected) = answer.rejected.iter().find(|rejected| rejected.index == index) {
                self.row(message, "rejected", &rejected.detail, &Value::Null)?;
            }
        }
        Ok(())
    }

    fn row(&mut self, message: &Imported, outcome: &str, reason: &str, record: &Value) -> anyhow::Result<()> {
        let mut row = vec![
            message.number.to_string(),
            message.received_at.to_string(),
            inert(&message.sender),
            outcome.to_owned(),
            inert(reason),
        ];
        row.extend(COLUMNS[OF_RECORD].iter().map(|member| cell(&record[member])));
        row.push(inert(&message.body));
        Ok(self.0.write_record(row)?)
    }

    /// Writes the last rows.
    pub(crate) fn finish(mut self) -> anyhow::Result<()> {
        Ok(self.0.flush()?)
    }
}

/// A member of a record. A missing value is an empty cell.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(cell).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

/// A text that a spreadsheet does not run as a formula.
fn inert(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}
