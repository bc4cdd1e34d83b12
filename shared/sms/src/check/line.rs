//! One line of an evaluation file.

use daftari_domain::{AccountType, Currency, Impact, LabelSet, Money, Timestamp};
use serde::Deserialize;
use serde::de::{Deserializer, Error};

/// A message and its known reading.
#[derive(Clone, Debug, Deserialize)]
pub struct Line {
    /// Names the line; empty where it has none.
    #[serde(default)]
    pub id: String,
    /// The institution, by whatever name the file uses.
    pub institution: String,
    /// The user's country, ISO 3166-1 alpha-2.
    pub country: String,
    /// Empty where the source does not know it.
    #[serde(default)]
    pub sender: String,
    /// The text.
    pub body: String,
    /// When it was received.
    #[serde(default)]
    pub received_at: Option<Timestamp>,
    /// What it says.
    pub expected: Expected,
}

/// A line that is no message with a reading.
#[derive(Debug, thiserror::Error)]
#[error("line {number}: {reason}")]
pub struct BadLine {
    /// The number of the line, from 1.
    pub number: usize,
    /// What is wrong with it.
    pub reason: serde_json::Error,
}

impl Line {
    pub(super) fn parse(number: usize, text: &str) -> Result<Self, BadLine> {
        serde_json::from_str(text).map_err(|reason| BadLine { number, reason })
    }
}

/// What a source asserts about a message; what it does not mention is not compared.
#[derive(Clone, Debug, Deserialize)]
pub struct Expected {
    /// Every record, in full. Then the other fields are not used.
    pub ledger: Option<Vec<Entry>>,
    /// False: no money moved.
    pub is_transaction: Option<bool>,
    /// What moved.
    #[serde(default, deserialize_with = "money")]
    pub amount: Option<Money>,
    /// The balance after it.
    #[serde(default, deserialize_with = "money")]
    pub balance: Option<Money>,
    /// The direction.
    pub impact: Option<Impact>,
    /// The currency.
    pub currency: Option<Currency>,
    /// The labels of the message.
    pub labels: Option<LabelSet>,
    /// The kind of account.
    pub account_type: Option<AccountType>,
    /// The account, in full.
    pub account_id: Option<String>,
    /// The last visible digits of the account.
    pub account_last4: Option<String>,
}

/// One record of a ledger.
#[derive(Clone, Debug, Deserialize)]
pub struct Entry {
    /// Institution and account in one word, such as `MSHWARI_LOAN`.
    pub account: String,
    /// The kind of account.
    pub account_type: AccountType,
    /// What moved.
    #[serde(deserialize_with = "money")]
    pub amount: Option<Money>,
    /// The direction.
    pub impact: Option<Impact>,
    /// The balance after it.
    #[serde(deserialize_with = "money")]
    pub balance: Option<Money>,
    /// The currency.
    pub currency: Option<Currency>,
    /// The labels.
    pub labels: LabelSet,
}

/// Money is written as text in these files.
fn money<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Money>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| {
        text.parse()
            .map_err(|error| D::Error::custom(format!("{text:?} {error}")))
    })
    .transpose()
}
