//! The alternative credit report: balances, loans, and the status of the loans.

mod types;

use std::cmp::Reverse;

use super::balance_order::oldest_first;
use super::completeness::StepFigures;
use super::list_limits::{self, keep_greatest};
use super::loan_order::is_repayment;
use super::loan_status::{Loan, LoanStatus};
use super::repayment::unassigned;
use super::survey::{Account, ByCurrency, Entry, Survey};
use super::total::Total;
use super::{Subject, in_range};
use crate::money::DecimalNumber;
use crate::order::sort_by_key;
use crate::{AccountType, Currency, Record, TimeRange, Timestamp};

pub use types::{
    CreditReport, CreditReportMeta, CurrencyBalances, Depository, DepositoryAccount, LoanAccount, LoanRepayment, Loans,
    Person, Tradeline, Tradelines,
};

/// The report as of `as_of`, computed from the records up to and including that time. Sums are in `currency`, or
/// otherwise in the report currency. Counts include all accounts.
///
/// Ignores accounts of type `airtime`. [`CreditReport::beside`] adds the number of unread messages.
pub fn credit_report(
    records: &[Record],
    subject: &Subject,
    user: Person,
    as_of: Timestamp,
    currency: Option<Currency>,
) -> CreditReport {
    let survey = Survey::of(in_range(records, TimeRange::up_to(as_of)), subject.country_currency());
    let currency = survey.report_currency(currency);
    let mut folds: Vec<AccountFold<'_>> = Vec::new();
    folds.resize_with(survey.accounts.len(), AccountFold::default);
    let mut held: Vec<ByCurrency<LatestBalance<'_>>> = vec![ByCurrency::default(); survey.accounts.len()];
    for entry in survey.entries() {
        folds[entry.account].add(&entry);
        if states_money(&entry) {
            held[entry.holder()].entry(entry.currency).add(entry.record);
        }
    }
    let mut disputed = vec![false; survey.accounts.len()];
    for (account, fold) in folds.iter().enumerate() {
        disputed[survey.holder(account)] |= has_rivals(&fold.balances) || has_rivals(&held[account]);
    }
    if disputed.contains(&true) {
        let rivals = survey.entries().filter(|entry| disputed[entry.holder()]);
        for entry in oldest_first(rivals).into_iter().filter(states_money) {
            folds[entry.account].balances.entry(entry.currency).record = Some(entry.record);
            held[entry.holder()].entry(entry.currency).record = Some(entry.record);
        }
    }
    let mut parts = Parts::default();
    for index in survey.accounts_in_order() {
        let account = &survey.accounts[index];
        let fold = std::mem::take(&mut folds[index]);
        match account.key.account_type {
            AccountType::Depository => {
                parts.add_depository(&survey, account, fold.balances, &held[survey.holder(index)]);
            }
            AccountType::Loan | AccountType::RevolvingLoan => {
                parts.add_loan(&survey, account, fold.records, as_of);
            }
            AccountType::Airtime => {}
        }
    }
    let meta = CreditReportMeta {
        created_at: as_of,
        user_uuid: subject.user_uuid,
        client_uuid: subject.client_uuid,
        currency,
        latest_record_at: survey.latest().map(|record| record.timestamp),
        completeness: StepFigures::of(&survey).completeness_in(currency),
        unrecognized_loan_messages: 0,
    };
    for payment in unassigned(&survey) {
        parts.balances.entry(payment.currency).unassigned += payment.amount;
        parts.unassigned.push((payment.record, payment.currency));
    }
    parts.into_report(meta, user)
}

/// The collected records of one account.
#[derive(Default)]
struct AccountFold<'a> {
    /// For a loan: all records, which are later folded in order.
    records: Vec<&'a Record>,
    /// For a depository account: the latest balance in each currency.
    balances: ByCurrency<LatestBalance<'a>>,
}

#[derive(Clone, Copy, Default)]
struct LatestBalance<'a> {
    record: Option<&'a Record>,
    /// Whether several records state a balance in its second.
    has_rivals: bool,
}

impl<'a> AccountFold<'a> {
    fn add(&mut self, entry: &Entry<'a>) {
        if entry.record.account_type.is_debt() {
            self.records.push(entry.record);
        } else if states_money(entry) {
            self.balances.entry(entry.currency).add(entry.record);
        }
    }
}

/// Whether a record states the balance of a depository account.
fn states_money(entry: &Entry<'_>) -> bool {
    entry.record.account_type == AccountType::Depository && entry.record.balance.is_some()
}

fn has_rivals(balances: &ByCurrency<LatestBalance<'_>>) -> bool {
    balances.values().any(|balance| balance.has_rivals)
}

impl<'a> LatestBalance<'a> {
    /// Records come oldest first.
    fn add(&mut self, record: &'a Record) {
        let before = self.record.replace(record);
        self.has_rivals = before.is_some_and(|before| before.timestamp == record.timestamp);
    }
}

#[derive(Clone, Copy, Default)]
struct Balances {
    depository: Total,
    open: Total,
    nonperforming: Total,
    defaulted: Total,
    unassigned: Total,
}

