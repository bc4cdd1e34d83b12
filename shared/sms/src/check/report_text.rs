//! Records in words, for reports, without any text of a message.

use daftari_domain::{AccountId, LabelSet, Money, Record};

use super::line::{Claim, Entry};

pub(super) fn words(value: &impl ToString) -> String {
    value.to_string()
}

/// `3400.5`
pub(super) fn money(money: &Money) -> String {
    money.decimal().to_string()
}

/// `2 records`
pub(super) fn records(count: usize) -> String {
    format!("{count} record{}", if count == 1 { "" } else { "s" })
}

/// `LoanRepayment LoanRepaid`, or `none`.
pub(super) fn labels(labels: LabelSet) -> String {
    if labels.is_empty() {
        return "none".into();
    }
    let names: Vec<String> = labels.iter().map(|label| label.to_string()).collect();
    names.join(" ")
}

/// The notation of the examples in the institutions' files: `mpesa depository DEBIT 40 KES balance 60.5 POS`.
pub(super) fn record(record: &Record) -> String {
    let account = (record.account_id != AccountId::default()).then(|| record.account_id.as_str());
    join([
        Some(record.institution_id.to_string()),
        account.map(|account| format!("#{account}")),
        Some(record.account_type.to_string()),
        record.impact.as_ref().map(words),
        record.amount.as_ref().map(money),
        record.currency.as_ref().map(words),
        record.balance.as_ref().map(balance),
        (!record.labels.is_empty()).then(|| labels(record.labels)),
    ])
}

/// An expected record in the same notation.
pub(super) fn entry(entry: &Entry) -> String {
    // Every record has these keys. A record without an account id shows no id.
    let stated = |claim: &Claim<String>, key: &str| match claim {
        Claim::Silent => None,
        Claim::Is(value) => Some(value.clone().unwrap_or_else(|| format!("no {key}"))),
    };
    let account_type = match &entry.account_type {
        Claim::Silent => None,
        Claim::Is(None) => Some("no account_type".to_owned()),
        Claim::Is(Some(account_type)) => Some(words(account_type)),
    };
    join([
        stated(&entry.institution_id, "institution_id"),
        // An institution is named once, unless its absence is at fault.
        stated(&entry.account, "account")
            .filter(|_| entry.account.value().is_none() || entry.institution_id.is_silent()),
        entry.account_id.value().map(|id| format!("#{id}")),
        account_type,
        entry.impact.as_ref().map(words),
        entry.amount.as_ref().map(money),
        entry.currency.value().map(words),
        entry.balance.as_ref().map(balance),
        entry.labels.filter(|set| !set.is_empty()).map(labels),
    ])
}

/// All records, or `nothing`.
pub(super) fn list(all: &[Record]) -> String {
    if all.is_empty() {
        return "nothing".into();
    }
    let all: Vec<String> = all.iter().map(record).collect();
    all.join(" and ")
}

fn balance(balance: &Money) -> String {
    format!("balance {}", money(balance))
}

fn join<const N: usize>(words: [Option<String>; N]) -> String {
    let words: Vec<String> = words.into_iter().flatten().collect();
    words.join(" ")
}
