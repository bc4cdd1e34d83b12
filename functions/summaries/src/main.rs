//! The Lambda binary of the summaries function.

use std::process::ExitCode;

use daftari_platform::lambda;
use daftari_platform::store::Reads;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::serve("summaries", Reads::Ledgers, async |platform| {
        Ok(summaries::service(platform))
    })
    .await
}
