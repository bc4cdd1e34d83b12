//! The effect of one more message on a loan, from the file that the tests of the computation read.

use std::collections::HashMap;

use super::Table;

const EVENTS: &str = include_str!("../../../../shared/domain/src/reports/tests/loan_events.txt");

/// The first events whose outcomes are the columns.
const STATES: [&str; 4] = ["debit 500", "missed", "defaulted", "repaid"];

pub(super) fn table() -> Table {
    let lines = EVENTS.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let known: Vec<(&str, String)> = lines
        .map(|line| {
            let (events, outcome) = line.split_once(" -> ").expect("events and their outcome");
            (events, written(outcome))
        })
        .collect();
    let outcomes: HashMap<&str, &String> = known.iter().map(|(events, outcome)| (*events, outcome)).collect();
    let first = known
        .iter()
        .map(|(events, _)| *events)
        .filter(|events| !events.contains(", "));
    let row = |event: &str| {
        let then = STATES.map(|state| outcomes[format!("{state}, {event}").as_str()].clone());
        [vec![name(event), outcomes[event].clone()], then.into()].concat()
    };
    let columns = STATES.map(|state| outcomes[state].clone());
    Table {
        name: "loan-status",
        header: [
            ["event", "no status before"].map(str::to_owned).to_vec(),
            columns.into(),
        ]
        .concat(),
        rows: first.map(row).collect(),
        by_hand: None,
    }
}

/// The outcome `open 300 500` in words. Nothing is owed of a closed loan.
fn written(outcome: &str) -> String {
    let words: Vec<&str> = outcome.split_whitespace().collect();
    let [status, balance, principal] = words.as_slice() else {
        panic!("{outcome}");
    };
    match *status {
        "closed" => "closed".to_owned(),
        status => format!("{status}, {balance} of {principal}"),
    }
}

fn name(event: &str) -> String {
    let (word, amount) = event.split_once(' ').unwrap_or((event, ""));
    let name = match word {
        "debit" => "`DEBIT`",
        "credit" => "`CREDIT`",
        "disbursed" => "`LoanDisbursed`",
        "approved" => "`LoanApproved`",
        "repayment" => "`LoanRepayment`",
        "missed" => "`LoanMissedPayment`",
        "defaulted" => "`LoanDefaulted`",
        "repaid" => "`LoanRepaid`",
        "reminder" => "`LoanRepaymentReminder`",
        "balance" => "a stated balance",
        _ => panic!("{event}"),
    };
    match (word, amount) {
        ("debit", "") => format!("{name} without an amount"),
        (_, "") => name.to_owned(),
        (_, amount) => format!("{name} of {amount}"),
    }
}
