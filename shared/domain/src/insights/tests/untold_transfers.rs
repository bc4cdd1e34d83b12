//! Transfers from own accounts whose debit has no message.

use super::affordability::{borrower, report as affordability_report};
use super::{EMPLOYER, with};
use crate::insights::{Confidence, cash_flow, income};
use crate::reports::dti;
use crate::reports::tests::records::{Build, at, json, kenyan, record};
use crate::{AccountType, CounterpartyKind, Label, Record, TimeRange};

const BANK: &str = "00000000000000ba";

fn bank(day: u32, balance: &str) -> Record {
    record("kcb", &format!("2026-11-{day:02}T10:00:00"))
        .balance(balance)
        .currency("KES")
}

fn received(time: &str, amount: &str) -> Record {
    record("mpesa", &format!("2026-11-{time}"))
        .credit(amount)
        .currency("KES")
}

fn from(kind: CounterpartyKind, token: Option<&str>) -> Record {
    with(received("05T12:00:00", "5000"), kind, token)
}

/// Count and sum of income, of its part that may be own, and of own transfers.
fn shown(records: &[Record]) -> String {
    let report = income(records, &kenyan(), at("2026-11-20T12:00:00"), None, Confidence::Low);
    let flow = cash_flow(records, &kenyan(), at("2026-11-20T12:00:00"), None, None).flow;
    let possible = &report.summary.possible_own_transfers;
    assert_eq!(possible.record_ids.len() as u64, possible.count.min(20));
    format!(
        "{} income, {} {} possible, {} {} own",
        report.summary.income_transactions,
        possible.count,
        possible.total,
        flow.own_transfers.credit.count,
        flow.own_transfers.credit.total
    )
}

const PLAIN: &str = "1 income, 0 0.0 possible, 0 0.0 own";
const POSSIBLE: &str = "1 income, 1 5000.0 possible, 0 0.0 own";
const OWN: &str = "0 income, 0 0.0 possible, 1 5000.0 own";

/// The bank's balance falls by 5,000 without a record around the credit.
fn with_fall(credit: Record) -> Vec<Record> {
    vec![bank(1, "9000"), bank(9, "4000"), credit]
}

#[test]
fn a_credit_of_an_institution_is_own_if_another_account_fell_by_its_amount() {
    let institution = || from(CounterpartyKind::Institution, None);
    assert_eq!(shown(&with_fall(institution())), OWN);
    // A fall of another amount, at another time, or with a record.
    for bank in [
        [bank(1, "9000"), bank(9, "4000.01")],
        [bank(6, "9000"), bank(9, "4000")],
        [bank(1, "9000"), bank(4, "4000")],
        [bank(1, "9000"), bank(9, "4000").debit("5000")],
        [bank(1, "9000").currency("USD"), bank(9, "4000").currency("USD")],
    ] {
        let records = [bank.as_slice(), &[institution()]].concat();
        assert_eq!(shown(&records), POSSIBLE, "{bank:?}");
    }
    // Ten minutes before the balance, and after it.
    for (time, expected) in [
        ("01T09:50:00", OWN),
        ("01T09:49:59", POSSIBLE),
        ("09T10:10:00", OWN),
        ("09T10:10:01", POSSIBLE),
    ] {
        let credit = with(received(time, "5000"), CounterpartyKind::Institution, None);
        assert_eq!(shown(&with_fall(credit)), expected, "{time}");
    }
}

#[test]
fn without_another_account_a_credit_of_an_institution_is_income() {
    assert_eq!(shown(&[from(CounterpartyKind::Institution, None)]), PLAIN);
    // A fall of the account itself is not a fall of another account.
    let wallet = |day: u32, balance: &str| Record {
        institution_id: "mpesa".parse().expect("id"),
        ..bank(day, balance)
    };
    let records = [
        wallet(1, "9000"),
        wallet(9, "9000"),
        from(CounterpartyKind::Institution, None),
    ];
    assert_eq!(shown(&records), PLAIN);
}

#[test]
fn any_other_credit_with_such_a_fall_is_income_that_may_be_own() {
    for kind in [
        CounterpartyKind::Unknown,
        CounterpartyKind::Person,
        CounterpartyKind::Business,
    ] {
        assert_eq!(shown(&with_fall(from(kind, Some(BANK)))), POSSIBLE, "{kind:?}");
    }
    assert_eq!(shown(&with_fall(received("05T12:00:00", "5000"))), POSSIBLE);
    let salary = received("05T12:00:00", "5000").label(Label::Salary);
    assert_eq!(shown(&with_fall(salary)), PLAIN);
    let loan = received("05T12:00:00", "5000").label(Label::LoanDisbursed);
    assert_eq!(shown(&with_fall(loan)), "0 income, 0 0.0 possible, 0 0.0 own");
}

#[test]
fn a_token_of_a_matched_transfer_is_that_of_an_institution() {
    let matched = |kind| {
        [
            record("kcb", "2026-11-03T10:00:00").debit("700").currency("KES"),
            with(received("03T10:01:00", "700"), kind, Some(BANK)),
        ]
    };
    let later = |token| from(CounterpartyKind::Unknown, Some(token));
    let of = |kind, token, bank: &[Record]| shown(&[matched(kind).as_slice(), &[later(token)], bank].concat());
    let fall = [bank(2, "9700"), bank(4, "9000"), bank(9, "4000")];
    let proven = "0 income, 0 0.0 possible, 2 5700.0 own";
    assert_eq!(of(CounterpartyKind::Unknown, BANK, &fall), proven);
    let possible = "1 income, 1 5000.0 possible, 1 700.0 own";
    assert_eq!(of(CounterpartyKind::Unknown, BANK, &[]), possible);
    assert_eq!(of(CounterpartyKind::Person, BANK, &fall), possible);
    assert_eq!(
        of(CounterpartyKind::Unknown, EMPLOYER, &[]),
        "1 income, 0 0.0 possible, 1 700.0 own"
    );
}

