//! Every report of the largest ledgers fits into an answer.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use serde::Serialize;

use crate::reports::credit_report::{CreditReport, Person, credit_report};
use crate::reports::list_limits;
use crate::reports::tests::loan_status::event;
use crate::reports::tests::records::{at, kenyan, money, record};
use crate::reports::{alerts_summary, dti, transactions_summary};
use crate::{AccountType, Date, Details, Impact, Label, LabelSet, Record, TimeRange};

/// An answer may have 5.5 million bytes. The rest is for additions of frozen reports.
const LIMIT: usize = 5_000_000;

/// The size of an answer whose body is a JSON string: quotes and backslashes count twice.
fn size(report: &impl Serialize) -> usize {
    let json = serde_json::to_string(report).expect("json");
    let escaped = json.bytes().filter(|byte| matches!(byte, b'"' | b'\\'));
    json.len() + escaped.count()
}

/// A text of maximum length that ends with the number. Quotes take the most room of all characters.
fn longest(number: usize, len: usize) -> String {
    format!("{number:\"<len$}").chars().rev().collect()
}

fn institution(number: usize) -> String {
    format!("{number:0>64}")
}

/// A record of a separate account, with ids of maximum length.
fn of_account(number: usize, account_type: AccountType) -> Record {
    let base = record(&institution(number), "2021-10-08T08:00:00");
    Record {
        id: longest(number, 128).parse().expect("id"),
        timestamp: base.timestamp.plus_seconds(i64::try_from(number).expect("few")),
        account_id: longest(number, 64).parse().expect("account"),
        account_type,
        amount: Some(money("999999999999999.9999")),
        balance: Some(money("999999999999999.9999")),
        currency: Some("KES".parse().expect("currency")),
        impact: Some(Impact::Debit),
        labels: [Label::LoanMissedPayment, Label::LoanRepayment].into_iter().collect(),
        details: Details {
            due_date: Some(Date::utc(base.timestamp)),
            ..Details::default()
        }
        .into(),
        ..base
    }
}

fn report(records: &[Record]) -> CreditReport {
    credit_report(records, &kenyan(), Person::default(), at("2031-01-01T00:00:00"), None)
}

/// `count` loans, each missed, defaulted and repaid `times` times.
fn late_loans(count: usize, times: usize) -> Vec<Record> {
    let labels = [Label::LoanMissedPayment, Label::LoanDefaulted, Label::LoanRepaid];
    let mut records = Vec::new();
    for time in 0..times {
        for (step, label) in labels.into_iter().enumerate() {
            for number in 0..count {
                let order = (time * labels.len() + step) * count + number;
                let base = of_account(number, AccountType::Loan);
                records.push(Record {
                    id: longest(order, 128).parse().expect("id"),
                    timestamp: base.timestamp.plus_seconds(i64::try_from(order).expect("few")),
                    labels: [label, Label::LoanRepayment].into_iter().collect(),
                    ..base
                });
            }
        }
    }
    records
}

/// Repays each loan, opens it again and misses a payment, so that the report names a record for the opening and for the
/// status.
fn reopened(count: usize) -> Vec<Record> {
    let mut records = Vec::new();
    let steps = [Label::LoanRepaid, Label::LoanDisbursed, Label::LoanMissedPayment];
    for number in 0..count {
        for (step, label) in steps.into_iter().enumerate() {
            let base = of_account(number, AccountType::Loan);
            let order = 1_000_000 + number * steps.len() + step;
            records.push(Record {
                id: longest(order, 128).parse().expect("id"),
                timestamp: base.timestamp.plus_seconds(i64::try_from(order).expect("few")),
                balance: (step == 0).then(|| money("0")),
                impact: (step == 1).then_some(Impact::Debit),
                labels: [label].into_iter().collect(),
                ..base
            });
        }
    }
    records
}

#[test]
fn a_credit_report_of_the_largest_ledger_fits_into_an_answer() {
    let mut records = late_loans(3_000, 4);
    records.extend(reopened(3_000));
    records.extend((0..4_000).map(|number| of_account(number, AccountType::Depository)));
    let size = size(&report(&records));
    assert!(size < LIMIT, "{size}");
    // Defaults that are never repaid keep every account open.
    let owed = late_loans(3_000, 1)
        .into_iter()
        .filter(|record| !record.labels.contains(Label::LoanRepaid));
    records.extend(owed.map(|record| Record {
        timestamp: record.timestamp.plus_seconds(10_000_000),
        ..record
    }));
    let size = self::size(&report(&records));
    assert!(size < LIMIT, "{size}");
}

