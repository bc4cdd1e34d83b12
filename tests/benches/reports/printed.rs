//! The printed table.

use std::time::Duration;

/// One row.
pub(crate) struct Row {
    pub(crate) what: &'static str,
    pub(crate) count: u64,
    /// To store all records.
    pub(crate) write_units: f64,
    /// To read one report.
    pub(crate) read_units: f64,
    pub(crate) calls: usize,
    pub(crate) cpu: Duration,
}

pub(crate) fn print(rows: &[Row]) {
    println!(
        "{:<22} {:>8} {:>12} {:>11} {:>6} {:>10}",
        "", "records", "write units", "read units", "calls", "CPU ms"
    );
    for row in rows {
        println!(
            "{:<22} {:>8} {:>12} {:>11} {:>6} {:>10.2}",
            row.what,
            row.count,
            row.write_units,
            row.read_units,
            row.calls,
            row.cpu.as_secs_f64() * 1_000.0
        );
    }
}

pub(crate) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
