//! The shapes of the newer API generation.

use std::num::NonZeroU32;

use serde::Serialize;

use super::page::{List, Page};
use super::{AccountTypes, Found, ListFilter, Warning};
use crate::ids::{OrganizationId, UserId};
use crate::reports::Subject;
use crate::{AccountId, AccountType, Currency, Impact, InstitutionId, LabelSet, Money, Record, RecordId, Timestamp};

/// The subject of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct OwnerMeta {
    /// The organization the user is registered with.
    #[schema(value_type = Uuid)]
    pub client_uuid: OrganizationId,
    /// The user.
    #[schema(value_type = Uuid)]
    pub user_uuid: UserId,
}

impl From<&Subject> for OwnerMeta {
    fn from(subject: &Subject) -> Self {
        Self {
            client_uuid: subject.client_uuid,
            user_uuid: subject.user_uuid,
        }
    }
}

/// The institutions where a user has a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct InstitutionsView<'a> {
    /// The subject of the list.
    #[serde(rename = "_meta")]
    pub meta: OwnerMeta,
    /// The institutions, by id.
    pub institutions: Vec<InstitutionView<'a>>,
    /// The currency of the country of the user's phone number; null if unknown.
    pub country_currency: Option<Currency>,
}

/// An institution where a user has a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct InstitutionView<'a> {
    /// The institution.
    pub institution_id: &'a InstitutionId,
    /// Its display name; the id if the institution is not in the directory.
    pub display_name: &'a str,
    /// The account types in the directory and in the records.
    pub account_types: AccountTypes,
    /// The accounts in the records, in order.
    pub account_ids: Vec<&'a AccountId>,
    /// The most common currency of the user's transactions there; of equally common ones, the latest. Null if no
    /// transaction has one.
    pub currency: Option<Currency>,
}

/// The institutions where a user has a record.
pub fn institutions<'a>(records: &'a [Record], subject: &Subject) -> InstitutionsView<'a> {
    let views = Found::in_records(records).into_iter().map(|(id, found)| {
        let (display_name, account_types) = found.describe(id);
        InstitutionView {
            institution_id: id,
            display_name,
            account_types,
            currency: found.currency(),
            account_ids: found.account_ids.into_iter().collect(),
        }
    });
    InstitutionsView {
        meta: subject.into(),
        institutions: views.collect(),
        country_currency: subject.country_currency(),
    }
}

/// A page of transactions: the records with an amount and an impact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct TransactionsPage<'a> {
    /// The page, from 1.
    #[schema(value_type = u32, minimum = 1)]
    pub page: NonZeroU32,
    /// Number of pages; at least 1.
    pub num_pages: u64,
    /// Newest first; empty past the end.
    pub transactions: Vec<TransactionView<'a>>,
    /// Hints about parameters that may be misspelt. Omitted if empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
}

/// A transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct TransactionView<'a> {
    /// The record.
    pub id: &'a RecordId,
    /// Time of the record.
    pub timestamp: Timestamp,
    /// The institution.
    pub institution_id: &'a InstitutionId,
    /// The account within the institution.
    pub account_id: &'a AccountId,
    /// The type of the account.
    pub account_type: AccountType,
    /// The moved amount.
    pub amount: Option<Money>,
    /// The direction of the money.
    pub impact: Option<Impact>,
    /// The record's currency.
    pub currency: Option<Currency>,
    /// The balance afterwards, if stated.
    pub balance: Option<Money>,
    /// The statements of the message.
    pub labels: LabelSet,
}

/// A page of the transactions at an institution. The list is empty if the user has no record there, or if the
/// institution does not exist.
pub fn transactions<'a>(
    records: &'a [Record],
    institution_id: Option<&InstitutionId>,
    filter: &ListFilter,
    page: NonZeroU32,
) -> TransactionsPage<'a> {
    let found = Page::of(records, institution_id, filter, List::Transactions, page);
    let views = found.records.into_iter().map(|record| TransactionView {
        id: &record.id,
        timestamp: record.timestamp,
        institution_id: &record.institution_id,
        account_id: &record.account_id,
        account_type: record.account_type,
        amount: record.amount,
        impact: record.impact,
        currency: record.currency,
        balance: record.balance,
        labels: record.labels,
    });
    TransactionsPage {
        page,
        num_pages: found.num_pages,
        transactions: views.collect(),
        warnings: Vec::new(),
    }
}

