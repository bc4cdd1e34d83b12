use serde_json::{Value, json};

use crate::reports::tests::records::{Build, at, currency, json, kenyan, loan, record, subject_in};
use crate::reports::{Subject, dti};
use crate::{AccountType, Currency, Label, Record, TimeRange};

pub(crate) fn month_of_mpesa() -> Vec<Record> {
    let wallet = |timestamp| record("mpesa", timestamp).currency("KES");
    vec![
        wallet("2021-10-08T10:41:25").debit("6800").balance("6324.13"),
        wallet("2021-09-24T06:31:23").credit("4359").balance("4359"),
        wallet("2021-10-02T12:00:00").credit("3000"),
        wallet("2021-10-03T12:00:00").credit("436"),
    ]
}

fn all(records: &[Record], subject: &Subject) -> Value {
    json(&dti(records, subject, TimeRange::ALL, None))
}

#[test]
fn the_report_has_the_shape_and_the_figures_of_the_contract() {
    let flow = |count: u64, total: f64| json!({"count": count, "total": total});
    let evidence = json!({
        "repayments": flow(0, 0.0), "repayments_told_twice": flow(0, 0.0), "income": flow(3, 7795.0),
        "loans_received": flow(0, 0.0), "own_transfers": flow(0, 0.0),
    });
    let expected = json!({
        "_meta": {
            "user_uuid": "958a5ae8-f3a3-41d5-ae48-177fdc19e3f4",
            "client_uuid": "00000000-0000-0000-0000-000000000001",
            "utc_starttime": "2021-09-01T00:00:00+00:00", "utc_endtime": null,
            "latest_record_at": "2021-10-08T10:41:25+00:00",
            "unrecognized_loan_messages": 0,
        },
        // 6800 ÷ 7795 = 0.87235407…
        "dti": 0.872_354, "status": "ok", "currency": "KES",
        "debit_cashflow": 6800.0, "credit_cashflow": 7795.0, "debit_count": 1, "credit_count": 3,
        "repayment_to_income": 0.0, "repayment_to_income_status": "ok", "repayment_to_income_evidence": evidence,
        "by_currency": [{
            "currency": "KES", "dti": 0.872_354, "status": "ok",
            "debit_cashflow": 6800.0, "credit_cashflow": 7795.0, "debit_count": 1, "credit_count": 3,
            "repayment_to_income": 0.0, "repayment_to_income_status": "ok", "repayment_to_income_evidence": evidence,
        }],
        "by_account": [{
            "institution_id": "mpesa", "account_id": "default", "account_type": "depository", "currency": "KES",
            "debit_cashflow": 6800.0, "credit_cashflow": 7795.0, "debit_count": 1, "credit_count": 3,
        }],
    });
    let range = TimeRange {
        start: Some(at("2021-09-01T00:00:00")),
        end: None,
    };
    assert_eq!(json(&dti(&month_of_mpesa(), &kenyan(), range, None)), expected);
}

