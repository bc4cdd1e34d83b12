//! The pages of a month, and whether they form one consistent state.
//!
//! A month of several pages has an item that lists them: the *page list*. Every write to the month increments the
//! version of the list, on the condition that the list is unchanged (optimistic locking). So writers of one month take
//! turns, whichever pages they change, and neither write nor check the other pages.
//!
//! A reader uses the list to see whether its pages belong together. A query returns each page as of some moment, but
//! not all pages as of the same moment. This is harmless while pages change one by one. A *move* changes several pages
//! at once: a replaced record moves from one page to another, or a page is split. So the list states for each page the
//! version of its last move: an older page is outdated. Each page states the number of the month's last move when it
//! was written: a list with a lower number is outdated.

use daftari_domain::ledger::{Plan, UnpackedMonth};
use daftari_domain::order::sort_by_key;
use daftari_domain::{Month, Timestamp};
use serde::{Deserialize, Serialize};

use super::StoredPage;
use crate::identity::UserKey;
use crate::store::StoreError;
use crate::store::attributes::Attributes;
use crate::store::items::{ItemBuilder, ItemReader};
use crate::store::primary_key::{Key, SK, page_list_month};

/// The list of a month's pages.
pub(super) struct PageList {
    month: Month,
    /// Incremented by every write to the month.
    pub(super) version: u64,
    /// The weight limit of the month.
    pub(super) reserved: usize,
    /// In order.
    pub(super) pages: Vec<ListedPage>,
}

/// A page in the list of its month.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct ListedPage {
    /// The first instant the page covers, as seconds since 1970.
    start: i64,
    /// The version of the page.
    version: u64,
    /// The version of the page at the last move that wrote it.
    moved: u64,
}

/// An item among a ledger's pages.
pub(super) enum PageItem {
    Page(StoredPage),
    List(PageList),
}

/// The pages of a month that a query found, in order.
pub(super) struct StoredMonth {
    pub(super) month: Month,
    pub(super) list: Option<PageList>,
    pub(super) pages: Vec<StoredPage>,
}

impl PageItem {
    pub(super) fn read(item: ItemReader) -> Result<Self, StoreError> {
        match page_list_month(item.string(SK)?) {
            Some(month) => PageList::read(month, item).map(Self::List),
            None => StoredPage::read(item).map(Self::Page),
        }
    }

    fn month(&self) -> Month {
        match self {
            Self::Page(page) => page.start.month(),
            Self::List(list) => list.month,
        }
    }
}

impl PageList {
    fn read(month: Month, mut item: ItemReader) -> Result<Self, StoreError> {
        let data = item.binary("data")?;
        Ok(Self {
            month,
            version: item.number("version")?,
            reserved: item.optional_number("reserved")?.unwrap_or_default(),
            pages: serde_json::from_slice(&data).map_err(|error| item.corrupt(error))?,
        })
    }

    pub(super) fn item(&self, user: UserKey) -> Result<Attributes, StoreError> {
        let data = serde_json::to_vec(&self.pages);
        let data = data.map_err(|error| StoreError::Refused(error.to_string()))?;
        Ok(ItemBuilder::new(&Key::page_list(user, self.month), "pages")
            .number("version", self.version)
            .number("reserved", self.reserved)
            .binary("data", data)
            .build())
    }

    fn page(&self, start: Timestamp) -> Option<&ListedPage> {
        let start = start.unix_seconds();
        let at = self.pages.binary_search_by_key(&start, |page| page.start);
        self.pages.get(at.ok()?)
    }

    /// The number of the month's last move.
    pub(super) fn moved(&self) -> u64 {
        self.pages.iter().map(|page| page.moved).max().unwrap_or(0)
    }
}

/// The months of items in order of their keys.
pub(super) fn months_of(items: Vec<PageItem>) -> Vec<StoredMonth> {
    let mut months: Vec<StoredMonth> = Vec::new();
    for item in items {
        let month = item.month();
        if months.last().is_none_or(|last| last.month != month) {
            months.push(StoredMonth::empty(month));
        }
        if let Some(last) = months.last_mut() {
            match item {
                PageItem::Page(page) => last.pages.push(page),
                PageItem::List(list) => last.list = Some(list),
            }
        }
    }
    months
}

impl StoredMonth {
    pub(super) const fn empty(month: Month) -> Self {
        Self {
            month,
            list: None,
            pages: Vec::new(),
        }
    }

