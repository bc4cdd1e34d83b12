//! The shapes of the older API generation: `/users/{user_uuid}/accounts/…`.
//!
//! An "account" here is an institution, addressed by a UUID; the accounts inside it are told apart by `account_number`.
//! The clients know only the account types and currencies below and fail on others, so what they do not know is shown as
//! the nearest they do.

use std::num::NonZeroU32;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use uuid::Uuid;

pub use super::acct::{acct_uuid, in_directory, institution_of};
use super::institutions::OwnerMeta;
use super::page::{List, Page};
use super::page_schemas::{AccountAlertsMeta, AccountBalancesMeta, AccountTransactionsMeta};
use super::{AccountTypes, Found, ListFilter};
use crate::ids::{OrganizationId, UserId};
use crate::reports::Subject;
use crate::{AccountId, AccountType, Currency, Impact, InstitutionId, LabelSet, Money, Record, RecordId, TimeRange};

/// The currencies the older clients know.
const KNOWN_CURRENCIES: [&str; 5] = ["AED", "GHS", "KES", "NGN", "USD"];

fn known(currency: Option<Currency>) -> Option<Currency> {
    currency.filter(|currency| KNOWN_CURRENCIES.contains(&currency.code()))
}

/// The account types the older clients know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum OlderAccountType {
    /// `depository`
    Depository,
    /// `loan`, for revolving loans too.
    Loan,
    /// `mobilemoney`, for airtime.
    MobileMoney,
}

impl From<AccountType> for OlderAccountType {
    fn from(account_type: AccountType) -> Self {
        match account_type {
            AccountType::Depository => Self::Depository,
            AccountType::Loan | AccountType::RevolvingLoan => Self::Loan,
            AccountType::Airtime => Self::MobileMoney,
        }
    }
}

fn older_types(types: AccountTypes) -> Vec<OlderAccountType> {
    let mut types: Vec<_> = types.iter().map(OlderAccountType::from).collect();
    types.sort_unstable();
    types.dedup();
    types
}

/// The institutions a user has a record with, as accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct AccountsView<'a> {
    /// Whose list it is.
    #[serde(rename = "_meta")]
    pub meta: OwnerMeta,
    /// The accounts, by institution id.
    pub accounts: Vec<AccountView<'a>>,
}

/// An institution a user has a record with, as an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct AccountView<'a> {
    /// See [`acct_uuid`].
    pub acct_uuid: Uuid,
    /// The institution.
    pub institution: InstitutionName<'a>,
    /// The most common currency among the user's transactions there; `unknown` where there is none or older clients do
    /// not know it.
    pub currency: &'static str,
    /// The account types it offers and those the records show.
    pub types: Vec<OlderAccountType>,
}

/// The names of an institution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct InstitutionName<'a> {
    /// The institution id.
    pub name: &'a InstitutionId,
    /// Its name for people; the id where the directory does not know it.
    pub display_name: &'a str,
}

/// The institutions a user has a record with, as accounts.
pub fn accounts<'a>(records: &'a [Record], subject: &Subject) -> AccountsView<'a> {
    let views = Found::in_records(records).into_iter().map(|(id, found)| {
        let (display_name, account_types) = found.describe(id);
        AccountView {
            acct_uuid: acct_uuid(subject.user_uuid, id),
            institution: InstitutionName { name: id, display_name },
            currency: known(found.currency()).map_or("unknown", Currency::code),
            types: older_types(account_types),
        }
    });
    AccountsView {
        meta: subject.into(),
        accounts: views.collect(),
    }
}

/// What a list counts; it names the field of the count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// `total_transactions_count`
    Transactions,
    /// `total_balances_count`
    Balances,
    /// `total_alerts_count`
    Alerts,
}

