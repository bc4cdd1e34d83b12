//! Which lists a process has marked lately.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use daftari_domain::Timestamp;

use crate::identity::Tenant;

/// How long a process relies on a mark that it has written.
pub(super) const RELIED_SECONDS: i64 = 10;

/// Most tenants whose marks a process remembers.
const MAX_REMEMBERED: usize = 10_000;

/// The marks that a process has written lately. Cheap to clone; all clones are one.
#[derive(Clone, Debug, Default)]
pub(in crate::store) struct Marks(Arc<Mutex<HashMap<Tenant, Timestamp>>>);

impl Marks {
    pub(super) fn has_recent(&self, tenant: Tenant, now: Timestamp) -> bool {
        let marked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let since = marked.get(&tenant);
        since.is_some_and(|since| (*since..since.plus_seconds(RELIED_SECONDS)).contains(&now))
    }

    pub(super) fn remember(&self, tenant: Tenant, now: Timestamp) {
        let mut marked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if marked.len() >= MAX_REMEMBERED {
            marked.clear();
        }
        marked.insert(tenant, now);
    }
}
