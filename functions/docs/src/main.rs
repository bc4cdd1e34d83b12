//! The Lambda binary of the docs function.

use std::process::ExitCode;

use daftari_platform::http::routes;
use daftari_platform::lambda;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::serve_without_table(&routes::DOCS, docs::service).await
}
