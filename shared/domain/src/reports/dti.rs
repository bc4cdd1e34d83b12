//! Debt to income: debit cashflow divided by credit cashflow. Also repayments divided by income.

use serde::Serialize;

use super::flow::{self, Activity, Cashflow};
use super::list_limits::{self, MAX_ACCOUNT_ROWS, keep_greatest};
use super::repayment::{self, Repayment, RepaymentEvidence, RepaymentStatus};
use super::survey::Survey;
use super::{Meta, Subject, in_range};
use crate::money::DecimalNumber;
use crate::{AccountId, AccountType, Currency, InstitutionId, Record, TimeRange};

/// Debt to income of a user over a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct DtiReport {
    /// The user, the period and the age of the data.
    #[serde(rename = "_meta")]
    pub meta: Meta,
    /// `debit_cashflow` ÷ `credit_cashflow`, rounded half to even to six decimals. Null unless the status is `ok`.
    pub dti: Option<DecimalNumber>,
    /// Whether the quotient exists.
    pub status: DtiStatus,
    /// The report currency. Null if the user has no record and no known country.
    pub currency: Option<Currency>,
    /// The sum of debits in the report currency.
    pub debit_cashflow: DecimalNumber,
    /// The sum of credits in the report currency.
    pub credit_cashflow: DecimalNumber,
    /// Number of debits in the report currency.
    pub debit_count: u64,
    /// Number of credits in the report currency.
    pub credit_count: u64,
    /// Every currency with a transaction in the period, by code.
    pub by_currency: Vec<CurrencyDti>,
    /// Every account with a transaction in the period, with one row per currency of its transactions, so that a reader
    /// can exclude accounts. By institution, account id, account type and currency. If there are more than 1,500 rows,
    /// those with the latest transactions.
    pub by_account: Vec<AccountCashflow>,
    /// Number of rows omitted from `by_account`. All sums include them. Absent if nothing is omitted. Ours.
    #[serde(skip_serializing_if = "list_limits::is_none")]
    pub by_account_omitted: u64,
    /// Repayments of loans ÷ income of depository accounts, without received loans and own transfers. Rounded half to
    /// even to six decimals. Null unless `repayment_to_income_status` is `ok`. Ours: lenders usually define debt to
    /// income like this, while `dti` follows the public definition.
    pub repayment_to_income: Option<DecimalNumber>,
    /// Whether the quotient of repayments to income exists. Ours.
    pub repayment_to_income_status: RepaymentStatus,
    /// The sums behind the quotient. Ours.
    pub repayment_to_income_evidence: RepaymentEvidence,
}

crate::described! { "DtiStatus";
    /// Whether the quotient exists.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    #[serde(rename_all = "snake_case")]
    pub enum DtiStatus {
        /// It exists.
        Ok,
        /// There are transactions, but the sum of credits is zero.
        NoCredit,
        /// No transaction of the period is in the currency.
        NoData,
    }
}

/// Debt to income in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CurrencyDti {
    /// The currency. Null if neither the records nor the country determine it.
    pub currency: Option<Currency>,
    /// `debit_cashflow` ÷ `credit_cashflow`, rounded half to even to six decimals. Null unless the status is `ok`.
    pub dti: Option<DecimalNumber>,
    /// Whether the quotient exists.
    pub status: DtiStatus,
    /// The sum of debits.
    pub debit_cashflow: DecimalNumber,
    /// The sum of credits.
    pub credit_cashflow: DecimalNumber,
    /// Number of debits.
    pub debit_count: u64,
    /// Number of credits.
    pub credit_count: u64,
    /// Repayments of loans ÷ income of depository accounts, without received loans and own transfers. Rounded half to
    /// even to six decimals. Null unless `repayment_to_income_status` is `ok`. Ours: lenders usually define debt to
    /// income like this, while `dti` follows the public definition.
    pub repayment_to_income: Option<DecimalNumber>,
    /// Whether the quotient of repayments to income exists. Ours.
    pub repayment_to_income_status: RepaymentStatus,
    /// The sums behind the quotient. Ours.
    pub repayment_to_income_evidence: RepaymentEvidence,
}

