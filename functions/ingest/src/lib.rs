//! Appends to a user's ledger: records, and messages that become records. Also lists unread wordings.

mod arithmetic;
mod get_unrecognized;
mod hints;
mod learning;
mod post_ledger;
mod post_messages;
mod received_at;
mod rejected;
mod tally;
mod warm_up;

use daftari_platform::Platform;
use daftari_platform::cursor::CursorKey;
use daftari_platform::http::{self, FunctionService};
use daftari_platform::identity::CounterpartyKey;

pub use warm_up::warm_up;

daftari_platform::endpoints! {
    POST_LEDGER => post_ledger,
    POST_MESSAGES => post_messages,
    GET_UNRECOGNIZED => get_unrecognized,
}

/// The function as a service.
pub fn service(platform: Platform, cursors: CursorKey, counterparties: CounterpartyKey) -> FunctionService {
    http::service(endpoints().sharing(cursors).sharing(counterparties), platform)
}
