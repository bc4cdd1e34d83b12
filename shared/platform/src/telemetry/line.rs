//! A log line: one flat JSON object.

use std::fmt::{self, Debug};

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use super::metrics::Metrics;
use super::targets::{CHECKS_TARGET, MESSAGES_TARGET, REQUEST_TARGET};

/// Writes an event as `timestamp`, `level`, `target` and the event's own fields. Lines about requests, messages and
/// checks also get the metric fields.
pub(super) struct JsonLine {
    metrics: Metrics,
}

impl JsonLine {
    pub(super) const fn new(metrics: Metrics) -> Self {
        Self { metrics }
    }
}

impl<S, N> FormatEvent<S, N> for JsonLine
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, _: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let mut time = String::new();
        SystemTime.format_time(&mut Writer::new(&mut time))?;
        let mut line = Line(Map::new());
        line.set("timestamp", time);
        line.set("level", event.metadata().level().as_str());
        line.set("target", event.metadata().target());
        event.record(&mut line);
        match event.metadata().target() {
            REQUEST_TARGET => self.metrics.add_to(&mut line.0),
            MESSAGES_TARGET => self.metrics.add_unread_to(&mut line.0),
            CHECKS_TARGET => self.metrics.add_contradicted_to(&mut line.0),
            _ => {}
        }
        writeln!(writer, "{}", Value::Object(line.0))
    }
}

struct Line(Map<String, Value>);

impl Line {
    fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.0.insert(name.to_owned(), value.into());
    }
}

impl Visit for Line {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.set(field.name(), value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.set(field.name(), value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.set(field.name(), value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.set(field.name(), value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.set(field.name(), value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.set(field.name(), format!("{value:?}"));
    }
}
