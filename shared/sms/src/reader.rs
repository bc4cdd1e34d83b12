//! The version of the rules that read messages.

/// A number that rises whenever the rules change: a later version may read messages that this one does not. It counts
/// the versions of `reader.toml`.
pub const READER: u32 = NUMBER;

include!(concat!(env!("OUT_DIR"), "/reader.rs"));
