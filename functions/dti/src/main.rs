//! The Lambda binary of the dti function.

use std::process::ExitCode;

use daftari_platform::http::routes;
use daftari_platform::lambda;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::serve(&routes::DTI, async |platform| Ok(dti::service(platform))).await
}
