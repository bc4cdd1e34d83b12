//! The time of day, which tests can stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use daftari_domain::Timestamp;

/// The source of the current time.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// Seconds since the epoch, set by a test.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that shows the same time until it is set.
    pub fn manual(at: Timestamp) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(at.unix_seconds())))
    }

    /// Moves a manual clock; the system's clock cannot be moved.
    pub fn advance(&self, seconds: i64) {
        if let Self::Manual(at) = self {
            at.fetch_add(seconds, Ordering::SeqCst);
        }
    }

    /// The current instant.
    pub fn now(&self) -> Timestamp {
        let seconds = match self {
            Self::System => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |elapsed| i64::try_from(elapsed.as_secs()).unwrap_or(i64::MAX)),
            Self::Manual(at) => at.load(Ordering::SeqCst),
        };
        Timestamp::from_unix_seconds(seconds).unwrap_or(Timestamp::EPOCH)
    }
}
