//! Hash maps and sets of one report.
//!
//! The standard hasher resists chosen keys, which costs a tenth of a report's time. The keys here belong to one user's
//! ledger, whose length is limited, and the hasher is seeded.

/// A map with a fast hash.
pub(crate) type HashMap<K, V> = std::collections::HashMap<K, V, foldhash::fast::RandomState>;

/// A set with a fast hash.
pub(crate) type HashSet<K> = std::collections::HashSet<K, foldhash::fast::RandomState>;
