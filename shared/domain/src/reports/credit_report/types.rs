//! The shape of the report. Fields that the public reference lacks are marked "ours".

use serde::{Serialize, Serializer};

use crate::ids::{OrganizationId, UserId};
use crate::money::DecimalNumber;
use crate::reports::lateness::LateEpisode;
use crate::reports::list_limits;
use crate::reports::loan_status::{LoanStatus, StatusReason};
use crate::unrecognized::UnrecognizedMessages;
use crate::{AccountId, AccountType, Currency, Date, InstitutionId, Money, RecordId, TimeRange, Timestamp};

/// A credit report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CreditReport {
    /// The subject, the time, and the age of the data.
    pub meta: CreditReportMeta,
    /// The user as registered.
    pub user: Person,
    /// The depository accounts.
    pub depository: Depository,
    /// The loan accounts.
    pub loan: Loans,
    /// Sums of both in every currency of an account, by code. Ours.
    pub totals_by_currency: Vec<CurrencyBalances>,
    /// The loans by status, as in the older API generation.
    pub tradelines: Tradelines,
    /// The payments that loan accounts record, newest first, as in the older API generation. At most 500.
    pub loan_repayments: Vec<LoanRepayment>,
    /// Number of older payments omitted from `loan_repayments`. Absent if nothing is omitted. Ours.
    #[serde(skip_serializing_if = "list_limits::is_none")]
    pub loan_repayments_omitted: u64,
    /// The payments to lenders that a bank account or wallet records (a debit with the label `LoanRepayment`) and no
    /// loan account does within 24 hours with the same amount, newest first. At most 200. They name no loan, so no
    /// loan's balance takes them into account: less may be owed than stated, the loan may be unknown, or its message
    /// states the payment with another amount or none. Ours.
    pub unassigned_repayments: Vec<LoanRepayment>,
    /// Number of older payments omitted from `unassigned_repayments`. Absent if nothing is omitted. Ours.
    #[serde(skip_serializing_if = "list_limits::is_none")]
    pub unassigned_repayments_omitted: u64,
}

/// The subject and time of a credit report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CreditReportMeta {
    /// The time of the report. Later records are ignored.
    pub created_at: Timestamp,
    /// The user.
    #[schema(value_type = Uuid)]
    pub user_uuid: UserId,
    /// The organization the user is registered with. Ours.
    #[schema(value_type = Uuid)]
    pub client_uuid: OrganizationId,
    /// The report currency: the currency of all sums outside `totals_by_currency`. Ours.
    pub currency: Option<Currency>,
    /// Time of the newest record in the report. Null without records. Ours.
    pub latest_record_at: Option<Timestamp>,
    /// How much of the money in the report currency the messages state, from 0 to 1: see the completeness of a ledger.
    /// Null without a step from one stated balance to the next. Ours.
    pub completeness: Option<DecimalNumber>,
    /// Messages up to the time of the report that were not read and may concern a loan: they mention one, or a lender
    /// sent them. The report lacks what they state, so above 0 a loan, a payment or a late notice may be missing. The
    /// completeness of the ledger names their senders. Ours.
    pub unrecognized_loan_messages: u64,
}

impl CreditReport {
    /// The report with the number of unread messages that may concern a loan, among those of the user.
    #[must_use]
    pub fn beside(mut self, unrecognized: &UnrecognizedMessages) -> Self {
        let until = TimeRange::up_to(self.meta.created_at);
        self.meta.unrecognized_loan_messages = unrecognized.may_concern_loans(until);
        self
    }
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
    /// The sum of the latest balances in the report currency. An overdrawn account lowers it. A balance that several
    /// accounts share counts once: see `same_balance_as`.
    pub total_balances: DecimalNumber,
    /// Number of accounts, in all currencies.
    pub total_accounts: u64,
    /// The accounts, by institution and account id. An account with balances in several currencies has a row for each.
    /// If there are more than 200 rows, those with the latest `updated_at`.
    pub accounts: Vec<DepositoryAccount>,
    /// Number of rows omitted from `accounts`. The sum and the count include them. Absent if nothing is omitted.
    /// Ours.
    #[serde(skip_serializing_if = "list_limits::is_none")]
    pub accounts_omitted: u64,
}

