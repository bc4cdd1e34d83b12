//! CloudWatch metrics in log lines, in the embedded metric format (EMF).
//!
//! CloudWatch extracts metrics from log lines that list which of their fields are metrics; the function makes no calls.
//! The specification:
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

use crate::config::{self, ConfigError};

/// The variable that enables metrics.
const VARIABLE: &str = "DAFTARI_METRICS";

const NAMESPACE: &str = "Daftari";

/// The metric of messages, with its unit; once for each sender that the directory knows, and once for all others.
const UNREAD: (&str, &str) = ("UnreadPercent", "Percent");

/// The metric of records that were checked against balances, with its unit; by sender like [`UNREAD`].
const CONTRADICTED: (&str, &str) = ("ContradictedPercent", "Percent");

/// Every metric of requests, with its unit.
const METRICS: [(&str, &str); 6] = [
    ("Requests", "Count"),
    ("ClientErrors", "Count"),
    ("ServerErrors", "Count"),
    ("DurationMs", "Milliseconds"),
    ("ReadUnits", "Count"),
    ("WriteUnits", "Count"),
];

/// Only this module's parent writes lines with metrics.
const COMPLETE: &str = "the line of a target has every number that its metrics need";

/// Whether the lines of requests and messages are metric records too.
///
/// Each metric exists once for each function of a service: requests, those answered with a 4xx and a 5xx, their
/// duration, and the read and write units that they consumed. `UnreadPercent` and `ContradictedPercent` exist once for
/// each sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Metrics {
    /// No metrics.
    None,
    /// Metrics in the embedded metric format.
    Embedded {
        /// The service, which distinguishes deployments in one account.
        service: String,
        /// The function.
        function: &'static str,
    },
}

impl Metrics {
    /// Reads `DAFTARI_METRICS`: `emf`, or `none`, which is the default. The service is `DAFTARI_SERVICE`, or else the
    /// name of the table.
    pub fn from_env(function: &'static str) -> Result<Self, ConfigError> {
        let service = || {
            let named = config::optional("DAFTARI_SERVICE")?;
            let table = config::optional("DAFTARI_TABLE")?;
            Ok(named.or(table).unwrap_or_else(|| "daftari".to_owned()))
        };
        match config::optional(VARIABLE)?.as_deref() {
            None | Some("none") => Ok(Self::None),
            Some("emf") => Ok(Self::Embedded {
                service: service()?,
                function,
            }),
            Some(_) => Err(ConfigError::new(VARIABLE, "must be emf or none")),
        }
    }

    /// Adds the metric fields to a line about messages. Each message of a sender counts 100 if it seems to concern
    /// money and is not read, and 0 if it is read. So the average is the percentage of the sender's unread messages.
    pub(super) fn add_unread_to(&self, line: &mut Map<String, Value>) {
        let value = match line.get("outcome").and_then(Value::as_str) {
            Some("unrecognized") => 100,
            Some("read") => 0,
            _ => return,
        };
        self.add_share_to(line, UNREAD, value, "messages");
    }

    /// Adds the metric fields to a line about checks. Each record of a sender counts 100 if the balances contradict it,
    /// and 0 if they confirm it. Records that cannot be checked do not count.
    pub(super) fn add_contradicted_to(&self, line: &mut Map<String, Value>) {
        let value = match line.get("check").and_then(Value::as_str) {
            Some("contradicted" | "reversed") => 100,
            Some("confirmed") => 0,
            _ => return,
        };
        self.add_share_to(line, CONTRADICTED, value, "records");
    }

    /// Adds a metric by sender with one value for each of the line's `counted`.
    fn add_share_to(&self, line: &mut Map<String, Value>, metric: (&str, &str), value: u8, counted: &str) {
        let Self::Embedded { service, .. } = self else {
            return;
        };
        let count = line.get(counted).and_then(Value::as_u64);
        let count = count.expect(COMPLETE);
        let values: Vec<Value> = (0..count).map(|_| json!(value)).collect();
        line.insert("_aws".to_owned(), directive(&["service", "sender"], &[metric]));
        line.insert("service".to_owned(), json!(service));
        line.insert(metric.0.to_owned(), Value::Array(values));
    }

    /// Adds the metric fields to the line of a request.
    pub(super) fn add_to(&self, line: &mut Map<String, Value>) {
        let Self::Embedded { service, function } = self else {
            return;
        };
        let number = |name: &str| {
            line.get(name)
                .filter(|value| value.is_number())
                .expect(COMPLETE)
                .clone()
        };
        let status = number("status").as_u64().expect(COMPLETE);
        let values = [
            json!(1),
            json!(u8::from((400..500).contains(&status))),
            json!(u8::from(status >= 500)),
            number("duration_ms"),
            number("read_units"),
            number("write_units"),
        ];
        line.insert("_aws".to_owned(), directive(&["service", "function"], &METRICS));
        line.insert("service".to_owned(), json!(service));
        line.insert("function".to_owned(), json!(function));
        for ((name, _), value) in METRICS.iter().zip(values) {
            line.insert((*name).to_owned(), value);
        }
    }
}

/// Lists the fields of a line that are dimensions and metrics.
fn directive(dimensions: &[&str], metrics: &[(&str, &str)]) -> Value {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let described = metrics.iter();
    let described: Vec<Value> = described
        .map(|(name, unit)| json!({ "Name": name, "Unit": unit }))
        .collect();
    json!({
        "Timestamp": u64::try_from(now.as_millis()).unwrap_or(u64::MAX),
        "CloudWatchMetrics": [{
            "Namespace": NAMESPACE,
            "Dimensions": [dimensions],
            "Metrics": described,
        }],
    })
}
