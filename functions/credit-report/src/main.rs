//! The Lambda binary of the credit report function.

use std::process::ExitCode;

use daftari_platform::http::routes;
use daftari_platform::lambda;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::serve(&routes::CREDIT_REPORT, async |platform| {
        Ok(credit_report::service(platform))
    })
    .await
}
