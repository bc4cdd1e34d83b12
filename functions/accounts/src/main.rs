//! The Lambda binary of the accounts function.

use std::process::ExitCode;

use daftari_platform::lambda;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::serve("accounts", async |platform| Ok(accounts::service(platform))).await
}
