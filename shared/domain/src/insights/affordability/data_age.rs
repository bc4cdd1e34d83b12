//! Whether the data suffice for an answer.

use super::request::Policy;
use crate::Record;
use crate::insights::scope::Scope;
use crate::time::DAY_SECONDS;

/// Whether the history is shorter than the policy requires.
pub(super) fn is_short(scope: &Scope<'_>, policy: &Policy) -> bool {
    scope.history_days().unwrap_or(0) < policy.min_history_days.into()
}

/// Whether the newest record is older than the policy allows.
pub(super) fn is_stale(scope: &Scope<'_>, latest: &Record, policy: &Policy) -> bool {
    let age = scope.as_of.unix_seconds() - latest.timestamp.unix_seconds();
    age > i64::from(policy.max_age_days) * DAY_SECONDS
}
