//! Overdrafts that complete payments.

use crate::details::Details;
use crate::reports::completeness::{Completeness, completeness};
use crate::reports::credit_report::{Person, credit_report};
use crate::reports::tests::records::{Build, at, kenyan, record};
use crate::{AccountType, Record, TimeRange};

fn wallet(time: &str) -> Record {
    record("mpesa", &format!("2021-10-08T{time}")).currency("KES")
}

fn draw(time: &str, amount: &str) -> Record {
    let overdraft = record("fuliza", &format!("2021-10-08T{time}")).of_type(AccountType::RevolvingLoan);
    overdraft.currency("KES").debit(amount)
}

fn referring(record: Record, reference: &str) -> Record {
    let details = Details {
        reference: Some(reference.parse().expect("reference")),
        ..Details::default()
    };
    Record {
        details: details.into(),
        ..record
    }
}

/// A payment of 500 from a wallet that holds 200.
fn payment() -> [Record; 2] {
    [
        wallet("10:00:00").balance("200"),
        wallet("11:00:00").id("paid").debit("500").balance("0"),
    ]
}

fn of(records: &[Record]) -> Completeness {
    completeness(records, &kenyan(), TimeRange { start: None, end: None })
}

fn and(more: &[Record]) -> Vec<Record> {
    [&payment(), more].concat()
}

/// Money told and missing: in and out of each.
fn told(records: &[Record]) -> String {
    let sums = of(records).by_currency[0].sums;
    format!(
        "{} {} {} {}",
        sums.told_in, sums.told_out, sums.missing_in, sums.missing_out
    )
}

const MISSING: &str = "0.0 500.0 300.0 0.0";
const TOLD: &str = "300.0 500.0 0.0 0.0";

#[test]
fn a_draw_of_the_same_message_is_told() {
    assert_eq!(told(&payment()), MISSING);
    assert_eq!(told(&and(&[draw("11:00:00", "300").id("paid")])), TOLD);
    assert_eq!(of(&and(&[draw("11:00:00", "300").id("paid")])).gaps, []);
}

#[test]
fn a_draw_with_the_reference_of_the_payment_is_told() {
    let [before, paid] = payment();
    let with = |time: &str, reference: &str| {
        told(&[
            before.clone(),
            referring(paid.clone(), "RM42C8Y5AU"),
            referring(draw(time, "290"), reference),
        ])
    };
    assert_eq!(with("15:00:00", "RM42C8Y5AU"), "290.0 500.0 10.0 0.0");
    assert_eq!(with("15:00:00", "RM42C8Y5AV"), MISSING);
    let late = referring(draw("11:00:01", "290"), "RM42C8Y5AU");
    let late = Record {
        timestamp: at("2021-10-09T11:00:01"),
        ..late
    };
    assert_eq!(told(&[before, referring(paid, "RM42C8Y5AU"), late]), MISSING);
}

#[test]
fn an_unnamed_draw_must_be_near_and_explain_the_balance() {
    assert_eq!(told(&and(&[draw("11:10:00", "300")])), TOLD);
    assert_eq!(told(&and(&[draw("10:50:00", "300")])), TOLD);
    assert_eq!(told(&and(&[draw("11:10:01", "300")])), MISSING);
    assert_eq!(told(&and(&[draw("11:00:00", "299.99")])), MISSING);
    assert_eq!(told(&and(&[draw("11:00:00", "300").currency("USD")])), MISSING);
    assert_eq!(
        told(&and(&[draw("11:00:00", "300").of_type(AccountType::Loan)])),
        MISSING
    );
    // A draw completes only payments, not credits.
    let credit = [
        wallet("10:00:00").balance("200"),
        wallet("11:00:00").credit("1").balance("501"),
    ];
    assert_eq!(
        told(&[credit.as_slice(), &[draw("11:00:00", "300")]].concat()),
        "1.0 0.0 300.0 0.0"
    );
}

#[test]
fn a_draw_counts_once() {
    let again = [
        wallet("11:05:00").balance("400"),
        wallet("11:06:00").debit("700").balance("0"),
    ];
    let one = and(&[again.as_slice(), &[draw("11:03:00", "300")]].concat());
    assert_eq!(told(&one), "300.0 1200.0 700.0 0.0");
    // Two messages state the draw: the payment's, and the lender's.
    let [before, paid] = payment();
    let both = [
        before,
        referring(paid, "RM42C8Y5AU"),
        referring(draw("11:00:00", "300").id("paid"), "RM42C8Y5AU"),
        referring(draw("11:00:05", "300"), "RM42C8Y5AU"),
    ];
    assert_eq!(told(&both), TOLD);
    assert_eq!(told(&[both.as_slice(), &again].concat()), "300.0 1200.0 700.0 0.0");
}

#[test]
fn a_draw_that_the_account_was_credited_with_is_told_by_the_credit() {
    let records = [
        wallet("10:00:00").balance("200"),
        referring(wallet("11:00:00").credit("300").balance("500"), "RM42C8Y5AU"),
        referring(wallet("11:00:10").debit("500").balance("0"), "RM42C8Y5AU"),
        referring(draw("11:00:00", "300"), "RM42C8Y5AU"),
    ];
    assert_eq!(told(&records), TOLD);
}

#[test]
fn a_fee_that_is_not_stated_is_all_that_is_missing() {
    assert_eq!(told(&and(&[draw("11:00:00", "307").id("paid")])), "307.0 500.0 0.0 7.0");
}

#[test]
fn draws_tell_the_order_of_a_second() {
    let noon = |id: &str| wallet("12:00:00").id(id);
    // 200 → 0 by 500 and a draw of 300 → 50.
    let records = [
        wallet("10:00:00").balance("200"),
        noon("b").debit("500").balance("0"),
        draw("12:00:00", "300").id("b"),
        noon("a").credit("50").balance("50"),
    ];
    assert_eq!(told(&records), "350.0 500.0 0.0 0.0");
    let report = credit_report(&records, &kenyan(), Person::default(), at("2021-11-08T12:00:00"), None);
    assert_eq!(report.depository.total_balances.to_string(), "50.0");
}
