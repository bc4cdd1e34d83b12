//! Tests `daftari-admin users import` and `daftari-admin migrate` as processes.

mod support;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use daftari_tests::proxy::{Misbehavior, Proxy};
use daftari_tests::{Lender, TestApp, into_single_layout};
use serde_json::json;
use support::{done, text, tool};

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

fn migrate(app: &TestApp, endpoint: &str, more: &[&str]) -> Command {
    let mut command = tool(app.store.table_name(), endpoint, &[&["migrate"], more].concat());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

async fn assert_listed(lender: &Lender, users: &[String], when: &str) {
    let listed = lender.get("/users").await.expect_status(200);
    assert_eq!(listed.at("/_meta/total_users_count"), users.len(), "{when}");
    let first = listed.at("/users/0/uuid");
    assert_eq!(first, users[users.len() - 1], "{when}");
    let found = lender.get("/users?search=mercy").await.expect_status(200);
    assert_eq!(found.at("/_meta/total_users_count"), users.len(), "{when}");
}

/// Kills the tool after a number of calls of the table. Between the runs the service is in use.
#[tokio::test(flavor = "multi_thread")]
async fn a_migration_that_is_killed_goes_on_and_loses_no_user() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let mut users = Vec::new();
    for n in 0..48 {
        let body = json!({ "phone_number": format!("2547{n:08}"), "first_name": "Mercy" });
        users.push(lender.register_as(body).await);
        app.clock.advance(7);
    }
    into_single_layout(&app, lender.tenant).await;
    // Another process: its cache has no entry for the tenant.
    let gateway = app.gateway_over(app.database.endpoint(), Duration::from_mins(1)).await;
    let lender = lender.through(&gateway);
    assert_listed(&lender, &users, "before").await;
    let quick = ["--wait-seconds", "0"];
    for calls in [20, 45, 70] {
        let proxy = Proxy::start(app.database.endpoint(), Misbehavior::Fail, &[], 0).await;
        let mut killed = migrate(&app, &proxy.endpoint(), &quick).spawn().expect("starts");
        while proxy.calls() < calls {
            assert!(killed.try_wait().expect("state").is_none(), "ended before call {calls}");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        killed.kill().expect("killed");
        let _ = killed.wait();
        app.clock.advance(5);
        let body = json!({ "phone_number": format!("25471{calls:07}"), "first_name": "Mercy" });
        users.push(lender.register_as(body).await);
        let erased = users.remove(0);
        let _ = lender.delete(&format!("/users/{erased}")).await.expect_status(204);
        assert_listed(&lender, &users, &format!("after call {calls}")).await;
    }
    let production = format!("{}#production: ", lender.tenant.organization());
    let output = migrate(&app, app.database.endpoint(), &quick).output().expect("runs");
    let printed = done(&output);
    let line = printed
        .lines()
        .find(|line| line.starts_with(&production))
        .expect("line");
    let changed: usize = line[production.len()..]
        .split(' ')
        .next()
        .expect("word")
        .parse()
        .expect("number");
    assert!((1..45).contains(&changed), "goes on where it was cut short: {line}");
    app.clock.advance(5);
    assert_listed(&lender, &users, "after").await;
    let output = migrate(&app, app.database.endpoint(), &[&["--finish"], &quick[..]].concat());
    done(&{ output }.output().expect("runs"));
    let gateway = app.gateway_over(app.database.endpoint(), Duration::from_mins(1)).await;
    assert_listed(&lender.through(&gateway), &users, "finished").await;
}

/// A request that read the earlier layout could write a user that later lists do not contain.
#[tokio::test(flavor = "multi_thread")]
async fn a_migration_waits_for_requests_that_began_before_it() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let uuid = lender.register("254700000001").await;
    into_single_layout(&app, lender.tenant).await;
    let output = migrate(&app, app.database.endpoint(), &["--wait-seconds", "1"])
        .output()
        .expect("runs");
    let printed = done(&output);
    assert!(
        text(&output.stderr).contains("waits 1 seconds"),
        "{}",
        text(&output.stderr)
    );
    assert!(printed.contains("#production: 1 users changed, 1 counted"), "{printed}");
    let help = tool(app.store.table_name(), app.database.endpoint(), &["migrate", "--help"]);
    assert!(!done(&{ help }.output().expect("runs")).contains("wait"));
    // Nothing is left to wait for.
    let output = migrate(&app, app.database.endpoint(), &[]).output().expect("runs");
    assert!(!text(&output.stderr).contains("waits"), "{}", text(&output.stderr));
    let listed = lender.get("/users").await.expect_status(200);
    assert_eq!(listed.at("/users/0/uuid"), uuid);
}
