//! Writing the pages of a month.

use daftari_domain::Month;
use daftari_domain::ledger::limits::{MAX_INSTANT_BYTES, MAX_MONTH_PAGES};
use daftari_domain::ledger::{EncodedPage, Plan, codec};

use super::StoredPage;
use super::month::StoredMonth;
use crate::identity::UserKey;
use crate::store::call::{ITEM_BYTES, TRANSACTION_ACTIONS, TRANSACTION_BYTES};
use crate::store::fault::Fault;
use crate::store::operation::{Action, Check, Put};
use crate::store::primary_key::Key;
use crate::store::{Store, StoreError};

/// Most bytes of a page without its records: its keys, attribute names and their values.
const PAGE_OVERHEAD_BYTES: usize = 1_000;

/// Most bytes of one page in the page list.
const LISTED_BYTES: usize = 100;

/// Most bytes of the pages written in one transaction. The rest is for the page list.
const MAX_TRANSACTION_BYTES: usize = 3_900_000;

/// Most bytes of the stored pages that a part of a batch changes. The rest is for the records that the part adds.
pub(super) const PART_BYTES: usize = MAX_TRANSACTION_BYTES / 20 * 19;

const _: () = {
    assert!(MAX_INSTANT_BYTES + PAGE_OVERHEAD_BYTES <= ITEM_BYTES);
    assert!(MAX_MONTH_PAGES < TRANSACTION_ACTIONS);
    let list = PAGE_OVERHEAD_BYTES + MAX_MONTH_PAGES * LISTED_BYTES;
    assert!(MAX_TRANSACTION_BYTES + list < TRANSACTION_BYTES);
    assert!(
        4 * (MAX_INSTANT_BYTES + PAGE_OVERHEAD_BYTES) < MAX_TRANSACTION_BYTES,
        "a record that moves and splits both pages fits"
    );
};

/// Whether one transaction can write a plan.
pub(super) fn is_writable(stored: &StoredMonth, plan: &Plan) -> bool {
    let checked = unlisted(stored, plan).map(|page| page.bytes.len());
    let sizes = plan.pages.iter().map(|page| page.bytes.len()).chain(checked);
    let bytes: usize = sizes.map(|size| size + PAGE_OVERHEAD_BYTES).sum();
    plan.pages.is_empty() || bytes <= MAX_TRANSACTION_BYTES
}

/// The bytes of each page of a month in a transaction.
pub(super) fn page_sizes(stored: &StoredMonth) -> Vec<usize> {
    let sizes = stored.pages.iter().map(|page| page.bytes.len() + PAGE_OVERHEAD_BYTES);
    sizes.collect()
}

impl StoredMonth {
    /// Whether a transaction can lock the month. Without a page list it must check all pages, which may be too large.
    pub(super) fn is_lockable(&self) -> bool {
        self.list.is_some() || page_sizes(self).iter().sum::<usize>() <= MAX_TRANSACTION_BYTES
    }
}

/// The pages that a plan does not change, in a month without a page list.
fn unlisted<'a>(stored: &'a StoredMonth, plan: &'a Plan) -> impl Iterator<Item = &'a StoredPage> + 'a {
    let is_written = |page: &StoredPage| plan.pages.iter().any(|new| new.start == page.start);
    let pages = stored.pages.iter().filter(|_| stored.list.is_none());
    pages.filter(move |page| !is_written(page))
}

impl Store {
    /// Returns [`Fault::Condition`] if the user does not exist.
    pub(super) async fn create_first_page(&self, user: UserKey, month: Month) -> Result<StoredPage, Fault> {
        let bytes = codec::encode(&[], &[]);
        let page = |bytes| StoredPage {
            start: month.start(),
            end: month.end(),
            version: 0,
            moved: None,
            reserved: 0,
            count: 0,
            bytes,
        };
        let bytes = bytes.map_err(|error| StoreError::Refused(error.to_string()))?;
        self.create_for(user, page(bytes.clone()).item(user)).await?;
        Ok(page(bytes))
    }

    /// Replaces the stored pages of a month by those of a plan, on the condition that the stored ones are unchanged.
    /// `reserved` is the weight limit of the month.
    pub(super) async fn write_month(
        &self,
        user: UserKey,
        stored: &StoredMonth,
        plan: &Plan,
        reserved: usize,
    ) -> Result<(), Fault> {
        match (&stored.list, stored.pages.as_slice(), plan.pages.as_slice()) {
            (_, _, []) => Ok(()),
            (None, [old], [new]) => {
                let version = stored.next_version();
                self.replace_page(user, old, new, version, reserved).await
            }
            _ => self.replace_pages(user, stored, plan, reserved).await,
        }
    }

    /// Writes the only page of a month, at half the price of a transaction.
    async fn replace_page(
        &self,
        user: UserKey,
        old: &StoredPage,
        new: &EncodedPage,
        version: u64,
        reserved: usize,
    ) -> Result<(), Fault> {
        let page = StoredPage {
            start: new.start,
            end: new.end,
            version,
            moved: None,
            reserved,
            count: new.count,
            bytes: new.bytes.clone(),
        };
        self.table.put(Put::replace(page.item(user), old.version)).await
    }

    /// Writes the changed pages and the page list, all or nothing.
    async fn replace_pages(
        &self,
        user: UserKey,
        stored: &StoredMonth,
        plan: &Plan,
        reserved: usize,
    ) -> Result<(), Fault> {
        let list = stored.list_after(plan, reserved);
        let item = list.item(user)?;
        let put = |item, old: Option<u64>| match old {
            Some(version) => Put::replace(item, version),
            None => Put::create(item),
        };
        let mut actions: Vec<Action> = vec![put(item, stored.list.as_ref().map(|list| list.version)).into()];
        for new in &plan.pages {
            let page = StoredPage {
                start: new.start,
                end: new.end,
                version: list.version,
                moved: Some(list.moved()),
                reserved: 0,
                count: new.count,
                bytes: new.bytes.clone(),
            };
            let old = stored.pages.iter().find(|page| page.start == new.start);
            actions.push(put(page.item(user), old.map(|page| page.version)).into());
        }
        // Without a page list, each unchanged page needs its own check.
        for page in unlisted(stored, plan) {
            actions.push(Check::version(Key::page(user, page.start), page.version).into());
        }
        self.table.transact(actions).await
    }
}
