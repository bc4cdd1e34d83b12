//! The use of an organization in a minute, counted by all functions: see `rate_limit`.

use daftari_domain::Timestamp;
use daftari_domain::ids::OrganizationId;

use super::attributes::{number, string};
use super::items::ItemReader;
use super::operation::Update;
use super::primary_key::Key;
use super::{Store, StoreError};
use crate::rate_limit::Used;

/// How long a count is kept after the start of its minute. After the minute it is not read.
const COUNTER_KEPT_SECONDS: i64 = 60 * 60;

impl Store {
    /// Adds to the use of an organization in the minute that begins at `window`, and returns the sum. Costs 1 write
    /// unit. Without retries, since the count may be imprecise.
    pub(crate) async fn count_used(
        &self,
        organization: OrganizationId,
        window: Timestamp,
        used: Used,
    ) -> Result<Used, StoreError> {
        let update = Update::new(
            Key::used(organization, window),
            "SET expires_at = :end, #type = :type, v = :layout ADD requests :requests, write_units :units",
        )
        .name("#type", "type")
        .value(":end", number(window.unix_seconds() + COUNTER_KEPT_SECONDS))
        .value(":type", string("used"))
        .value(":layout", number(1))
        .value(":requests", number(used.requests))
        .value(":units", number(used.write_units));
        let item = ItemReader::new(self.table.update_once(update).await?);
        Ok(Used {
            requests: item.number("requests")?,
            write_units: item.number("write_units")?,
        })
    }
}
