//! Whether a reading is what a line expects.

use daftari_domain::{AccountId, LabelSet, Record};

use super::Verdict;
use super::line::{Entry, Expected};
use crate::Reading;

pub(super) fn judge(expected: &Expected, reading: &Reading) -> Verdict {
    let records = match reading {
        Reading::Records(records) => records.as_slice(),
        Reading::NotFinancial => &[],
        Reading::Unrecognized if expected.is_financial() => return Verdict::Unrecognized,
        Reading::Unrecognized => return Verdict::NotFinancial,
    };
    let fault = match &expected.ledger {
        Some(entries) => ledger_fault(entries, records),
        None if expected.is_financial() && records.is_empty() => return Verdict::Unrecognized,
        None => expected.fault(records),
    };
    match fault {
        Some(fault) => Verdict::Wrong(fault),
        None if expected.is_financial() => Verdict::Right,
        None => Verdict::NotFinancial,
    }
}

fn ledger_fault(entries: &[Entry], records: &[Record]) -> Option<String> {
    if entries.len() != records.len() {
        return Some(format!("{} records for {}", records.len(), entries.len()));
    }
    let missing = entries
        .iter()
        .find(|entry| !records.iter().any(|record| entry.is(record)))?;
    Some(format!(
        "no record is {missing:?}; there are {:?}",
        without_text(records)
    ))
}

/// The records for a report, which quotes no message.
fn without_text(records: &[Record]) -> Vec<Record> {
    records
        .iter()
        .cloned()
        .map(|record| Record {
            body: None,
            ..record
        })
        .collect()
}

impl Entry {
    fn is(&self, record: &Record) -> bool {
        let name = self.account.to_ascii_lowercase();
        let institution = name.strip_suffix("_loan").unwrap_or(&name);
        record.institution_id.as_str() == institution
            && record.account_type == self.account_type
            && record.amount == self.amount
            && record.impact == self.impact
            && record.balance == self.balance
            && record.currency == self.currency
            && record.labels == self.labels
    }
}

impl Expected {
    fn is_financial(&self) -> bool {
        match &self.ledger {
            Some(entries) => !entries.is_empty(),
            None => {
                self.is_transaction == Some(true)
                    || self.balance.is_some()
                    || self.labels.is_some_and(|labels| !labels.is_empty())
            }
        }
    }

    fn fault(&self, records: &[Record]) -> Option<String> {
        if self.is_transaction == Some(false) && records.iter().any(Record::is_transaction) {
            return Some(format!("nothing moved, but {:?}", without_text(records)));
        }
        if !self.is_financial() {
            // A balance of a notice without a movement is a reading, not a fault.
            let says_too_much = records
                .iter()
                .any(|record| record.is_transaction() || !record.labels.is_empty());
            let silent = self.labels.is_some_and(LabelSet::is_empty);
            return (silent && says_too_much)
                .then(|| format!("nothing to say, but {:?}", without_text(records)));
        }
        let all: LabelSet = records
            .iter()
            .flat_map(|record| record.labels.iter())
            .collect();
        if self.labels.is_some_and(|labels| labels != all) {
            return Some(format!("labels {all:?} for {:?}", self.labels));
        }
        (!records.iter().any(|record| self.fits(record))).then(|| {
            format!(
                "no record is {self:?}; there are {:?}",
                without_text(records)
            )
        })
    }

    fn fits(&self, record: &Record) -> bool {
        let amount = self.amount.filter(|_| self.is_transaction != Some(false));
        (amount.is_none() || amount == record.amount)
            && (self.is_transaction != Some(true) || amount.is_none() || record.is_transaction())
            && (self.impact.is_none() || self.impact == record.impact)
            && (self.balance.is_none() || self.balance == record.balance)
            && (self.currency.is_none() || self.currency == record.currency)
            && self
                .account_type
                .is_none_or(|account_type| account_type == record.account_type)
            && self
                .account_id
                .as_deref()
                .is_none_or(|id| id == record.account_id.as_str())
            && self
                .account_last4
                .as_deref()
                .is_none_or(|last| shows(last, &record.account_id))
    }
}

/// Whether the account ends in the digits that the source took from the text. Some sources hold a name there.
fn shows(last: &str, account: &AccountId) -> bool {
    !last.bytes().all(|byte| byte.is_ascii_digit())
        || account.as_str().ends_with(last)
        || last.ends_with(account.as_str())
}
