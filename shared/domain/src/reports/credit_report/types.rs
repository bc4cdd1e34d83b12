//! The shape of the report. Fields the public reference does not have are marked "ours".

use serde::{Serialize, Serializer};

use crate::ids::{OrganizationId, UserId};
use crate::money::DecimalNumber;
use crate::reports::lateness::LateEpisode;
use crate::reports::limits;
use crate::reports::loan_status::{LoanStatus, StatusReason};
use crate::{AccountId, AccountType, Currency, InstitutionId, Money, RecordId, Timestamp};

/// A credit report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CreditReport {
    /// Whose report it is, of when, and how fresh the data is.
    pub meta: CreditReportMeta,
    /// The user as registered.
    pub user: Person,
    /// What the user holds.
    pub depository: Depository,
    /// What the user owes.
    pub loan: Loans,
    /// The sums of both in every currency an account is in, by code. Ours.
    pub totals_by_currency: Vec<CurrencyBalances>,
    /// The loans by standing, as the older API generation reported them.
    pub tradelines: Tradelines,
    /// The payments towards loans, newest first, as the older API generation reported them; at most 800.
    pub loan_repayments: Vec<LoanRepayment>,
    /// How many older payments `loan_repayments` leaves out; absent where it has all. Ours.
    #[serde(skip_serializing_if = "limits::is_none")]
    pub loan_repayments_omitted: u64,
}

/// What a credit report is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CreditReportMeta {
    /// The instant the report stands for: no later record is considered.
    pub created_at: Timestamp,
    /// The user.
    #[schema(value_type = Uuid)]
    pub user_uuid: UserId,
    /// The organization the user is registered with. Ours.
    #[schema(value_type = Uuid)]
    pub client_uuid: OrganizationId,
    /// The report currency: that of all sums outside `totals_by_currency`. Ours.
    pub currency: Option<Currency>,
    /// The timestamp of the newest record considered; null where there is none. Ours.
    pub latest_record_at: Option<Timestamp>,
}

/// The user as registered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Person {
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Phone number, digits only.
    pub phone_number: String,
}

/// The depository accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Depository {
    /// The sum of the latest balances in the report currency. An overdrawn account lowers it.
    pub total_balances: DecimalNumber,
    /// How many accounts there are, in any currency.
    pub total_accounts: u64,
    /// The accounts, by institution and account id; of more than 200 those with the latest `updated_at`.
    pub accounts: Vec<DepositoryAccount>,
    /// How many accounts `accounts` leaves out; they are in the sum and the count. Absent where it has all. Ours.
    #[serde(skip_serializing_if = "limits::is_none")]
    pub accounts_omitted: u64,
}

/// A depository account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct DepositoryAccount {
    /// The institution.
    pub institution_id: InstitutionId,
    /// The account inside the institution.
    pub account_id: AccountId,
    /// The latest balance seen; null where none was.
    pub balance: Option<Money>,
    /// The currency the balance was stated in, else the account's; null where no record of the account states one (it then
    /// counts in the currency of the user's country).
    pub iso_currency_code: Option<Currency>,
    /// When the balance was seen; without one, the latest record of the account.
    pub updated_at: Timestamp,
}

/// The loan accounts. One whose records give it no status (offers only) is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Loans {
    /// How many are open, in any currency.
    pub open_accounts: u64,
    /// What is owed on them in the report currency, as far as known.
    pub open_balances: DecimalNumber,
    /// How many are nonperforming, in any currency.
    pub nonperforming_accounts: u64,
    /// What is owed on them in the report currency, as far as known.
    pub nonperforming_balances: DecimalNumber,
    /// How many are defaulted, in any currency.
    pub defaulted_accounts: u64,
    /// What is owed on them in the report currency, as far as known.
    pub defaulted_balances: DecimalNumber,
    /// How many are closed.
    pub closed_accounts: u64,
    /// The accounts, by institution, account id and account type; of more than 100 those with the latest `updated_at`.
    pub accounts: Vec<LoanAccount>,
    /// How many accounts `accounts` and the tradelines leave out; they are in the sums and counts. Absent where they have
    /// all. Ours.
    #[serde(skip_serializing_if = "limits::is_none")]
    pub accounts_omitted: u64,
}

