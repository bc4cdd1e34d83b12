//! The Lambda binary of the credit report function.

use std::process::ExitCode;

use daftari_platform::lambda;
use daftari_platform::store::Reads;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::serve("credit-report", Reads::Ledgers, async |platform| {
        Ok(credit_report::service(platform))
    })
    .await
}
