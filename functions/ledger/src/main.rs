//! The Lambda binary of the ledger function.

use std::process::ExitCode;

use daftari_platform::cursor::CursorKey;
use daftari_platform::http::routes;
use daftari_platform::lambda;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::serve(&routes::LEDGER, async |platform| {
        Ok(ledger::service(platform, CursorKey::from_env()?))
    })
    .await
}
