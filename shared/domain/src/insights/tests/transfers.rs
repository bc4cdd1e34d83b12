use super::with;
use crate::Date;
use crate::insights::cash_flow;
use crate::reports::tests::records::{Build, at, kenyan, record};
use crate::{AccountType, CounterpartyKind, Label, Record};

fn sent(time: &str, amount: &str) -> Record {
    record("mpesa", &format!("2026-11-01T{time}"))
        .debit(amount)
        .currency("KES")
}

fn received(time: &str, amount: &str) -> Record {
    record("kcb", &format!("2026-11-01T{time}"))
        .credit(amount)
        .currency("KES")
}

/// Counts of credits and debits that are own transfers.
fn counts(records: &[Record]) -> (u64, u64) {
    let own = cash_flow(records, &kenyan(), at("2026-11-20T00:00:00"), None, None)
        .flow
        .own_transfers;
    (own.credit.count, own.debit.count)
}

#[test]
fn a_transfer_has_two_sides_of_one_sum_within_ten_minutes() {
    assert_eq!(counts(&[sent("10:00:00", "500"), received("10:10:00", "500")]), (1, 1));
    assert_eq!(counts(&[sent("10:10:00", "500"), received("10:00:00", "500")]), (1, 1));
    assert_eq!(counts(&[sent("10:00:00", "500"), received("10:10:01", "500")]), (0, 0));
    assert_eq!(
        counts(&[sent("10:00:00", "500"), received("10:00:00", "500.01")]),
        (0, 0)
    );
    let dollars = received("10:00:00", "500").currency("USD");
    assert_eq!(counts(&[sent("10:00:00", "500"), dollars]), (0, 0));
    let same_account = Record {
        institution_id: "mpesa".parse().expect("id"),
        ..received("10:00:00", "500")
    };
    assert_eq!(counts(&[sent("10:00:00", "500"), same_account]), (0, 0));
    let airtime = received("10:00:00", "500").of_type(AccountType::Airtime);
    assert_eq!(counts(&[sent("10:00:00", "500"), airtime]), (0, 0));
}

#[test]
fn each_side_is_used_once() {
    let records = [
        sent("10:00:00", "500"),
        received("10:01:00", "500"),
        received("10:02:00", "500"),
    ];
    assert_eq!(counts(&records), (1, 1));
    let records = [
        sent("10:00:00", "500"),
        sent("10:01:00", "500"),
        received("10:01:00", "500"),
    ];
    assert_eq!(counts(&records), (1, 1));
}

#[test]
fn loans_and_their_repayments_match_no_transfer() {
    let loan = received("10:00:00", "500").label(Label::LoanDisbursed);
    assert_eq!(counts(&[sent("10:00:00", "500"), loan]), (0, 0));
    let repayment = sent("10:00:00", "500").label(Label::LoanRepayment);
    assert_eq!(counts(&[repayment, received("10:00:00", "500")]), (0, 0));
}

#[test]
fn an_own_account_named_by_the_institution_needs_no_match() {
    assert_eq!(
        counts(&[with(sent("10:00:00", "500"), CounterpartyKind::Own, None)]),
        (0, 1)
    );
    assert_eq!(
        counts(&[with(received("10:00:00", "500"), CounterpartyKind::Own, None)]),
        (1, 0)
    );
    assert_eq!(
        counts(&[with(received("10:00:00", "500"), CounterpartyKind::Person, None)]),
        (0, 0)
    );
}

#[test]
fn dates_far_apart_are_counted_in_days() {
    let date = |text: &str| Date::local(at(text), None);
    assert_eq!(date("2028-03-01T00:00:00").days_since(date("2028-02-28T23:59:59")), 2);
}
