//! Whether money leaves an account soon after it arrives.

use crate::hash::HashMap;
use crate::insights::view::{Item, View};
use crate::money::DecimalNumber;
use crate::reports::QUOTIENT_DECIMALS;
use crate::reports::total::{Total, quotient, scaled};
use crate::time::DAY_SECONDS;
use crate::{AccountType, Impact};

/// The debits of an account: the second of each, and its running total.
type Debits = Vec<(i64, Total)>;

/// The share of the larger credits that are swept. `moves` excludes transfers between accounts of the user. Debits
/// after the window count too.
pub(super) fn rate(view: &View<'_>, moves: &[(&Item<'_>, (Impact, Total))]) -> Option<DecimalNumber> {
    let credits = moves.iter().filter(|(_, (impact, _))| *impact == Impact::Credit);
    let credits: Vec<(&Item<'_>, Total)> = credits.map(|(item, (_, amount))| (*item, *amount)).collect();
    let mut amounts: Vec<Total> = credits.iter().map(|(_, amount)| *amount).collect();
    let median = Total::median(&mut amounts)?;
    let mut debits: HashMap<usize, Debits> = HashMap::default();
    for item in view.items.iter().filter(|item| !item.is_own) {
        if let Some((Impact::Debit, amount)) = item.movement_of(AccountType::Depository) {
            let debits = debits.entry(item.holder).or_default();
            let before = debits.last().map_or(Total::ZERO, |(_, sum)| *sum);
            debits.push((item.record.timestamp.unix_seconds(), before + amount));
        }
    }
    let latest = view.at.unix_seconds() - DAY_SECONDS;
    let judged = credits
        .into_iter()
        .filter(|(item, amount)| amount.number() >= median && item.record.timestamp.unix_seconds() <= latest);
    let (mut larger, mut swept) = (0_i128, 0_i128);
    for (item, amount) in judged {
        let second = item.record.timestamp.unix_seconds();
        let left = debits.get(&item.holder).map_or(Total::ZERO, |debits| {
            sum_up_to(debits, second + DAY_SECONDS) - sum_up_to(debits, second - 1)
        });
        larger += 1;
        // At least nine tenths.
        swept += i128::from(left.units() * 10 >= amount.units() * 9);
    }
    quotient(scaled(swept, QUOTIENT_DECIMALS), larger, QUOTIENT_DECIMALS)
}

fn sum_up_to(debits: &Debits, second: i64) -> Total {
    let count = debits.partition_point(|(at, _)| *at <= second);
    count.checked_sub(1).map_or(Total::ZERO, |index| debits[index].1)
}