/// A depository account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct DepositoryAccount {
    /// The institution.
    pub institution_id: InstitutionId,
    /// The account within the institution.
    pub account_id: AccountId,
    /// The latest balance. Null if no record has a balance.
    pub balance: Option<Money>,
    /// The currency of the balance, otherwise of the account. Null if no record of the account has a currency; the
    /// balance then counts in the currency of the user's country.
    pub iso_currency_code: Option<Currency>,
    /// Time of the balance. Without a balance, time of the latest record of the account.
    pub updated_at: Timestamp,
    /// The account of the institution that states the same money later, such as a card of this account. Its balance
    /// counts in the sums instead of this one. Absent if this balance counts. Ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false, value_type = AccountId)]
    pub same_balance_as: Option<AccountId>,
}

/// The loan accounts. Accounts whose records determine no status (offers only) are left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Loans {
    /// Number of open accounts, in all currencies.
    pub open_accounts: u64,
    /// The known amounts owed on them, in the report currency.
    pub open_balances: DecimalNumber,
    /// Number of nonperforming accounts, in all currencies.
    pub nonperforming_accounts: u64,
    /// The known amounts owed on them, in the report currency.
    pub nonperforming_balances: DecimalNumber,
    /// Number of defaulted accounts, in all currencies.
    pub defaulted_accounts: u64,
    /// The known amounts owed on them, in the report currency.
    pub defaulted_balances: DecimalNumber,
    /// Number of closed accounts.
    pub closed_accounts: u64,
    /// The accounts, by institution, account id and account type. If there are more than 100, those with the latest
    /// `updated_at`.
    pub accounts: Vec<LoanAccount>,
    /// Number of accounts omitted from `accounts` and the tradelines. The sums and counts include them. Absent if
    /// nothing is omitted. Ours.
    #[serde(skip_serializing_if = "list_limits::is_none")]
    pub accounts_omitted: u64,
    /// Number of the open, nonperforming and defaulted accounts whose amount owed is not known: no sum includes it.
    /// Ours.
    pub unknown_balances: u64,
}

/// A loan account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct LoanAccount {
    /// The institution.
    pub institution_id: InstitutionId,
    /// The account within the institution.
    pub account_id: AccountId,
    /// `loan` or `revolving_loan`. Ours.
    pub account_type: AccountType,
    /// The status of the loan.
    pub status: LoanStatus,
    /// The amount lent since the loan was last opened. Null if unknown, and after it was closed.
    pub principal: Option<DecimalNumber>,
    /// The amount owed. Null if unknown.
    pub balance: Option<DecimalNumber>,
    /// The account's currency. Null if no record of the account has a currency; amounts then count in the currency of
    /// the user's country.
    pub iso_currency_code: Option<Currency>,
    /// Time of the latest record about the loan.
    pub updated_at: Timestamp,
    /// The record that last changed the status. Ours.
    pub status_reason: StatusReason,
    /// When the loan was last opened: its first disbursement, if only approvals and reminders precede it. Null if
    /// unknown. Kept after the loan is closed. Ours.
    pub opened_at: Option<Timestamp>,
    /// The record of that disbursement. Null if `opened_at` is null. Ours.
    pub opened_record_id: Option<RecordId>,
    /// The date by which the lender wants the next payment, or wanted the late one, as a message stated it last. Null
    /// if no message states it, if a payment came after it, and once the loan is closed. Ours.
    pub due_date: Option<Date>,
    /// The record that states it. Null if `due_date` is null. Ours.
    pub due_record_id: Option<RecordId>,
    /// The periods in which loans of this account were late, including repaid loans, oldest first, without overlap. The
    /// latest 50 of the account, and the latest 250 of the whole report. Ours.
    pub late_episodes: Vec<LateEpisode>,
    /// Number of earlier episodes omitted from `late_episodes`. Absent if nothing is omitted. Ours.
    #[serde(skip_serializing_if = "list_limits::is_none")]
    pub late_episodes_omitted: u64,
    /// The days of all late episodes, including omitted ones. They count from the due dates that messages state, and
    /// otherwise from the lender's notices. Null if no record mentions the loan before it was closed, or if a notice of
    /// a late payment without a balance came more than 7 days after it. Ours.
    pub days_late: Option<i64>,
    /// The worst status while anything was owed: `defaulted`, then `nonperforming`, then `open`. Null if no record
    /// mentions the loan before it was closed. Ours.
    pub worst_status: Option<LoanStatus>,
}

