//! The Lambda binary of the auth function.

use std::process::ExitCode;

use daftari_platform::lambda;
use daftari_platform::store::Reads;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::serve("auth", Reads::Items, async |platform| {
        let issuer = auth::Issuer::from_env(&platform).await?;
        Ok(auth::service(platform, issuer))
    })
    .await
}