/// A page of balances: the records with a balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct BalancesPage<'a> {
    /// The page, from 1.
    #[schema(value_type = u32, minimum = 1)]
    pub page: NonZeroU32,
    /// Number of pages; at least 1.
    pub num_pages: u64,
    /// Newest first; empty past the end.
    pub balances: Vec<BalanceView<'a>>,
    /// Hints about parameters that may be misspelt. Omitted if empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
}

/// A balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct BalanceView<'a> {
    /// The record.
    pub id: &'a RecordId,
    /// Time of the record.
    pub timestamp: Timestamp,
    /// The institution.
    pub institution_id: &'a InstitutionId,
    /// The account within the institution.
    pub account_id: &'a AccountId,
    /// The type of the account.
    pub account_type: AccountType,
    /// The balance; for a loan, the amount owed.
    pub balance: Option<Money>,
    /// The record's currency.
    pub currency: Option<Currency>,
    /// The statements of the message.
    pub labels: LabelSet,
}

/// A page of the balances at an institution. The list is empty if the user has no record there, or if the institution
/// does not exist.
pub fn balances<'a>(
    records: &'a [Record],
    institution_id: Option<&InstitutionId>,
    filter: &ListFilter,
    page: NonZeroU32,
) -> BalancesPage<'a> {
    let found = Page::of(records, institution_id, filter, List::Balances, page);
    let views = found.records.into_iter().map(|record| BalanceView {
        id: &record.id,
        timestamp: record.timestamp,
        institution_id: &record.institution_id,
        account_id: &record.account_id,
        account_type: record.account_type,
        balance: record.balance,
        currency: record.currency,
        labels: record.labels,
    });
    BalancesPage {
        page,
        num_pages: found.num_pages,
        balances: views.collect(),
        warnings: Vec::new(),
    }
}

/// A page of alerts: the records with a label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct AlertsPage<'a> {
    /// The page, from 1.
    #[schema(value_type = u32, minimum = 1)]
    pub page: NonZeroU32,
    /// Number of pages; at least 1.
    pub num_pages: u64,
    /// Newest first; empty past the end.
    pub alerts: Vec<AlertView<'a>>,
    /// Hints about parameters that may be misspelt. Omitted if empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
}

/// An alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct AlertView<'a> {
    /// The record.
    pub id: &'a RecordId,
    /// The same as `id`.
    pub smslog_id: &'a RecordId,
    /// Time of the record.
    pub timestamp: Timestamp,
    /// The same, in seconds since the epoch.
    pub ts: i64,
    /// The institution.
    pub institution_id: &'a InstitutionId,
    /// The account within the institution.
    pub account_id: &'a AccountId,
    /// The type of the account.
    pub account_type: AccountType,
    /// The text of the message; empty if none is stored.
    pub body: &'a str,
    /// The same as `body`.
    pub smslog_body: &'a str,
    /// The statements of the message.
    pub labels: LabelSet,
}

/// A page of the alerts at an institution. The list is empty if the user has no record there, or if the institution
/// does not exist.
pub fn alerts<'a>(
    records: &'a [Record],
    institution_id: Option<&InstitutionId>,
    filter: &ListFilter,
    page: NonZeroU32,
) -> AlertsPage<'a> {
    let found = Page::of(records, institution_id, filter, List::Alerts, page);
    let views = found.records.into_iter().map(|record| AlertView {
        id: &record.id,
        smslog_id: &record.id,
        timestamp: record.timestamp,
        ts: record.timestamp.unix_seconds(),
        institution_id: &record.institution_id,
        account_id: &record.account_id,
        account_type: record.account_type,
        body: record.body.as_deref().unwrap_or_default(),
        smslog_body: record.body.as_deref().unwrap_or_default(),
        labels: record.labels,
    });
    AlertsPage {
        page,
        num_pages: found.num_pages,
        alerts: views.collect(),
        warnings: Vec::new(),
    }
}
