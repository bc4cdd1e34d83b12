//! Which version of the rules reads messages.

/// A number that rises whenever the rules change: what one version does not read, a later one may. `reader.toml` holds it.
pub const READER: u32 = NUMBER;

include!(concat!(env!("OUT_DIR"), "/reader.rs"));
