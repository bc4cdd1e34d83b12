//! The origin and the time of a sign-in.

use daftari_domain::Timestamp;
use daftari_platform::http::SourceAddress;
use daftari_platform::identity::Network;

/// The origin and the time of a sign-in.
#[derive(Clone, Copy)]
pub(crate) struct Visit {
    pub(crate) network: Network,
    pub(crate) now: Timestamp,
}

impl Visit {
    pub(crate) fn new(address: SourceAddress, now: Timestamp) -> Self {
        Self {
            network: Network::of(address.0),
            now,
        }
    }
}