/// A pseudo-random text of the length: digits of Lehmer's generator with the factor of Park and Miller.
fn noise(seed: usize, len: usize) -> String {
    let mut state = seed as u64 * 1_000_003 % 2_147_483_646 + 1;
    let next = |_| {
        state = state * 48_271 % 2_147_483_647;
        char::from(b'!' + u8::try_from(state / 7 % 94).expect("a character"))
    };
    (0..len + 8).map(next).skip(8).collect()
}

#[test]
fn a_credit_report_of_ids_that_compress_badly_can_be_frozen() {
    let mut records = late_loans(300, 8);
    records.extend(reopened(300));
    records.extend((0..400).map(|number| of_account(number, AccountType::Depository)));
    for (index, record) in records.iter_mut().enumerate() {
        let number: usize = record.institution_id.as_str().parse().expect("a number");
        let institution = noise(number, 64).replace(|c: char| !c.is_ascii_alphanumeric(), "-");
        record.institution_id = institution.to_lowercase().parse().expect("institution");
        record.account_id = noise(number + 10_000, 64).parse().expect("account");
        record.id = noise(index + 100_000, 128).parse().expect("id");
    }
    let json = serde_json::to_vec(&report(&records)).expect("json");
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&json).expect("memory");
    let size = encoder.finish().expect("memory").len();
    assert!(
        report(&records)
            .loan
            .accounts
            .iter()
            .all(|account| account.opened_at.is_some())
    );
    assert!(size < 350_000, "{size}");
}

#[test]
fn beyond_the_limits_the_most_recent_accounts_are_listed_and_all_are_counted() {
    let mut records = late_loans(list_limits::MAX_LOAN_ACCOUNTS + 2, 1);
    records.extend(
        (0..list_limits::MAX_DEPOSITORY_ACCOUNTS + 3).map(|number| of_account(number, AccountType::Depository)),
    );
    let many = report(&records);
    let newest = |id: &crate::InstitutionId, omitted: usize| id.as_str() >= institution(omitted).as_str();
    assert_eq!(
        (many.loan.accounts.len(), many.loan.accounts_omitted),
        (list_limits::MAX_LOAN_ACCOUNTS, 2)
    );
    assert!(
        many.loan
            .accounts
            .iter()
            .all(|account| newest(&account.institution_id, 2))
    );
    assert_eq!(many.loan.open_accounts, list_limits::MAX_LOAN_ACCOUNTS as u64 + 2);
    assert_eq!(many.tradelines.open.len(), list_limits::MAX_LOAN_ACCOUNTS);
    assert_eq!(many.depository.accounts_omitted, 3);
    assert!(
        many.depository
            .accounts
            .iter()
            .all(|account| newest(&account.institution_id, 3))
    );
    assert_eq!(
        many.depository.total_accounts,
        list_limits::MAX_DEPOSITORY_ACCOUNTS as u64 + 3
    );
}

#[test]
fn beyond_the_limits_the_latest_episodes_are_listed_and_all_days_are_counted() {
    // 60 days of lateness, each ended by a payment on the next day.
    let of_one: Vec<Record> = (0..120)
        .map(|day| {
            let made = event(
                "2021-10-01T08:00:00",
                if day % 2 == 0 { "missed" } else { "repayment 5" },
            );
            let timestamp = made.timestamp.plus_seconds(day * 86_400);
            Record {
                timestamp,
                id: format!("{day:03}").parse().expect("id"),
                ..made
            }
        })
        .collect();
    let one = report(&of_one);
    let account = &one.loan.accounts[0];
    assert_eq!(
        (account.late_episodes.len(), account.late_episodes_omitted),
        (list_limits::MAX_ACCOUNT_EPISODES, 10)
    );
    assert_eq!(account.late_episodes[0].records[0].record_id.to_string(), "020");
    assert_eq!(account.days_late, Some(60));
    // Ten accounts with 60 each share the limit of the report.
    let of_ten: Vec<Record> = (0..10)
        .flat_map(|number: usize| {
            of_one.iter().map(move |record| Record {
                account_id: format!("{number}").parse().expect("account"),
                ..record.clone()
            })
        })
        .collect();
    let ten = report(&of_ten);
    let listed: usize = ten
        .loan
        .accounts
        .iter()
        .map(|account| account.late_episodes.len())
        .sum();
    let omitted: u64 = ten
        .loan
        .accounts
        .iter()
        .map(|account| account.late_episodes_omitted)
        .sum();
    assert_eq!(
        (listed, omitted),
        (list_limits::MAX_EPISODES, 600 - list_limits::MAX_EPISODES as u64)
    );
    assert!(ten.loan.accounts.iter().all(|account| account.days_late == Some(60)));
}

