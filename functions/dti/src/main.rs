//! The Lambda binary of the dti function.

use std::process::ExitCode;

use daftari_platform::lambda;
use daftari_platform::store::Reads;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::serve("dti", Reads::Ledgers, async |platform| {
        Ok(dti::service(platform))
    })
    .await
}
