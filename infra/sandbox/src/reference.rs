//! The ledger of the public reference page.

use daftari_domain::{AccountId, AccountType, Impact, KeptDetails, LabelSet, Record};

use crate::book::known;

/// The two records of the public reference page, oldest first.
pub(crate) fn records() -> Vec<Record> {
    let record = |id, timestamp, amount, balance, impact| Record {
        id: known(id),
        timestamp: known(timestamp),
        institution_id: known("mpesa"),
        account_id: AccountId::default(),
        account_type: AccountType::Depository,
        amount: Some(known(amount)),
        balance: Some(known(balance)),
        currency: Some(known("KES")),
        impact: Some(impact),
        labels: LabelSet::EMPTY,
        body: None,
        details: KeptDetails::NONE,
    };
    vec![
        record(
            "fd5476336f8cd261e394c050ccfff038",
            "2021-09-24T06:31:23+00:00",
            "4359.0",
            "4359.0",
            Impact::Credit,
        ),
        record(
            "dd9bfad8a88f838d53f63b85c109dcf1",
            "2021-10-08T10:41:25+00:00",
            "6800.0",
            "6324.13",
            Impact::Debit,
        ),
    ]
}
