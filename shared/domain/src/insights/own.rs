//! Transfers between accounts of the user.

use std::collections::HashSet;
use std::ptr;

use super::view::View;
use crate::reports::flow::movement;
use crate::reports::pairs::{Leg, Role, TRANSFER_SECONDS, pair_off};
use crate::{AccountType, Impact, Record};

/// Of each item of the view, whether it is a side of a transfer between depository accounts of the user: a debit of one
/// and a credit of another, of the same amount and currency, at most [`TRANSFER_SECONDS`] apart. The earliest debit
/// chooses first, and takes the nearest credit.
pub(super) fn own_transfers(view: &View<'_>) -> Vec<bool> {
    let (mut debits, mut credits) = (Vec::new(), Vec::new());
    for entry in view.survey.entries() {
        let Some((impact, amount)) = movement(entry.record) else {
            continue;
        };
        if entry.record.account_type != AccountType::Depository {
            continue;
        }
        let (role, list) = match impact {
            Impact::Debit => (Role::Sent, &mut debits),
            Impact::Credit => (Role::Received, &mut credits),
        };
        list.push(Leg {
            record: entry.record,
            role,
            account: entry.account,
            currency: entry.currency,
            amount,
        });
    }
    let mut sides: HashSet<*const Record> = debits.iter().map(|leg: &Leg<'_>| ptr::from_ref(leg.record)).collect();
    let paired = pair_off(&mut debits, &mut credits, TRANSFER_SECONDS);
    for unpaired in debits {
        sides.remove(&ptr::from_ref(unpaired.record));
    }
    sides.extend(paired.iter().map(|leg| ptr::from_ref(leg.record)));
    let is_side = |record: &Record| sides.contains(&ptr::from_ref(record));
    view.items.iter().map(|item| is_side(item.record)).collect()
}
