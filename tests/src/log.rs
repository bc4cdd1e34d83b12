//! The log lines of a test process.

use std::io::Write;
use std::sync::{Arc, Mutex};

use daftari_platform::telemetry::{Metrics, json_lines};
use serde_json::Value;
use tracing_subscriber::filter::LevelFilter;

/// The lines logged so far. Clones share the same lines.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Captures the functions' log lines from now on. Call it once per process.
    pub fn capture(metrics: Metrics) -> Self {
        Self::capture_from(metrics, LevelFilter::INFO)
    }

    /// The same from a level on, like `AWS_LAMBDA_LOG_LEVEL`.
    pub fn capture_from(metrics: Metrics, level: LevelFilter) -> Self {
        let log = Self::default();
        let writer = log.clone();
        let lines = json_lines(metrics, level, move || writer.clone());
        tracing::subscriber::set_global_default(lines).expect("first subscriber of this process");
        log
    }

    /// The whole text.
    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("lock").clone()).expect("UTF-8")
    }

    /// Every line.
    pub fn lines(&self) -> Vec<Value> {
        let text = self.text();
        let lines = text.lines().map(serde_json::from_str);
        lines.collect::<Result<_, _>>().expect("JSON")
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("lock").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
