//! The Lambda binary of the console function.

use std::process::ExitCode;

use daftari_platform::http::routes;
use daftari_platform::lambda;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::serve_without_table(&routes::CONSOLE, console::service).await
}
