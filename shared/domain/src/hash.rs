//! Hash maps and sets of one report.
//!
//! The standard hasher withstands chosen keys, and takes a tenth of a report's time for it. Keys here are of one user's
//! ledger, whose length is limited, and the hasher is seeded.

/// A map by a fast hash.
pub(crate) type HashMap<K, V> = std::collections::HashMap<K, V, foldhash::fast::RandomState>;

/// A set by a fast hash.
pub(crate) type HashSet<K> = std::collections::HashSet<K, foldhash::fast::RandomState>;
