//! Counts and sums of transactions by currency, account, month and label.

use std::collections::BTreeMap;

use serde::Serialize;

use super::change::movement;
use super::flow::{self, Activity, Cashflow, Flow};
use super::list_limits::{self, MAX_ACCOUNT_ROWS, MAX_MONTH_ROWS, keep_greatest};
use super::survey::{ByCurrency, Survey};
use super::total::Total;
use super::{Meta, Subject, in_range, month_text, months};
use crate::money::DecimalNumber;
use crate::{AccountId, AccountType, Currency, Impact, InstitutionId, Label, Month, Record, TimeRange, Timestamp};

/// The transactions of a user over a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct TransactionsSummary {
    /// The user, the period and the age of the data.
    #[serde(rename = "_meta")]
    pub meta: Meta,
    /// The report currency. Null if the user has no record and no known country.
    pub currency: Option<Currency>,
    /// Number of transactions, in all currencies together.
    pub total_transactions_count: u64,
    /// Credits in the report currency.
    pub credit: Distribution,
    /// Debits in the report currency.
    pub debit: Distribution,
    /// Credits minus debits in the report currency.
    pub net: DecimalNumber,
    /// Every currency with a transaction in the period, by code.
    pub by_currency: Vec<CurrencySummary>,
    /// Every account with a transaction, with one row per currency of its transactions. By institution, account id,
    /// account type and currency. If there are more than 1,500 rows, those with the latest transactions.
    pub by_account: Vec<AccountSummary>,
    /// Number of rows omitted from `by_account`. All sums include them. Absent if nothing is omitted. Ours.
    #[serde(skip_serializing_if = "list_limits::is_none")]
    pub by_account_omitted: u64,
    /// Every month (UTC) from the first transaction to the last, oldest first, once for each currency of `by_currency`.
    /// If there are more than 4,000 rows, the latest.
    pub by_month: Vec<MonthSummary>,
    /// Number of rows of earlier months omitted from `by_month`. Absent if nothing is omitted. Ours.
    #[serde(skip_serializing_if = "list_limits::is_none")]
    pub by_month_omitted: u64,
    /// Every label of a transaction, in the order of [`Label::ALL`], once for each currency. A transaction with two
    /// labels is in both rows.
    pub by_label: Vec<LabelSummary>,
}

/// Transactions of one direction in one currency.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Distribution {
    /// Number of transactions.
    pub count: u64,
    /// Their sum.
    pub total: DecimalNumber,
    /// Their mean, rounded half to even to six decimals. Null if there are none.
    pub average: Option<DecimalNumber>,
    /// Their median. Null if there are none.
    pub median: Option<DecimalNumber>,
    /// The largest. Null if there are none.
    pub largest: Option<DecimalNumber>,
}

/// Transactions in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CurrencySummary {
    /// The currency. Null if neither the records nor the country determine it.
    pub currency: Option<Currency>,
    /// Money in.
    pub credit: Distribution,
    /// Money out.
    pub debit: Distribution,
    /// Credits minus debits.
    pub net: DecimalNumber,
}

/// Transactions of one account in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct AccountSummary {
    /// The institution.
    pub institution_id: InstitutionId,
    /// The account within the institution.
    pub account_id: AccountId,
    /// The type of the account.
    pub account_type: AccountType,
    /// The currency of the figures.
    pub currency: Option<Currency>,
    /// Money in.
    pub credit: Flow,
    /// Money out.
    pub debit: Flow,
    /// Credits minus debits.
    pub net: DecimalNumber,
    /// The oldest transaction.
    pub first_timestamp: Timestamp,
    /// The newest transaction.
    pub last_timestamp: Timestamp,
}

/// Transactions of one month in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct MonthSummary {
    /// The month (UTC), as `2021-10`.
    #[serde(serialize_with = "month_text")]
    pub month: Month,
    /// The currency of the figures.
    pub currency: Option<Currency>,
    /// Money in.
    pub credit: Flow,
    /// Money out.
    pub debit: Flow,
    /// Credits minus debits.
    pub net: DecimalNumber,
}

/// Transactions with one label in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct LabelSummary {
    /// The label.
    pub label: Label,
    /// The currency of the figures.
    pub currency: Option<Currency>,
    /// Money in.
    pub credit: Flow,
    /// Money out.
    pub debit: Flow,
}

