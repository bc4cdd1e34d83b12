//! Appending to a ledger.
//!
//! Per month: read the month's pages, merge, write back on the condition that nothing changed meanwhile; on conflict
//! again. So losing a race loses no record, and sending a batch again changes nothing.
//!
//! A month's first page is created empty, in a transaction that checks that the user is there; from then on plain
//! conditional puts suffice, at half the price of a transaction, since a page that erasure deleted is not at its
//! version any more. A month of several pages is written in one transaction over all of them, changed or not: a record
//! that is replaced may move from one to another.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::{ConditionCheck, Put, ReturnConsumedCapacity, TransactWriteItem};
use futures_util::{StreamExt, TryStreamExt, stream};

use daftari_domain::ledger::{EncodedPage, Outcome, TooDense, merge, paginate};
use daftari_domain::{Month, Record, Timestamp};

use super::{Attributes, StoredPage, is_consistent};
use crate::identity::UserKey;
use crate::store::backoff::Backoff;
use crate::store::error::Fault;
use crate::store::items::number;
use crate::store::keys::{Key, page_sort_keys};
use crate::store::users::put_action;
use crate::store::{Store, StoreError};

/// Months written at once.
const PARALLEL_MONTHS: usize = 8;

/// Most pages of one month: what one transaction can hold (4 MB) with all of them full.
const MAX_MONTH_PAGES: usize = 12;

/// Why a record was not stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// The ledger holds as many records of this second as it can.
    InstantFull,
    /// The ledger holds as many records of this month as it can.
    MonthFull,
}

/// What became of each record of a batch, in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appended(pub Vec<Result<Outcome, Rejection>>);

/// Records of one month, with their places in the batch.
type MonthBatch = Vec<(usize, Record)>;

/// What a month should become.
struct Plan {
    pages: Vec<EncodedPage>,
    results: Vec<(usize, Result<Outcome, Rejection>)>,
}

impl Store {
    /// Stores records; what is reported stored is durable. `None` if there is no such user.
    ///
    /// An error leaves some months stored and others not; the batch can be sent again as it is.
    pub async fn append(
        &self,
        user: UserKey,
        records: Vec<Record>,
    ) -> Result<Option<Appended>, StoreError> {
        if self.user(user).await?.is_none() {
            return Ok(None);
        }
        let mut results: Vec<Result<Outcome, Rejection>> =
            vec![Ok(Outcome::Duplicate); records.len()];
        let mut months: BTreeMap<Month, MonthBatch> = BTreeMap::new();
        for (at, record) in records.into_iter().enumerate() {
            months
                .entry(record.timestamp.month())
                .or_default()
                .push((at, record));
        }
        let written: Vec<_> = stream::iter(months)
            .map(|(month, batch)| self.append_month(user, month, batch))
            .buffer_unordered(PARALLEL_MONTHS)
            .try_collect()
            .await?;
        for month in written {
            let Some(month) = month else {
                return Ok(None);
            };
            for (at, result) in month {
                results[at] = result;
            }
        }
        Ok(Some(Appended(results)))
    }

    /// `None` if there is no such user.
    async fn append_month(
        &self,
        user: UserKey,
        month: Month,
        batch: MonthBatch,
    ) -> Result<Option<Vec<(usize, Result<Outcome, Rejection>)>>, StoreError> {
        let (start, end) = page_sort_keys(month);
        let mut backoff = Backoff::default();
        loop {
            let mut stored = self.query_pages(user, &start, &end).await?;
            if !is_consistent(&stored, None) {
                backoff.wait().await?;
                continue;
            }
            if stored.is_empty() {
                match self.create_first_page(user, month).await {
                    Ok(page) => stored.push(page),
                    Err(Fault::Condition) => return Ok(None),
                    Err(Fault::Conflict) => {
                        backoff.wait().await?;
                        continue;
                    }
                    Err(Fault::Error(error)) => return Err(error),
                }
            }
            let plan = plan(user, month, &stored, &batch)?;
            match self.write_month(user, &stored, &plan.pages).await {
                Ok(()) => return Ok(Some(plan.results)),
                Err(Fault::Condition | Fault::Conflict) => backoff.wait().await?,
                Err(Fault::Error(error)) => return Err(error),
            }
        }
    }

    /// [`Fault::Condition`] if there is no such user.
    async fn create_first_page(&self, user: UserKey, month: Month) -> Result<StoredPage, Fault> {
        let page = StoredPage {
            start: month.start(),
            end: month.end(),
            version: 0,
            bytes: daftari_domain::ledger::codec::encode(&[]),
        };
        self.create_for(user, page.item(user, 0)).await?;
        Ok(page)
    }

