//! A record before it has an id and a time.

use daftari_domain::{AccountType, Currency, Impact, LabelSet, Money};

/// A record as the message states it, before it has an id and a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Draft {
    pub(crate) institution_id: &'static str,
    /// `None` if the message does not distinguish the account from others.
    pub(crate) account_id: Option<String>,
    pub(crate) account_type: AccountType,
    pub(crate) amount: Option<Money>,
    pub(crate) impact: Option<Impact>,
    pub(crate) balance: Option<Money>,
    pub(crate) currency: Option<Currency>,
    pub(crate) labels: LabelSet,
}

impl Draft {
    /// Whether the draft holds a movement, a balance or a label.
    pub(crate) fn says_something(&self) -> bool {
        self.amount.is_some() || self.balance.is_some() || !self.labels.is_empty()
    }
}
