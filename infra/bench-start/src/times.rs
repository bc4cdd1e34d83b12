//! Statistics of durations.

use std::time::Duration;

/// The median of sorted times.
pub(crate) fn median(sorted: &[Duration]) -> Duration {
    sorted[sorted.len() / 2]
}

/// Milliseconds with two decimals.
pub(crate) fn milliseconds(time: Duration) -> String {
    format!("{}.{:02}", time.as_millis(), time.as_micros() % 1_000 / 10)
}

/// A ratio in hundredths.
pub(crate) fn percent(time: Duration, base: Duration) -> u128 {
    time.as_micros() * 100 / base.as_micros().max(1)
}

/// Formats hundredths with two decimals.
pub(crate) fn ratio(percent: u128) -> String {
    format!("{}.{:02}", percent / 100, percent % 100)
}
