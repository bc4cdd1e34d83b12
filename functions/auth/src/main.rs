//! The Lambda binary of the auth function.

use std::process::ExitCode;

use daftari_platform::http::routes;
use daftari_platform::lambda;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::serve(&routes::AUTH, async |platform| {
        let issuer = auth::Issuer::from_env(&platform).await?;
        Ok(auth::service(platform, issuer))
    })
    .await
}
