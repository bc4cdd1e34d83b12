//! The Lambda binary of the ingest function.

use std::process::ExitCode;

use daftari_platform::lambda;
use daftari_platform::store::Reads;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::serve("ingest", Reads::Ledgers, async |platform| {
        if lambda::is_initializing() {
            ingest::rehearse();
        }
        Ok(ingest::service(platform))
    })
    .await
}
