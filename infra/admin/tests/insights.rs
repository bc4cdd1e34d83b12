//! `daftari-admin insights`: the products of a file of records.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const LEDGER: &str = include_str!("insights.jsonl");

fn insights(directory: &Path, ledger: &str, arguments: &[&str]) -> Output {
    let file = directory.join("records.jsonl");
    std::fs::write(&file, ledger).expect("written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_daftari-admin"));
    command.arg("insights").arg(file).args(arguments).env_clear();
    command.output().expect("runs")
}

fn directory() -> tempfile::TempDir {
    tempfile::tempdir().expect("directory")
}

#[track_caller]
fn printed(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[track_caller]
fn refused(output: &Output, words: &str) {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert!(errors.contains(words), "{errors}");
    assert_eq!(errors.trim_end().lines().count(), 1, "{errors}");
}

fn request(directory: &Path, json: &str) -> PathBuf {
    let file = directory.join("loan.json");
    std::fs::write(&file, json).expect("written");
    file
}

#[test]
fn every_product_of_a_file_is_printed() {
    let directory = directory();
    let loan = request(
        directory.path(),
        r#"{"principal":30000,"currency":"KES","interest_rate":0.6,"term":6}"#,
    );
    let loan = loan.to_str().expect("a path");
    let arguments = [
        "--country",
        "KE",
        "--utc-time",
        "2026-11-20T12:00:00Z",
        "--affordability",
        loan,
    ];
    let printed = printed(&insights(directory.path(), LEDGER, &arguments));
    let stream = &printed["income"]["streams"][0];
    assert_eq!(
        (&stream["frequency"], &stream["category"]),
        (&"MONTHLY".into(), &"SALARY".into())
    );
    assert_eq!(printed["income"]["summary"]["expected_monthly"], 45_000.0);
    assert_eq!(printed["recurring"]["streams"].as_array().map(Vec::len), Some(2));
    assert_eq!(printed["cash_flow"]["windows"]["30d"]["outflow"], 20_000.0);
    assert_eq!(printed["features"]["features"]["sum_of_debits_0_30"], 20_000.0);
    assert_eq!(printed["completeness"]["completeness"], Value::Null);
    let affordability = &printed["affordability"];
    assert_eq!(
        (&affordability["instalment"], &affordability["can_afford"]),
        (&5910.53.into(), &true.into())
    );
}

#[test]
fn without_a_time_the_newest_record_counts() {
    let directory = directory();
    let printed = printed(&insights(directory.path(), LEDGER, &[]));
    assert_eq!(printed["income"]["_meta"]["utc_time"], "2026-11-12T09:00:00+00:00");
    assert_eq!(printed.get("affordability"), None);
    let empty = self::printed(&insights(directory.path(), "\n", &[]));
    assert_eq!(empty["income"]["status"], "no_data");
}

#[test]
fn a_record_that_comes_twice_counts_once_as_last_told() {
    let directory = directory();
    let last = LEDGER.lines().last().expect("a line");
    let again = format!("{LEDGER}{}\n", last.replace("20000", "21000"));
    let printed = printed(&insights(
        directory.path(),
        &again,
        &["--utc-time", "2026-11-20T12:00:00Z"],
    ));
    assert_eq!(printed["cash_flow"]["windows"]["30d"]["outflow"], 21_000.0);
}

#[test]
fn a_fault_is_named_with_its_place() {
    let directory = directory();
    let run = |ledger: &str, arguments: &[&str]| insights(directory.path(), ledger, arguments);
    refused(
        &run("{}\n", &[]),
        "records.jsonl, line 1: id is required; timestamp is required; institution_id is required; account_type is \
         required\n",
    );
    refused(&run("\nnope\n", &[]), "records.jsonl, line 2: must be a JSON object\n");
    let types = LEDGER.replacen("\"amount\":", "\"amount\":\"x\",\"fee\":", 1);
    refused(&run(&types, &[]), "records.jsonl, line 1: amount must be a number\n");
    let negative = LEDGER.replace("\"amount\":20000", "\"amount\":-1");
    refused(&run(&negative, &[]), ": amount must not be negative");
    let unknown = LEDGER.replace("\"impact\"", "\"direction\"");
    refused(
        &run(&unknown, &[]),
        "line 1: direction is unknown: this object takes id, timestamp",
    );
    refused(
        &run(&format!("{{\"id\":\"{}\"}}\n", "x".repeat(70_000)), &[]),
        "line 1: longer than 65536 bytes",
    );
    let loan = request(directory.path(), r#"{"principal":0,"interest_rate":0.6,"term":0}"#);
    let loan = loan.to_str().expect("a path");
    let words = "loan.json: principal must be above 0; term must be a whole number from 1 to 10000";
    refused(&run(LEDGER, &["--affordability", loan]), words);
    refused(
        &run(LEDGER, &["--affordability", "/nowhere/loan.json"]),
        "/nowhere/loan.json",
    );
}
