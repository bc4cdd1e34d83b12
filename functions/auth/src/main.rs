//! The Lambda binary of the auth function.

use daftari_platform::{Platform, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    telemetry::init();
    let platform = Platform::from_env().await?;
    let issuer = auth::issuer_from_env()?;
    lambda_http::run(auth::service(platform, issuer)).await
}
