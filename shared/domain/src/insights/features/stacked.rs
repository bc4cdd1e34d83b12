//! The number of lenders that a user uses at the same time.

use crate::InstitutionId;
use crate::hash::HashSet;
use crate::insights::view::Item;
use crate::money::DecimalNumber;
use crate::reports::QUOTIENT_DECIMALS;
use crate::reports::total::{quotient, scaled};
use crate::time::DAY_SECONDS;

/// The mean number of different institutions per 24 hours, over periods with any selected record. Periods start at the
/// first such record. 0 without such a record, 1 if all records have one institution.
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
    // If all records have one institution, each period has one.
    quotient(scaled(institutions, QUOTIENT_DECIMALS), periods, QUOTIENT_DECIMALS).unwrap_or_default()
}
