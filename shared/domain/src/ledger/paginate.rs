//! The pages in which a month's records are stored.

use super::codec;
use super::limits::{MAX_INSTANT_BYTES, MAX_PAGE_BYTES, MAX_PAGE_WEIGHT, weight};
use crate::{Month, Record, Timestamp};

/// One page, ready to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodedPage {
    /// The first instant the page covers.
    pub start: Timestamp,
    /// The first instant after those the page covers.
    pub end: Timestamp,
    /// Number of records.
    pub count: usize,
    /// The records, by [`codec::encode`].
    pub bytes: Vec<u8>,
}

/// One instant has more records than a page can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("more records at {at} than one page can hold")]
pub struct TooDense {
    /// The instant.
    pub at: Timestamp,
}

/// Lays out a month's records, sorted by position, as pages that cover the month without gaps. `versions` has for each
/// record the version of its page when it was last changed.
///
/// `starts` are the starts of the month's stored pages. Their borders are kept, so that unchanged pages are encoded to
/// the same bytes. A span larger than [`MAX_PAGE_BYTES`] or heavier than [`MAX_PAGE_WEIGHT`] is split, as often as
/// needed.
pub fn paginate(
    month: Month,
    starts: &[Timestamp],
    records: &[Record],
    versions: &[u64],
) -> Result<Vec<EncodedPage>, TooDense> {
    let mut borders: Vec<_> = starts.iter().copied().filter(|start| start.month() == month).collect();
    borders.push(month.start());
    borders.sort_unstable();
    borders.dedup();
    let mut pages = Vec::with_capacity(borders.len());
    let mut rest = (records, versions);
    for (at, start) in borders.iter().enumerate() {
        let end = borders.get(at + 1).copied().unwrap_or(month.end());
        let (stretch, later) = cut(rest, end);
        rest = later;
        pages.extend(split(*start, end, stretch.0, stretch.1, Fill::Half)?);
    }
    Ok(pages)
}

/// Records with their versions, by position.
type Stretch<'a> = (&'a [Record], &'a [u64]);

/// The records before an instant, and the others.
fn cut((records, versions): Stretch<'_>, before: Timestamp) -> (Stretch<'_>, Stretch<'_>) {
    let at = records.partition_point(|record| record.timestamp < before);
    let (records, later_records) = records.split_at(at);
    let (versions, later_versions) = versions.split_at(at.min(versions.len()));
    ((records, versions), (later_records, later_versions))
}

/// How full a page is after a split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fill {
    /// Both halves have room, for records that arrive in any order.
    Half,
    /// The earlier page is nearly full, for records that arrive in order of time.
    Most,
}

/// The pages of a span of a month: one, or several if it is too large.
pub(super) fn split(
    start: Timestamp,
    end: Timestamp,
    records: &[Record],
    versions: &[u64],
    fill: Fill,
) -> Result<Vec<EncodedPage>, TooDense> {
    let mut pages = Vec::new();
    push_stretch(&mut pages, start, end, (records, versions), fill)?;
    Ok(pages)
}

/// Appends one page, or its parts if it is too large. Each part has fewer records, so the recursion ends.
fn push_stretch(
    pages: &mut Vec<EncodedPage>,
    start: Timestamp,
    end: Timestamp,
    stretch: Stretch<'_>,
    fill: Fill,
) -> Result<(), TooDense> {
    let (records, versions) = stretch;
    let weight: usize = records.iter().map(weight).sum();
    let instant = records.first().map_or(start, |record| record.timestamp);
    let is_instant = records.iter().all(|record| record.timestamp == instant);
    // Records that fit by weight are packed to find their size.
    let (size, limit) = if weight > MAX_PAGE_WEIGHT && !is_instant {
        (weight, MAX_PAGE_WEIGHT)
    } else {
        let limit = if is_instant { MAX_INSTANT_BYTES } else { MAX_PAGE_BYTES };
        let bytes = codec::encode(records, versions).map_err(|_| TooDense { at: instant })?;
        if bytes.len() <= limit {
            pages.push(EncodedPage {
                start,
                end,
                count: records.len(),
                bytes,
            });
            return Ok(());
        }
        (bytes.len(), limit)
    };
    let share = match fill {
        Fill::Half => records.len() / 2,
        // Slightly less than fits on average.
        Fill::Most => records.len() * limit / size * 19 / 20,
    };
    let border = border(records, share).ok_or(TooDense { at: instant })?;
    let (early, late) = cut(stretch, border);
    push_stretch(pages, start, border, early, Fill::Half)?;
    push_stretch(pages, border, end, late, fill)
}