/// Counts and adds up the transactions of `range`. Top-level figures are in `currency`, or otherwise in the report
/// currency.
pub fn transactions_summary(
    records: &[Record],
    subject: &Subject,
    range: TimeRange,
    currency: Option<Currency>,
) -> TransactionsSummary {
    let survey = Survey::of(in_range(records, range), subject.country_currency());
    let currency = survey.report_currency(currency);
    let mut accounts = flow::by_account(&survey);
    let count: u64 = accounts.iter().map(|account| account.cashflow.count()).sum();
    let by_account_omitted = keep_greatest(&mut accounts, MAX_ACCOUNT_ROWS, |row| row.last);
    let groups = Groups::of(&survey);
    let currencies: Vec<CurrencySummary> = groups
        .amounts
        .into_sorted()
        .map(|(currency, amounts)| amounts.summary(currency))
        .collect();
    let known: Vec<_> = currencies.iter().map(|row| row.currency).collect();
    let found = currencies.iter().find(|row| row.currency == currency);
    let top = found.map_or_else(|| Amounts::default().summary(currency), Clone::clone);
    let mut by_month = by_month(&groups.months, &known);
    let by_month_omitted = keep_latest_months(&mut by_month, known.len());
    TransactionsSummary {
        meta: Meta::new(subject, range, survey.latest()),
        currency,
        total_transactions_count: count,
        credit: top.credit,
        debit: top.debit,
        net: top.net,
        by_currency: currencies,
        by_account: accounts.iter().map(AccountSummary::from).collect(),
        by_account_omitted,
        by_month,
        by_month_omitted,
        by_label: by_label(groups.labels),
    }
}

/// The amounts of one currency, stored individually for the medians.
#[derive(Default)]
struct Amounts {
    credit: Vec<Total>,
    debit: Vec<Total>,
}

impl Amounts {
    fn summary(mut self, currency: Option<Currency>) -> CurrencySummary {
        let sum = |amounts: &[Total]| amounts.iter().copied().sum::<Total>();
        let net = sum(&self.credit) - sum(&self.debit);
        CurrencySummary {
            currency,
            credit: Distribution::of(&mut self.credit),
            debit: Distribution::of(&mut self.debit),
            net: net.number(),
        }
    }
}

impl Distribution {
    fn of(amounts: &mut [Total]) -> Self {
        let count = amounts.len() as u64;
        let total: Total = amounts.iter().copied().sum();
        Self {
            count,
            total: total.number(),
            average: total.average(count),
            median: Total::median(amounts),
            largest: amounts.iter().max().map(|largest| largest.number()),
        }
    }
}

#[derive(Default)]
struct Groups {
    amounts: ByCurrency<Amounts>,
    months: BTreeMap<Month, ByCurrency<Cashflow>>,
    labels: BTreeMap<Label, ByCurrency<Cashflow>>,
}

impl Groups {
    fn of(survey: &Survey<'_>) -> Self {
        let mut groups = Self::default();
        for entry in survey.entries() {
            let Some((impact, amount)) = movement(entry.record) else {
                continue;
            };
            let amounts = groups.amounts.entry(entry.currency);
            match impact {
                Impact::Credit => amounts.credit.push(amount),
                Impact::Debit => amounts.debit.push(amount),
            }
            let month = groups.months.entry(entry.record.timestamp.month());
            let month = month.or_default().entry(entry.currency);
            month.add((impact, amount));
            if entry.record.labels.is_empty() {
                continue;
            }
            for label in entry.record.labels.iter() {
                let label = groups.labels.entry(label).or_default();
                label.entry(entry.currency).add((impact, amount));
            }
        }
        groups
    }
}

/// One row for each month and currency, including those without transactions, so that charts have no gaps.
fn by_month(found: &BTreeMap<Month, ByCurrency<Cashflow>>, currencies: &[Option<Currency>]) -> Vec<MonthSummary> {
    let (Some((first, _)), Some((last, _))) = (found.first_key_value(), found.last_key_value()) else {
        return Vec::new();
    };
    let mut rows = Vec::new();
    for month in months(*first, *last) {
        let flows = found.get(&month);
        for currency in currencies {
            let cashflow = flows.and_then(|flows| flows.get(*currency)).copied();
            let cashflow = cashflow.unwrap_or_default();
            rows.push(MonthSummary {
                month,
                currency: *currency,
                credit: cashflow.credit.into(),
                debit: cashflow.debit.into(),
                net: cashflow.net().number(),
            });
        }
    }
    rows
}

/// Keeps whole months, each with a row for every currency.
fn keep_latest_months(rows: &mut Vec<MonthSummary>, currencies: usize) -> u64 {
    let months = MAX_MONTH_ROWS.checked_div(currencies).unwrap_or_default();
    let omitted = rows.len().saturating_sub(months * currencies);
    rows.drain(..omitted);
    omitted as u64
}

fn by_label(found: BTreeMap<Label, ByCurrency<Cashflow>>) -> Vec<LabelSummary> {
    let mut rows = Vec::new();
    for (label, flows) in found {
        rows.extend(flows.into_sorted().map(|(currency, cashflow)| LabelSummary {
            label,
            currency,
            credit: cashflow.credit.into(),
            debit: cashflow.debit.into(),
        }));
    }
    rows
}

impl From<&Activity<'_>> for AccountSummary {
    fn from(activity: &Activity<'_>) -> Self {
        Self {
            institution_id: activity.account.institution_id.clone(),
            account_id: activity.account.account_id.clone(),
            account_type: activity.account.account_type,
            currency: activity.currency,
            credit: activity.cashflow.credit.into(),
            debit: activity.cashflow.debit.into(),
            net: activity.cashflow.net().number(),
            first_timestamp: activity.first,
            last_timestamp: activity.last,
        }
    }
}