/// What a page is a page of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageMeta {
    /// The page, from 1.
    pub page: NonZeroU32,
    /// `utc_starttime` and `utc_endtime`; null where open.
    pub range: TimeRange,
    /// The account.
    pub acct_uuid: Uuid,
    /// The user.
    pub user_uuid: UserId,
    /// What is counted.
    pub counted: Counted,
    /// How many there are on all pages.
    pub total_count: u64,
    /// How many pages there are; at least 1.
    pub max_pages: u64,
    /// The organization the user is registered with.
    pub client_uuid: OrganizationId,
}

impl Serialize for PageMeta {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let count = match self.counted {
            Counted::Transactions => "total_transactions_count",
            Counted::Balances => "total_balances_count",
            Counted::Alerts => "total_alerts_count",
        };
        let mut meta = serializer.serialize_struct("PageMeta", 8)?;
        meta.serialize_field("page", &self.page)?;
        meta.serialize_field("utc_starttime", &self.range.start)?;
        meta.serialize_field("utc_endtime", &self.range.end)?;
        meta.serialize_field("acct_uuid", &self.acct_uuid)?;
        meta.serialize_field("user_uuid", &self.user_uuid)?;
        meta.serialize_field(count, &self.total_count)?;
        meta.serialize_field("max_pages", &self.max_pages)?;
        meta.serialize_field("client_uuid", &self.client_uuid)?;
        meta.end()
    }
}

/// A list of one account and the page of it that is asked for.
#[derive(Clone, Copy, Debug)]
pub struct PageRequest {
    /// The account.
    pub acct_uuid: Uuid,
    /// Which records.
    pub filter: ListFilter,
    /// Which page, from 1.
    pub page: NonZeroU32,
}

impl PageRequest {
    fn find<'a>(&self, records: &'a [Record], subject: &Subject, counted: Counted) -> (PageMeta, Vec<&'a Record>) {
        let institution = institution_of(records, subject.user_uuid, self.acct_uuid);
        let list = match counted {
            Counted::Transactions => List::Transactions,
            Counted::Balances => List::Balances,
            Counted::Alerts => List::Alerts,
        };
        let found = Page::of(records, institution, &self.filter, list, self.page);
        let meta = PageMeta {
            page: self.page,
            range: self.filter.range,
            acct_uuid: self.acct_uuid,
            user_uuid: subject.user_uuid,
            counted,
            total_count: found.total,
            max_pages: found.num_pages,
            client_uuid: subject.client_uuid,
        };
        (meta, found.records)
    }
}

/// The records of a page that are of one account inside the institution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct AccountRecords<'a, T> {
    /// The account id.
    pub account_number: &'a AccountId,
    /// What kind of account it is.
    pub account_type: OlderAccountType,
    /// Newest first.
    pub records: Vec<T>,
}

/// Groups a page by account; the account with the newest record comes first.
fn grouped<'a, T>(records: Vec<&'a Record>, view: impl Fn(&'a Record) -> T) -> Vec<AccountRecords<'a, T>> {
    let mut groups: Vec<AccountRecords<'a, T>> = Vec::new();
    for record in records {
        let (number, account_type) = (&record.account_id, record.account_type.into());
        let known = groups
            .iter()
            .position(|group| group.account_number == number && group.account_type == account_type);
        let at = known.unwrap_or_else(|| {
            groups.push(AccountRecords {
                account_number: number,
                account_type,
                records: Vec::new(),
            });
            groups.len() - 1
        });
        groups[at].records.push(view(record));
    }
    groups
}

/// A page of transactions: the records with an amount and an impact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = AccountTransactionsPage)]
pub struct TransactionsPage<'a> {
    /// What it is a page of.
    #[serde(rename = "_meta")]
    #[schema(value_type = AccountTransactionsMeta)]
    pub meta: PageMeta,
    /// The records of the page by account.
    pub transactions: Vec<AccountRecords<'a, TransactionRecord<'a>>>,
}

