use crate::reports::loan_status::{Loan, LoanStatus};
use crate::reports::tests::records::{Build, currency, loan, money};
use crate::reports::total::Total;
use crate::{Label, Record};

const DAYS: [&str; 4] = [
    "2021-10-01T08:00:00",
    "2021-10-02T08:00:00",
    "2021-10-03T08:00:00",
    "2021-10-04T08:00:00",
];

fn labelled(day: &str, label: Label) -> Record {
    loan("okash", day).label(label)
}

pub(crate) fn event(day: &str, text: &str) -> Record {
    let (word, figure) = text.split_once(' ').unwrap_or((text, ""));
    match word {
        "debit" if figure.is_empty() => Record {
            amount: None,
            ..loan("okash", day).debit("1")
        },
        "debit" => loan("okash", day).debit(figure),
        "credit" => loan("okash", day).credit(figure),
        "balance" => loan("okash", day).balance(figure),
        "approved" => labelled(day, Label::LoanApproved),
        "disbursed" => labelled(day, Label::LoanDisbursed),
        "missed" if figure.is_empty() => labelled(day, Label::LoanMissedPayment),
        "missed" => labelled(day, Label::LoanMissedPayment).balance(figure),
        "defaulted" if figure.is_empty() => labelled(day, Label::LoanDefaulted),
        "defaulted" => labelled(day, Label::LoanDefaulted).balance(figure),
        "repaid" => labelled(day, Label::LoanRepaid),
        "reminder" => labelled(day, Label::LoanRepaymentReminder),
        "repayment" if figure.is_empty() => labelled(day, Label::LoanRepayment),
        "repayment" => Record {
            amount: Some(money(figure)),
            ..labelled(day, Label::LoanRepayment)
        },
        _ => unreachable!("{text}"),
    }
}

fn fold(records: &[Record]) -> Loan<'_> {
    let mut references: Vec<&Record> = records.iter().collect();
    Loan::of(&mut references, Some(currency("KES")))
}

fn figure(total: Option<Total>) -> String {
    total.map_or("?".into(), |total| total.number().0.normalize().to_string())
}

fn stands(loan: &Loan<'_>) -> String {
    let status = loan
        .status
        .map_or("none".into(), |status| format!("{status:?}").to_lowercase());
    format!("{status} {} {}", figure(loan.balance), figure(loan.principal))
}

#[test]
fn every_event_and_every_pair_of_events_leads_where_the_table_says() {
    let table = include_str!("loan_events.txt");
    let cases = table.lines().filter(|line| !line.starts_with('#'));
    let mut count = 0;
    for case in cases {
        let (events, expected) = case.split_once(" -> ").expect("a case");
        let days = DAYS.iter();
        let records: Vec<Record> = events
            .split(", ")
            .zip(days)
            .map(|(text, day)| event(day, text))
            .collect();
        assert_eq!(stands(&fold(&records)), expected, "{case}");
        count += 1;
    }
    assert_eq!(count, 14 + 14 * 14);
}

#[test]
fn events_of_one_record_take_effect_in_the_order_of_the_table() {
    let day = DAYS[0];
    for (record, expected) in [
        // Lent, and partly repaid at once.
        (event(day, "debit 500").label(Label::LoanRepayment), "open 0 500"),
        // A payment before the missed one: still nonperforming.
        (
            event(day, "credit 200").label(Label::LoanMissedPayment),
            "nonperforming ? ?",
        ),
        (event(day, "missed").label(Label::LoanDefaulted), "defaulted ? ?"),
        (event(day, "defaulted").label(Label::LoanRepaid), "closed 0 ?"),
        (event(day, "repaid").label(Label::LoanRepaymentReminder), "closed 0 ?"),
        (event(day, "reminder").balance("300"), "open 300 ?"),
        // A balance takes effect last.
        (event(day, "repaid").balance("300"), "open 300 ?"),
        (event(day, "debit 500").balance("520"), "open 520 500"),
        (event(day, "credit 200").balance("0"), "closed 0 ?"),
        (event(day, "missed").balance("-1"), "closed 0 ?"),
    ] {
        assert_eq!(stands(&fold(std::slice::from_ref(&record))), expected, "{record:?}");
    }
}

#[test]
fn a_loan_repaid_beyond_what_is_owed_is_owed_nothing() {
    let records = [event(DAYS[0], "debit 500"), event(DAYS[1], "credit 700")];
    assert_eq!(stands(&fold(&records)), "open 0 500");
}

#[test]
fn a_new_loan_after_a_closed_one_starts_its_principal_anew() {
    let records = [
        event(DAYS[0], "debit 500"),
        event(DAYS[1], "repaid"),
        event(DAYS[2], "debit 800"),
    ];
    assert_eq!(stands(&fold(&records)), "open 800 800");
}