/// Sums in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CurrencyBalances {
    /// The currency. Null if neither the records nor the country determine it.
    pub currency: Option<Currency>,
    /// Sum of the latest balances of depository accounts. A balance that several accounts share counts once.
    pub depository_balances: DecimalNumber,
    /// Amounts owed on open loans.
    pub open_balances: DecimalNumber,
    /// Amounts owed on nonperforming loans.
    pub nonperforming_balances: DecimalNumber,
    /// Amounts owed on defaulted loans.
    pub defaulted_balances: DecimalNumber,
    /// Sum of the payments to lenders that no loan account records, including those omitted from the list. No sum of
    /// amounts owed takes them into account.
    pub unassigned_repayments: DecimalNumber,
}

/// The loan accounts of `loan.accounts` by status. Each account is in exactly one list, newest change first.
///
/// Clients of the older generation add up the amounts of `open`, `late_payments` and `default` to the amount owed now.
/// An account is therefore listed once, by its present status, and not once for each event of its history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Tradelines {
    /// Open loans.
    pub open: Vec<Tradeline>,
    /// Nonperforming loans: a payment was missed, and no payment came afterwards.
    pub late_payments: Vec<Tradeline>,
    /// Defaulted loans.
    pub default: Vec<Tradeline>,
    /// Closed loans.
    pub closed: Vec<Tradeline>,
}

/// A loan account in one of the lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Tradeline {
    /// The amount owed. Null if unknown.
    pub amount: Option<DecimalNumber>,
    /// Time since which the loan has this status, in UTC without an offset: `2021-10-18T08:23:08`.
    #[serde(serialize_with = "naive_iso")]
    #[schema(value_type = String, example = "2021-10-18T08:23:08")]
    pub date: Timestamp,
    /// The institution.
    pub institution_id: InstitutionId,
    /// The account within the institution.
    pub account_id: AccountId,
    /// The account's currency, if known. Ours.
    pub iso_currency_code: Option<Currency>,
    /// The record that put the loan into this list. Ours.
    pub record_id: RecordId,
    /// When the loan was last opened, as in `loan.accounts`: RFC 3339 with an offset. Null if unknown. Ours.
    pub opened_at: Option<Timestamp>,
    /// The record that opened it. Null if `opened_at` is null. Ours.
    pub opened_record_id: Option<RecordId>,
}

/// A payment towards a loan. Of a loan account: impact `CREDIT` or the label `LoanRepayment`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct LoanRepayment {
    /// Time of the payment, in UTC without an offset: `2021-10-18T08:23:08`.
    #[serde(serialize_with = "naive_iso")]
    #[schema(value_type = String, example = "2021-10-18T08:23:08")]
    pub date: Timestamp,
    /// The amount. Null if not stated.
    pub amount: Option<Money>,
    /// The institution.
    pub institution_id: InstitutionId,
    /// The account within the institution.
    pub account_id: AccountId,
    /// The currency of the amount, if known. Ours.
    pub iso_currency_code: Option<Currency>,
    /// The record of the payment. Ours.
    pub record_id: RecordId,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn naive_iso<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&at.naive_iso())
}
