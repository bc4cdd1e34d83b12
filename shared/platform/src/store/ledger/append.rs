//! Appending to a ledger.
//!
//! For each month: read its pages, plan the change, and write it on the condition that nothing changed meanwhile
//! (optimistic locking). A conflict starts the month again, so concurrent writers lose no record. Appending is
//! idempotent: the same batch sent again changes nothing.
//!
//! The first page of a month is created empty, in a transaction that checks that the user exists. From then on plain
//! conditional puts suffice, at half the price of a transaction: erasure deletes pages, so the condition on the page's
//! version also fails for an erased user. A month of several pages is written in one transaction over the pages that
//! change and the list of the month's pages (`month.rs`). If a batch changes more pages than one transaction takes, it
//! is written in parts (`batch.rs`).

use std::collections::BTreeMap;

use futures_util::{StreamExt, TryStreamExt, stream};

use daftari_domain::ledger::{Group, UnpackedMonth};
use daftari_domain::order::sort_by_key;
use daftari_domain::{Month, Record};

use super::appended::Appended;
use super::batch::{MonthBatch, Results};
use super::month::{StoredMonth, are_consistent};
use crate::identity::UserKey;
use crate::store::backoff::Backoff;
use crate::store::fault::Fault;
use crate::store::primary_key::page_sort_keys;
use crate::store::{Store, StoreError};

/// Months written at once.
const PARALLEL_MONTHS: usize = 8;

impl Store {
    /// Stores records, each separately; a record reported as stored is durable. `None` if the user does not exist.
    ///
    /// Idempotent: after an error, some records may be stored and others not. The same batch can be sent again.
    pub async fn append(&self, user: UserKey, records: Vec<Record>) -> Result<Option<Appended>, StoreError> {
        if self.user(user).await?.is_none() {
            return Ok(None);
        }
        let groups = records.into_iter().map(|record| vec![record]);
        self.append_all(user, groups, |month| month).await
    }

    /// Stores the records of messages of a user that the caller has read, a group for each message. The records of one
    /// group and one month are stored together or not at all. A group that only tells movements again which the month
    /// has already ([`ToldMovements`](daftari_domain::ledger::ToldMovements)) is a duplicate. `None` if the user was
    /// erased in the meantime.
    ///
    /// The user is not read again, because every write is conditional. Erasure deletes the pages, so a put of an
    /// existing page fails; the transaction that creates a page checks the profile. A batch that writes nothing checks
    /// nothing.
    pub async fn append_groups(
        &self,
        user: UserKey,
        groups: impl IntoIterator<Item = Group>,
    ) -> Result<Option<Appended>, StoreError> {
        self.append_all(user, groups, UnpackedMonth::dropping_repeats).await
    }

    /// `prepared` sets how a month treats repeats.
    async fn append_all(
        &self,
        user: UserKey,
        groups: impl IntoIterator<Item = Group>,
        prepared: fn(UnpackedMonth) -> UnpackedMonth,
    ) -> Result<Option<Appended>, StoreError> {
        let mut months: BTreeMap<Month, MonthBatch> = BTreeMap::new();
        let mut records = 0;
        for group in groups {
            let mut parts: BTreeMap<Month, (Vec<usize>, Group)> = BTreeMap::new();
            for record in group {
                let part = parts.entry(record.timestamp.month()).or_default();
                part.0.push(records);
                part.1.push(record);
                records += 1;
            }
            for (month, (places, group)) in parts {
                months.entry(month).or_default().push(places, group);
            }
        }
        let written: Vec<_> = stream::iter(months)
            .map(|(month, batch)| self.append_month(user, month, batch, prepared))
            .buffer_unordered(PARALLEL_MONTHS)
            .try_collect()
            .await?;
        let Some(written) = written.into_iter().collect::<Option<Vec<_>>>() else {
            return Ok(None);
        };
        let mut results = Results::with_capacity(records);
        let mut before = Vec::new();
        for (of_month, known) in written {
            results.extend(of_month);
            before.extend(known);
        }
        sort_by_key(&mut results, |(place, _)| *place);
        if results.len() != records {
            let reason = format!("{} results of {records} records", results.len());
            return Err(StoreError::Refused(reason));
        }
        let outcomes = results.into_iter().map(|(_, result)| result).collect();
        Ok(Some(Appended { outcomes, before }))
    }

    /// The results, and the month's records before the first write. `None` if the user does not exist.
    async fn append_month(
        &self,
        user: UserKey,
        month: Month,
        mut batch: MonthBatch,
        prepared: fn(UnpackedMonth) -> UnpackedMonth,
    ) -> Result<Option<(Results, Vec<Record>)>, StoreError> {
        let mut backoff = Backoff::default();
        let mut before = None;
        while !batch.is_done() {
            let Some(stored) = self.month_to_write(user, month).await? else {
                return Ok(None);
            };
            let unpacked = prepared(stored.unpacked(user)?);
            // Reserved room is never given back. So it is reserved only for records that will be stored, not for those
            // that a limit of their second or month refuses.
            let Some(part) = batch.next_part(&stored, &unpacked, usize::MAX) else {
                break;
            };
            let wanted = part.plan.weight;
            let Some(room) = self.reserve(user, month, stored.reserved(), wanted).await? else {
                return Ok(None);
            };
            let part = if wanted > room {
                batch.next_part(&stored, &unpacked, room)
            } else {
                Some(part)
            };
            let Some(part) = part else {
                break;
            };
            match self.write_month(user, &stored, &part.plan, room).await {
                Ok(()) => batch.written(part),
                Err(Fault::Condition | Fault::Conflict) => backoff.wait().await?,
                Err(Fault::Error(error)) => return Err(error),
            }
            before.get_or_insert_with(|| unpacked.into_records());
        }
        Ok(Some((batch.into_results(), before.unwrap_or_default())))
    }

    /// The pages of a month, at least one, consistent with the page list. `None` if the user does not exist.
    async fn month_to_write(&self, user: UserKey, month: Month) -> Result<Option<StoredMonth>, StoreError> {
        let (start, end) = page_sort_keys(month);
        let mut backoff = Backoff::default();
        loop {
            let mut months = self.query_months(user, &start, &end).await?;
            if are_consistent(&months, None) && months.iter().all(StoredMonth::is_current) {
                if let Some(stored) = months.pop() {
                    return Ok(Some(stored));
                }
                match self.create_first_page(user, month).await {
                    Ok(page) => {
                        return Ok(Some(StoredMonth {
                            pages: vec![page],
                            ..StoredMonth::empty(month)
                        }));
                    }
                    Err(Fault::Condition) => return Ok(None),
                    Err(Fault::Conflict) => {}
                    Err(Fault::Error(error)) => return Err(error),
                }
            }
            backoff.wait().await?;
        }
    }
}