#[test]
fn offers_and_refusals_do_not_change_a_loan() {
    for label in [Label::NewLoanOffer, Label::OtherLoanOffer, Label::LoanDeclined] {
        let offer = Record {
            amount: Some(money("9000")),
            ..labelled(DAYS[1], label)
        };
        let offers = [offer];
        let loan = fold(&offers);
        assert_eq!((stands(&loan), loan.updated), ("none ? ?".into(), None), "{label}");

        let [offer] = offers;
        let records = [event(DAYS[0], "debit 500"), offer];
        let loan = fold(&records);
        assert_eq!(stands(&loan), "open 500 500", "{label}");
        assert_eq!(loan.updated, Some(&records[0]), "{label}");
    }
}

#[test]
fn an_offer_that_also_moves_money_or_states_a_balance_counts() {
    let top_up = [event(DAYS[0], "debit 500").label(Label::OtherLoanOffer)];
    assert_eq!(stands(&fold(&top_up)), "open 500 500");
    let refusal = [event(DAYS[0], "balance 300").label(Label::LoanDeclined)];
    assert_eq!(stands(&fold(&refusal)), "open 300 ?");
    let reminder = [event(DAYS[0], "reminder").label(Label::NewLoanOffer)];
    assert_eq!(stands(&fold(&reminder)), "open ? ?");
}

#[test]
fn the_reason_of_a_status_is_the_record_that_last_changed_it() {
    let records = [
        event(DAYS[0], "debit 500").label(Label::LoanDisbursed),
        event(DAYS[1], "missed"),
        event(DAYS[2], "missed"),
        event(DAYS[3], "balance 450"),
    ];
    let loan = fold(&records);
    assert_eq!(loan.status, Some(LoanStatus::Nonperforming));
    assert_eq!(loan.reason, Some((&records[1], Some(Label::LoanMissedPayment))));
    assert_eq!(loan.updated, Some(&records[3]));
    let opened = fold(&records[..1]);
    assert_eq!(opened.reason, Some((&records[0], Some(Label::LoanDisbursed))));
}

#[test]
fn a_status_that_a_movement_or_a_balance_changed_has_no_label() {
    for text in ["debit 500", "debit", "credit 200", "balance 300", "balance 0"] {
        let records = [event(DAYS[0], text)];
        assert_eq!(fold(&records).reason, Some((&records[0], None)), "{text}");
    }
    // The balance closes it, with any labels.
    let records = [event(DAYS[0], "reminder").balance("0")];
    assert_eq!(fold(&records).reason, Some((&records[0], None)));
}

#[test]
fn every_label_that_changes_a_status_is_named() {
    for (text, label) in [
        ("approved", Label::LoanApproved),
        ("disbursed", Label::LoanDisbursed),
        ("repayment 5", Label::LoanRepayment),
        ("missed", Label::LoanMissedPayment),
        ("defaulted", Label::LoanDefaulted),
        ("repaid", Label::LoanRepaid),
        ("reminder", Label::LoanRepaymentReminder),
    ] {
        let records = [event(DAYS[0], text)];
        assert_eq!(fold(&records).reason, Some((&records[0], Some(label))), "{text}");
    }
}

#[test]
fn two_records_of_one_second_follow_the_rank_of_their_events() {
    let lent = event(DAYS[0], "debit 500");
    let repaid = event(DAYS[0], "repaid");
    for (lent_id, repaid_id) in [("a", "b"), ("b", "a")] {
        let records = [repaid.clone().id(repaid_id), lent.clone().id(lent_id)];
        assert_eq!(stands(&fold(&records)), "closed 0 ?");
    }
}

#[test]
fn money_in_another_currency_than_the_accounts_is_not_added_to_it() {
    let shillings = event(DAYS[0], "debit 500").currency("KES");
    let dollars = event(DAYS[1], "debit 5").currency("USD");
    assert_eq!(stands(&fold(&[shillings.clone(), dollars])), "open ? 500");

    let dollars = event(DAYS[1], "credit 5").currency("USD");
    assert_eq!(stands(&fold(&[shillings.clone(), dollars])), "open 500 500");

    let dollars = event(DAYS[1], "balance 5").currency("USD");
    assert_eq!(stands(&fold(&[shillings.clone(), dollars])), "open ? 500");

    let nothing = event(DAYS[1], "balance 0").currency("USD");
    assert_eq!(stands(&fold(&[shillings, nothing])), "closed 0 ?");
}

/// The documentation repeats the rules of the source.
#[test]
fn the_documentation_has_the_table_of_the_source() {
    let source = include_str!("../loan_status.rs");
    let lines = source.lines().filter_map(|line| line.strip_prefix("//! "));
    let table: Vec<&str> = lines.filter(|line| line.starts_with('|')).collect();
    assert_eq!(table.len(), 2 + 7, "a head and seven events");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/API.md");
    let page = std::fs::read_to_string(path).expect("the page");
    let table = table.join("\n");
    assert!(page.contains(&table), "docs/API.md lacks:\n{table}");
}
