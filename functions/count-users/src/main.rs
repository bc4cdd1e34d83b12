//! The Lambda binary of the function that counts users.

use std::process::ExitCode;

use count_users::{PAUSE, count_users};
use daftari_platform::Clock;
use daftari_platform::http::routes;
use daftari_platform::lambda;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::serve_schedule(&routes::COUNT_USERS, async |store| {
        count_users(store, || Clock::System.now(), PAUSE).await
    })
    .await
}
