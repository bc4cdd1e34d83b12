//! The shapes of the older API generation.
//!
//! An "account" here is an institution, addressed by a UUID. `account_number` distinguishes the accounts within it. The
//! clients know only the account types and currencies below and fail on others. Other types are therefore shown as the
//! nearest known one, and other currencies are left out.

use std::num::NonZeroU32;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

pub use super::acct::{in_directory, institution_of};
use super::institutions::OwnerMeta;
use super::page::{List, Page};
use super::page_schemas::{AccountAlertsMeta, AccountBalancesMeta, AccountTransactionsMeta};
use super::{AccountTypes, Found, ListFilter};
use crate::ids::{AcctUuid, OrganizationId, UserId};
use crate::reports::Subject;
use crate::{AccountId, AccountType, Currency, Impact, InstitutionId, LabelSet, Money, Record, RecordId, TimeRange};

/// The currencies the older clients know.
const KNOWN_CURRENCIES: [&str; 5] = ["AED", "GHS", "KES", "NGN", "USD"];

fn known(currency: Option<Currency>) -> Option<Currency> {
    currency.filter(|currency| KNOWN_CURRENCIES.contains(&currency.code()))
}

crate::described! { "OlderAccountType";
    /// The account types the older clients know.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
    #[serde(rename_all = "lowercase")]
    pub enum OlderAccountType {
        /// A bank account or a wallet.
        Depository,
        /// A loan, also a revolving one.
        Loan,
        /// Airtime. Wallets are `depository`.
        MobileMoney,
    }
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

/// The institutions where a user has a record, as accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct AccountsView<'a> {
    /// The subject of the list.
    #[serde(rename = "_meta")]
    pub meta: OwnerMeta,
    /// The accounts, by institution id.
    pub accounts: Vec<AccountView<'a>>,
}

/// An institution where a user has a record, as an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct AccountView<'a> {
    /// The key of the account: the `UUIDv5` of the institution id in the namespace of the user's uuid.
    #[schema(value_type = Uuid)]
    pub acct_uuid: AcctUuid,
    /// The institution.
    pub institution: InstitutionName<'a>,
    /// The most common currency of the user's transactions there. `unknown` if there is none, or if older clients do
    /// not know it.
    pub currency: &'static str,
    /// The account types in the directory and in the records.
    pub types: Vec<OlderAccountType>,
}

/// The names of an institution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct InstitutionName<'a> {
    /// The institution id.
    pub name: &'a InstitutionId,
    /// Its display name; the id if the institution is not in the directory.
    pub display_name: &'a str,
}

/// The institutions where a user has a record, as accounts.
pub fn accounts<'a>(records: &'a [Record], subject: &Subject) -> AccountsView<'a> {
    let views = Found::in_records(records).into_iter().map(|(id, found)| {
        let (display_name, account_types) = found.describe(id);
        AccountView {
            acct_uuid: AcctUuid::of(subject.user_uuid, id),
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

/// The kind of elements in a list, which determines the name of the count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// `total_transactions_count`
    Transactions,
    /// `total_balances_count`
    Balances,
    /// `total_alerts_count`
    Alerts,
}

/// The description of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageMeta {
    /// The page, from 1.
    pub page: NonZeroU32,
    /// `utc_starttime` and `utc_endtime`; null if open.
    pub range: TimeRange,
    /// The account.
    pub acct_uuid: AcctUuid,
    /// The user.
    pub user_uuid: UserId,
    /// The elements that are counted.
    pub counted: Counted,
    /// Number of elements on all pages.
    pub total_count: u64,
    /// Number of pages; at least 1.
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

/// The requested page of a list of one account.
#[derive(Clone, Copy, Debug)]
pub struct PageRequest {
    /// The account.
    pub acct_uuid: AcctUuid,
    /// Selects the records.
    pub filter: ListFilter,
    /// The page, from 1.
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

/// The records of a page that belong to one account of the institution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccountRecords<'a, T> {
    /// The account id.
    pub account_number: &'a AccountId,
    /// The type of the account.
    pub account_type: OlderAccountType,
    /// Newest first.
    pub records: Vec<T>,
}

/// Groups a page by account. The account with the newest record comes first.
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

/// Declares the records of a page that belong to one account, under a name for generated clients.
macro_rules! account_records {
    ($name:ident, $record:ty) => {
        /// The records of a page that belong to one account of the institution.
        #[derive(utoipa::ToSchema)]
        pub struct $name {
            /// The account id.
            pub account_number: AccountId,
            /// The type of the account.
            pub account_type: OlderAccountType,
            /// Newest first.
            pub records: Vec<$record>,
        }
    };
}

account_records!(AccountTransactions, TransactionRecord<'static>);
account_records!(AccountBalances, BalanceRecord<'static>);

/// A page of transactions: the records with an amount and an impact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = AccountTransactionsPage)]
pub struct TransactionsPage<'a> {
    /// The description of the page.
    #[serde(rename = "_meta")]
    #[schema(value_type = AccountTransactionsMeta)]
    pub meta: PageMeta,
    /// The records of the page by account.
    #[schema(value_type = Vec<AccountTransactions>)]
    pub transactions: Vec<AccountRecords<'a, TransactionRecord<'a>>>,
}

/// A transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = AccountTransactionRecord)]
pub struct TransactionRecord<'a> {
    /// Time, in seconds since the epoch.
    pub ts: i64,
    /// Always null: only the lists of alerts have texts.
    pub description: Option<&'a str>,
    /// The moved amount.
    pub amount: Option<Money>,
    /// The direction of the money.
    pub impact: Option<Impact>,
    /// The account id.
    pub account_number: &'a AccountId,
    /// The type of the account.
    pub account_type: OlderAccountType,
    /// The record's currency; null if older clients do not know it.
    pub currency: Option<Currency>,
    /// The statements of the message.
    pub labels: LabelSet,
}

/// A page of the transactions of an account. The list is empty if the user has no record there.
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
    /// The description of the page.
    #[serde(rename = "_meta")]
    #[schema(value_type = AccountBalancesMeta)]
    pub meta: PageMeta,
    /// The records of the page by account.
    #[schema(value_type = Vec<AccountBalances>)]
    pub balances: Vec<AccountRecords<'a, BalanceRecord<'a>>>,
}

/// A balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = AccountBalanceRecord)]
pub struct BalanceRecord<'a> {
    /// Time, in seconds since the epoch.
    pub ts: i64,
    /// Always null: only the lists of alerts have texts.
    pub description: Option<&'a str>,
    /// The balance; for a loan, the amount owed.
    pub balance: Option<Money>,
    /// The account id.
    pub account_number: &'a AccountId,
    /// The type of the account.
    pub account_type: OlderAccountType,
    /// The record's currency; null if older clients do not know it.
    pub currency: Option<Currency>,
    /// The statements of the message.
    pub labels: LabelSet,
}

/// A page of the balances of an account. The list is empty if the user has no record there.
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
    /// The description of the page.
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
    /// Time, in seconds since the epoch.
    pub ts: i64,
    /// The text of the message. Empty if none is stored, because the clients require a string.
    pub smslog_body: &'a str,
    /// The statements of the message.
    pub labels: LabelSet,
}

/// A page of the alerts of an account. The list is empty if the user has no record there.
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
