//! The Lambda binary of the summaries function.

use std::process::ExitCode;

use daftari_platform::http::routes;
use daftari_platform::lambda;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::serve(&routes::SUMMARIES, async |platform| Ok(summaries::service(platform))).await
}
