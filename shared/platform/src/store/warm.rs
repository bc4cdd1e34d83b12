//! Making the connection before it is needed.

use std::time::Duration;

use aws_sdk_dynamodb::config::Builder;
use aws_sdk_dynamodb::config::retry::RetryConfig;

use super::Store;
use super::items::string;
use super::key::{Key, PK};

/// Longest time a start waits for the table. A function that starts without a connection still works.
const PATIENCE: Duration = Duration::from_secs(2);

/// What a function's requests read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// Single items.
    Items,
    /// Ledgers, by queries, and single items.
    Ledgers,
}

impl Store {
    /// Reads what does not exist, as the first request will read what does, so that root certificates, connections and
    /// TLS sessions are there when it comes, and the code on the way has run once. Three calls at once, because as many
    /// are made by the first request that reads a ledger. Costs one and a half read units. A failure is left to the
    /// first request, which has its time budget and an answer for it.
    pub async fn warm(&self, reads: Reads) {
        let item = || {
            self.client
                .get_item()
                .table_name(&self.table)
                .set_key(Some(Key::nothing().into_attributes()))
                .customize()
                .config_override(once())
                .send()
        };
        let query = || {
            let key = Key::nothing();
            self.query()
                .key_condition_expression("#pk = :pk")
                .expression_attribute_names("#pk", PK)
                .expression_attribute_values(":pk", string(key.pk))
                .customize()
                .config_override(once())
                .send()
        };
        let third = async {
            match reads {
                Reads::Items => item().await.is_ok(),
                Reads::Ledgers => query().await.is_ok(),
            }
        };
        let all = async { tokio::join!(item(), item(), third) };
        let answered = tokio::time::timeout(PATIENCE, all).await;
        if !matches!(answered, Ok((Ok(_), Ok(_), true))) {
            tracing::warn!(target: "daftari::start", "the table did not answer while the function started");
        }
    }
}

/// A call that is not repeated.
fn once() -> Builder {
    Builder::new().retry_config(RetryConfig::disabled())
}