#[derive(Default)]
struct Parts<'a> {
    depositories: Vec<DepositoryAccount>,
    /// Number of rows. An account with balances in two currencies has two rows.
    depository_accounts: u64,
    loans: Vec<LoanAccount>,
    /// Each with the currency of its account.
    repayments: Vec<(&'a Record, Option<Currency>)>,
    /// Payments to lenders without a record of a loan account.
    unassigned: Vec<(&'a Record, Option<Currency>)>,
    balances: ByCurrency<Balances>,
}

impl<'a> Parts<'a> {
    /// One row for each currency of the balances, or one without a balance.
    /// `held` are the latest balances under any name of the account.
    fn add_depository(
        &mut self,
        survey: &Survey<'a>,
        account: &Account<'a>,
        balances: ByCurrency<LatestBalance<'a>>,
        held: &ByCurrency<LatestBalance<'a>>,
    ) {
        self.depository_accounts += 1;
        let mut balances = balances.into_sorted().peekable();
        if balances.peek().is_none() {
            self.add_balance(survey, account, None, None);
        }
        for (currency, balance) in balances {
            let latest = held.get(currency).and_then(|held| held.record);
            let other = latest.filter(|latest| latest.account_id != *account.key.account_id);
            self.add_balance(survey, account, balance.record, other);
        }
    }

    /// `other` is the record of another account that states the same balance later.
    fn add_balance(
        &mut self,
        survey: &Survey<'a>,
        account: &Account<'a>,
        latest_balance: Option<&'a Record>,
        other: Option<&'a Record>,
    ) {
        let stated = latest_balance.and_then(|record| record.currency);
        let balance = latest_balance.and_then(|record| record.balance);
        // A balance counts in its own currency, even if most records of the account have another.
        let currency = stated.or_else(|| survey.counting_currency(account));
        let sums = self.balances.entry(currency);
        if let Some(balance) = balance.filter(|_| other.is_none()) {
            sums.depository += balance.into();
        }
        self.depositories.push(DepositoryAccount {
            institution_id: account.key.institution_id.clone(),
            account_id: account.key.account_id.clone(),
            balance,
            iso_currency_code: stated.or(account.currency),
            updated_at: latest_balance.unwrap_or(account.latest).timestamp,
            same_balance_as: other.map(|record| record.account_id.clone()),
        });
    }

    fn add_loan(&mut self, survey: &Survey<'a>, account: &Account<'a>, mut records: Vec<&'a Record>, as_of: Timestamp) {
        let loan = Loan::of(&mut records, account.currency);
        let (Some(status), Some(updated), Some(reason)) = (loan.status, loan.updated, loan.status_reason()) else {
            return;
        };
        let mut late_episodes = loan.lateness.episodes(as_of);
        let days_late = loan.lateness.days(&late_episodes);
        let late_episodes_omitted = keep_greatest(&mut late_episodes, list_limits::MAX_ACCOUNT_EPISODES, |episode| {
            episode.from
        });
        let sums = self.balances.entry(survey.counting_currency(account));
        let balance = loan.balance.unwrap_or_default();
        match status {
            LoanStatus::Open => sums.open += balance,
            LoanStatus::Nonperforming => sums.nonperforming += balance,
            LoanStatus::Defaulted => sums.defaulted += balance,
            LoanStatus::Closed => {}
        }
        self.loans.push(LoanAccount {
            institution_id: account.key.institution_id.clone(),
            account_id: account.key.account_id.clone(),
            account_type: account.key.account_type,
            status,
            principal: loan.principal.map(Total::number),
            balance: loan.balance.map(Total::number),
            iso_currency_code: account.currency,
            updated_at: updated.timestamp,
            status_reason: reason,
            opened_at: loan.opened.map(|record| record.timestamp),
            opened_record_id: loan.opened.map(|record| record.id.clone()),
            due_date: loan.lateness.due().map(|due| due.date),
            due_record_id: loan.lateness.due().map(|due| due.record.id.clone()),
            late_episodes,
            late_episodes_omitted,
            days_late,
            worst_status: loan.lateness.worst(),
        });
        let repayments = records.into_iter().filter(|record| is_repayment(record));
        self.repayments
            .extend(repayments.map(|record| (record, account.currency)));
    }

    fn into_report(mut self, meta: CreditReportMeta, user: Person) -> CreditReport {
        let currency = meta.currency;
        let sums = self.balances.get(currency).copied().unwrap_or_default();
        let count = |status| {
            let found = self.loans.iter().filter(|loan| loan.status == status);
            found.count() as u64
        };
        let (open_accounts, nonperforming_accounts, defaulted_accounts, closed_accounts) = (
            count(LoanStatus::Open),
            count(LoanStatus::Nonperforming),
            count(LoanStatus::Defaulted),
            count(LoanStatus::Closed),
        );
        let unknown = self.loans.iter();
        let unknown = unknown.filter(|loan| loan.status != LoanStatus::Closed && loan.balance.is_none());
        let unknown_balances = unknown.count() as u64;
        let total_accounts = self.depository_accounts;
        let depositories_omitted = keep_greatest(
            &mut self.depositories,
            list_limits::MAX_DEPOSITORY_ACCOUNTS,
            |account| account.updated_at,
        );
        let loans_omitted = keep_greatest(&mut self.loans, list_limits::MAX_LOAN_ACCOUNTS, |account| {
            account.updated_at
        });
        limit_episodes(&mut self.loans);
        let tradelines = Tradelines {
            open: self.tradelines(LoanStatus::Open),
            late_payments: self.tradelines(LoanStatus::Nonperforming),
            default: self.tradelines(LoanStatus::Defaulted),
            closed: self.tradelines(LoanStatus::Closed),
        };
        let (loan_repayments, loan_repayments_omitted) =
            newest_payments(self.repayments, list_limits::MAX_LOAN_REPAYMENTS);
        let (unassigned_repayments, unassigned_repayments_omitted) =
            newest_payments(self.unassigned, list_limits::MAX_UNASSIGNED_REPAYMENTS);
        CreditReport {
            meta,
            user,
            depository: Depository {
                total_balances: sums.depository.number(),
                total_accounts,
                accounts: self.depositories,
                accounts_omitted: depositories_omitted,
            },
            loan: Loans {
                open_accounts,
                open_balances: sums.open.number(),
                nonperforming_accounts,
                nonperforming_balances: sums.nonperforming.number(),
                defaulted_accounts,
                defaulted_balances: sums.defaulted.number(),
                closed_accounts,
                unknown_balances,
                accounts: self.loans,
                accounts_omitted: loans_omitted,
            },
            totals_by_currency: self.balances.into_sorted().map(CurrencyBalances::from).collect(),
            tradelines,
            loan_repayments,
            loan_repayments_omitted,
            unassigned_repayments,
            unassigned_repayments_omitted,
        }
    }

    fn tradelines(&self, status: LoanStatus) -> Vec<Tradeline> {
        let loans = self.loans.iter().filter(|loan| loan.status == status);
        let mut lines: Vec<Tradeline> = loans.map(Tradeline::from).collect();
        sort_by_key(&mut lines, |line| Reverse(line.date));
        lines
    }
}

/// The newest payments, newest first, and the number of omitted ones.
fn newest_payments(mut payments: Vec<(&Record, Option<Currency>)>, limit: usize) -> (Vec<LoanRepayment>, u64) {
    sort_by_key(&mut payments, |(record, _)| Reverse(record.position()));
    let omitted = payments.len().saturating_sub(limit);
    payments.truncate(limit);
    (payments.into_iter().map(LoanRepayment::from).collect(), omitted as u64)
}

/// Keeps the latest episodes over all accounts. Of episodes that began in the same second, keeps those of the first
/// account.
fn limit_episodes(loans: &mut [LoanAccount]) {
    let episodes = loans.iter().enumerate().flat_map(|(account, loan)| {
        let begun = loan.late_episodes.iter().map(|episode| episode.from);
        begun.map(move |from| (from, account))
    });
    let mut kept: Vec<(Timestamp, usize)> = episodes.collect();
    keep_greatest(&mut kept, list_limits::MAX_EPISODES, |(from, _)| *from);
    let mut of_account = vec![0; loans.len()];
    for (_, account) in kept {
        of_account[account] += 1;
    }
    for (loan, limit) in loans.iter_mut().zip(of_account) {
        loan.late_episodes_omitted += keep_greatest(&mut loan.late_episodes, limit, |episode| episode.from);
    }
}

impl From<(&Record, Option<Currency>)> for LoanRepayment {
    fn from((record, account_currency): (&Record, Option<Currency>)) -> Self {
        Self {
            date: record.timestamp,
            amount: record.amount,
            institution_id: record.institution_id.clone(),
            account_id: record.account_id.clone(),
            iso_currency_code: record.currency.or(account_currency),
            record_id: record.id.clone(),
        }
    }
}

impl From<&LoanAccount> for Tradeline {
    fn from(loan: &LoanAccount) -> Self {
        Self {
            amount: loan.balance,
            date: loan.status_reason.timestamp,
            institution_id: loan.institution_id.clone(),
            account_id: loan.account_id.clone(),
            iso_currency_code: loan.iso_currency_code,
            record_id: loan.status_reason.record_id.clone(),
            opened_at: loan.opened_at,
            opened_record_id: loan.opened_record_id.clone(),
        }
    }
}

impl From<(Option<Currency>, Balances)> for CurrencyBalances {
    fn from((currency, sums): (Option<Currency>, Balances)) -> Self {
        let number = |total: Total| -> DecimalNumber { total.number() };
        Self {
            currency,
            depository_balances: number(sums.depository),
            open_balances: number(sums.open),
            nonperforming_balances: number(sums.nonperforming),
            defaulted_balances: number(sums.defaulted),
            unassigned_repayments: number(sums.unassigned),
        }
    }
}
