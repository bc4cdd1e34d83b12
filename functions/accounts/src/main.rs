//! The Lambda binary of the accounts function.

use daftari_platform::{Platform, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    telemetry::init();
    let platform = Platform::from_env().await?;
    lambda_http::run(accounts::service(platform)).await
}
