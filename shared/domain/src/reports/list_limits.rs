//! Limits of lists in reports, so that the report of every ledger fits into an answer.
//!
//! Sums, counts, days and statuses always cover everything. Lists beyond a limit keep the newest or most recently
//! active elements, and a count next to the list gives the number of omitted ones. The count is absent if nothing is
//! omitted. The limits are far above a person's data. With ids of maximum length, a report has less than 5 million
//! bytes. A credit report whose ids compress badly has less than 350,000 compressed bytes, so it can be frozen.

use crate::order::indices_by_key;
use std::cmp::Reverse;

/// Limit of loan accounts in a credit report, in `loan.accounts` and the tradelines.
pub const MAX_LOAN_ACCOUNTS: usize = 100;

/// Limit of depository accounts in a credit report.
pub const MAX_DEPOSITORY_ACCOUNTS: usize = 200;

/// Limit of the payments that loan accounts record, in a credit report.
pub const MAX_LOAN_REPAYMENTS: usize = 500;

/// Limit of the payments to lenders that only other accounts record, in a credit report.
pub const MAX_UNASSIGNED_REPAYMENTS: usize = 200;

/// Limit of late episodes of one account.
pub const MAX_ACCOUNT_EPISODES: usize = 50;

/// Limit of late episodes in a credit report.
pub const MAX_EPISODES: usize = 250;

/// Limit of rows of `by_account` in DTI and transactions summary: one per account and currency.
pub const MAX_ACCOUNT_ROWS: usize = 1_500;

/// Limit of rows of `by_month` in a transactions summary: one per month and currency.
pub const MAX_MONTH_ROWS: usize = 4_000;

/// Limit of institutions in an alerts summary, in `by_institution` and for each label.
pub const MAX_INSTITUTIONS: usize = 400;

/// Keeps the `limit` elements with the greatest keys, in their given order; of equal keys, the first ones. Returns the
/// number of omitted elements.
pub(crate) fn keep_greatest<T, K: Ord>(list: &mut Vec<T>, limit: usize, key: impl Fn(&T) -> K) -> u64 {
    let omitted = list.len().saturating_sub(limit);
    if omitted > 0 {
        let order = indices_by_key(list.len(), |index| Reverse(key(&list[index])));
        let mut kept = vec![false; list.len()];
        for index in &order[..limit] {
            kept[*index] = true;
        }
        let mut kept = kept.into_iter();
        list.retain(|_| kept.next() == Some(true));
    }
    omitted as u64
}

/// Whether nothing was omitted. Such a count is not serialized.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
pub(crate) const fn is_none(omitted: &u64) -> bool {
    *omitted == 0
}
