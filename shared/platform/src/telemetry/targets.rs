//! The targets of the log lines that carry metrics.

/// The line of a request.
pub(super) const REQUEST_TARGET: &str = "daftari::request";
/// The lines of the outcomes of messages.
pub(super) const MESSAGES_TARGET: &str = "daftari::messages";
/// The lines of checks of records against balances.
pub(super) const CHECKS_TARGET: &str = "daftari::checks";