/// A loan account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct LoanAccount {
    /// The institution.
    pub institution_id: InstitutionId,
    /// The account inside the institution.
    pub account_id: AccountId,
    /// `loan` or `revolving_loan`. Ours.
    pub account_type: AccountType,
    /// How the loan stands.
    pub status: LoanStatus,
    /// What was lent since the loan was last opened; null where unknown, and once closed.
    pub principal: Option<DecimalNumber>,
    /// What is owed; null where unknown.
    pub balance: Option<DecimalNumber>,
    /// The account's currency; null where none of its records states one (it then counts in the currency of the user's
    /// country).
    pub iso_currency_code: Option<Currency>,
    /// The latest record that says something of the loan.
    pub updated_at: Timestamp,
    /// The record that last changed the status. Ours.
    pub status_reason: StatusReason,
    /// When the loan was last opened: its first disbursement, if until then only approvals and reminders spoke of it; null
    /// where unknown. Kept once the loan is closed. Ours.
    pub opened_at: Option<Timestamp>,
    /// The record of that disbursement; null where `opened_at` is. Ours.
    pub opened_record_id: Option<RecordId>,
    /// When the loans of this account were late, repaid ones included, oldest first; they do not overlap. The latest 50,
    /// and the latest 250 of the whole report. Ours.
    pub late_episodes: Vec<LateEpisode>,
    /// How many earlier episodes `late_episodes` leaves out; absent where it has all. Ours.
    #[serde(skip_serializing_if = "limits::is_none")]
    pub late_episodes_omitted: u64,
    /// The days of all late episodes together, also of those left out; null where nothing tells of the loan before it was
    /// closed. Ours.
    pub days_late: Option<i64>,
    /// The worst status the account had while anything was owed: `defaulted`, then `nonperforming`, then `open`; null where
    /// nothing tells of the loan before it was closed. Ours.
    pub worst_status: Option<LoanStatus>,
}

/// Sums in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CurrencyBalances {
    /// The currency; null where neither records nor country tell it.
    pub currency: Option<Currency>,
    /// The latest balances of depository accounts.
    pub depository_balances: DecimalNumber,
    /// What is owed on open loans.
    pub open_balances: DecimalNumber,
    /// What is owed on nonperforming loans.
    pub nonperforming_balances: DecimalNumber,
    /// What is owed on defaulted loans.
    pub defaulted_balances: DecimalNumber,
}

/// The loan accounts of `loan.accounts` by standing; each is in exactly one list, newest change first.
///
/// Readers of the older generation add the amounts of `open`, `late_payments` and `default` up to what is owed now, so an
/// account is listed once, by how it stands, and not once for each event of its history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Tradelines {
    /// Open loans.
    pub open: Vec<Tradeline>,
    /// Nonperforming loans: a payment was missed and none came since.
    pub late_payments: Vec<Tradeline>,
    /// Defaulted loans.
    pub default: Vec<Tradeline>,
    /// Closed loans.
    pub closed: Vec<Tradeline>,
}

/// A loan account in one of the lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Tradeline {
    /// What is owed; null where unknown.
    pub amount: Option<DecimalNumber>,
    /// Since when the loan stands so, UTC, without an offset: `2021-10-18T08:23:08`.
    #[serde(serialize_with = "naive_iso")]
    #[schema(value_type = String, example = "2021-10-18T08:23:08")]
    pub date: Timestamp,
    /// The institution.
    pub institution_id: InstitutionId,
    /// The account inside the institution.
    pub account_id: AccountId,
    /// The account's currency, where known. Ours.
    pub iso_currency_code: Option<Currency>,
    /// The record that put the loan into this list. Ours.
    pub record_id: RecordId,
    /// When the loan was last opened, as in `loan.accounts`: RFC 3339 with an offset; null where unknown. Ours.
    pub opened_at: Option<Timestamp>,
    /// The record that opened it; null where `opened_at` is. Ours.
    pub opened_record_id: Option<RecordId>,
}

/// A payment towards a loan: impact `CREDIT` or the label `LoanRepayment`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct LoanRepayment {
    /// When, UTC, without an offset: `2021-10-18T08:23:08`.
    #[serde(serialize_with = "naive_iso")]
    #[schema(value_type = String, example = "2021-10-18T08:23:08")]
    pub date: Timestamp,
    /// How much; null where not stated.
    pub amount: Option<Money>,
    /// The institution.
    pub institution_id: InstitutionId,
    /// The account inside the institution.
    pub account_id: AccountId,
    /// The currency of the amount, where known. Ours.
    pub iso_currency_code: Option<Currency>,
    /// The record that tells of it. Ours.
    pub record_id: RecordId,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn naive_iso<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&at.naive_iso())
}