/// The timestamp of the record at an index, or the next timestamp with records on both sides of it; `None` if all
/// records have the same timestamp.
fn border(records: &[Record], place: usize) -> Option<Timestamp> {
    let first = records.first()?.timestamp;
    let later = records.get(place..)?.iter().map(|record| record.timestamp);
    let mut later = later.chain(records.iter().map(|record| record.timestamp));
    later.find(|at| *at > first)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ledger::codec::PageRecords;
    use crate::ledger::samples::{SAMPLE_MONTH, bulky_record, distinct_records};

    fn month() -> Month {
        SAMPLE_MONTH.parse::<Timestamp>().expect("timestamp").month()
    }

    fn versions(records: &[Record]) -> Vec<u64> {
        (1..).take(records.len()).collect()
    }

    /// All records of the pages, after checking that the pages cover the month without gaps.
    fn read_back(pages: &[EncodedPage]) -> Vec<Record> {
        let mut expected_start = month().start();
        let mut records = Vec::new();
        for page in pages {
            assert_eq!(page.start, expected_start);
            expected_start = page.end;
            let PageRecords {
                records: decoded,
                versions,
            } = codec::decode_versioned(&page.bytes, 0).expect("page");
            // Records keep their versions when they move to another page.
            let first = u64::try_from(records.len()).expect("count") + 1;
            assert!(versions.iter().copied().eq((first..).take(page.count)));
            assert_eq!(decoded.len(), page.count);
            assert!(
                decoded
                    .iter()
                    .all(|r| page.start <= r.timestamp && r.timestamp < page.end)
            );
            records.extend(decoded);
        }
        assert_eq!(expected_start, month().end());
        records
    }

    #[test]
    fn an_ordinary_month_is_one_page() {
        let pages = paginate(month(), &[], &[bulky_record(0, 5)], &versions(&[bulky_record(0, 5)])).expect("pages");
        assert_eq!(pages.len(), 1);
        assert_eq!(read_back(&pages).len(), 1);
    }

    #[test]
    fn splitting_loses_nothing_and_respects_the_limit() {
        let records: Vec<_> = (0..1_200).map(|n| bulky_record(n, i64::from(n) * 60)).collect();
        let pages = paginate(month(), &[], &records, &versions(&records)).expect("pages");
        assert!(pages.len() > 2, "{} pages", pages.len());
        assert!(pages.iter().all(|page| page.bytes.len() <= MAX_PAGE_BYTES));
        assert_eq!(read_back(&pages), records);
        let starts: Vec<_> = pages.iter().map(|page| page.start).collect();
        assert_eq!(
            paginate(month(), &starts, &records, &versions(&records)).expect("pages"),
            pages
        );
    }

    #[test]
    fn one_early_record_does_not_stop_a_split() {
        let mut records = vec![bulky_record(0, 0)];
        records.extend((1..400).map(|n| bulky_record(n, 0)));
        records.push(bulky_record(400, 60));
        let pages = paginate(month(), &[], &records, &versions(&records));
        // All records but one share an instant: the split separates that one, and the rest is too dense or fits.
        match pages {
            Ok(pages) => assert_eq!(read_back(&pages).len(), 401),
            Err(TooDense { at }) => assert_eq!(at, month().start()),
        }
    }

    #[test]
    fn an_instant_that_no_page_can_hold_is_named() {
        let records: Vec<_> = (0..1_200).map(|n| bulky_record(n, 77)).collect();
        let at = month().start().plus_seconds(77);
        assert_eq!(
            paginate(month(), &[], &records, &versions(&records)),
            Err(TooDense { at })
        );
    }

    #[test]
    fn pages_are_filled_by_half_or_for_the_most_part() {
        let records: Vec<_> = (0..800).map(|n| bulky_record(n, i64::from(n) * 60)).collect();
        let sizes = |fill| {
            let pages = split(month().start(), month().end(), &records, &versions(&records), fill).expect("pages");
            assert_eq!(read_back(&pages), records);
            pages.iter().map(|page| page.bytes.len()).collect::<Vec<_>>()
        };
        let half = sizes(Fill::Half);
        assert!(half.iter().all(|bytes| *bytes < MAX_PAGE_BYTES * 3 / 5), "{half:?}");
        let most = sizes(Fill::Most);
        let (_, full) = most.split_last().expect("pages");
        assert!(full.iter().all(|bytes| *bytes > MAX_PAGE_BYTES * 9 / 10), "{most:?}");
    }

    #[test]
    fn a_page_that_packs_well_is_split_by_its_weight() {
        let records: Vec<_> = (0..1_000)
            .map(|n| crate::Record {
                body: Some("x".repeat(1_600).into()),
                ..bulky_record(n, i64::from(n) * 60)
            })
            .collect();
        let pages = paginate(month(), &[], &records, &versions(&records)).expect("pages");
        assert!(pages.len() > 1, "one page of {} bytes", pages[0].bytes.len());
        assert_eq!(read_back(&pages), records);
    }

    proptest! {
        #[test]
        fn any_borders_keep_every_record(
            records in distinct_records(40), cuts in prop::collection::vec(0_i64..2_678_400, 0..5),
        ) {
            let mut records = records;
            records.sort_by(|a, b| a.position().cmp(&b.position()));
            let starts: Vec<_> = cuts.iter().map(|s| month().start().plus_seconds(*s)).collect();
            prop_assert_eq!(read_back(&paginate(month(), &starts, &records, &versions(&records)).expect("pages")), records);
        }
    }
}
