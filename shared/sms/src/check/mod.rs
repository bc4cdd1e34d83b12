//! Measures readings against messages whose reading is known.
//!
//! A file holds one JSON object a line; [`format`] describes its keys. `expected` is either a `ledger` with an entry
//! per record or the single movement that the source asserts. A line is *right*, *unrecognized* or *wrong*. Two kinds
//! of lines count separately, because they do not measure coverage: lines without anything to record, and lines whose
//! `expected` states nothing.

mod judge;
mod line;
pub mod line_keys;
mod report_text;
mod verdict;

use std::collections::BTreeMap;
use std::fmt;

use daftari_domain::{Country, Timestamp};

use crate::{Message, Reading, Source, read_with_source};
use judge::judge;
pub use line::{BadLine, Claim, Entry, Expected, Line};
pub use line_keys::format;
pub use verdict::Verdict;

/// Counts of one institution.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Financial messages read as expected.
    pub right: u32,
    /// Financial messages not read.
    pub unrecognized: u32,
    /// Messages read differently than expected, including messages that are not financial.
    pub wrong: u32,
    /// Messages with nothing to record.
    pub not_financial: u32,
    /// Lines that state nothing to compare.
    pub not_compared: u32,
}

impl Count {
    fn add(&mut self, verdict: &Verdict) {
        match verdict {
            Verdict::Right => self.right += 1,
            Verdict::Unrecognized => self.unrecognized += 1,
            Verdict::Wrong(_) => self.wrong += 1,
            Verdict::NotFinancial => self.not_financial += 1,
            Verdict::NotCompared => self.not_compared += 1,
        }
    }

    /// Right lines per thousand financial lines; 1,000 if there are no financial lines.
    pub fn right_per_mille(&self) -> u32 {
        let financial = self.right + self.unrecognized + self.wrong;
        (self.right * 1_000).checked_div(financial).unwrap_or(1_000)
    }
}

/// A line that is not right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its number in the file, from 1.
    pub number: usize,
    /// Its id; empty if it has none.
    pub id: String,
    /// The institution that the file names.
    pub institution: String,
    /// The fault in the reading; empty if there is none.
    pub detail: String,
}

/// `line 3 a1b2 MPESA`
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.number)?;
        let named = [&self.id, &self.institution];
        for word in named.into_iter().filter(|word| !word.is_empty()) {
            write!(f, " {word}")?;
        }
        Ok(())
    }
}

/// The measure of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Counts by the institution that the file names.
    pub institutions: BTreeMap<String, Count>,
    /// Lines read differently than expected.
    pub wrong: Vec<Finding>,
    /// Financial lines not read.
    pub unrecognized: Vec<Finding>,
}

impl Report {
    /// The counts of all institutions together.
    pub fn total(&self) -> Count {
        self.institutions.values().fold(Count::default(), |sum, count| Count {
            right: sum.right + count.right,
            unrecognized: sum.unrecognized + count.unrecognized,
            wrong: sum.wrong + count.wrong,
            not_financial: sum.not_financial + count.not_financial,
            not_compared: sum.not_compared + count.not_compared,
        })
    }

    fn add(&mut self, number: usize, line: &Line, verdict: Verdict) {
        self.institutions
            .entry(line.institution.clone())
            .or_default()
            .add(&verdict);
        let finding = |detail: String| Finding {
            number,
            id: line.id.clone(),
            institution: line.institution.clone(),
            detail,
        };
        match verdict {
            Verdict::Wrong(detail) => self.wrong.push(finding(detail)),
            Verdict::Unrecognized => self.unrecognized.push(finding(String::new())),
            Verdict::Right | Verdict::NotFinancial | Verdict::NotCompared => {}
        }
    }
}

/// A table of the counts, with the wrong lines below. It contains no text of a message.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<24} {:>6} {:>13} {:>6} {:>14} {:>13}",
            "institution", "right", "unrecognized", "wrong", "not financial", "not compared"
        )?;
        let total = ("total".to_owned(), self.total());
        for (name, count) in self.institutions.iter().chain([(&total.0, &total.1)]) {
            writeln!(
                f,
                "{name:<24} {:>6} {:>13} {:>6} {:>14} {:>13}",
                count.right, count.unrecognized, count.wrong, count.not_financial, count.not_compared
            )?;
        }
        for finding in &self.wrong {
            writeln!(f, "wrong: {finding}: {}", finding.detail)?;
        }
        for finding in &self.unrecognized {
            writeln!(f, "unrecognized: {finding}")?;
        }
        Ok(())
    }
}

/// Reads every line of a file of JSON lines and compares it with its known reading. `skip` leaves out lines by id.
///
/// # Errors
///
/// The first line that cannot be compared, or line 1 if the file has no line.
pub fn evaluate(json_lines: &str, skip: impl Fn(&str) -> bool) -> Result<Report, BadLine> {
    let mut report = Report::default();
    let lines = lines(json_lines)?;
    if lines.is_empty() {
        return Err(BadLine {
            number: 1,
            reason: "the file has no line".to_owned(),
        });
    }
    for (number, line) in lines {
        if !skip(&line.id) {
            let verdict = judge(&line.expected, &line.read());
            report.add(number, &line, verdict);
        }
    }
    Ok(report)
}

/// The lines of a file with their numbers, from 1. Empty lines are skipped.
///
/// # Errors
///
/// The first line that cannot be compared.
pub fn lines(json_lines: &str) -> Result<Vec<(usize, Line)>, BadLine> {
    let numbered = json_lines.lines().enumerate().map(|(index, text)| (index + 1, text));
    numbered
        .filter(|(_, text)| !text.trim().is_empty())
        .map(|(number, text)| Ok((number, Line::parse(number, text)?)))
        .collect()
}

impl Line {
    /// The reading of the line's message. A line without `received_at` is read as of 1970.
    pub fn read(&self) -> Reading {
        self.read_with_source().0
    }

    /// Like [`read`](Self::read), and also returns the rule that decided, if any.
    pub fn read_with_source(&self) -> (Reading, Option<Source>) {
        let message = Message {
            sender: &self.sender,
            body: &self.body,
            received_at: self.received_at.unwrap_or(Timestamp::EPOCH),
            id: None,
        };
        read_with_source(&message, self.country())
    }

    fn country(&self) -> Option<Country> {
        self.country.parse().ok()
    }
}
