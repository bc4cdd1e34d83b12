//! The Lambda binary of the users function.

use std::process::ExitCode;

use daftari_platform::cursor::CursorKey;
use daftari_platform::lambda;
use daftari_platform::store::Reads;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::serve("users", Reads::Ledgers, async |platform| {
        Ok(users::service(platform, CursorKey::from_env()?))
    })
    .await
}
