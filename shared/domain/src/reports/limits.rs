//! How much a report lists, so that the report of every ledger fits into an answer.
//!
//! Sums, counts, days and statuses are always over everything. Lists beyond a limit keep the newest or most recently active
//! elements, and a count beside the list says how many are left out. The count is absent where nothing is. The limits are
//! far above a person's data, and such that a report in which every id is as long as can be has less than 5 million bytes. A credit
//! report whose ids compress badly has less than 350,000 compressed, so that it can be frozen.

use std::cmp::Reverse;

/// Most loan accounts listed in a credit report, in `loan.accounts` and the tradelines.
pub const MAX_LOAN_ACCOUNTS: usize = 100;

/// Most depository accounts listed in a credit report.
pub const MAX_DEPOSITORY_ACCOUNTS: usize = 200;

/// Most payments listed in a credit report.
pub const MAX_LOAN_REPAYMENTS: usize = 800;

/// Most late episodes listed of one account.
pub const MAX_ACCOUNT_EPISODES: usize = 50;

/// Most late episodes listed in a credit report.
pub const MAX_EPISODES: usize = 250;

/// Most rows of `by_account` of a cashflow or summary: one for each account and currency.
pub const MAX_ACCOUNT_ROWS: usize = 1_500;

/// Most rows of `by_month` of a transactions summary: one for each month and currency.
pub const MAX_MONTH_ROWS: usize = 4_000;

/// Most institutions listed in an alerts summary, in `by_institution` and for each label.
pub const MAX_INSTITUTIONS: usize = 400;

/// Keeps the `limit` elements with the greatest keys in the order they are in; of equal ones the first. Returns how many
/// are left out.
pub(crate) fn keep_greatest<T, K: Ord>(list: &mut Vec<T>, limit: usize, key: impl Fn(&T) -> K) -> u64 {
    let omitted = list.len().saturating_sub(limit);
    if omitted > 0 {
        let mut order: Vec<usize> = (0..list.len()).collect();
        order.sort_by_key(|index| Reverse(key(&list[*index])));
        let mut kept = vec![false; list.len()];
        for index in &order[..limit] {
            kept[*index] = true;
        }
        let mut kept = kept.into_iter();
        list.retain(|_| kept.next() == Some(true));
    }
    omitted as u64
}

/// Whether nothing was left out: such a count is not shown.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
pub(crate) const fn is_none(omitted: &u64) -> bool {
    *omitted == 0
}