#[test]
fn each_fall_proves_one_credit() {
    let credit = |id: &str| from(CounterpartyKind::Institution, None).id(id);
    let two = [with_fall(credit("a")).as_slice(), &[credit("b")]].concat();
    assert_eq!(shown(&two), "1 income, 1 5000.0 possible, 1 5000.0 own");
    let four = [two.as_slice(), &[bank(12, "-1000")]].concat();
    assert_eq!(shown(&four), "1 income, 1 5000.0 possible, 1 5000.0 own");
    // Proven ones choose before possible ones, even if they come later.
    let any = received("05T11:00:00", "5000");
    let two = [with_fall(credit("a")).as_slice(), &[any]].concat();
    assert_eq!(shown(&two), "1 income, 0 0.0 possible, 1 5000.0 own");
}

#[test]
fn income_that_may_be_own_is_a_reason_against() {
    let mut records = borrower();
    let codes = |records: &[Record]| -> Vec<String> {
        let report = affordability_report(records, r#","income_basis":"all""#);
        let reasons = report["reasons"].as_array().expect("a list").iter();
        reasons
            .map(|reason| format!("{} {}", reason["code"].as_str().expect("a code"), reason["value"]))
            .collect()
    };
    assert!(
        !codes(&records)
            .iter()
            .any(|code| code.starts_with("INCOME_POSSIBLY_OWN"))
    );
    // 60,000 of 240,000.
    for month in ["09", "10", "11"] {
        let day = format!("2026-{month}-15T09:00:00");
        records.push(with(
            record("mpesa", &day).credit("20000").currency("KES"),
            CounterpartyKind::Institution,
            None,
        ));
    }
    let told = codes(&records);
    assert!(told.contains(&"INCOME_POSSIBLY_OWN 0.25".to_owned()), "{told:?}");
    let report = affordability_report(&records, r#","income_basis":"all""#);
    let reason = report["reasons"]
        .as_array()
        .and_then(|list| list.iter().find(|reason| reason["code"] == "INCOME_POSSIBLY_OWN"))
        .expect("a reason");
    assert_eq!(
        reason["record_ids"],
        json(&[
            "mpesa@2026-11-15T09:00:00",
            "mpesa@2026-10-15T09:00:00",
            "mpesa@2026-09-15T09:00:00"
        ])
    );
    assert_eq!(reason["effect"], "informs");
}

#[test]
fn income_of_nothing_is_none() {
    let nothing = [record("mpesa", "2026-09-01T09:00:00").credit("0").currency("KES")];
    let report = income(&nothing, &kenyan(), at("2026-11-20T12:00:00"), None, Confidence::Low);
    assert_eq!(json(&report)["status"], "no_income");
    assert_eq!(report.summary.income_transactions, 1);
}

#[test]
fn a_fall_explains_the_credit_that_is_said_to_be_own_and_no_other() {
    let own = with(received("03T12:00:00", "5000"), CounterpartyKind::Own, None);
    let records = with_fall(from(CounterpartyKind::Institution, None));
    assert_eq!(
        shown(&[records.as_slice(), &[own]].concat()),
        "1 income, 1 5000.0 possible, 1 5000.0 own"
    );
}

#[test]
fn a_salary_is_never_own() {
    let salary = from(CounterpartyKind::Institution, None).label(Label::Salary);
    assert_eq!(shown(&with_fall(salary)), PLAIN);
}

#[test]
fn a_fall_over_more_than_thirty_days_proves_nothing() {
    let balance = |time: &str, balance: &str| record("kcb", time).balance(balance).currency("KES");
    let last = balance("2026-11-09T10:00:00", "4000");
    for (first, expected) in [("2026-10-10T10:00:00", OWN), ("2026-10-10T09:59:59", POSSIBLE)] {
        let records = [
            balance(first, "9000"),
            last.clone(),
            from(CounterpartyKind::Institution, None),
        ];
        assert_eq!(shown(&records), expected, "{first}");
    }
}

/// The draw paid the shop. So the later credit from a person counts as income, not as a loan.
#[test]
fn a_draw_that_completed_a_payment_is_not_received_again() {
    let records = [
        record("mpesa", "2026-11-05T10:00:00")
            .id("shop")
            .debit("500")
            .balance("0")
            .currency("KES"),
        record("fuliza", "2026-11-05T10:00:00")
            .of_type(AccountType::RevolvingLoan)
            .id("shop")
            .debit("300")
            .currency("KES"),
        with(received("05T10:05:00", "300"), CounterpartyKind::Person, None),
    ];
    assert_eq!(shown(&records), PLAIN);
    let dti = json(&dti(&records, &kenyan(), TimeRange::ALL, None));
    assert_eq!(dti["repayment_to_income_evidence"]["income"]["total"], 300.0, "{dti}");
}
