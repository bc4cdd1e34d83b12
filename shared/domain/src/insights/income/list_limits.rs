//! Limits of lists.

/// Most streams listed.
pub const MAX_STREAMS: usize = 100;
/// Most record ids of one stream, one reason or one figure.
pub const MAX_RECORD_IDS: usize = 400;
/// Most ids of payments that may be own transfers.
pub(crate) const MAX_POSSIBLE_IDS: usize = 20;