/// A transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = AccountTransactionRecord)]
pub struct TransactionRecord<'a> {
    /// When, in seconds since the epoch.
    pub ts: i64,
    /// Always null: texts are shown by the alerts lists only.
    pub description: Option<&'a str>,
    /// Money moved.
    pub amount: Option<Money>,
    /// Which way it moved.
    pub impact: Option<Impact>,
    /// The account id.
    pub account_number: &'a AccountId,
    /// What kind of account it is.
    pub account_type: OlderAccountType,
    /// The currency the record states; null where older clients do not know it.
    pub currency: Option<Currency>,
    /// What the message says.
    pub labels: LabelSet,
}

/// A page of the transactions of an account. One the user has no record with gives an empty list.
pub fn transactions<'a>(records: &'a [Record], subject: &Subject, request: &PageRequest) -> TransactionsPage<'a> {
    let (meta, found) = request.find(records, subject, Counted::Transactions);
    let transactions = grouped(found, |record| TransactionRecord {
        ts: record.timestamp.unix_seconds(),
        description: None,
        amount: record.amount,
        impact: record.impact,
        account_number: &record.account_id,
        account_type: record.account_type.into(),
        currency: known(record.currency),
        labels: record.labels,
    });
    TransactionsPage { meta, transactions }
}

/// A page of balances: the records with a balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = AccountBalancesPage)]
pub struct BalancesPage<'a> {
    /// What it is a page of.
    #[serde(rename = "_meta")]
    #[schema(value_type = AccountBalancesMeta)]
    pub meta: PageMeta,
    /// The records of the page by account.
    pub balances: Vec<AccountRecords<'a, BalanceRecord<'a>>>,
}

/// A balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = AccountBalanceRecord)]
pub struct BalanceRecord<'a> {
    /// When, in seconds since the epoch.
    pub ts: i64,
    /// Always null: texts are shown by the alerts lists only.
    pub description: Option<&'a str>,
    /// The balance; of a loan, what is owed.
    pub balance: Option<Money>,
    /// The account id.
    pub account_number: &'a AccountId,
    /// What kind of account it is.
    pub account_type: OlderAccountType,
    /// The currency the record states; null where older clients do not know it.
    pub currency: Option<Currency>,
    /// What the message says.
    pub labels: LabelSet,
}

/// A page of the balances of an account. One the user has no record with gives an empty list.
pub fn balances<'a>(records: &'a [Record], subject: &Subject, request: &PageRequest) -> BalancesPage<'a> {
    let (meta, found) = request.find(records, subject, Counted::Balances);
    let balances = grouped(found, |record| BalanceRecord {
        ts: record.timestamp.unix_seconds(),
        description: None,
        balance: record.balance,
        account_number: &record.account_id,
        account_type: record.account_type.into(),
        currency: known(record.currency),
        labels: record.labels,
    });
    BalancesPage { meta, balances }
}

/// A page of alerts: the records with a label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = AccountAlertsPage)]
pub struct AlertsPage<'a> {
    /// What it is a page of.
    #[serde(rename = "_meta")]
    #[schema(value_type = AccountAlertsMeta)]
    pub meta: PageMeta,
    /// Newest first.
    pub alerts: Vec<AlertRecord<'a>>,
}

/// An alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = AccountAlertRecord)]
pub struct AlertRecord<'a> {
    /// The record.
    pub smslog_id: &'a RecordId,
    /// When, in seconds since the epoch.
    pub ts: i64,
    /// The text of the message; empty where none was kept, since the clients require a string.
    pub smslog_body: &'a str,
    /// What the message says.
    pub labels: LabelSet,
}

/// A page of the alerts of an account. One the user has no record with gives an empty list.
pub fn alerts<'a>(records: &'a [Record], subject: &Subject, request: &PageRequest) -> AlertsPage<'a> {
    let (meta, found) = request.find(records, subject, Counted::Alerts);
    let alerts = found.into_iter().map(|record| AlertRecord {
        smslog_id: &record.id,
        ts: record.timestamp.unix_seconds(),
        smslog_body: record.body.as_deref().unwrap_or_default(),
        labels: record.labels,
    });
    AlertsPage {
        meta,
        alerts: alerts.collect(),
    }
}
