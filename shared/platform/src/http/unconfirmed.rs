//! Whether a verified token has been invalidated, for an extractor that asks later.

use crate::error::Error;
use crate::identity::Principal;
use crate::platform::Platform;
use crate::store::Store;

/// Fails for a token that has been invalidated.
pub(super) async fn confirm(platform: &Platform, store: &Store, principal: &Principal) -> Result<(), Error> {
    if platform.accepts(store, principal).await? {
        Ok(())
    } else {
        Err(Error::Unauthenticated)
    }
}

/// A token that verifies but may have been invalidated.
#[derive(Debug)]
pub(super) struct UnconfirmedToken {
    platform: Platform,
    store: Store,
    principal: Principal,
}

impl UnconfirmedToken {
    pub(super) const fn new(platform: Platform, store: Store, principal: Principal) -> Self {
        Self {
            platform,
            store,
            principal,
        }
    }

    /// Fails if it has been invalidated.
    pub(super) async fn confirm(&self) -> Result<(), Error> {
        Box::pin(confirm(&self.platform, &self.store, &self.principal)).await
    }
}
