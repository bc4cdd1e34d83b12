//! The Lambda binary of the accounts function.

use std::process::ExitCode;

use daftari_platform::lambda;
use daftari_platform::store::Reads;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::serve("accounts", Reads::Ledgers, async |platform| {
        Ok(accounts::service(platform))
    })
    .await
}
