//! The Lambda binary of the ingest function.

use std::process::ExitCode;

use daftari_platform::lambda;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::serve("ingest", async |platform| Ok(ingest::service(platform))).await
}
