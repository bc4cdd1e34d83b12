//! Making the connection before it is needed.

use std::time::Duration;

use aws_sdk_dynamodb::config::Builder;
use aws_sdk_dynamodb::config::retry::RetryConfig;

use super::Store;
use super::keys::Key;

/// Longest time a start waits for the table. A function that starts without a connection still works.
const PATIENCE: Duration = Duration::from_secs(2);

impl Store {
    /// Reads an item that does not exist, three times at once, so that root certificates, connections and TLS sessions
    /// are there when the first request comes, and the code on the way has run once. Three, because the first request
    /// that reads a ledger makes three calls at once. Costs one and a half read units. A failure is left to the first
    /// request, which has its time budget and an answer for it.
    pub async fn warm(&self) {
        let read = || {
            self.client
                .get_item()
                .table_name(&self.table)
                .set_key(Some(Key::nothing().into_attributes()))
                .customize()
                .config_override(Builder::new().retry_config(RetryConfig::disabled()))
                .send()
        };
        let all = futures_util::future::try_join3(read(), read(), read());
        if !matches!(tokio::time::timeout(PATIENCE, all).await, Ok(Ok(_))) {
            tracing::warn!(target: "daftari::start", "the table did not answer while the function started");
        }
    }
}
