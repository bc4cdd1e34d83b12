use serde_json::Value;

use super::affordability::{borrower, report};
use super::paid;
use crate::reports::tests::records::{Build, loan, record};
use crate::{AccountType, Label, Record};

/// A user without a reason against a small loan.
fn sound() -> Vec<Record> {
    let mut records: Vec<Record> = ["2026-07-31", "2026-08-31", "2026-09-30", "2026-10-30"]
        .map(|date| paid(date, "100000"))
        .into();
    for month in ["09", "10", "11"] {
        records.push(
            record("mpesa", &format!("2026-{month}-10T08:00:00"))
                .debit("50000")
                .currency("KES"),
        );
    }
    records
}

fn reasons(records: &[Record], members: &str) -> Vec<Value> {
    report(records, members)["reasons"].as_array().expect("a list").clone()
}

/// Code, value, limit and number of records of each reason.
fn shown(records: &[Record], members: &str) -> Vec<String> {
    let row = |reason: &Value| {
        let evidence = reason["record_ids"].as_array().map_or(0, Vec::len);
        format!(
            "{} {} {} {evidence}",
            reason["code"].as_str().expect("a code"),
            reason["value"],
            reason["limit"]
        )
    };
    reasons(records, members).iter().map(row).collect()
}

/// The sound user with more records.
fn and(more: impl IntoIterator<Item = Record>) -> Vec<Record> {
    let mut records = sound();
    records.extend(more);
    records
}

fn days(count: u32, mut each: impl FnMut(&str) -> Record) -> Vec<Record> {
    (1..=count)
        .map(|day| each(&format!("2026-11-{day:02}T09:00:00")))
        .collect()
}

#[test]
fn a_sound_user_has_no_reason_against() {
    assert_eq!(shown(&sound(), ""), [""; 0]);
    assert_eq!(report(&sound(), "")["can_afford"], true);
}

#[test]
fn late_loans_are_told_by_label_and_by_the_state_of_the_account() {
    let labelled = |at: &str, label| loan("okash", at).currency("KES").label(label);
    let closed = labelled("2026-10-20T09:00:00", Label::LoanRepaid);
    let default = labelled("2026-10-01T09:00:00", Label::LoanDefaulted);
    assert_eq!(
        shown(&and([default.clone(), closed.clone()]), ""),
        ["DEFAULT_RECENT 1.0 0.0 1"]
    );
    // Before the 90 days, but still defaulted.
    let old = labelled("2026-03-01T09:00:00", Label::LoanDefaulted);
    assert_eq!(
        shown(&and([old.clone()]), ""),
        ["DEFAULT_RECENT 1.0 0.0 1", "DEBT_UNKNOWN 1.0 0.0 1"]
    );
    assert_eq!(shown(&and([old, closed.clone()]), ""), [""; 0]);
    let missed = labelled("2026-10-02T09:00:00", Label::LoanMissedPayment);
    assert_eq!(
        shown(&and([missed.clone(), closed]), ""),
        ["DELINQUENCY_RECENT 1.0 0.0 1"]
    );
    assert_eq!(
        shown(&and([default, missed]), ""),
        [
            "DEFAULT_RECENT 1.0 0.0 1",
            "DELINQUENCY_RECENT 1.0 0.0 1",
            "DEBT_UNKNOWN 1.0 0.0 1"
        ]
    );
}