    /// Turns the stored pages of a month into others, if they are still as they were read.
    async fn write_month(
        &self,
        user: UserKey,
        stored: &[StoredPage],
        pages: &[EncodedPage],
    ) -> Result<(), Fault> {
        let version_of = |start: Timestamp| stored.iter().find(|page| page.start == start);
        let changed = |page: &EncodedPage| {
            version_of(page.start).is_none_or(|old| old.end != page.end || old.bytes != page.bytes)
        };
        if !pages.iter().any(changed) {
            return Ok(());
        }
        let next = |page: &EncodedPage| {
            let new = StoredPage {
                start: page.start,
                end: page.end,
                version: version_of(page.start).map_or(1, |old| old.version + 1),
                bytes: page.bytes.clone(),
            };
            new.item(user, page.count)
        };
        if let ([old], [new]) = (stored, pages) {
            return self.replace_page(old.version, next(new)).await;
        }
        let mut actions = Vec::with_capacity(pages.len());
        for page in pages {
            actions.push(match version_of(page.start) {
                Some(old) if !changed(page) => self.check_page(user, old)?,
                Some(old) => put_action(
                    self.put_page(next(page), "version = :version")
                        .expression_attribute_values(":version", number(old.version)),
                )?,
                None => put_action(self.put_page(next(page), "attribute_not_exists(PK)"))?,
            });
        }
        self.transact_checking(actions, None).await
    }

    async fn replace_page(&self, version: u64, item: Attributes) -> Result<(), Fault> {
        let answer = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item))
            .condition_expression("version = :version")
            .expression_attribute_values(":version", number(version))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(Fault::of)?;
        self.usage.add_write(answer.consumed_capacity());
        Ok(())
    }

    fn put_page(
        &self,
        item: Attributes,
        condition: &str,
    ) -> aws_sdk_dynamodb::types::builders::PutBuilder {
        Put::builder()
            .table_name(&self.table)
            .set_item(Some(item))
            .condition_expression(condition)
    }

    fn check_page(&self, user: UserKey, page: &StoredPage) -> Result<TransactWriteItem, Fault> {
        let check = ConditionCheck::builder()
            .table_name(&self.table)
            .set_key(Some(Key::page(user, page.start).into_attributes()))
            .condition_expression("version = :version")
            .expression_attribute_values(":version", number(page.version))
            .build()
            .map_err(|error| Fault::Error(StoreError::Refused(error.to_string())))?;
        Ok(TransactWriteItem::builder().condition_check(check).build())
    }
}

/// Merges a batch into a month's pages. Records that no page can hold are left out, each with its reason.
fn plan(
    user: UserKey,
    month: Month,
    stored: &[StoredPage],
    batch: &MonthBatch,
) -> Result<Plan, StoreError> {
    let starts: Vec<_> = stored.iter().map(|page| page.start).collect();
    let mut existing = Vec::new();
    for page in stored {
        existing.extend(page.records(user)?);
    }
    let mut rejected: BTreeMap<usize, Rejection> = BTreeMap::new();
    loop {
        let taken: Vec<_> = batch
            .iter()
            .filter(|(at, _)| !rejected.contains_key(at))
            .collect();
        let merged = merge(
            existing.clone(),
            taken.iter().map(|(_, record)| record.clone()),
        );
        // Each round rejects at least one record of the batch, so there are few.
        match paginate(month, &starts, &merged.records) {
            Ok(pages) if pages.len() <= MAX_MONTH_PAGES => {
                let stored = taken
                    .iter()
                    .map(|(at, _)| *at)
                    .zip(merged.outcomes.into_iter().map(Ok));
                let results = stored
                    .chain(rejected.into_iter().map(|(at, reason)| (at, Err(reason))))
                    .collect();
                return Ok(Plan { pages, results });
            }
            Ok(_) => rejected.extend(taken.iter().map(|(at, _)| (*at, Rejection::MonthFull))),
            Err(TooDense { at: instant }) => {
                let before = rejected.len();
                let dense = taken
                    .iter()
                    .filter(|(_, record)| record.timestamp == instant);
                rejected.extend(dense.map(|(at, _)| (*at, Rejection::InstantFull)));
                if rejected.len() == before {
                    return Err(StoreError::Refused(format!(
                        "month {month} holds an instant that no page can hold"
                    )));
                }
            }
        }
    }
}
