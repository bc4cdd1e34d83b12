//! The room of a ledger.
//!
//! A ledger is read as a whole, so its records must fit into memory together. Every month has an allowance of weight.
//! Weight beyond the allowance is *reserved* in one item beside the pages, by month, before the month grows.
//! Reservations grow in steps of a quarter, so that few writes touch the item. The limit of a month is also stored with
//! its pages, so a month below its limit needs no further read or write.

use std::collections::BTreeMap;

use daftari_domain::Month;
use daftari_domain::ledger::limits::{MAX_MONTH_WEIGHT, MAX_RESERVED_WEIGHT, MONTH_ALLOWANCE};

use crate::identity::UserKey;
use crate::store::attributes::Attributes;
use crate::store::backoff::Backoff;
use crate::store::fault::Fault;
use crate::store::items::{ItemBuilder, ItemReader};
use crate::store::operation::Put;
use crate::store::primary_key::Key;
use crate::store::{Store, StoreError};

/// Room is reserved in multiples of this.
const STEP: usize = 16 * 1024;

/// The weight reserved by each month of a ledger. The key is the month, as in `2021-10`.
#[derive(Default)]
struct Reserved {
    version: u64,
    months: BTreeMap<String, usize>,
}

impl Reserved {
    fn read(mut item: ItemReader) -> Result<Self, StoreError> {
        let data = item.binary("data")?;
        Ok(Self {
            version: item.number("version")?,
            months: serde_json::from_slice(&data).map_err(|error| item.corrupt(error))?,
        })
    }

    fn item(&self, user: UserKey) -> Result<Attributes, StoreError> {
        let data = serde_json::to_vec(&self.months);
        let data = data.map_err(|error| StoreError::Refused(error.to_string()))?;
        Ok(ItemBuilder::new(&Key::ledger(user), "ledger")
            .number("version", self.version)
            .binary("data", data)
            .build())
    }

    /// Reserves the weight that a month needs, or the rest of the ledger's room. Returns the month's weight limit.
    fn take(&mut self, month: Month, wanted: usize) -> usize {
        let taken: usize = self.months.values().sum();
        let left = MAX_RESERVED_WEIGHT.saturating_sub(taken);
        let reserved = self.months.entry(month.to_string()).or_default();
        if wanted > *reserved {
            let ahead = (wanted + wanted / 4).next_multiple_of(STEP);
            let more = ahead.min(MAX_MONTH_WEIGHT.max(wanted)) - *reserved;
            *reserved += more.min(left);
        }
        *reserved
    }
}

impl Store {
    /// Raises the weight limit of a month to the weight it needs, or as far as the ledger's room allows. `granted` is
    /// the limit so far. Returns the limit; `None` if the user does not exist.
    pub(super) async fn reserve(
        &self,
        user: UserKey,
        month: Month,
        granted: usize,
        wanted: usize,
    ) -> Result<Option<usize>, StoreError> {
        let granted = granted.max(MONTH_ALLOWANCE);
        if wanted <= granted {
            return Ok(Some(granted));
        }
        let mut backoff = Backoff::default();
        loop {
            let item = self.table.get(Key::ledger(user)).await?;
            let old = item.map(Reserved::read).transpose()?;
            let mut new = Reserved {
                version: old.as_ref().map_or(1, |old| old.version + 1),
                months: old.as_ref().map(|old| old.months.clone()).unwrap_or_default(),
            };
            let room = new.take(month, wanted).max(granted);
            if old.as_ref().is_some_and(|old| old.months == new.months) {
                return Ok(Some(room));
            }
            let written = match &old {
                None => self.create_for(user, new.item(user)?).await,
                Some(old) => self.table.put(Put::replace(new.item(user)?, old.version)).await,
            };
            match (written, old) {
                (Ok(()), _) => return Ok(Some(room)),
                (Err(Fault::Condition), None) => return Ok(None),
                // Another month reserved weight, or an erasure deleted the item and the user.
                (Err(Fault::Condition | Fault::Conflict), _) => backoff.wait().await?,
                (Err(Fault::Error(error)), _) => return Err(error),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use daftari_domain::Timestamp;

    use super::*;

    fn month(number: u32) -> Month {
        let start: Timestamp = format!("2021-{number:02}-01T00:00:00Z").parse().expect("month");
        start.month()
    }

    #[test]
    fn months_take_room_in_steps_until_there_is_none() {
        let mut reserved = Reserved::default();
        assert_eq!(reserved.take(month(1), 40_000), 4 * STEP);
        assert_eq!(reserved.take(month(1), 4 * STEP), 4 * STEP);
        assert_eq!(reserved.take(month(1), 4 * STEP + 1), 6 * STEP);
        // A month reserves at most its maximum weight.
        assert_eq!(reserved.take(month(2), MAX_MONTH_WEIGHT), MAX_MONTH_WEIGHT);
        let rest = reserved.take(month(5), MAX_MONTH_WEIGHT);
        assert_eq!(rest, MAX_RESERVED_WEIGHT - MAX_MONTH_WEIGHT - 6 * STEP);
        assert_eq!(reserved.take(month(5), MAX_MONTH_WEIGHT), rest);
        assert_eq!(reserved.take(month(6), 1), 0);
    }
}
