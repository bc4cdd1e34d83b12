//! Warm-up: opens the connections to the table during the cold start.

use std::time::Duration;

use super::Store;
use super::operation::Query;
use super::primary_key::Key;

/// Longest time a start waits for the table. A function that starts without a connection still works.
const PATIENCE: Duration = Duration::from_secs(2);

/// The reads that warm up a function: of the kind that its requests make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WarmUp {
    /// Single items.
    Items,
    /// Ledgers, by queries, as well as single items.
    Ledgers,
}

impl Store {
    /// Pre-warms the connections: reads a missing key three times at once, because the first request that reads a
    /// ledger makes as many calls. This parses the root certificates, opens connections and TLS sessions, and runs the
    /// code once. Costs one and a half read units. A failure is only logged: the first request has its own time budget
    /// and its own error handling.
    pub async fn warm_up(&self, reads: WarmUp) {
        let item = || self.table.answers_get(Key::nothing());
        let query = || self.table.answers_query(Query::partition(Key::nothing().pk));
        let third = async {
            match reads {
                WarmUp::Items => item().await,
                WarmUp::Ledgers => query().await,
            }
        };
        let all = async { tokio::join!(item(), item(), third) };
        let answered = tokio::time::timeout(PATIENCE, all).await;
        if answered != Ok((true, true, true)) {
            tracing::warn!(target: "daftari::start", "the table did not answer while the function started");
        }
    }
}
