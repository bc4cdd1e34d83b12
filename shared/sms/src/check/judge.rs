//! Whether a reading is as a line expects.

use daftari_domain::{AccountId, LabelSet, Record};

use super::line::{Claim, Entry, Expected};
use super::report_text::{self, words};
use super::verdict::Verdict;
use crate::Reading;

pub(super) fn judge(expected: &Expected, reading: &Reading) -> Verdict {
    if expected.states_nothing() {
        return Verdict::NotCompared;
    }
    let records = match reading {
        Reading::Records(records) => records.as_slice(),
        Reading::NotFinancial(_) | Reading::Unrecognized => &[],
    };
    // The reading was expected, unless a fault follows.
    let as_expected = if expected.is_financial() || !records.is_empty() {
        Verdict::Right
    } else {
        Verdict::NotFinancial
    };
    let mut others = expected.also_accepted.iter();
    if others.any(|entries| ledger_fault(entries, records).is_none()) {
        // A message that may stay unread, and is unread, does not count as covered.
        return if records.is_empty() {
            Verdict::NotFinancial
        } else {
            as_expected
        };
    }
    match reading {
        Reading::Unrecognized if expected.is_financial() => Verdict::Unrecognized,
        Reading::NotFinancial(_) if expected.is_financial() => {
            Verdict::Wrong("read as not financial, with nothing to record".into())
        }
        Reading::Records(_) => match expected.fault(records) {
            Some(fault) => Verdict::Wrong(fault),
            None => as_expected,
        },
        Reading::Unrecognized | Reading::NotFinancial(_) => Verdict::NotFinancial,
    }
}

/// Each entry must match its own record, and no record may remain.
fn ledger_fault(entries: &[Entry], records: &[Record]) -> Option<String> {
    let read = report_text::list(records);
    if entries.len() != records.len() {
        return Some(format!(
            "expected {}, read {}: {read}",
            report_text::records(entries.len()),
            records.len()
        ));
    }
    if pairs(entries, &records.iter().collect::<Vec<_>>()) {
        return None;
    }
    let lonely = entries
        .iter()
        .find(|entry| !records.iter().any(|record| entry.is(record)));
    Some(match lonely {
        Some(entry) => format!("expected {}; read {read}", report_text::entry(entry)),
        None => format!("two expected records are one; read {read}"),
    })
}

/// Whether entries and records can be paired off. Messages have few records, so every pairing is tried.
fn pairs(entries: &[Entry], records: &[&Record]) -> bool {
    let Some((entry, others)) = entries.split_first() else {
        return records.is_empty();
    };
    let mut candidates = (0..records.len()).filter(|at| entry.is(records[*at]));
    candidates.any(|at| {
        let mut rest = records.to_vec();
        rest.remove(at);
        pairs(others, &rest)
    })
}

impl Entry {
    fn is(&self, record: &Record) -> bool {
        let institution = record.institution_id.as_str();
        self.institution_id.admits(|pattern| is_one_of(institution, pattern))
            && self.account.admits(|account| is_account(record, account))
            && is_account_id(&self.account_id, &record.account_id)
            && holds(&self.account_type, Some(&record.account_type))
            && self.amount == record.amount
            && self.impact == record.impact
            && (self.balance_not_compared || self.balance == record.balance)
            && holds(&self.currency, record.currency.as_ref())
            && self.labels.is_none_or(|labels| labels == record.labels)
    }
}

/// Whether the institution is one of `pattern`: ids separated by `|`. A `*` at the end of an id matches any ending.
fn is_one_of(institution: &str, pattern: &str) -> bool {
    pattern.split('|').any(|pattern| match pattern.strip_suffix('*') {
        Some(start) => institution.starts_with(start),
        None => institution == pattern,
    })
}

/// Whether the record belongs to `account`: the institution in any case, with `_LOAN` behind it for its loans.
fn is_account(record: &Record, account: &str) -> bool {
    let name = account.to_ascii_lowercase();
    let institution = record.institution_id.as_str();
    match name.strip_suffix("_loan") {
        Some(lender) => institution == lender && record.account_type.is_debt(),
        None => institution == name,
    }
}

/// Whether the account id is as stated. `null` states that the record belongs to no particular account.
fn is_account_id(claim: &Claim<String>, found: &AccountId) -> bool {
    match claim {
        Claim::Silent => true,
        Claim::Is(Some(id)) => id == found.as_str(),
        Claim::Is(None) => *found == AccountId::default(),
    }
}

fn holds<T: PartialEq>(claim: &Claim<T>, found: Option<&T>) -> bool {
    match claim {
        Claim::Silent => true,
        Claim::Is(value) => value.as_ref() == found,
    }
}

impl Expected {
    /// Whether the line states nothing to compare. Any reading would be right for such a line, so it must not count.
    fn states_nothing(&self) -> bool {
        self.labels.is_none() && self.states_only_labels()
    }

