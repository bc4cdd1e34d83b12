//! The layout of the items that find a tenant's users.
//!
//! The layout is an attribute of the directory's head, and each profile has the layout in which it was written. A
//! tenant only moves to a later layout, so a cached layout is a lower bound.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::identity::Tenant;

/// Cache capacity, in tenants.
const MAX_REMEMBERED: usize = 10_000;

/// The items that find users.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Layout {
    /// The index `GSI1` and one partition of terms.
    Single,
    /// Users are written in both layouts, and read in one of them.
    Both,
    /// The list, the directory, the words and the lookups of ids.
    Sharded,
}

impl Layout {
    /// The stored number.
    pub(super) const fn number(self) -> u64 {
        match self {
            Self::Single => 1,
            Self::Both => 2,
            Self::Sharded => 3,
        }
    }

    pub(super) const fn of_number(number: u64) -> Option<Self> {
        match number {
            1 => Some(Self::Single),
            2 => Some(Self::Both),
            3 => Some(Self::Sharded),
            _ => None,
        }
    }

    /// Whether users have items of the single layout.
    pub(super) const fn has_single(self) -> bool {
        matches!(self, Self::Single | Self::Both)
    }

    /// Whether users have items of the sharded layout.
    pub(super) const fn has_sharded(self) -> bool {
        matches!(self, Self::Both | Self::Sharded)
    }
}

/// The layouts that a process knows. Cheap to clone; all clones share the cache.
#[derive(Clone, Debug, Default)]
pub(in crate::store) struct Layouts(Arc<Mutex<HashMap<Tenant, Layout>>>);

impl Layouts {
    pub(super) fn known(&self, tenant: Tenant) -> Option<Layout> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&tenant).copied()
    }

    pub(super) fn remember(&self, tenant: Tenant, layout: Layout) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MAX_REMEMBERED {
            known.clear();
        }
        known.insert(tenant, layout);
    }
}
