//! The verdict on a reading.

/// The verdict on a reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As expected.
    Right,
    /// Not read, though it should be.
    Unrecognized,
    /// Read as something else; the text describes the difference.
    Wrong(String),
    /// Nothing was to be recorded and nothing was.
    NotFinancial,
    /// The line states nothing to compare.
    NotCompared,
}