    /// Whether every key but `labels` is silent.
    fn states_only_labels(&self) -> bool {
        self.ledger.is_none()
            && self.is_transaction.is_none()
            && self.amount.is_silent()
            && self.balance.is_silent()
            && self.impact.is_silent()
            && self.currency.is_silent()
            && self.account_type.is_silent()
            && self.account_id.is_silent()
            && self.account_last4.is_silent()
            && !self.account_last4_must_be_null
    }

    /// Whether the line expects a record.
    fn is_financial(&self) -> bool {
        if let Some(entries) = &self.ledger {
            return !entries.is_empty();
        }
        self.describes_a_record()
    }

    /// Whether a key other than `ledger` states a record.
    pub(super) fn describes_a_record(&self) -> bool {
        // With `is_transaction: false`, the amount and the account are those of a movement that did not happen.
        let says_of_a_record = self.is_transaction != Some(false)
            && (self.amount.value().is_some()
                || self.impact.value().is_some()
                || self.currency.value().is_some()
                || self.account_type.value().is_some()
                || self.account_id.value().is_some()
                || self.account_last4.value().is_some());
        self.is_transaction == Some(true)
            || self.balance.value().is_some()
            || self.labels.is_some_and(|labels| !labels.is_empty())
            || says_of_a_record
    }

    /// The fault in the records, of which there is at least one.
    fn fault(&self, records: &[Record]) -> Option<String> {
        if let Some(fault) = self
            .ledger
            .as_deref()
            .and_then(|entries| ledger_fault(entries, records))
        {
            return Some(fault);
        }
        let moved = records.iter().any(Record::is_transaction);
        if self.ledger.is_none() && self.is_transaction == Some(false) && moved {
            return Some(format!("nothing moved; read {}", report_text::list(records)));
        }
        let all: LabelSet = records.iter().flat_map(|record| record.labels.iter()).collect();
        if let Some(labels) = self.labels.filter(|labels| *labels != all) {
            return Some(format!(
                "labels are {}, expected {}; read {}",
                report_text::labels(all),
                report_text::labels(labels),
                report_text::list(records)
            ));
        }
        if self.labels.is_some() && !self.is_financial() && (moved || self.states_only_labels()) {
            return Some(format!("nothing to record; read {}", report_text::list(records)));
        }
        let faults = records.iter().map(|record| self.faults(record));
        let fewest = faults.min_by_key(Vec::len)?;
        (!fewest.is_empty()).then(|| format!("{}; read {}", fewest.join(", "), report_text::list(records)))
    }

    /// The points in which a record differs from the expected one.
    fn faults(&self, record: &Record) -> Vec<String> {
        let mut faults = Vec::new();
        if self.ledger.is_none() && self.is_transaction == Some(true) && !record.is_transaction() {
            faults.push("nothing moved, expected a movement".to_owned());
        }
        let mut compare = |key: &str, fault: Option<String>| {
            faults.extend(fault.map(|fault| format!("{key} is {fault}")));
        };
        // If nothing moved, an amount in the text need not be recorded. A recorded amount is compared.
        let moves = self.is_transaction != Some(false);
        if moves || record.amount.is_some() {
            compare("amount", other(&self.amount, record.amount, report_text::money));
        }
        if moves || record.impact.is_some() {
            compare("impact", other(&self.impact, record.impact, words));
        }
        compare("balance", other(&self.balance, record.balance, report_text::money));
        compare("currency", other(&self.currency, record.currency, words));
        let account_type = Some(record.account_type);
        compare("account_type", other(&self.account_type, account_type, words));
        if !is_account_id(&self.account_id, &record.account_id) {
            let account_id = Some(record.account_id.as_str().to_owned());
            compare("account_id", other(&self.account_id, account_id, words));
        }
        let shown = (record.account_id != AccountId::default()).then_some(&record.account_id);
        let none = self.account_last4_must_be_null || self.account_last4 == Claim::Is(None);
        match (self.account_last4.value(), shown) {
            (Some(last), _) if shown.is_none_or(|id| !id.as_str().ends_with(last)) => {
                faults.push(format!(
                    "account_id is {}, expected to end in {last}",
                    record.account_id
                ));
            }
            (_, Some(account)) if none => {
                faults.push(format!("account_id is {account}, expected no digits"));
            }
            _ => {}
        }
        faults
    }
}

/// `DEBIT, expected CREDIT`, if the found value is not the stated one.
fn other<T: PartialEq>(claim: &Claim<T>, found: Option<T>, word: impl Fn(&T) -> String) -> Option<String> {
    let Claim::Is(expected) = claim else {
        return None;
    };
    let name = |value: &Option<T>| value.as_ref().map_or_else(|| "none".into(), &word);
    (*expected != found).then(|| format!("{}, expected {}", name(&found), name(expected)))
}