#[test]
fn obligations_and_cash_flow_are_compared_with_the_policy() {
    assert_eq!(
        shown(&borrower(), ""),
        [
            "OBLIGATIONS_HIGH 0.275 0.2 3",
            "DISPOSABLE_LOW 4500.0 5910.53 6",
            "DEBT_UNKNOWN 1.0 0.0 1"
        ]
    );
    // Exactly half of the limit is not over it: 9,900 ÷ 36,000 = 0.275.
    assert_eq!(
        shown(&borrower(), r#","max_instalment_to_income":0.55"#),
        ["DISPOSABLE_LOW 4500.0 5910.53 6", "DEBT_UNKNOWN 1.0 0.0 1"]
    );
    assert_eq!(
        shown(&sound(), r#","max_instalment_to_income":0.05"#),
        ["INCOME_LOW 4000.0 5910.53 4"]
    );
    assert_eq!(
        shown(&sound(), r#","max_instalment_to_income":0.05,"term_unit":"week""#),
        ["INCOME_LOW 923.076923 5203.86 4"]
    );
}

#[test]
fn income_without_a_rhythm_is_irregular_and_unverified() {
    let odd = |date: &str, amount: &str| {
        record("mpesa", &format!("{date}T10:00:00"))
            .credit(amount)
            .currency("KES")
    };
    let irregular = and([odd("2026-09-03", "200000"), odd("2026-11-02", "200000.01")]);
    assert_eq!(shown(&irregular, ""), ["INCOME_IRREGULAR 0.428571 0.5 2"]);
    let unverified = [odd("2026-08-01", "90000"), odd("2026-11-02", "190000")];
    let codes = shown(&unverified, r#","income_basis":"all","max_age_days":30"#);
    assert_eq!(
        codes[1..],
        ["INCOME_IRREGULAR 0.0 0.5 2", "INCOME_UNVERIFIED 0.0 1.0 2"]
    );
}

#[test]
fn three_lenders_within_30_days_are_stacking() {
    let lender = |id: &str| {
        loan(id, "2026-11-01T09:00:00")
            .currency("KES")
            .label(Label::LoanRepaymentReminder)
    };
    assert_eq!(shown(&and([lender("a"), lender("b")]), ""), ["DEBT_UNKNOWN 2.0 0.0 2"]);
    assert_eq!(
        shown(&and([lender("a"), lender("b"), lender("c")]), ""),
        ["LOAN_STACKING 3.0 3.0 3", "DEBT_UNKNOWN 3.0 0.0 3"]
    );
    // A wallet that reports a repayment does not count as a lender, and neither does an offer.
    let wallet = record("mpesa", "2026-11-01T09:00:00")
        .currency("KES")
        .label(Label::LoanRepayment);
    let offer = loan("d", "2026-11-01T09:00:00")
        .currency("KES")
        .label(Label::NewLoanOffer);
    assert_eq!(
        shown(&and([lender("a"), lender("b"), wallet, offer]), ""),
        ["DEBT_UNKNOWN 2.0 0.0 2"]
    );
}

#[test]
fn fifteen_low_dates_are_a_reason() {
    // 5 % of 100,000.
    let low = |count| and(days(count, |at| record("mpesa", at).balance("5000").currency("KES")));
    // Ten more dates are carried.
    assert_eq!(shown(&low(5), ""), ["BALANCE_LOW 15.0 15.0 5"]);
    assert_eq!(shown(&low(4), ""), [""; 0]);
    let above = and(days(5, |at| record("mpesa", at).balance("5000.01").currency("KES")));
    assert_eq!(shown(&above, ""), [""; 0]);
}

#[test]
fn three_alerts_of_missing_money_are_a_reason() {
    let alert = |label| move |at: &str| record("mpesa", at).currency("KES").label(label);
    assert_eq!(shown(&and(days(2, alert(Label::InsufficientFunds))), ""), [""; 0]);
    assert_eq!(
        shown(&and(days(3, alert(Label::Overdraft))), ""),
        ["OVERDRAFT_FREQUENT 3.0 3.0 3"]
    );
    let fuliza = |at: &str| {
        loan("fuliza", at)
            .of_type(AccountType::RevolvingLoan)
            .currency("KES")
            .label(Label::Overdraft)
    };
    assert_eq!(shown(&and(days(3, fuliza)), ""), ["OVERDRAFT_FREQUENT 3.0 3.0 3"]);
}

#[test]
fn bets_of_15_percent_of_the_outflow_are_a_reason() {
    let bet = |amount: &str| {
        let debit = record("mpesa", "2026-11-03T09:00:00").debit(amount).currency("KES");
        and([debit.label(Label::BettingAndLottery)])
    };
    // 15 ÷ 85 of 150,000.
    assert_eq!(shown(&bet("26470.58"), ""), [""; 0]);
    assert_eq!(shown(&bet("26470.59"), ""), ["GAMBLING_HIGH 0.15 0.15 1"]);
}

#[test]
fn short_and_old_data_are_told_last() {
    assert_eq!(
        shown(&sound(), r#","min_history_days":113"#),
        ["HISTORY_SHORT 112.0 113.0 0"]
    );
    // From 08:00 on November 10 to noon on the 20th.
    let old = shown(&sound(), r#","max_age_days":10"#);
    assert_eq!(old, ["DATA_STALE 10.166667 10.0 1"]);
    assert_eq!(
        reasons(&sound(), r#","max_age_days":9"#)[0]["effect"],
        "withholds_answer"
    );
}

#[test]
fn at_most_four_reasons_are_given_in_the_order_of_their_weight() {
    let mut records = borrower();
    records.push(
        loan("a", "2026-11-01T09:00:00")
            .currency("KES")
            .label(Label::LoanDefaulted),
    );
    records.push(
        loan("b", "2026-11-01T09:00:00")
            .currency("KES")
            .label(Label::LoanMissedPayment),
    );
    records.extend(days(3, |at| {
        record("mpesa", at).currency("KES").label(Label::InsufficientFunds)
    }));
    let codes: Vec<Value> = reasons(&records, r#","max_age_days":1"#)
        .into_iter()
        .map(|reason| reason["code"].clone())
        .collect();
    assert_eq!(
        codes,
        [
            "DEFAULT_RECENT",
            "DELINQUENCY_RECENT",
            "OBLIGATIONS_HIGH",
            "DISPOSABLE_LOW"
        ]
    );
}
