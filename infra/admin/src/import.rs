//! Registers the users of a CSV file, directly in the table.
//!
//! The result file has a line for each row, in order, and is written after every few rows. So an interrupted run
//! continues after the last complete line of its result. Rows that were registered but not recorded are registered
//! again, which is idempotent.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use csv::StringRecord;
use daftari_domain::ids::UserId;
use daftari_platform::identity::Tenant;
use daftari_platform::registration;
use daftari_platform::store::{GRACE_SECONDS, NewUser, Registered, Store, StoreError, UserChanges};
use daftari_platform::{Clock, FieldError};
use futures_util::future::try_join_all;
use indicatif::{ProgressBar, ProgressStyle};
use uuid::Uuid;

use crate::output::say;

/// The columns of a file; the first one is required.
const COLUMNS: [&str; 7] = [
    "phone_number",
    "first_name",
    "last_name",
    "email",
    "external_id",
    "device_id",
    "is_kyc_verified",
];
/// The columns of a result.
const RESULT_COLUMNS: [&str; 5] = ["line", "phone_number", "outcome", "uuid", "reason"];
/// Most tries of one row while the table is busy.
const MAX_TRIES_OF_ROW: u32 = 6;

/// An import.
pub(crate) struct Import {
    pub(crate) file: PathBuf,
    pub(crate) result: Option<PathBuf>,
    pub(crate) tenant: Tenant,
    /// Rows that are registered concurrently.
    pub(crate) at_once: usize,
    /// Most rows a second.
    pub(crate) per_second: u32,
}

/// Counts of rows by outcome, including those of earlier runs.
#[derive(Debug, Default)]
pub(crate) struct Outcomes {
    created: u64,
    known: u64,
    pub(crate) rejected: u64,
}

impl Outcomes {
    fn add(&mut self, outcome: &str) {
        match outcome {
            "created" => self.created += 1,
            "known" => self.known += 1,
            _ => self.rejected += 1,
        }
    }

    fn rows(&self) -> u64 {
        self.created + self.known + self.rejected
    }
}

/// A line of the result.
struct Line {
    phone_number: String,
    outcome: &'static str,
    uuid: String,
    reason: String,
}

impl Import {
    /// Registers the rows that the result does not have yet.
    pub(crate) async fn run(&self, store: &Store) -> anyhow::Result<Outcomes> {
        let mut reader = csv::ReaderBuilder::new().flexible(false).from_path(&self.file)?;
        let columns = columns(reader.headers()?)?;
        let path = self.result.clone().unwrap_or_else(|| beside(&self.file));
        let mut records = reader.into_records();
        let (mut outcomes, last_number) = resume(&path)?;
        for _ in 0..outcomes.rows() {
            let Some(record) = records.next() else {
                bail!(
                    "{} has more rows than {}: is it another file's?",
                    path.display(),
                    self.file.display()
                );
            };
            let number = value(&record?, &columns, "phone_number").unwrap_or_default().to_owned();
            if records.reader().position().record() == outcomes.rows() + 1 {
                let is_same = last_number.as_ref() == Some(&number);
                ensure!(is_same, "{} is the result of another file", path.display());
            }
        }
        let result = OpenOptions::new().append(true).create(true).open(&path)?;
        let is_new = result.metadata()?.len() == 0;
        let mut result = csv::WriterBuilder::new().has_headers(false).from_writer(result);
        if is_new {
            result.write_record(RESULT_COLUMNS)?;
        }
        let before = outcomes.rows();
        if before > 0 {
            eprintln!("goes on after {before} rows");
        }
        let progress = ProgressBar::new_spinner();
        progress.set_style(ProgressStyle::with_template(
            "{spinner} {pos} rows, {per_sec}, {elapsed}",
        )?);
        progress.set_position(before);
        let started = Instant::now();
        loop {
            let rows: Vec<StringRecord> = records.by_ref().take(self.at_once).collect::<Result<_, _>>()?;
            if rows.is_empty() {
                break;
            }
            let lines = rows.iter().map(|row| self.register(store, row, &columns));
            for line in try_join_all(lines).await? {
                outcomes.add(line.outcome);
                let number = outcomes.rows().to_string();
                result.write_record([&number, &line.phone_number, line.outcome, &line.uuid, &line.reason])?;
            }
            result.flush().with_context(|| path.display().to_string())?;
            progress.set_position(outcomes.rows());
            self.keep_the_rate(started, outcomes.rows() - before).await;
        }
        progress.finish_and_clear();
        if outcomes.created > 0 {
            // Users are counted some seconds after their registration.
            tokio::time::sleep(Duration::from_secs(GRACE_SECONDS.unsigned_abs() + 1)).await;
            if store.is_migrated(self.tenant).await? {
                store.count_users(self.tenant, Clock::System.now(), |_| {}).await?;
            }
        }
        say!("created:  {}", outcomes.created);
        say!("known:    {}", outcomes.known);
        say!("rejected: {}", outcomes.rejected);
        say!("result:   {}", path.display());
        Ok(outcomes)
    }