/// The cashflow of one account in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct AccountCashflow {
    /// The institution.
    pub institution_id: InstitutionId,
    /// The account within the institution.
    pub account_id: AccountId,
    /// The type of the account.
    pub account_type: AccountType,
    /// The currency of the figures.
    pub currency: Option<Currency>,
    /// The sum of debits.
    pub debit_cashflow: DecimalNumber,
    /// The sum of credits.
    pub credit_cashflow: DecimalNumber,
    /// Number of debits.
    pub debit_count: u64,
    /// Number of credits.
    pub credit_count: u64,
}

/// Debt to income over `range`, over all accounts of every type. Top-level figures are in `currency`, or otherwise in
/// the report currency.
///
/// The status of a currency without transactions is `no_data`, even if other currencies have some. `by_currency` lists
/// those.
///
/// Formula: "DTI is calculated as the quotient of debit cashflow to credit cashflow, over all Accounts, for some period
/// of time" (public API reference).
pub fn dti(records: &[Record], subject: &Subject, range: TimeRange, currency: Option<Currency>) -> DtiReport {
    let survey = Survey::of(in_range(records, range), subject.country_currency());
    let currency = survey.report_currency(currency);
    let mut accounts = flow::by_account(&survey);
    let sums = flow::by_currency(&accounts);
    let repayments = repayment::by_currency(&survey);
    let row = |currency, cashflow| {
        let repayment = repayments.get(currency).copied().unwrap_or_default();
        CurrencyDti::new(currency, cashflow, repayment)
    };
    let top = row(currency, sums.get(currency).copied().unwrap_or_default());
    let by_currency = sums.into_sorted();
    let by_account_omitted = keep_greatest(&mut accounts, MAX_ACCOUNT_ROWS, |row| row.last);
    DtiReport {
        meta: Meta::new(subject, range, survey.latest()),
        dti: top.dti,
        status: top.status,
        currency,
        debit_cashflow: top.debit_cashflow,
        credit_cashflow: top.credit_cashflow,
        debit_count: top.debit_count,
        credit_count: top.credit_count,
        repayment_to_income: top.repayment_to_income,
        repayment_to_income_status: top.repayment_to_income_status,
        repayment_to_income_evidence: top.repayment_to_income_evidence,
        by_currency: by_currency
            .map(|(currency, cashflow)| row(currency, cashflow))
            .collect(),
        by_account: accounts.iter().map(AccountCashflow::from).collect(),
        by_account_omitted,
    }
}

impl CurrencyDti {
    fn new(currency: Option<Currency>, Cashflow { credit, debit }: Cashflow, repayment: Repayment) -> Self {
        let dti = debit.total.ratio(credit.total);
        let status = match dti {
            Some(_) => DtiStatus::Ok,
            None if credit.count + debit.count == 0 => DtiStatus::NoData,
            None => DtiStatus::NoCredit,
        };
        let repayment_to_income = repayment.ratio();
        let repayment_to_income_status = match (status, repayment_to_income) {
            (_, Some(_)) => RepaymentStatus::Ok,
            (DtiStatus::NoData, None) => RepaymentStatus::NoData,
            (DtiStatus::Ok | DtiStatus::NoCredit, None) => RepaymentStatus::NoIncome,
        };
        Self {
            currency,
            dti,
            status,
            debit_cashflow: debit.total.number(),
            credit_cashflow: credit.total.number(),
            debit_count: debit.count,
            credit_count: credit.count,
            repayment_to_income,
            repayment_to_income_status,
            repayment_to_income_evidence: repayment.evidence(),
        }
    }
}

impl From<&Activity<'_>> for AccountCashflow {
    fn from(activity: &Activity<'_>) -> Self {
        let Cashflow { credit, debit } = activity.cashflow;
        Self {
            institution_id: activity.account.institution_id.clone(),
            account_id: activity.account.account_id.clone(),
            account_type: activity.account.account_type,
            currency: activity.currency,
            debit_cashflow: debit.total.number(),
            credit_cashflow: credit.total.number(),
            debit_count: debit.count,
            credit_count: credit.count,
        }
    }
}
