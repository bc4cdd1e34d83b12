//! Records as they come in.

use daftari_domain::{
    AccountId, AccountType, Currency, Impact, InstitutionId, LabelSet, Money, Record, RecordId,
    Timestamp,
};
use serde::Deserialize;

/// A record as a client sends it. What may be null may be left out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WireRecord {
    id: RecordId,
    timestamp: Timestamp,
    institution_id: InstitutionId,
    #[serde(default)]
    account_id: Option<AccountId>,
    account_type: AccountType,
    #[serde(default)]
    amount: Option<Money>,
    #[serde(default)]
    balance: Option<Money>,
    #[serde(default)]
    currency: Option<Currency>,
    #[serde(default)]
    impact: Option<Impact>,
    #[serde(default)]
    labels: Option<LabelSet>,
    #[serde(default)]
    body: Option<Box<str>>,
}

impl From<WireRecord> for Record {
    fn from(wire: WireRecord) -> Self {
        Self {
            id: wire.id,
            timestamp: wire.timestamp,
            institution_id: wire.institution_id,
            account_id: wire.account_id.unwrap_or_default(),
            account_type: wire.account_type,
            amount: wire.amount,
            balance: wire.balance,
            currency: wire.currency,
            impact: wire.impact,
            labels: wire.labels.unwrap_or_default(),
            body: wire.body,
        }
    }
}
