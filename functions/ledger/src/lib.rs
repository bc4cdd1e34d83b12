//! Reading a user's ledger.

mod get_ledger;
mod include;
mod query;
mod record_view;

use daftari_platform::Platform;
use daftari_platform::cursor::CursorKey;
use daftari_platform::http::{self, FunctionService};

daftari_platform::endpoints! {
    GET_LEDGER => get_ledger,
}

/// The function as a service.
pub fn service(platform: Platform, cursors: CursorKey) -> FunctionService {
    http::service(endpoints().sharing(cursors), platform)
}
