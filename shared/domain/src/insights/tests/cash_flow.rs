use serde_json::{Value, json};

use super::with;
use crate::insights::cash_flow;
use crate::reports::tests::records::{Build, at, json as as_json, kenyan, loan, money, record};
use crate::{AccountType, CounterpartyKind, Label, Record};

const T: &str = "2026-11-20T12:00:00";

fn wallet(at: &str) -> Record {
    record("mpesa", at).currency("KES")
}

fn report(records: &[Record]) -> Value {
    as_json(&cash_flow(records, &kenyan(), at(T), None, None))
}

fn ledger() -> Vec<Record> {
    vec![
        wallet("2026-08-01T08:00:00").credit("1000").balance("1000"),
        wallet("2026-09-10T08:00:00").credit("2000").balance("2900"),
        wallet("2026-10-10T08:00:00")
            .debit("900")
            .balance("2000")
            .label(Label::BettingAndLottery),
        wallet("2026-11-02T08:00:00").credit("500").label(Label::LoanDisbursed),
        wallet("2026-11-03T08:00:00").credit("3000").balance("60"),
        wallet("2026-11-04T08:00:00").debit("100").balance("40"),
        wallet("2026-11-05T08:00:00").label(Label::InsufficientFunds),
        loan("fuliza", "2026-11-06T08:00:00")
            .of_type(AccountType::RevolvingLoan)
            .currency("KES")
            .label(Label::Overdraft),
        loan("okash", "2026-11-07T08:00:00").credit("70").currency("KES"),
        // An own transfer.
        wallet("2026-11-08T08:00:00").debit("10"),
        record("kcb", "2026-11-08T08:05:00").credit("10").currency("KES"),
    ]
}

#[test]
fn a_loan_and_its_repayment_count_whoever_tells_of_them() {
    let records = [
        loan("tala", "2026-11-02T08:00:00").debit("500").currency("KES"),
        wallet("2026-11-02T08:00:20").credit("500"),
        wallet("2026-11-05T08:00:00").debit("300").label(Label::LoanRepayment),
        // Both sides of one payment.
        wallet("2026-11-06T08:00:00").debit("70").label(Label::LoanRepayment),
        loan("tala", "2026-11-06T09:00:00").credit("70").currency("KES"),
    ];
    let window = &report(&records)["windows"]["30d"];
    assert_eq!(window["loan_disbursed"], 500.0);
    assert_eq!(window["loan_repaid"], 370.0);
}

#[test]
fn a_window_adds_up_what_the_table_says() {
    let report = report(&ledger());
    let window = &report["windows"]["30d"];
    assert_eq!(
        *window,
        json!({
            "inflow": 3500.0, "outflow": 100.0, "net": 3400.0, "credit_count": 2, "debit_count": 1,
            "nsf_overdraft_count": 2, "loan_disbursed": 500.0, "loan_repaid": 70.0, "betting": 0.0,
            // 60 on November 3, 40 on the 11 dates from the 4th.
            "average_daily_balance": 41.666_667, "min_balance": 40.0, "days_below_threshold": 12,
            // Days with a transaction: November 2, 3, 4 and 8. Days run from noon to noon.
            "days_without_transactions": 26, "longest_gap_days": 12,
        })
    );
    assert_eq!(report["windows"]["60d"]["outflow"], 1000.0);
    assert_eq!(report["windows"]["60d"]["betting"], 900.0);
    assert_eq!(report["windows"]["90d"]["inflow"], 5500.0);
    assert_eq!(report["own_transfers"]["credit"], json!({ "count": 1, "total": 10.0 }));
    assert_eq!(report["own_transfers"]["debit"], json!({ "count": 1, "total": 10.0 }));
    assert_eq!(report["status"], "ok");
}

#[test]
fn the_threshold_is_five_percent_of_the_median_inflow_of_three_periods_or_the_stated_one() {
    // Periods of 30 days: 3500, 0, 2000.
    assert_eq!(report(&ledger())["threshold"], 100.0);
    let stated = cash_flow(&ledger(), &kenyan(), at(T), None, Some(money("40")));
    let stated = as_json(&stated);
    assert_eq!(stated["threshold"], 40.0);
    assert_eq!(stated["windows"]["30d"]["days_below_threshold"], 11);
    let low = |records: &[Record]| {
        let report = report(records);
        let days = report["windows"]["30d"]["days_below_threshold"].clone();
        (report["threshold"].clone(), days)
    };
    // 5 % of zero: a date is low if it ends at 0.
    let spent = wallet("2026-11-09T08:00:00").debit("7").balance("0");
    let held = wallet("2026-11-01T08:00:00").debit("5").balance("7");
    assert_eq!(low(&[held, spent]), (json!(0.0), json!(11)));
    let lent = loan("okash", "2026-11-06T08:00:00").debit("70").currency("KES");
    assert_eq!(low(std::slice::from_ref(&lent)), (Value::Null, Value::Null));
    // A depository record, but 100 days ago: before the last three periods.
    let old = wallet("2026-08-12T08:00:00").credit("9000").balance("9000");
    assert_eq!(low(&[lent, old]), (Value::Null, Value::Null));
}