    /// The weight limit of the month, if its items state it.
    pub(super) fn reserved(&self) -> usize {
        match (&self.list, self.pages.first()) {
            (Some(list), _) => list.reserved,
            (None, Some(page)) => page.reserved,
            (None, None) => 0,
        }
    }

    pub(super) fn unpacked(&self, user: UserKey) -> Result<UnpackedMonth, StoreError> {
        let pages = self.pages.iter().map(|page| page.unpacked(user));
        Ok(UnpackedMonth::new(
            self.month,
            pages.collect::<Result<_, _>>()?,
            self.next_version(),
        ))
    }

    /// The version of the pages in the next write: above that of every page of the month. So a page that is split off
    /// continues the versions of its origin.
    pub(super) fn next_version(&self) -> u64 {
        let latest = self.pages.iter().map(|page| page.version).max();
        1 + match &self.list {
            Some(list) => list.version,
            None => latest.unwrap_or(0),
        }
    }

    /// The list of the month's pages after a plan is written.
    pub(super) fn list_after(&self, plan: &Plan, reserved: usize) -> PageList {
        let version = self.next_version();
        let moved_of = |start: Timestamp| {
            let listed = self.list.as_ref().and_then(|list| list.page(start));
            listed.map_or(0, |page| page.moved)
        };
        let written = plan.pages.iter().map(|page| ListedPage {
            start: page.start.unix_seconds(),
            version,
            moved: if plan.moves { version } else { moved_of(page.start) },
        });
        let is_written = |page: &&StoredPage| plan.pages.iter().any(|new| new.start == page.start);
        let kept = self.pages.iter().filter(|page| !is_written(page));
        let kept = kept.map(|page| ListedPage {
            start: page.start.unix_seconds(),
            version: page.version,
            moved: moved_of(page.start),
        });
        let mut pages: Vec<_> = written.chain(kept).collect();
        sort_by_key(&mut pages, |page| page.start);
        PageList {
            month: self.month,
            version,
            reserved,
            pages,
        }
    }

    /// Whether the pages cover the month without gaps from its start to its end, or to the end of the query, if that is
    /// earlier.
    fn tiles(&self, read_to: Option<Timestamp>) -> bool {
        let (Some(first), Some(last)) = (self.pages.first(), self.pages.last()) else {
            return false;
        };
        let cut_off = read_to.is_some_and(|read_to| last.end > read_to);
        first.start == self.month.start()
            && self.pages.windows(2).all(|pair| pair[0].end == pair[1].start)
            && (last.end == self.month.end() || cut_off)
    }

    /// Whether every page and the list have seen each move that any of them has seen.
    fn is_one_state(&self, read_to: Option<Timestamp>) -> bool {
        let last_seen = self.pages.iter().filter_map(|page| page.moved).max();
        let Some(list) = &self.list else {
            // A month gets its list with the first move. The list sorts after the month's first instant, so a query up
            // to that instant does not return it.
            return last_seen.is_none() || read_to == Some(self.month.start());
        };
        let is_current = |page: &StoredPage| {
            let listed = list.page(page.start);
            listed.is_some_and(|listed| page.version >= listed.moved)
        };
        last_seen.is_none_or(|seen| seen <= list.moved()) && self.pages.iter().all(is_current)
    }

    /// Whether the pages are exactly those of the list. A writer must start from such a state.
    pub(super) fn is_current(&self) -> bool {
        let versions = self.pages.iter();
        let versions = versions.map(|page| (page.start.unix_seconds(), page.version));
        match &self.list {
            Some(list) => versions.eq(list.pages.iter().map(|page| (page.start, page.version))),
            None => self.pages.iter().all(|page| page.moved.is_none()),
        }
    }
}

