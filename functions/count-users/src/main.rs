//! The Lambda binary of the function that counts users.

use std::process::ExitCode;

use count_users::{Looks, run};
use daftari_platform::http::routes;
use daftari_platform::lambda;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::serve_schedule(&routes::COUNT_USERS, Looks::from_env, async |store, looks| {
        run(store, *looks).await
    })
    .await
}
