//! A record in answers of the API.

use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use crate::{AccountId, AccountType, Currency, Impact, InstitutionId, LabelSet, Money, Record, RecordId, Timestamp};

/// The content of a record: a transaction (amount and impact), a balance, an alert (labels), or several at once.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = Record)]
pub struct ShownRecord<'a> {
    /// The id of the record in the source it was retrieved from.
    #[schema(value_type = RecordId)]
    id: &'a RecordId,
    /// When the event happened: when the SMS was received on the phone.
    timestamp: Timestamp,
    /// The institution the event happened at.
    #[schema(value_type = InstitutionId)]
    institution_id: &'a InstitutionId,
    /// The account within the institution.
    #[schema(value_type = AccountId)]
    account_id: &'a AccountId,
    /// The type of the account.
    account_type: AccountType,
    /// Money moved; never negative.
    amount: Option<Money>,
    /// The balance after the event; of a loan, the amount owed. May be negative.
    balance: Option<Money>,
    /// The currency of amount and balance.
    currency: Option<Currency>,
    /// The direction of the money.
    impact: Option<Impact>,
    /// The labels of the message.
    labels: LabelSet,
}

impl<'a> From<&'a Record> for ShownRecord<'a> {
    /// The text is left out, because only the lists of alerts show it. The details are left out too: clients have to
    /// request them.
    fn from(record: &'a Record) -> Self {
        Self {
            id: &record.id,
            timestamp: record.timestamp,
            institution_id: &record.institution_id,
            account_id: &record.account_id,
            account_type: record.account_type,
            amount: record.amount,
            balance: record.balance,
            currency: record.currency,
            impact: record.impact,
            labels: record.labels,
        }
    }
}

/// Serializes records in their answer form.
pub fn shown<S: Serializer>(records: &[Record], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(records.iter().map(ShownRecord::from))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::NewRecord;

    #[test]
    fn a_record_is_shown_as_in_the_public_reference() {
        let json = r#"{
            "id": "dd9bfad8a88f838d53f63b85c109dcf1", "timestamp": "2021-10-08T10:41:25+00:00",
            "institution_id": "mpesa", "account_type": "depository",
            "amount": 6800, "balance": 6324.13, "currency": "KES", "impact": "DEBIT", "fee": 7, "reference": "QJ912ABCDE"
        }"#;
        let record = Record::from(serde_json::from_str::<NewRecord>(json).expect("record"));
        let expected = serde_json::json!({
            "id": "dd9bfad8a88f838d53f63b85c109dcf1", "timestamp": "2021-10-08T10:41:25+00:00",
            "institution_id": "mpesa", "account_id": "default", "account_type": "depository",
            "amount": 6800.0, "balance": 6324.13, "currency": "KES", "impact": "DEBIT", "labels": [],
        });
        assert_eq!(
            serde_json::to_value(ShownRecord::from(&record)).expect("json"),
            expected
        );
    }
}