#[test]
fn fields_come_in_the_order_of_the_contract_and_money_keeps_its_decimals() {
    let report = dti(&month_of_mpesa(), &kenyan(), TimeRange::ALL, None);
    let text = serde_json::to_string(&report).expect("json");
    let figures = r#""dti":0.872354,"status":"ok","currency":"KES","debit_cashflow":6800.0,"credit_cashflow":7795.0,"debit_count":1,"credit_count":3,"by_currency":["#;
    assert!(
        text.starts_with(r#"{"_meta":{"user_uuid":""#) && text.contains(figures),
        "{text}"
    );
}

#[test]
fn without_credits_there_is_no_quotient() {
    let records = [record("mpesa", "2021-10-08T10:41:25").debit("100").currency("KES")];
    let report = all(&records, &kenyan());
    assert_eq!((&report["status"], &report["dti"]), (&json!("no_credit"), &json!(null)));
    assert_eq!(report["debit_cashflow"], json!(100.0));
}

#[test]
fn credits_that_sum_to_zero_give_no_quotient() {
    let records = [
        record("mpesa", "2021-10-08T10:41:25").debit("100").currency("KES"),
        record("mpesa", "2021-10-09T10:41:25").credit("0").currency("KES"),
    ];
    assert_eq!(all(&records, &kenyan())["status"], json!("no_credit"));
    assert_eq!(all(&records[1..], &kenyan())["status"], json!("no_credit"));
}

#[test]
fn without_debits_the_quotient_is_zero() {
    let records = [record("mpesa", "2021-10-08T10:41:25").credit("100").currency("KES")];
    let report = all(&records, &kenyan());
    assert_eq!((&report["status"], &report["dti"]), (&json!("ok"), &json!(0.0)));
}

#[test]
fn without_transactions_there_is_no_data() {
    let balance = record("mpesa", "2021-10-08T10:41:25").balance("100").currency("KES");
    let alert = record("mpesa", "2021-10-09T10:41:25").label(Label::InsufficientFunds);
    for records in [vec![], vec![balance.clone()], vec![alert.clone()], vec![balance, alert]] {
        let report = all(&records, &kenyan());
        assert_eq!((&report["status"], &report["dti"]), (&json!("no_data"), &json!(null)));
        assert_eq!(
            (&report["by_currency"], &report["by_account"]),
            (&json!([]), &json!([]))
        );
        assert_eq!(
            (&report["currency"], &report["credit_cashflow"]),
            (&json!("KES"), &json!(0.0))
        );
    }
}

#[test]
fn only_records_inside_the_range_count_and_both_ends_are_inside() {
    let records = month_of_mpesa();
    let between = |start, end| {
        let range = TimeRange {
            start: Some(at(start)),
            end: Some(at(end)),
        };
        json(&dti(&records, &kenyan(), range, None))
    };
    let report = between("2021-10-02T12:00:00", "2021-10-03T12:00:00");
    assert_eq!(report["credit_cashflow"], json!(3436.0));
    assert_eq!(report["_meta"]["latest_record_at"], json!("2021-10-03T12:00:00+00:00"));
    let report = between("2021-10-02T12:00:01", "2021-10-03T11:59:59");
    assert_eq!(
        (&report["status"], &report["_meta"]["latest_record_at"]),
        (&json!("no_data"), &json!(null))
    );
}

#[test]
fn every_account_type_counts_in_both_directions() {
    let day = "2021-10-08T10:41:25";
    let of = |account_type| record("mpesa", day).currency("KES").of_type(account_type);
    let mut records = Vec::new();
    for account_type in AccountType::ALL {
        records.push(of(*account_type).id("in").credit("10"));
        records.push(of(*account_type).id("out").debit("1"));
    }
    let report = all(&records, &kenyan());
    assert_eq!(
        (&report["credit_cashflow"], &report["debit_cashflow"]),
        (&json!(40.0), &json!(4.0))
    );
    let types = report["by_account"].as_array().expect("accounts").iter();
    let types: Vec<_> = types.map(|account| account["account_type"].clone()).collect();
    assert_eq!(types, ["airtime", "depository", "loan", "revolving_loan"]);
}

#[test]
fn an_account_with_two_currencies_has_a_row_for_each() {
    let records = [
        record("equitybank", "2021-10-01T00:00:00")
            .credit("500")
            .currency("KES"),
        record("equitybank", "2021-10-02T00:00:00")
            .credit("700")
            .currency("KES"),
        record("equitybank", "2021-10-03T00:00:00").debit("9").currency("USD"),
        // Without a currency, it counts in the account's.
        record("equitybank", "2021-10-04T00:00:00").debit("300"),
    ];
    let report = all(&records, &kenyan());
    let rows = report["by_account"].as_array().expect("accounts").iter();
    let rows: Vec<_> = rows
        .map(|row| {
            (
                row["currency"].clone(),
                row["debit_cashflow"].clone(),
                row["credit_cashflow"].clone(),
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            (json!("KES"), json!(300.0), json!(1200.0)),
            (json!("USD"), json!(9.0), json!(0.0))
        ]
    );
    assert_eq!(report["by_currency"][1]["status"], json!("no_credit"));
}

#[test]
fn the_report_currency_is_the_requested_one_then_the_countrys_then_the_most_common() {
    let records = [
        loan("okash", "2021-10-01T00:00:00").debit("500").currency("KES"),
        record("mtn_gh", "2021-10-02T00:00:00").credit("20").currency("GHS"),
        record("mtn_gh", "2021-10-03T00:00:00").credit("20").currency("GHS"),
    ];
    let of = |subject: Subject, requested: Option<&str>| {
        let report = dti(&records, &subject, TimeRange::ALL, requested.map(currency));
        (report.currency.map(Currency::code), report.credit_count)
    };
    assert_eq!(of(kenyan(), Some("GHS")), (Some("GHS"), 2));
    assert_eq!(of(kenyan(), Some("EUR")), (Some("EUR"), 0));
    assert_eq!(of(kenyan(), None), (Some("KES"), 0));
    assert_eq!(of(subject_in(Some("NG")), None), (Some("GHS"), 2));
    assert_eq!(of(subject_in(None), None), (Some("GHS"), 2));
}
