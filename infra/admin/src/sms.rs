//! Tests the reading of SMS.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use daftari_domain::{Country, ShownRecord, Timestamp};
use daftari_platform::clock::Clock;
use daftari_platform::identity::Environment;
use daftari_sms::check::{self, evaluate};
use daftari_sms::import::{Backup, ImportError, read_backup};
use daftari_sms::{Attempt, Clauses, Explanation, Message, Outcome, Source, explain};
use uuid::Uuid;

use crate::institutions::InstitutionsArguments;
use crate::options::{self, Usage, country, environment, uuid};
use crate::output::{say, write};
use crate::readings::Readings;
use crate::shapes::ShapesArguments;
use crate::unread::Unread;
use crate::unseen::unseen;
use crate::upload::{Service, Upload, upload};
use crate::{FINDING, called, local};

/// Limit of a message on standard input, in bytes.
const MAX_INPUT_BYTES: u64 = 64 * 1024;
/// The first bytes of a zip file.
const ZIP: &[u8] = b"PK\x03\x04";

#[derive(Subcommand)]
pub(crate) enum SmsCommand {
    /// Lists the institutions whose senders are known: id, country, kind, year of the newest real message that a test
    /// reads (`unseen` without one), name, senders. For an unseen institution, only the common wordings are read.
    Institutions(InstitutionsArguments),
    /// Tells whether a message becomes records, with the records or the reason. Then shows how it was read: the
    /// template with its fields, the clauses, or how far the nearest template got. Reads the text of the message from
    /// standard input.
    Explain(ExplainArguments),
    /// Checks files of messages with known readings, one JSON object per line. Prints a table by institution (right,
    /// unrecognized, wrong), then each wrong one. Exits with code 3 if any is wrong. `--help` describes the files.
    #[command(after_long_help = check::format())]
    Check {
        /// The files.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Lists the wordings that are not read, the most common first, with the reason and the template that matched
    /// furthest. A wording consists of words of the reader's languages and masks; it contains no personal data.
    Shapes(ShapesArguments),
    /// Sends the messages of an Android "SMS Backup & Restore" export to a deployment, as a phone would. Prints how
    /// many became records, and the messages that were not read, by sender.
    Import(ImportArguments),
}

#[derive(Args)]
pub(crate) struct ExplainArguments {
    /// The sender, as the phone shows it.
    #[arg(long, value_parser = stated_sender)]
    sender: String,
    /// The country of the user, as two letters such as KE. It selects the institution of senders that several countries
    /// share.
    #[arg(long, value_parser = country)]
    country: Option<Country>,
    /// Time at which the message was received. [default: now]
    #[arg(long)]
    received_at: Option<Timestamp>,
    /// Print the explanation as JSON, like a dry run of the API.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub(crate) struct ImportArguments {
    /// The XML file.
    file: PathBuf,
    /// Address of the deployment's API. Left out: the one of make dev on this machine.
    #[arg(long)]
    api: Option<String>,
    /// Phone number of the user, with country code. Registers the user if the number is new.
    #[arg(long)]
    phone_number: String,
    /// First name of the user. Left out: none, or the one that is registered.
    #[arg(long)]
    first_name: Option<String>,
    /// Last name of the user, likewise.
    #[arg(long)]
    last_name: Option<String>,
    /// Email of the login to sign in with. Prompts for its password.
    #[arg(long)]
    email: String,
    /// Read the password from standard input instead of a prompt.
    #[arg(long)]
    password_stdin: bool,
    /// The environment to register the user in.
    #[arg(long, default_value = "production", value_parser = environment())]
    environment: Environment,
    /// The organization to register the user with. Required if the login has several.
    #[arg(long, value_parser = uuid)]
    organization: Option<Uuid>,
    /// Show the texts of the messages that were not read. They stay on this machine's screen.
    #[arg(long)]
    show_unrecognized: bool,
    /// Write a CSV file with the outcome of each message, its records or the reason why it has none, and its text. An
    /// existing file is overwritten.
    #[arg(long, value_name = "FILE")]
    readings: Option<PathBuf>,
}

impl SmsCommand {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Institutions(arguments) => arguments.run(),
            Self::Explain(arguments) => arguments.run(),
            Self::Check { files } => check(&files),
            Self::Shapes(arguments) => {
                crate::blocking(arguments.run())?;
                Ok(ExitCode::SUCCESS)
            }
            Self::Import(arguments) => arguments.run(),
        }
    }
}

