//! The Lambda binary of the ledger function.

use std::process::ExitCode;

use daftari_platform::cursor::CursorKey;
use daftari_platform::lambda;
use daftari_platform::store::Reads;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::serve("ledger", Reads::Ledgers, async |platform| {
        Ok(ledger::service(platform, CursorKey::from_env()?))
    })
    .await
}
