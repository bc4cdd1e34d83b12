//! The Lambda binary of the accounts function.

use std::process::ExitCode;

use daftari_platform::http::routes;
use daftari_platform::lambda;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::serve(&routes::ACCOUNTS, async |platform| Ok(accounts::service(platform))).await
}
