//! Records in the notation of the data files of tests.

use super::with;
use crate::details::Details;
use crate::reports::tests::records::{Build, record};
use crate::{Label, Record};

/// Reads a record: time, institution and account type, then other parts in any order.
///
/// They are `CREDIT` or `DEBIT` with an amount, a currency (KES if missing), labels, and `by` with the kind of the
/// counterparty and an optional token. `balance`, `fee`, `ref`, `account` and `id` stand before their values.
pub(super) fn read_record(line: &str) -> Record {
    let words: Vec<&str> = line.split(' ').collect();
    let [time, institution, account_type, rest @ ..] = words.as_slice() else {
        panic!("{line}");
    };
    let mut one = record(institution, time)
        .of_type(account_type.parse().expect("a type"))
        .currency("KES");
    let mut rest = rest;
    loop {
        (one, rest) = match rest {
            [] => return one,
            ["CREDIT", amount, rest @ ..] => (one.credit(amount), rest),
            ["DEBIT", amount, rest @ ..] => (one.debit(amount), rest),
            ["balance", balance, rest @ ..] => (one.balance(balance), rest),
            ["id", id, rest @ ..] => (one.id(id), rest),
            ["account", id, rest @ ..] => (one.account(id), rest),
            ["fee", fee, rest @ ..] => {
                let fee = Some(fee.parse().expect("a fee"));
                (with_details(one, |details| details.fee = fee), rest)
            }
            ["ref", reference, rest @ ..] => {
                let reference = Some(reference.parse().expect("a reference"));
                (with_details(one, |details| details.reference = reference), rest)
            }
            [code @ ("USD" | "UGX"), rest @ ..] => (one.currency(code), rest),
            ["by", kind, rest @ ..] => {
                let token = rest.first().filter(|word| word.len() == 16).copied();
                let rest = &rest[usize::from(token.is_some())..];
                (with(one, kind.parse().expect("a kind"), token), rest)
            }
            [label, rest @ ..] => {
                let all = Label::ALL.iter();
                let found = all.copied().find(|known| format!("{known:?}") == *label);
                (one.label(found.expect("a label")), rest)
            }
        };
    }
}

fn with_details(record: Record, change: impl FnOnce(&mut Details)) -> Record {
    let mut details = (*record.details).clone();
    change(&mut details);
    Record {
        details: details.into(),
        ..record
    }
}
