//! Users with very many, very few or unusual records.

use crate::reports::credit_report::{Person, credit_report};
use crate::reports::tests::records::{Build, at, json, kenyan, record, subject_in};
use crate::reports::{alerts_summary, dti, transactions_summary};
use crate::{Currency, Label, Record, TimeRange};

const CODES: [&str; 20] = [
    "AED", "BWP", "CDF", "EGP", "ETB", "EUR", "GBP", "GHS", "INR", "KES", "MWK", "MZN", "NGN", "RWF", "TZS", "UGX",
    "USD", "XOF", "ZAR", "ZMW",
];

#[test]
fn forty_accounts_in_twenty_currencies_are_forty_rows_in_twenty_sums() {
    let mut records = Vec::new();
    for index in 0..40 {
        let account = record("equitybank", "2021-10-04T00:00:00").account(&format!("{index:04}"));
        let account = account.id(&format!("r{index}")).currency(CODES[index % 20]);
        records.push(account.credit("10").balance("3"));
    }
    records.reverse();
    let report = dti(&records, &kenyan(), TimeRange::ALL, None);
    let rows: Vec<_> = report.by_account.iter().map(|row| row.account_id.to_string()).collect();
    assert_eq!((rows.len(), rows[0].as_str(), rows[39].as_str()), (40, "0000", "0039"));
    let codes: Vec<_> = report.by_currency.iter().filter_map(|row| row.currency).collect();
    assert_eq!(codes.iter().map(|code| code.code()).collect::<Vec<_>>(), CODES);
    assert_eq!(report.credit_cashflow.to_string(), "20.0");

    let as_of = at("2021-10-31T00:00:00");
    let credit = credit_report(&records, &kenyan(), Person::default(), as_of, None);
    assert_eq!(
        (credit.depository.total_accounts, credit.totals_by_currency.len()),
        (40, 20)
    );
    assert_eq!(credit.depository.total_balances.to_string(), "6.0");
}

#[test]
fn records_without_a_currency_count_in_their_accounts_then_in_the_countrys() {
    let records = [
        record("mtn_gh", "2021-10-01T00:00:00").credit("1").currency("GHS"),
        record("mtn_gh", "2021-10-02T00:00:00").credit("2"),
        record("nowhere", "2021-10-03T00:00:00").credit("4"),
    ];
    let sums = |country| {
        let report = dti(&records, &subject_in(country), TimeRange::ALL, None);
        let rows = report.by_currency.into_iter();
        rows.map(|row| {
            (
                row.currency.map(|code| code.to_string()),
                row.credit_cashflow.to_string(),
            )
        })
        .collect::<Vec<_>>()
    };
    let row = |code: Option<&str>, sum: &str| (code.map(str::to_owned), sum.to_owned());
    assert_eq!(sums(Some("KE")), [row(Some("GHS"), "3.0"), row(Some("KES"), "4.0")]);
    assert_eq!(sums(None), [row(Some("GHS"), "3.0"), row(None, "4.0")]);
}

#[test]
fn the_currency_of_an_account_is_its_most_common_one_and_of_two_the_later() {
    let stated = |day: &str, code| record("equitybank", day).credit("1").currency(code);
    let mut records = vec![
        stated("2021-10-01T00:00:00", "USD"),
        stated("2021-10-02T00:00:00", "KES"),
        record("equitybank", "2021-10-09T00:00:00").debit("5"),
    ];
    let debits_in = |records: &[Record]| {
        let report = dti(records, &subject_in(None), TimeRange::ALL, None);
        let debited = report.by_currency.into_iter().filter(|row| row.debit_count == 1);
        debited
            .filter_map(|row| row.currency)
            .map(|code| code.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(debits_in(&records), ["KES"]);
    records.push(stated("2021-09-01T00:00:00", "USD"));
    assert_eq!(debits_in(&records), ["USD"]);
}

#[test]
fn the_currency_of_an_account_is_that_of_the_range() {
    let records = [
        record("equitybank", "2021-10-01T00:00:00").credit("1").currency("USD"),
        record("equitybank", "2021-10-02T00:00:00").credit("1").currency("USD"),
        record("equitybank", "2021-11-01T00:00:00").credit("1").currency("KES"),
        record("equitybank", "2021-11-02T00:00:00").credit("1"),
    ];
    let november = TimeRange {
        start: Some(at("2021-11-01T00:00:00")),
        end: None,
    };
    let report = dti(&records, &subject_in(None), november, None);
    assert_eq!(report.by_currency.len(), 1);
    assert_eq!(report.credit_cashflow.to_string(), "2.0");
}

#[test]
fn an_alert_without_money_does_not_choose_the_report_currency() {
    let records = [
        record("nowhere", "2021-10-01T00:00:00").label(Label::InsufficientFunds),
        record("mtn_gh", "2021-10-02T00:00:00").credit("8").currency("GHS"),
    ];
    let report = dti(&records, &kenyan(), TimeRange::ALL, None);
    assert_eq!(report.currency.map(Currency::code), Some("GHS"));
}

#[test]
fn unknown_institutions_are_reported_like_others() {
    let records = [record("no-such_bank9", "2021-10-01T00:00:00")
        .credit("8")
        .label(Label::Pos)];
    let subject = kenyan();
    let summary = transactions_summary(&records, &subject, TimeRange::ALL, None);
    assert_eq!(summary.by_account[0].institution_id.as_str(), "no-such_bank9");
    let alerts = alerts_summary(&records, &subject, TimeRange::ALL);
    assert_eq!(alerts.by_institution[0].institution_id.as_str(), "no-such_bank9");
}

#[test]
fn the_largest_amounts_add_up_without_loss() {
    let records: Vec<Record> = (0..1_000)
        .map(|index| {
            let record = record("zenithbank", "2021-10-01T00:00:00").id(&format!("r{index}"));
            record
                .credit("999999999999999.9999")
                .balance("-999999999999999.9999")
                .currency("NGN")
        })
        .collect();
    let summary = transactions_summary(&records, &kenyan(), TimeRange::ALL, None);
    assert_eq!(summary.credit.total.to_string(), "999999999999999999.9");
    assert_eq!(
        summary.credit.average.map(|n| n.to_string()),
        Some("999999999999999.9999".into())
    );
    assert_eq!(summary.credit.median, summary.credit.largest);
}

#[test]
fn an_empty_ledger_of_a_user_without_country_gives_empty_reports() {
    let subject = subject_in(None);
    let report = json(&dti(&[], &subject, TimeRange::ALL, None));
    assert_eq!(report["currency"], serde_json::json!(null));
    let summary = json(&transactions_summary(&[], &subject, TimeRange::ALL, None));
    assert_eq!(summary["currency"], serde_json::json!(null));
    let as_of = at("2021-10-01T00:00:00");
    let credit = json(&credit_report(&[], &subject, Person::default(), as_of, None));
    assert_eq!(credit["meta"]["currency"], serde_json::json!(null));
}