/// Whether months, in order, are each one state. The end of the query may cut off pages of the last month.
pub(super) fn are_consistent(months: &[StoredMonth], read_to: Option<Timestamp>) -> bool {
    let last = months.len().saturating_sub(1);
    months.iter().enumerate().all(|(at, month)| {
        let read_to = read_to.filter(|_| at == last);
        month.tiles(read_to) && month.is_one_state(read_to)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("timestamp")
    }

    fn page(start: &str, end: &str) -> StoredPage {
        StoredPage {
            start: at(start),
            end: at(end),
            version: 1,
            moved: None,
            reserved: 0,
            count: 0,
            bytes: Vec::new(),
        }
    }

    fn is_consistent<const N: usize>(pages: [StoredPage; N], read_to: Option<Timestamp>) -> bool {
        let items = pages.into_iter().map(PageItem::Page).collect();
        are_consistent(&months_of(items), read_to)
    }

    const OCTOBER: &str = "2021-10-01T00:00:00Z";
    const MIDDLE: &str = "2021-10-11T07:00:00Z";
    const NOVEMBER: &str = "2021-11-01T00:00:00Z";
    const DECEMBER: &str = "2021-12-01T00:00:00Z";

    #[test]
    fn whole_months_and_tiled_months_are_consistent() {
        assert!(is_consistent([], None));
        assert!(is_consistent([page(OCTOBER, NOVEMBER), page(NOVEMBER, DECEMBER)], None));
        assert!(is_consistent(
            [page(OCTOBER, MIDDLE), page(MIDDLE, NOVEMBER), page(NOVEMBER, DECEMBER)],
            None
        ));
        let before_middle = "2021-10-02T00:00:00Z".parse().ok();
        assert!(is_consistent([page(OCTOBER, MIDDLE)], before_middle));
    }

    #[test]
    fn one_half_of_a_split_is_not() {
        assert!(!is_consistent([page(OCTOBER, MIDDLE)], None));
        assert!(!is_consistent([page(OCTOBER, MIDDLE), page(NOVEMBER, DECEMBER)], None));
        assert!(!is_consistent([page(MIDDLE, NOVEMBER)], None));
        assert!(!is_consistent([page(OCTOBER, NOVEMBER), page(MIDDLE, NOVEMBER)], None));
        let after_middle = "2021-10-20T00:00:00Z".parse().ok();
        assert!(!is_consistent([page(OCTOBER, MIDDLE)], after_middle));
    }

    /// A month of two pages as of some versions: `(version, moved)` of each page, then of each in the list.
    fn month(pages: [(u64, Option<u64>); 2], list: Option<[(u64, u64); 2]>) -> StoredMonth {
        let [early, late] = pages;
        let with = |page: StoredPage, (version, moved): (u64, Option<u64>)| StoredPage { version, moved, ..page };
        let starts = [OCTOBER, MIDDLE].map(|start| at(start).unix_seconds());
        let list = list.map(|pages| PageList {
            month: at(OCTOBER).month(),
            version: pages.iter().map(|page| page.0).max().expect("pages"),
            reserved: 0,
            pages: std::iter::zip(starts, pages)
                .map(|(start, (version, moved))| ListedPage { start, version, moved })
                .collect(),
        });
        StoredMonth {
            month: at(OCTOBER).month(),
            list,
            pages: vec![with(page(OCTOBER, MIDDLE), early), with(page(MIDDLE, NOVEMBER), late)],
        }
    }

    #[test]
    fn a_page_or_a_list_that_misses_a_move_is_told() {
        let moved_at_4 = Some([(4, 4), (4, 4)]);
        for (pages, list, one_state, current) in [
            // A month without a list.
            ([(7, None), (3, None)], None, true, true),
            // All have seen move 4.
            ([(4, Some(4)), (4, Some(4))], moved_at_4, true, true),
            // One page was written alone, before or after the list was read: no move is missed.
            ([(5, Some(4)), (4, Some(4))], moved_at_4, true, false),
            ([(4, Some(4)), (4, Some(4))], Some([(5, 4), (4, 4)]), true, false),
            // First a page is from before the move, then the list is, then the list is missing.
            ([(3, Some(2)), (4, Some(4))], moved_at_4, false, false),
            ([(4, Some(4)), (3, None)], moved_at_4, false, false),
            ([(4, Some(4)), (4, Some(4))], Some([(3, 2), (2, 2)]), false, false),
            ([(4, Some(4)), (3, Some(2))], Some([(3, 2), (3, 2)]), false, false),
            ([(4, Some(4)), (4, Some(4))], None, false, false),
        ] {
            let month = month(pages, list);
            let case = format!("{pages:?} {list:?}");
            assert_eq!(are_consistent(std::slice::from_ref(&month), None), one_state, "{case}");
            assert_eq!(month.is_current(), current, "{case}");
        }
    }

    #[test]
    fn the_first_instant_of_a_month_needs_no_list() {
        let mut first = month([(4, Some(4)), (4, Some(4))], None);
        first.pages.truncate(1);
        let first = [first];
        assert!(are_consistent(&first, Some(at(OCTOBER))));
        assert!(!are_consistent(&first, Some(at(OCTOBER).plus_seconds(1))));
    }
}