    async fn keep_the_rate(&self, started: Instant, done: u64) {
        let due = Duration::from_millis(done * 1_000 / u64::from(self.per_second.max(1)));
        tokio::time::sleep(due.saturating_sub(started.elapsed())).await;
    }

    async fn register(&self, store: &Store, row: &StringRecord, columns: &Columns) -> anyhow::Result<Line> {
        let phone_number = value(row, columns, "phone_number").unwrap_or_default().to_owned();
        let rejected = |reason: String| Line {
            phone_number: phone_number.clone(),
            outcome: "rejected",
            uuid: String::new(),
            reason,
        };
        let changes = match changes(row, columns) {
            Ok(changes) => changes,
            Err(reason) => return Ok(rejected(reason)),
        };
        let (number, changes) = match registration::check(&phone_number, changes) {
            Ok((Ok(number), changes)) => (number, changes),
            Ok((Err((_, refusal)), _)) => return Ok(rejected(said(&[refusal]))),
            Err(errors) => return Ok(rejected(said(&errors))),
        };
        let new = NewUser::new(UserId(Uuid::new_v4()), &number, changes);
        let (outcome, user) = match self.registered(store, &new).await? {
            Registered::Created(user) => ("created", user),
            Registered::Updated(user) => ("known", user),
        };
        Ok(Line {
            phone_number,
            outcome,
            uuid: user.id.to_string(),
            reason: String::new(),
        })
    }

    async fn registered(&self, store: &Store, new: &NewUser) -> anyhow::Result<Registered> {
        let mut tries = 1;
        loop {
            match store.register_user(self.tenant, new, Clock::System.now()).await {
                Err(StoreError::Unavailable(_) | StoreError::Contended) if tries < MAX_TRIES_OF_ROW => {
                    tokio::time::sleep(Duration::from_secs(1 << tries)).await;
                    tries += 1;
                }
                Err(error) => return Err(error).context("run the same command again to go on"),
                Ok(registered) => return Ok(registered),
            }
        }
    }
}

/// The index of each column in the file.
type Columns = HashMap<&'static str, usize>;

fn columns(headers: &StringRecord) -> anyhow::Result<Columns> {
    let mut columns = HashMap::new();
    for (at, header) in headers.iter().enumerate() {
        let header = header.trim().trim_start_matches('\u{feff}');
        let known = COLUMNS.into_iter().find(|column| *column == header);
        let column = known.with_context(|| format!("unknown column {header:?}; there are {}", COLUMNS.join(", ")))?;
        ensure!(columns.insert(column, at).is_none(), "two columns {column}");
    }
    ensure!(columns.contains_key(COLUMNS[0]), "no column {}", COLUMNS[0]);
    Ok(columns)
}

/// The value of a column; `None` if the file does not have it.
fn value<'a>(row: &'a StringRecord, columns: &Columns, column: &str) -> Option<&'a str> {
    row.get(*columns.get(column)?).map(str::trim)
}

/// An empty cell leaves a value unchanged.
fn changes(row: &StringRecord, columns: &Columns) -> Result<UserChanges, String> {
    let text = |column| {
        value(row, columns, column)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let is_kyc_verified = match value(row, columns, "is_kyc_verified") {
        None | Some("") => None,
        Some("true") => Some(true),
        Some("false") => Some(false),
        Some(_) => return Err("is_kyc_verified: must be true or false".to_owned()),
    };
    Ok(UserChanges {
        first_name: text("first_name"),
        last_name: text("last_name"),
        email: text("email"),
        external_id: text("external_id").map(Some),
        device_id: text("device_id"),
        is_kyc_verified,
    })
}

fn said(errors: &[FieldError]) -> String {
    let each = errors
        .iter()
        .map(|error| format!("{}: {}", error.pointer.trim_start_matches('/'), error.detail.as_str()));
    each.collect::<Vec<_>>().join("; ")
}

fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".result.csv");
    name.into()
}

/// The counts of an earlier run's result file, and the number in its last line. Removes an incomplete last line.
fn resume(path: &Path) -> anyhow::Result<(Outcomes, Option<String>)> {
    let mut outcomes = Outcomes::default();
    let Ok(text) = std::fs::read(path) else {
        return Ok((outcomes, None));
    };
    // A reason has no line breaks, so a complete line ends with one.
    let complete = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    File::options().write(true).open(path)?.set_len(complete as u64)?;
    let mut reader = csv::Reader::from_reader(&text[..complete]);
    let mut last = None;
    if complete > 0 {
        ensure!(
            *reader.headers()? == RESULT_COLUMNS[..],
            "{} is not a result of an import",
            path.display()
        );
        for line in reader.records() {
            let line = line?;
            outcomes.add(line.get(2).unwrap_or_default());
            let number = outcomes.rows().to_string();
            ensure!(
                line.get(0) == Some(&number),
                "{}: line {number} is missing",
                path.display()
            );
            last = line.get(1).map(str::to_owned);
        }
    }
    Ok((outcomes, last))
}
