//! Appending to a user's ledger: records, and messages that become records.

mod messages;
mod records;
mod rehearsal;
mod rejected;
mod wire;

use daftari_platform::Platform;
use daftari_platform::http::{self, FunctionService};

pub use rehearsal::rehearse;

daftari_platform::endpoints! {
    POST_LEDGER => records::post_ledger,
    POST_MESSAGES => messages::post_messages,
}

/// The function as a service.
pub fn service(platform: Platform) -> FunctionService {
    http::service(endpoints(), platform)
}
