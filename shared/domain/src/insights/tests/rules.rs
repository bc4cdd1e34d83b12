//! Checks that a data file has cases for every row of the modules' rule tables.

use serde_json::Value;

use super::affordability::request;
use super::notation::read_record;
use crate::insights::affordability::ReasonCode;
use crate::insights::{Confidence, affordability, cash_flow, income, recurring};
use crate::reports::tests::records::{at, json, kenyan};
use crate::reports::{Person, completeness, credit_report};
use crate::unrecognized::{MessageKey, Note, UnrecognizedMessages};
use crate::vocabulary::UnrecognizedCode;
use crate::{Record, TimeRange};

/// A case of a data file.
#[derive(Default)]
struct Case {
    rule: String,
    records: Vec<Record>,
    unrecognized: UnrecognizedMessages,
    /// More members of the request of affordability.
    members: String,
    /// Product, pointer and value.
    figures: Vec<[String; 3]>,
}

fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(rule) = line.strip_prefix("rule ") {
            cases.push(Case {
                rule: rule.to_owned(),
                ..Case::default()
            });
        } else if let Some(rule) = line.strip_prefix("use ") {
            let used = cases.iter().find(|case| case.rule == rule).expect("an earlier case");
            let records = used.records.clone();
            cases.last_mut().expect("a case").records.extend(records);
        } else {
            let case = cases.last_mut().expect("a case");
            if let Some(message) = line.strip_prefix("unread ") {
                note(&mut case.unrecognized, message);
            } else if let Some(members) = line.strip_prefix("request ") {
                case.members = format!(",{members}");
            } else if let Some(figure) = line.strip_prefix("= ") {
                let mut words = figure.splitn(3, ' ');
                case.figures
                    .push([(); 3].map(|()| words.next().expect("three words").to_owned()));
            } else {
                case.records.push(read_record(line));
            }
        }
    }
    cases
}

/// A message that was not read: `2026-10-01T08:00:00 tala loan`, the last word only if it may concern one.
fn note(unrecognized: &mut UnrecognizedMessages, line: &str) {
    let words: Vec<&str> = line.split(' ').collect();
    let key = MessageKey {
        received_at: at(words[0]),
        hash: 0,
    };
    let note = Note {
        sender: words[1].to_owned(),
        code: UnrecognizedCode::Wording,
        may_concern_loan: words.get(2) == Some(&"loan"),
        reader: 1,
    };
    unrecognized.note(key, note);
}

fn answer(product: &str, case: &Case) -> Value {
    let (records, as_of) = (&case.records, at("2026-11-20T12:00:00"));
    let range = TimeRange { start: None, end: None };
    match product {
        "cash_flow" => json(&cash_flow(records, &kenyan(), as_of, None, None)),
        "income" => json(&income(records, &kenyan(), as_of, None, Confidence::Low)),
        "income_of_high_confidence" => json(&income(records, &kenyan(), as_of, None, Confidence::High)),
        "recurring" => json(&recurring(records, &kenyan(), as_of, None, None)),
        "completeness" => json(&completeness(records, &kenyan(), range)),
        "credit_report" => json(&credit_report(records, &kenyan(), Person::default(), as_of, None)),
        "affordability" => json(&affordability(
            records,
            &kenyan(),
            as_of,
            &request(&case.members),
            &case.unrecognized,
        )),
        other => panic!("{other}"),
    }
}

/// The cells of a column of the tables of a module's documentation, without backticks.
fn rows(source: &str, column: usize) -> Vec<String> {
    let lines: Vec<&str> = source.lines().filter_map(|line| line.strip_prefix("//! ")).collect();
    let is_row = |line: &&str| line.starts_with("| ");
    let heads = lines
        .windows(2)
        .filter(|pair| pair[1].starts_with("|---"))
        .map(|pair| pair[0]);
    let heads: Vec<&str> = heads.collect();
    let rows = lines
        .iter()
        .copied()
        .filter(is_row)
        .filter(|line| !heads.contains(line));
    rows.map(|row| row.split('|').nth(column).unwrap_or_default().trim().replace('`', ""))
        .collect()
}

fn check(text: &str, rows: &[String]) {
    let cases = cases(text);
    assert!(rows.len() > 5, "{rows:?}");
    for row in rows {
        assert!(cases.iter().any(|case| case.rule == *row), "no case of {row}");
    }
    for case in &cases {
        assert!(rows.contains(&case.rule), "{} is in no table", case.rule);
        assert!(!case.figures.is_empty(), "{}", case.rule);
        for [product, pointer, expected] in &case.figures {
            let answer = answer(product, case);
            let found = answer.pointer(pointer).unwrap_or(&Value::Null);
            let expected: Value = serde_json::from_str(expected).expect("JSON");
            assert_eq!(*found, expected, "{}: {product} {pointer}\n{answer:#}", case.rule);
        }
    }
}

#[test]
fn own_transfers_follow_their_table() {
    check(
        include_str!("rules/transfers.txt"),
        &rows(include_str!("../transfers.rs"), 1),
    );
}

#[test]
fn shared_balances_follow_their_table() {
    check(
        include_str!("rules/shared_balance.txt"),
        &rows(include_str!("../../reports/shared_balance.rs"), 1),
    );
}

#[test]
fn movements_follow_their_table() {
    check(
        include_str!("rules/movements.txt"),
        &rows(include_str!("../movements.rs"), 2),
    );
}

#[test]
fn cash_flow_follows_its_table() {
    check(
        include_str!("rules/cash_flow.txt"),
        &rows(include_str!("../cash_flow/mod.rs"), 1),
    );
}

#[test]
fn income_follows_its_tables() {
    let sources = [
        include_str!("../income/groups.rs"),
        include_str!("../income/amounts.rs"),
        include_str!("../income/next_date.rs"),
        include_str!("../income/confidence.rs"),
        include_str!("../income/rhythm.rs"),
        include_str!("../income/stream.rs"),
        include_str!("../income/excluded.rs"),
    ];
    let rows: Vec<String> = sources.iter().flat_map(|source| rows(source, 1)).collect();
    check(include_str!("rules/income.txt"), &rows);
}

#[test]
fn completeness_follows_its_table() {
    let source = include_str!("../../reports/completeness/mod.rs");
    check(include_str!("rules/completeness.txt"), &rows(source, 1));
}

#[test]
fn affordability_follows_its_tables() {
    let reasons = ReasonCode::ALL.iter().map(crate::described::word);
    let rows: Vec<String> = rows(include_str!("../affordability/mod.rs"), 1)
        .into_iter()
        .chain(reasons)
        .collect();
    check(include_str!("rules/affordability.txt"), &rows);
}
