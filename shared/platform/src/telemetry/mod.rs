//! Logs: one JSON line per request, which may also be an EMF record.
//!
//! A failure is logged once, here, when it is turned into an answer. Field names include units. Never logged: tokens,
//! passwords, bodies, SMS texts, names, emails, phone numbers, query strings, paths with their ids.

mod line;
mod metrics;
mod targets;

use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tracing::Level;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;

use self::targets::{CHECKS_TARGET, MESSAGES_TARGET, REQUEST_TARGET};
use crate::error::Error;
use crate::store::Usage;
use crate::wording::Logged;

pub use metrics::Metrics;

/// Writes log lines to standard output as JSON. Call it once, at the start of `main`; later calls change nothing.
///
/// `AWS_LAMBDA_LOG_LEVEL` sets the minimum level (`error`, `warn`, `info`, `debug`, `trace`); the default is `info`.
/// Levels below `info` apply only to Daftari's own lines, because libraries log whole events and calls there, with
/// passwords, tokens and texts.
pub fn init(metrics: Metrics) {
    let level = std::env::var("AWS_LAMBDA_LOG_LEVEL").ok();
    let level = level
        .and_then(|text| text.parse::<LevelFilter>().ok())
        .unwrap_or(LevelFilter::INFO);
    let lines = json_lines(metrics, level, std::io::stdout);
    let _ = tracing::subscriber::set_global_default(lines);
}

/// Prefix of the targets of Daftari's own lines.
const OWN_TARGETS: &str = "daftari";

/// The subscriber of [`init`], with another writer.
pub fn json_lines<W>(metrics: Metrics, level: LevelFilter, writer: W) -> impl tracing::Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt::layer()
        .event_format(line::JsonLine::new(metrics))
        .with_writer(writer);
    let shown = Targets::new()
        .with_default(level.min(LevelFilter::INFO))
        .with_target(OWN_TARGETS, level);
    tracing_subscriber::registry().with(lines).with(shown)
}

/// Most messages or records of one line: the most values that the embedded metric format accepts for a metric.
const MAX_OF_LINE: usize = 100;

/// The outcome of messages of one sender, by the template that read them, if any.
#[derive(Clone, Copy, Debug)]
pub struct MessagesLine<'a> {
    /// A sender that the directory knows; one fixed word for all others, because they may be persons.
    pub sender: &'a str,
    /// The institution of the template; empty if no template read them.
    pub institution: &'a str,
    /// The template; empty if no template read them.
    pub template: &'a str,
    /// `read`, `unrecognized` or `not_financial`.
    pub outcome: &'a str,
    /// How many messages.
    pub messages: usize,
}

/// The results of checking the records of one sender against balances, by the template or rule that read them.
#[derive(Clone, Copy, Debug)]
pub struct ChecksLine<'a> {
    /// As in [`MessagesLine`].
    pub sender: &'a str,
    /// The institution of the template.
    pub institution: &'a str,
    /// The template or rule.
    pub template: &'a str,
    /// `confirmed`, `contradicted`, `reversed` or `uncheckable`.
    pub check: &'a str,
    /// How many records.
    pub records: usize,
}

/// Logs the outcome of messages: one line, or several for many messages.
pub fn log_messages(line: &MessagesLine<'_>) {
    for messages in parts(line.messages) {
        tracing::info!(
            target: MESSAGES_TARGET,
            sender = line.sender,
            institution = line.institution,
            template = line.template,
            outcome = line.outcome,
            messages,
            "messages"
        );
    }
}

/// Logs the results of checks: one line, or several for many records.
pub fn log_checks(line: &ChecksLine<'_>) {
    for records in parts(line.records) {
        tracing::info!(
            target: CHECKS_TARGET,
            sender = line.sender,
            institution = line.institution,
            template = line.template,
            check = line.check,
            records,
            "checks"
        );
    }
}

/// A count in parts that fit into a line.
fn parts(count: usize) -> impl Iterator<Item = usize> {
    (0..count)
        .step_by(MAX_OF_LINE)
        .map(move |done| (count - done).min(MAX_OF_LINE))
}

/// The content of a request's log line.
#[derive(Debug)]
pub(crate) struct RequestLine<'a> {
    pub(crate) request_id: &'a str,
    pub(crate) tenant: &'a str,
    pub(crate) method: &'a str,
    pub(crate) route: &'a str,
    pub(crate) status: u16,
    pub(crate) duration: Duration,
    pub(crate) usage: &'a Usage,
    pub(crate) error: Option<&'a Error>,
}

/// The function's version. It lets the alarm of a release distinguish the two versions. Empty outside Lambda.
static FUNCTION_VERSION: LazyLock<String> =
    LazyLock::new(|| std::env::var("AWS_LAMBDA_FUNCTION_VERSION").unwrap_or_default());

pub(crate) fn log_request(line: &RequestLine<'_>) {
    static WARM: AtomicBool = AtomicBool::new(false);
    // The warm-up request is not logged.
    if !tracing::enabled!(target: REQUEST_TARGET, Level::ERROR) {
        return;
    }
    // Whether this is the first request of the process.
    let cold = !WARM.swap(true, Ordering::Relaxed);
    let message = line.error.and_then(Error::logged);
    let message = message.as_ref().map_or("", Logged::as_str);
    let duration_ms = u64::try_from(line.duration.as_millis()).unwrap_or(u64::MAX);
    let (read_units, write_units) = (line.usage.read_units(), line.usage.write_units());
    macro_rules! emit {
        ($level:expr) => {
            tracing::event!(
                target: REQUEST_TARGET,
                $level,
                request_id = line.request_id,
                tenant = line.tenant,
                method = line.method,
                route = line.route,
                status = line.status,
                duration_ms,
                read_units,
                write_units,
                cold,
                version = FUNCTION_VERSION.as_str(),
                error = message,
                "request"
            )
        };
    }
    if line.status >= 500 {
        emit!(Level::ERROR);
    } else {
        emit!(Level::INFO);
    }
}
