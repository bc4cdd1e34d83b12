//! Waits between tries.

use std::time::Duration;

use super::StoreError;

/// Tries at one contended page. With waits of up to [`LONGEST`] this outlasts any request's time budget, so in practice
/// the budget ends the tries. The count is the last limit.
const MAX_TRIES: u32 = 60;
const FIRST: Duration = Duration::from_millis(10);
const LONGEST: Duration = Duration::from_millis(400);

/// Exponential waits with full jitter, bounded in number.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    tries: u32,
}

impl Backoff {
    /// Waits before the next try; an error after too many.
    pub(super) async fn wait(&mut self) -> Result<(), StoreError> {
        self.tries += 1;
        if self.tries >= MAX_TRIES {
            return Err(StoreError::Contended);
        }
        let ceiling = FIRST.saturating_mul(1 << self.tries.min(10)).min(LONGEST);
        let ceiling_us = u64::try_from(ceiling.as_micros()).unwrap_or(u64::MAX);
        tokio::time::sleep(Duration::from_micros(fastrand::u64(0..=ceiling_us))).await;
        Ok(())
    }
}