#[test]
fn beyond_the_limit_the_newest_payments_are_listed() {
    let payments: Vec<Record> = (0..i64::try_from(list_limits::MAX_LOAN_REPAYMENTS).expect("few") + 4)
        .map(|number| {
            let made = event("2021-10-01T08:00:00", "credit 5");
            let timestamp = made.timestamp.plus_seconds(number);
            Record {
                timestamp,
                id: format!("{number:06}").parse().expect("id"),
                ..made
            }
        })
        .collect();
    let paid = report(&payments);
    assert_eq!(
        (paid.loan_repayments.len(), paid.loan_repayments_omitted),
        (list_limits::MAX_LOAN_REPAYMENTS, 4)
    );
    assert_eq!(
        paid.loan_repayments.last().map(|payment| payment.record_id.to_string()),
        Some("000004".into())
    );
}

#[test]
fn a_loan_that_is_late_ten_thousand_times_fits_into_an_answer() {
    let mut records = Vec::new();
    for time in 0..20_000_usize {
        let text = if time % 2 == 0 { "missed" } else { "repayment" };
        let made = event("2021-10-01T08:00:00", text);
        records.push(Record {
            id: longest(time, 128).parse().expect("id"),
            timestamp: made.timestamp.plus_seconds(i64::try_from(time).expect("few") * 3_600),
            ..made
        });
    }
    let size = size(&report(&records));
    assert!(size < LIMIT, "{size}");
}

#[test]
fn summaries_and_cashflows_of_the_largest_ledger_fit_into_an_answer() {
    let codes: Vec<crate::Currency> = iso_codes();
    let mut records = Vec::new();
    for number in 0..5_000 {
        let currency = codes[number % codes.len()];
        let months = i64::try_from(number % 900).expect("few");
        let labels: LabelSet = Label::ALL.iter().copied().collect();
        for impact in [Impact::Credit, Impact::Debit] {
            let base = of_account(number, AccountType::Depository);
            records.push(Record {
                timestamp: at("1971-01-15T00:00:00").plus_seconds(months * 2_629_746),
                currency: Some(currency),
                impact: Some(impact),
                labels,
                ..base
            });
        }
    }
    let (subject, range) = (kenyan(), TimeRange::ALL);
    for (name, size) in [
        ("dti", size(&dti(&records, &subject, range, None))),
        (
            "transactions",
            size(&transactions_summary(&records, &subject, range, None)),
        ),
        ("alerts", size(&alerts_summary(&records, &subject, range))),
    ] {
        assert!(size < LIMIT, "{name}: {size}");
    }
    let cashflows = dti(&records, &subject, range, None);
    assert_eq!(cashflows.by_account.len() as u64 + cashflows.by_account_omitted, 5_000);
    let summary = transactions_summary(&records, &subject, range, None);
    assert_eq!(summary.total_transactions_count, 10_000);
    assert_eq!(summary.by_account.len() as u64 + summary.by_account_omitted, 5_000);
    let rows = summary.by_month.len() as u64 + summary.by_month_omitted;
    assert_eq!(rows, 900 * summary.by_currency.len() as u64);
    let latest = summary.by_month.last().map(|row| row.month);
    assert_eq!(latest, records.iter().map(|record| record.timestamp.month()).max());
    let alerts = alerts_summary(&records, &subject, range);
    assert_eq!(alerts.total_alerts_count, 10_000);
    assert_eq!(
        alerts.by_institution.len() as u64 + alerts.by_institution_omitted,
        5_000
    );
    for row in &alerts.by_label {
        assert_eq!(
            (row.institution_ids.len() as u64 + row.institutions_omitted, row.count),
            (5_000, 10_000)
        );
    }
}

fn iso_codes() -> Vec<crate::Currency> {
    let letters = b'A'..=b'Z';
    let codes = letters.clone().flat_map(|a| {
        let letters = letters.clone();
        let second = letters.clone();
        second.flat_map(move |b| letters.clone().map(move |c| String::from_utf8(vec![a, b, c])))
    });
    codes.filter_map(|code| code.ok()?.parse().ok()).collect()
}