fn stated_sender(text: &str) -> Result<String, &'static str> {
    if text.trim().is_empty() {
        return Err("--sender is empty");
    }
    Ok(text.to_owned())
}

impl ExplainArguments {
    fn run(self) -> anyhow::Result<ExitCode> {
        let mut body = String::new();
        std::io::stdin()
            .take(MAX_INPUT_BYTES)
            .read_to_string(&mut body)
            .context("standard input")?;
        let body = body.trim_end_matches(['\r', '\n']);
        if body.trim().is_empty() {
            return Err(Usage::new("no text on standard input: give it the message, as in … < message.txt").into());
        }
        let message = Message {
            sender: &self.sender,
            body,
            received_at: self.received_at.unwrap_or_else(|| Clock::System.now()),
            id: None,
        };
        let explanation = explain(&message, self.country);
        if self.json {
            say!("{}", serde_json::to_string_pretty(&explanation)?);
        } else {
            print(&explanation)?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The outcome and its reason first, then how the reader came to it.
fn print(explanation: &Explanation) -> anyhow::Result<()> {
    print_outcome(explanation)?;
    let name = |source: &Source| format!("{} / {}", source.institution, source.template);
    if let Some(template) = &explanation.template {
        say!("template:   {}", name(template));
    } else if !explanation.candidates.is_empty() {
        say!("templates:  none of {} fits", explanation.candidates.join(", "));
    }
    for field in &explanation.fields {
        say!("field:      {} = {:?}", field.name, field.text);
    }
    if explanation.matching.len() > 1 {
        let names: Vec<String> = explanation.matching.iter().map(name).collect();
        say!("matching:   {}, which say different things", names.join(", "));
    }
    if let Some(clauses) = &explanation.clauses
        && explanation.template.is_none()
        && !clauses.skeleton.is_empty()
    {
        print_clauses(clauses);
        let stopped = clauses.stopped.as_ref();
        if let Some(stop) = stopped.filter(|stop| explanation.stopped.as_ref() != Some(*stop)) {
            say!("  stopped by: {stop}");
        }
    }
    if let Some(nearest) = &explanation.nearest {
        print_nearest(nearest);
    }
    Ok(())
}

fn print_outcome(explanation: &Explanation) -> anyhow::Result<()> {
    match explanation.outcome {
        Outcome::Read => {
            let by = explanation.source.as_ref().map_or_else(String::new, |source| {
                format!(", read as {} by {}", source.institution, source.template)
            });
            say!("outcome:    recorded{by}");
            let is_checked = explanation.records.iter().any(|record| record.balance.is_some());
            if is_checked && explanation.source.is_some_and(|source| source.is_weak()) {
                say!("unless:     a balance of the last 24 hours contradicts it (the rule is weak)");
            }
            for record in &explanation.records {
                say!("record:     {}", serde_json::to_string(&ShownRecord::from(record))?);
            }
            for detail in &explanation.details {
                say!("  {:<12}{}", format!("{}:", detail.name), detail.text);
            }
        }
        Outcome::NotFinancial => say!("outcome:    not financial: there is nothing to record"),
        Outcome::Unrecognized => say!("outcome:    unrecognized: it may be about money, and nothing is recorded"),
    }
    if let Some(reason) = &explanation.not_financial {
        say!("because:    {} ({})", reason.text, reason.code);
    }
    if let Some(stop) = &explanation.stopped {
        say!("because:    {stop}");
    }
    if let Some(hint) = &explanation.sender_hint {
        say!("hint:       {}", hint.text);
    }
    Ok(())
}

fn print_clauses(clauses: &Clauses) {
    say!(
        "clauses:    {}",
        clauses
            .institution
            .unwrap_or("the sender does not name one institution of the country")
    );
    say!("  skeleton:   {}", clauses.skeleton);
    for role in &clauses.roles {
        say!("  amount:     {role}");
    }
    for part in &clauses.passed {
        say!("  passed:     {:?} ({})", part.text, part.name);
    }
    for note in &clauses.notes {
        say!("  note:       {note}");
    }
}

fn print_nearest(nearest: &Attempt) {
    say!("nearest:    {} / {}", nearest.institution, nearest.template);
    say!("  it reads:   {:?}", nearest.read);
    if !nearest.expected.is_empty() {
        say!("  it expects: {:?}", nearest.expected);
    } else if nearest.found.is_empty() {
        say!("  it expects: a value that is plausible and not cut off");
    } else {
        say!("  it expects: the end of the message");
    }
    if !nearest.found.is_empty() {
        say!("  there is:   {:?}", nearest.found);
    }
}

fn check(files: &[PathBuf]) -> anyhow::Result<ExitCode> {
    let mut wrong = 0;
    for file in files {
        let report = evaluate(&read(file)?, |_| false).with_context(|| file.display().to_string())?;
        say!("{}\n{report}", file.display());
        wrong += report.total().wrong;
    }
    Ok(if wrong == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(FINDING)
    })
}

impl ImportArguments {
    fn run(self) -> anyhow::Result<ExitCode> {
        let backup = backup(&self.file)?;
        let mut messages = Vec::with_capacity(backup.entries.len());
        for entry in backup.entries {
            match entry {
                Ok(message) => messages.push(message),
                Err((number, attribute)) => {
                    eprintln!("message {number} is left out: {attribute} {}", wanted(attribute));
                }
            }
        }
        let api = match &self.api {
            Some(api) => options::url("--api", api)?,
            None => local::api()?,
        };
        let service = Service::find(&api)?;
        let password = crate::secrets::password(self.password_stdin, "Password: ")?;
        let target = Upload {
            email: self.email,
            password,
            phone_number: self.phone_number,
            first_name: self.first_name,
            last_name: self.last_name,
            environment: self.environment,
            organization: self.organization,
        };
        let mut code = ExitCode::SUCCESS;
        let mut readings = self.readings.as_deref().map(Readings::create).transpose()?;
        let outcomes = upload(&service, &target, &messages, readings.as_mut())?;
        write(format_args!("{outcomes}"));
        if backup.not_received > 0 {
            say!("not received:  {} (sent by the phone, or drafts)", backup.not_received);
        }
        if let (Some(readings), Some(path)) = (readings, &self.readings) {
            readings.finish().context("--readings")?;
            say!("readings:      {}", path.display());
        }
        if let Some(country) = outcomes.country {
            let names = unseen(&messages, country)?;
            if !names.is_empty() {
                say!(
                    "unseen:        {} (no real message of theirs is in a test: check the readings)",
                    names.join(", ")
                );
            }
        }
        if outcomes.is_nothing_read() {
            eprintln!("{}", outcomes.why_nothing());
            code = ExitCode::from(FINDING);
        }
        if !outcomes.unread.is_empty() {
            let unread = Unread::new(&outcomes.unread, outcomes.country);
            write(format_args!("\n{}", unread.view(self.show_unrecognized)));
            write(format_args!("{}", outcomes.hints()));
            write(format_args!("{}", unread.how_to_explain(&called::tool())));
        }
        Ok(code)
    }
}

/// The content that an attribute of a message must have.
fn wanted(attribute: &str) -> &'static str {
    match attribute {
        "date" => "must be milliseconds or seconds since 1970, such as 1760000000000",
        _ => "is missing or bad",
    }
}

/// The text of a backup. The app can put it into a zip file.
/// The messages of a file. The same app also writes backups of calls, as a file beside that of the messages.
fn backup(file: &Path) -> anyhow::Result<Backup> {
    let text = unzipped(file)?;
    match read_backup(&text) {
        Err(ImportError::NotAnExport) if text.contains("<calls") => bail!(
            "{}: holds calls, not messages: import the file of messages (sms-….xml), or export the messages too",
            file.display()
        ),
        read => read.with_context(|| file.display().to_string()),
    }
}

fn unzipped(file: &Path) -> anyhow::Result<String> {
    let bytes = std::fs::read(file).with_context(|| file.display().to_string())?;
    if bytes.starts_with(ZIP) {
        bail!(
            "{}: is a zip file: unzip it, and import the XML file in it",
            file.display()
        );
    }
    String::from_utf8(bytes).with_context(|| file.display().to_string())
}

fn read(file: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(file).with_context(|| file.display().to_string())
}
