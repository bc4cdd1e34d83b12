//! Tests `daftari-admin users import` and `daftari-admin migrate` as processes.

mod support;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use daftari_tests::{Lender, TestApp};
use support::{text, tool};

const ROWS: usize = 240;

/// Row 100 has an invalid phone number, and row 200 has that of row 10.
fn number(row: usize) -> String {
    match row {
        100 => "12".to_owned(),
        200 => number(10),
        _ => format!("+254 7{row:08}"),
    }
}

fn write_rows(path: &Path) {
    let mut file = fs::File::create(path).expect("file");
    writeln!(file, "first_name,phone_number,external_id,is_kyc_verified").expect("written");
    for row in 1..=ROWS {
        writeln!(file, "\"Asha, {row}\",{},EXT-{row},true", number(row)).expect("written");
    }
}

fn import(app: &TestApp, lender: &Lender, file: &Path, more: &[&str]) -> Command {
    let organization = lender.tenant.organization().to_string();
    let file = file.to_str().expect("path");
    let arguments = [&["users", "import", file, "--organization", &organization], more].concat();
    let mut command = tool(app.store.table_name(), app.database.endpoint(), &arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn lines(path: &Path) -> usize {
    fs::read_to_string(path).map_or(0, |text| text.lines().count())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_is_killed_goes_on_and_registers_each_row_once() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let folder = tempfile::tempdir().expect("folder");
    let (file, result) = (
        folder.path().join("users.csv"),
        folder.path().join("users.csv.result.csv"),
    );
    write_rows(&file);
    let slow = ["--at-once", "4", "--per-second", "40"];
    let mut first = import(&app, &lender, &file, &slow).spawn().expect("starts");
    while lines(&result) < 30 {
        assert!(first.try_wait().expect("state").is_none(), "ended early");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    first.kill().expect("killed");
    let _ = first.wait();
    let kept = lines(&result);
    assert!(kept < ROWS / 2, "{kept} lines before the kill");
    // The kill may have come in the middle of a line.
    let mut cut = fs::OpenOptions::new().append(true).open(&result).expect("result");
    write!(cut, "999,+254").expect("written");

    let output = import(&app, &lender, &file, &[]).output().expect("runs");
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    let printed = text(&output.stdout);
    assert!(printed.contains("rejected: 1\n"), "{printed}");
    assert!(
        text(&output.stderr).contains("goes on after"),
        "{}",
        text(&output.stderr)
    );

    let mut numbers = Vec::new();
    for (at, line) in fs::read_to_string(&result).expect("result").lines().skip(1).enumerate() {
        let cells: Vec<&str> = line.split(',').collect();
        let (row, outcome) = (at + 1, cells[2]);
        assert_eq!((cells[0], cells[1]), (row.to_string().as_str(), number(row).as_str()));
        match row {
            100 => assert_eq!(outcome, "rejected", "{line}"),
            200 => assert_eq!(outcome, "known", "{line}"),
            _ => assert!(["created", "known"].contains(&outcome), "{line}"),
        }
        numbers.push(cells[1].to_owned());
    }
    assert_eq!(numbers.len(), ROWS);
    let listed = lender.get("/users").await.expect_status(200);
    assert_eq!(listed.at("/_meta/total_users_count"), ROWS - 2);
    let found = lender.get("/users?external_id=EXT-77").await.expect_status(200);
    assert_eq!(found.at("/users/0/first_name"), "Asha, 77");
    assert_eq!(found.at("/users/0/is_kyc_verified"), true);

    // A result of another file, and files with wrong columns.
    fs::write(&file, "phone_number\n+254700000999\n").expect("written");
    let output = import(&app, &lender, &file, &[]).output().expect("runs");
    assert_eq!(output.status.code(), Some(1));
    fs::remove_file(&result).expect("removed");
    for (header, words) in [
        ("phone", "unknown column \"phone\""),
        ("first_name", "no column phone_number"),
        ("phone_number,phone_number", "two columns phone_number"),
    ] {
        fs::write(&file, format!("{header}\n")).expect("written");
        let output = import(&app, &lender, &file, &[]).output().expect("runs");
        assert_eq!(output.status.code(), Some(1), "{header}");
        assert!(text(&output.stderr).contains(words), "{}", text(&output.stderr));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_in_the_layout_of_this_version_has_nothing_to_migrate() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let uuid = lender.register("254700000001").await;
    let organization = lender.tenant.organization().to_string();
    for arguments in [&["migrate"][..], &["migrate", "--organization", &organization]] {
        let output = tool(app.store.table_name(), app.database.endpoint(), arguments)
            .output()
            .expect("runs");
        assert!(output.status.success(), "{}", text(&output.stderr));
        assert!(text(&output.stdout).contains(&format!("{organization}#production: 0 users changed, 0 counted")));
    }
    let listed = lender.get("/users").await.expect_status(200);
    assert_eq!(listed.at("/users/0/uuid"), uuid);
}
