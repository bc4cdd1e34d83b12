//! How established a stream is. [`super::stream`] has the rules.

use serde::Serialize;

crate::described! { "StreamStatus";
    /// How established a stream is.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
    pub enum StreamStatus {
        /// It has a frequency and enough events.
        Mature,
        /// Two events so far, and the next is not overdue.
        EarlyDetection,
        /// Two events, and the next one did not come.
        Tombstoned,
        /// No frequency is recognized.
        Unknown,
    }
}
