//! Own transfers: money that moves from one depository account of the user to another.
//!
//! | step | rule |
//! |---|---|
//! | sides | a DEBIT and a CREDIT on two depository accounts, of the same amount and currency, at most [`TRANSFER_SECONDS`] apart |
//! | choice | the earliest debit chooses first and takes the nearest credit; of two equally near ones the earlier |
//! | once | each side belongs to one transfer at most |
//! | loans | a credit labelled `LoanDisbursed`, `LoanApproved` or `Overdraft` and a debit labelled `LoanRepayment` do not count as sides: the lender is the other side |
//! | own kind | a movement whose counterparty kind is `own` is an own transfer without a match too: the institution says so |

use std::marker::PhantomData;

use crate::reports::flow::movement;
use crate::reports::pairs::{Leg, Role, TRANSFER_SECONDS, pair_off};
use crate::reports::survey::Entry;
use crate::{AccountType, CounterpartyKind, Impact, Label, LabelSet, Record};

/// Labels of a credit that is a loan.
pub(crate) const LOAN_LABELS: LabelSet = LabelSet::EMPTY
    .with(Label::LoanDisbursed)
    .with(Label::LoanApproved)
    .with(Label::Overdraft);

/// The own transfers of a ledger.
#[derive(Debug, Default)]
pub(crate) struct OwnTransfers<'a> {
    /// The addresses of the matched records, ascending.
    matched: Vec<*const Record>,
    ledger: PhantomData<&'a Record>,
}

impl<'a> OwnTransfers<'a> {
    /// Finds the transfers among the entries, given in any order.
    pub(crate) fn of(entries: impl Iterator<Item = Entry<'a>>) -> Self {
        let (mut debits, mut credits) = (Vec::new(), Vec::new());
        for entry in entries {
            let record = entry.record;
            let Some((impact, amount)) = movement(record).filter(|_| record.account_type == AccountType::Depository)
            else {
                continue;
            };
            let leg = |role| Leg {
                record,
                role,
                account: entry.account,
                currency: entry.currency,
                amount,
            };
            match impact {
                Impact::Debit if !record.labels.contains(Label::LoanRepayment) => debits.push(leg(Role::Sent)),
                Impact::Credit if !record.labels.intersects(LOAN_LABELS) => credits.push(leg(Role::Received)),
                _ => {}
            }
        }
        let pairs = pair_off(&mut debits, &mut credits, TRANSFER_SECONDS);
        let sides = pairs.iter().flat_map(|(debit, credit)| [debit.record, credit.record]);
        let mut matched: Vec<*const Record> = sides.map(std::ptr::from_ref).collect();
        matched.sort_unstable();
        Self {
            matched,
            ledger: PhantomData,
        }
    }

    /// Whether a record of the ledger is a side of an own transfer, matched or said by the institution.
    pub(crate) fn includes(&self, record: &Record) -> bool {
        is_said_to_be_own(record) || self.is_matched(record)
    }

    /// Whether a record of the ledger is a side of a matched transfer.
    pub(crate) fn is_matched(&self, record: &Record) -> bool {
        self.matched.binary_search(&std::ptr::from_ref(record)).is_ok()
    }
}

fn is_said_to_be_own(record: &Record) -> bool {
    let counterparty = record.details.counterparty;
    counterparty.is_some_and(|counterparty| counterparty.kind == CounterpartyKind::Own)
}
