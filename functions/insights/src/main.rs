//! The Lambda binary of the insights function.

use std::process::ExitCode;

use daftari_platform::http::routes;
use daftari_platform::lambda;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::serve(&routes::INSIGHTS, async |platform| Ok(insights::service(platform))).await
}
