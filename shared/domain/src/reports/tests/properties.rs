use std::collections::BTreeMap;

use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::money::DecimalNumber;
use crate::reports::credit_report::{Person, credit_report};
use crate::reports::tests::records::{any_ledger, any_range, any_shuffled_ledger, any_subject, subject_in};
use crate::reports::{LoanStatus, alerts_summary, dti, transactions_summary};
use crate::{AccountId, AccountType, Currency, Impact, Label, Record, TimeRange, Timestamp};

fn instant() -> impl Strategy<Value = Timestamp> {
    (1_599_000_000_i64..1_650_000_000).prop_map(|seconds| Timestamp::from_unix_seconds(seconds).expect("timestamp"))
}

fn until(records: &[Record], end: Timestamp) -> Vec<Record> {
    let earlier = records.iter().filter(|record| record.timestamp <= end);
    earlier.cloned().collect()
}

fn person() -> Person {
    Person::default()
}

const fn is_late(status: LoanStatus) -> bool {
    matches!(status, LoanStatus::Nonperforming | LoanStatus::Defaulted)
}

/// A ledger in which most records belong to few loans.
fn loan_ledger() -> impl Strategy<Value = Vec<Record>> {
    any_ledger().prop_map(|mut records| {
        for record in &mut records {
            record.account_type = AccountType::Loan;
            record.account_id = AccountId::default();
        }
        records
    })
}

/// Sums of (currency, amount) pairs, by currency.
fn sums(amounts: impl Iterator<Item = (Option<Currency>, DecimalNumber)>) -> BTreeMap<Option<Currency>, Decimal> {
    let mut sums = BTreeMap::new();
    for (currency, amount) in amounts {
        *sums.entry(currency).or_insert(Decimal::ZERO) += amount.0;
    }
    sums
}

