//! How many lenders a user has to do with at the same time.

use crate::InstitutionId;
use crate::hash::HashSet;
use crate::insights::view::Item;
use crate::money::DecimalNumber;
use crate::reports::QUOTIENT_DECIMALS;
use crate::reports::total::{quotient, scaled};
use crate::time::DAY_SECONDS;

/// Different institutions of the meant records of each 24 hours, counted from the first such record, on average over
/// those that have any. 0 without such a record, 1 if all are of one institution.
pub(super) fn stacked(items: &[Item<'_>], is_meant: impl Fn(&Item<'_>) -> bool) -> DecimalNumber {
    let mut first = None;
    let (mut periods, mut institutions) = (0_i128, 0_i128);
    let mut current: HashSet<&InstitutionId> = HashSet::default();
    let mut period = None;
    for item in items.iter().filter(|item| is_meant(item)) {
        let second = item.record.timestamp.unix_seconds();
        let number = (second - *first.get_or_insert(second)) / DAY_SECONDS;
        if period.replace(number) != Some(number) {
            periods += 1;
            current.clear();
        }
        institutions += i128::from(current.insert(&item.record.institution_id));
    }
    // Where all are of one institution, each period has one.
    quotient(scaled(institutions, QUOTIENT_DECIMALS), periods, QUOTIENT_DECIMALS).unwrap_or_default()
}
