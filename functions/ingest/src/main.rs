//! The Lambda binary of the ingest function.

use std::process::ExitCode;

use daftari_platform::cursor::CursorKey;
use daftari_platform::http::routes;
use daftari_platform::identity::CounterpartyKey;
use daftari_platform::lambda;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::serve(&routes::INGEST, async |platform| {
        if lambda::is_initializing() {
            ingest::warm_up();
        }
        Ok(ingest::service(
            platform,
            CursorKey::from_env()?,
            CounterpartyKey::from_env()?,
        ))
    })
    .await
}
