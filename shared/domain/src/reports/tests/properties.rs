use std::collections::BTreeMap;

use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::money::DecimalNumber;
use crate::reports::credit_report::{Person, credit_report};
use crate::reports::tests::records::{any_ledger, any_range, any_shuffled_ledger, any_subject};
use crate::reports::{alerts_summary, dti, transactions_summary};
use crate::{Currency, Impact, Record, TimeRange, Timestamp};

fn instant() -> impl Strategy<Value = Timestamp> {
    (1_599_000_000_i64..1_650_000_000)
        .prop_map(|seconds| Timestamp::from_unix_seconds(seconds).expect("timestamp"))
}

fn until(records: &[Record], end: Timestamp) -> Vec<Record> {
    let earlier = records.iter().filter(|record| record.timestamp <= end);
    earlier.cloned().collect()
}

fn person() -> Person {
    Person::default()
}

/// Sums of (currency, amount) pairs, by currency.
fn sums(
    amounts: impl Iterator<Item = (Option<Currency>, DecimalNumber)>,
) -> BTreeMap<Option<Currency>, Decimal> {
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
    fn what_is_in_another_currency_changes_no_figure_of_a_currency(records in any_ledger(), subject in any_subject()) {
        // Accounts stay the same only where each record states its currency.
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
}