#[test]
fn months_are_calendar_months_with_balances_at_both_ends() {
    let report = report(&ledger());
    let months = report["months"].as_array().expect("months");
    let row = |month: &Value| {
        let [start, end] = [&month["starting_balance"], &month["ending_balance"]];
        format!("{} {} {start} {end} {}", month["month"], month["partial"], month["net"])
    };
    let rows: Vec<String> = months.iter().map(row).collect();
    assert_eq!(
        rows,
        [
            // The history begins at 8 o'clock on the first.
            r#""2026-08" true null null 1000.0"#,
            r#""2026-09" false null null 2000.0"#,
            r#""2026-10" false null null -900.0"#,
            r#""2026-11" true null null 3400.0"#,
        ]
    );
    assert_eq!(report["trend"], -2900.0);
    let kept = [
        wallet("2026-10-31T23:00:00").balance("80"),
        wallet("2026-11-15T08:00:00").balance("90"),
    ];
    let report = self::report(&kept);
    assert_eq!(
        (
            &report["months"][1]["starting_balance"],
            &report["months"][1]["ending_balance"]
        ),
        (&json!(80.0), &json!(90.0))
    );
    assert_eq!(report["trend"], Value::Null);
}

#[test]
fn a_window_without_records_is_null_and_one_without_money_is_zero() {
    let old = report(&[wallet("2026-08-30T08:00:00").credit("5")]);
    assert_eq!(old["windows"]["30d"]["inflow"], Value::Null);
    assert_eq!(old["windows"]["30d"]["days_without_transactions"], Value::Null);
    assert_eq!(old["windows"]["90d"]["inflow"], 5.0);
    let alert = report(&[wallet("2026-11-10T08:00:00").label(Label::LoanDeclined)]);
    assert_eq!(alert["windows"]["30d"]["inflow"], 0.0);
    assert_eq!(alert["windows"]["30d"]["min_balance"], Value::Null);
    // Of the days from the alert on.
    assert_eq!(alert["windows"]["30d"]["days_without_transactions"], 11);
    assert_eq!(report(&[])["status"], "no_data");
}

#[test]
fn days_before_the_first_record_of_the_user_are_not_idle() {
    let idle = |records: &[Record], currency: usize, window: &str| {
        let window = &report(records)["by_currency"][currency]["windows"][window];
        (
            window["days_without_transactions"].clone(),
            window["longest_gap_days"].clone(),
        )
    };
    // Days from noon to noon: the fourth and the first before T have a transaction.
    let mut records = vec![
        wallet("2026-11-16T13:00:00").credit("5"),
        wallet("2026-11-19T13:00:00").debit("5"),
    ];
    for window in ["30d", "60d", "90d"] {
        assert_eq!(idle(&records, 0, window), (json!(2), json!(2)), "{window}");
    }
    // A record of any account and currency tells that messages arrived: the days since are known.
    records.push(loan("tala", "2026-10-31T13:00:00").currency("UGX").debit("9"));
    records.push(record("mtn_ug", "2026-11-18T13:00:00").currency("UGX").credit("9"));
    assert_eq!(idle(&records, 0, "30d"), (json!(18), json!(16)));
    assert_eq!(idle(&records, 1, "30d"), (json!(19), json!(18)));
    // A day begins after its noon: the first of these records is of the 30th day, the other before the 30 days.
    for (first, days) in [("2026-10-21T12:00:01", 28), ("2026-10-21T12:00:00", 28)] {
        records.push(loan("tala", first).currency("KES").debit("9"));
        assert_eq!(idle(&records, 0, "30d").0, json!(days), "{first}");
    }
    assert_eq!(idle(&records, 0, "60d").0, json!(29));
}

#[test]
fn one_message_with_two_records_is_one_alert() {
    let records = [
        wallet("2026-11-05T08:00:00")
            .debit("5")
            .label(Label::Overdraft)
            .id("one"),
        loan("fuliza", "2026-11-05T08:00:00")
            .debit("5")
            .currency("KES")
            .label(Label::Overdraft)
            .id("one"),
    ];
    assert_eq!(report(&records)["windows"]["30d"]["nsf_overdraft_count"], 1);
}

#[test]
fn each_currency_has_its_own_row() {
    let mut records = ledger();
    records.push(record("mtn_ug", "2026-11-01T08:00:00").credit("5").currency("UGX"));
    let report = report(&records);
    let codes: Vec<&Value> = report["by_currency"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| &row["currency"])
        .collect();
    assert_eq!(codes, ["KES", "UGX"]);
    assert_eq!(report["by_currency"][0]["windows"], report["windows"]);
    assert_eq!(report["by_currency"][1]["windows"]["30d"]["inflow"], 5.0);
}

#[test]
fn a_window_excludes_its_start_and_includes_its_end() {
    let records = [
        wallet("2026-10-21T12:00:00").credit("1"),
        wallet("2026-10-21T12:00:01").credit("2"),
        wallet(T).credit("4"),
        wallet("2026-11-20T12:00:01").credit("8"),
    ];
    assert_eq!(report(&records)["windows"]["30d"]["inflow"], 6.0);
    let lent = with(wallet(T).credit("4"), CounterpartyKind::Lender, None);
    assert_eq!(report(&[lent])["windows"]["30d"]["inflow"], 4.0);
}
