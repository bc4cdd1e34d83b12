//! Records as they come in.

use daftari_domain::{
    AccountId, AccountType, Currency, Impact, InstitutionId, KeptText, LabelSet, Money, Record, RecordId, Timestamp,
};
use serde::Deserialize;

/// A record as a client sends it. What may be null may be left out.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewRecord)]
pub(crate) struct WireRecord {
    /// Tells the record from others of the same account and month.
    id: RecordId,
    /// When it happened, between 1970 and a day from now.
    timestamp: Timestamp,
    /// The institution it happened at.
    institution_id: InstitutionId,
    /// The account inside the institution; left out, `default`.
    #[serde(default)]
    account_id: Option<AccountId>,
    /// What kind of account it is.
    account_type: AccountType,
    /// Money moved; never negative.
    #[serde(default)]
    amount: Option<Money>,
    /// The balance afterwards; of a loan, what is owed. May be negative.
    #[serde(default)]
    balance: Option<Money>,
    /// The currency of amount and balance.
    #[serde(default)]
    currency: Option<Currency>,
    /// Which way the money moved.
    #[serde(default)]
    impact: Option<Impact>,
    /// What the message says.
    #[serde(default)]
    labels: Option<LabelSet>,
    /// The text the record came from, of at most 1,600 characters and 4,800 bytes; of labelled records only. Kept without
    /// its invisible characters, white space around it and long runs of it. A text of which nothing is left is dropped.
    #[serde(default)]
    #[schema(max_length = 1_600)]
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
            body: wire.body.as_deref().map(KeptText::from).filter(|text| !text.is_empty()),
        }
    }
}