proptest! {
    #[test]
    fn the_order_of_records_never_matters((one, other) in any_shuffled_ledger(), subject in any_subject(), range in any_range(), as_of in instant()) {
        prop_assert_eq!(dti(&one, &subject, range, None), dti(&other, &subject, range, None));
        prop_assert_eq!(transactions_summary(&one, &subject, range, None), transactions_summary(&other, &subject, range, None));
        prop_assert_eq!(alerts_summary(&one, &subject, range), alerts_summary(&other, &subject, range));
        prop_assert_eq!(credit_report(&one, &subject, person(), as_of, None), credit_report(&other, &subject, person(), as_of, None));
    }

    #[test]
    fn a_report_as_of_an_instant_is_the_report_of_the_records_up_to_it(records in any_ledger(), subject in any_subject(), as_of in instant()) {
        let earlier = until(&records, as_of);
        prop_assert_eq!(credit_report(&records, &subject, person(), as_of, None), credit_report(&earlier, &subject, person(), as_of, None));
        let range = TimeRange { start: None, end: Some(as_of) };
        prop_assert_eq!(dti(&records, &subject, range, None), dti(&earlier, &subject, range, None));
        prop_assert_eq!(transactions_summary(&records, &subject, range, None), transactions_summary(&earlier, &subject, range, None));
        prop_assert_eq!(alerts_summary(&records, &subject, range), alerts_summary(&earlier, &subject, range));
    }

    #[test]
    fn accounts_add_up_to_currencies(records in any_ledger(), subject in any_subject(), range in any_range()) {
        let report = dti(&records, &subject, range, None);
        prop_assert_eq!(
            sums(report.by_account.iter().map(|row| (row.currency, row.debit_cashflow))),
            sums(report.by_currency.iter().map(|row| (row.currency, row.debit_cashflow)))
        );
        prop_assert_eq!(
            report.by_account.iter().map(|row| row.credit_count + row.debit_count).sum::<u64>(),
            report.by_currency.iter().map(|row| row.credit_count + row.debit_count).sum::<u64>()
        );
        let summary = transactions_summary(&records, &subject, range, None);
        let whole = sums(summary.by_currency.iter().map(|row| (row.currency, row.net)));
        prop_assert_eq!(sums(summary.by_account.iter().map(|row| (row.currency, row.net))), whole);
    }

    #[test]
    fn months_add_up_to_the_whole(records in any_ledger(), subject in any_subject(), range in any_range()) {
        let summary = transactions_summary(&records, &subject, range, None);
        let whole = sums(summary.by_currency.iter().map(|row| (row.currency, row.net)));
        prop_assert_eq!(sums(summary.by_month.iter().map(|row| (row.currency, row.net))), whole);
        let counts = summary.by_month.iter().map(|row| row.credit.count + row.debit.count);
        prop_assert_eq!(counts.sum::<u64>(), summary.total_transactions_count);
        let alerts = alerts_summary(&records, &subject, range);
        prop_assert_eq!(alerts.by_month.iter().map(|row| row.count).sum::<u64>(), alerts.total_alerts_count);
        prop_assert_eq!(alerts.by_institution.iter().map(|row| row.count).sum::<u64>(), alerts.total_alerts_count);
    }

    #[test]
    fn records_in_another_currency_change_no_figure_of_a_currency(records in any_ledger(), subject in any_subject()) {
        // Accounts stay the same only if each record has a currency.
        let stated: Vec<Record> = records.into_iter().filter(|record| record.currency.is_some()).collect();
        let whole = transactions_summary(&stated, &subject, TimeRange::ALL, None);
        for row in &whole.by_currency {
            let alone: Vec<Record> = stated.iter().filter(|record| record.currency == row.currency).cloned().collect();
            let alone = transactions_summary(&alone, &subject, TimeRange::ALL, row.currency);
            prop_assert_eq!(&alone.by_currency, std::slice::from_ref(row));
            prop_assert_eq!((&alone.credit, &alone.debit, alone.net), (&row.credit, &row.debit, row.net));
        }
    }

    #[test]
    fn no_transaction_of_the_range_is_dropped(records in any_ledger(), subject in any_subject(), range in any_range()) {
        let inside = records.iter().filter(|record| range.contains(record.timestamp) && record.is_transaction());
        let inside: Vec<_> = inside.collect();
        let summary = transactions_summary(&records, &subject, range, None);
        prop_assert_eq!(summary.total_transactions_count, inside.len() as u64);
        let moved: Decimal = inside.iter().filter_map(|record| {
            let amount = record.amount?.decimal();
            Some(if record.impact? == Impact::Credit { amount } else { -amount })
        }).sum();
        let net: Decimal = summary.by_currency.iter().map(|row| row.net.0).sum();
        prop_assert_eq!(net, moved);
    }

    #[test]
    fn accounts_of_the_credit_report_add_up_to_its_totals(records in any_ledger(), subject in any_subject(), as_of in instant()) {
        let report = credit_report(&records, &subject, person(), as_of, None);
        let currency = |code: Option<Currency>| code.or(subject.country_currency());
        let held = report.depository.accounts.iter().filter_map(|account| {
            Some((currency(account.iso_currency_code), DecimalNumber(account.balance?.decimal())))
        });
        let mut held = sums(held);
        held.retain(|_, sum| !sum.is_zero());
        let mut totals = sums(report.totals_by_currency.iter().map(|row| (row.currency, row.depository_balances)));
        totals.retain(|_, sum| !sum.is_zero());
        prop_assert_eq!(held, totals);
        let lines = &report.tradelines;
        let lines = [&lines.open, &lines.late_payments, &lines.default, &lines.closed];
        prop_assert_eq!(lines.iter().map(|list| list.len()).sum::<usize>(), report.loan.accounts.len());
        let owed = lines[..3].iter().flat_map(|list| list.iter());
        let owed = sums(owed.filter_map(|line| Some((currency(line.iso_currency_code), line.amount?))));
        for row in &report.totals_by_currency {
            let sum = row.open_balances.0 + row.nonperforming_balances.0 + row.defaulted_balances.0;
            prop_assert_eq!(owed.get(&row.currency).copied().unwrap_or_default(), sum);
        }
    }

    #[test]
    fn late_episodes_are_ordered_disjoint_and_add_up(records in any_ledger(), subject in any_subject(), as_of in instant()) {
        let report = credit_report(&records, &subject, person(), as_of, None);
        for account in &report.loan.accounts {
            let episodes = &account.late_episodes;
            prop_assert!(episodes.iter().all(|episode| episode.from <= episode.to && episode.to <= as_of));
            prop_assert!(episodes.windows(2).all(|pair| pair[0].to <= pair[1].from && !pair[0].ongoing));
            let sum: i64 = episodes.iter().map(|episode| episode.days).sum();
            prop_assert!(account.days_late.is_none_or(|days| days == sum));
            prop_assert!(account.worst_status.is_some() || account.days_late.is_none());
            prop_assert!(account.worst_status != Some(LoanStatus::Closed));
            prop_assert!(account.status == LoanStatus::Closed || account.worst_status >= Some(account.status));
            let late = is_late(account.status);
            prop_assert_eq!(episodes.last().is_some_and(|episode| episode.ongoing), late);
            prop_assert_eq!(!episodes.is_empty(), account.worst_status.is_some_and(is_late));
        }
    }

    #[test]
    fn a_loan_is_late_in_its_episodes_and_at_no_other_time(records in loan_ledger(), as_of in instant()) {
        let subject = subject_in(None);
        let report = credit_report(&records, &subject, person(), as_of, None);
        for account in &report.loan.accounts {
            for record in records.iter().filter(|record| record.timestamp <= as_of) {
                let then = credit_report(&records, &subject, person(), record.timestamp, None);
                let same = then.loan.accounts.iter().find(|other| {
                    (&other.institution_id, &other.account_id, other.account_type) == (&account.institution_id, &account.account_id, account.account_type)
                });
                let was_late = same.is_some_and(|other| is_late(other.status));
                let in_episode = account.late_episodes.iter().any(|episode| {
                    episode.from <= record.timestamp && (record.timestamp < episode.to || episode.ongoing)
                });
                prop_assert_eq!(was_late, in_episode, "{}", record.timestamp);
            }
        }
    }

    #[test]
    fn the_opening_is_a_disbursement_of_the_account_and_no_later_record_moves_it_back(records in loan_ledger(), as_of in instant()) {
        let report = credit_report(&records, &subject_in(None), person(), as_of, None);
        for account in &report.loan.accounts {
            let Some(id) = &account.opened_record_id else { continue };
            let opening = records.iter().find(|record| record.id == *id).expect("a record of the ledger");
            prop_assert_eq!(Some(opening.timestamp), account.opened_at);
            prop_assert_eq!(&opening.institution_id, &account.institution_id);
            prop_assert!(opening.impact == Some(Impact::Debit) || opening.labels.contains(Label::LoanDisbursed));
        }
    }
}
