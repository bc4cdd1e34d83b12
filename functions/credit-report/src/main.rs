//! The Lambda binary of the credit report function.

use std::process::ExitCode;

use daftari_platform::lambda;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::serve("credit-report", async |platform| {
        Ok(credit_report::service(platform))
    })
    .await
}
