//! Tests `daftari-admin sms import` as a process, against the API over HTTP.

mod support;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use axum::Router;
use axum::extract::{Request, State};
use axum::response::IntoResponse;
use axum::routing::post;
use daftari_platform::http::routes::POST_MESSAGES;
use daftari_platform::identity::Environment;
use daftari_platform::store::Organization;
use daftari_tests::layer::serve;
use daftari_tests::{Gateway, PASSWORD, TestApp};
use support::{bare, done, failed, lines, run, text};
use tempfile::TempDir;

const SENT: &str = "QJ812ABCDE Confirmed. Ksh1,250.00 sent to JANE WAMBUI 0722000111 on 8/10/21 at 1:41 PM. New M-PESA balance is \
                    Ksh3,400.50. Transaction cost, Ksh23.00.";
const UNREAD: &str = "Confirmed. Ksh1,250.00 gone tomorrow to JANE WAMBUI.";
const EMAIL: &str = "amina@kijani.example";

async fn pass(State(gateway): State<Gateway>, request: Request) -> impl IntoResponse {
    let answer = gateway.send(request).await;
    (answer.status, answer.headers, answer.text)
}

async fn serve_api(app: &TestApp) -> String {
    serve(Router::new().fallback(pass).with_state(app.gateway.clone())).await
}

/// A service with an organization, and a login of it.
async fn started() -> (TestApp, Organization) {
    let app = TestApp::start().await;
    let organization = app.organization("Kijani").await;
    app.login(EMAIL, &[organization.id]).await;
    (app, organization)
}

/// The export of a phone: a message that is read, a sent one, one without money, and two that are not read.
fn backup(folder: &TempDir) -> PathBuf {
    let path = folder.path().join("sms.xml");
    let xml = format!(
        r#"<?xml version='1.0' encoding='UTF-8'?><smses count="5">
        <sms address="MPESA" date="1633689685000" type="1" body="{SENT}"/>
        <sms address="MPESA" date="1633689690000" type="2" body="{SENT}"/>
        <sms address="BANK" date="1633689700000" type="1" body="Your one-time password is 482910."/>
        <sms address="MPESA" date="1633689710000" type="1" body="{UNREAD}"/>
        <sms address="MPESA" date="1633689720000" type="1" body="{UNREAD}"/></smses>"#
    );
    std::fs::write(&path, xml).expect("written");
    path
}

/// The same export with other words.
fn changed_backup(folder: &TempDir, words: &str, others: &str) -> PathBuf {
    let path = backup(folder);
    let xml = std::fs::read_to_string(&path).expect("read");
    std::fs::write(&path, xml.replace(words, others)).expect("written");
    path
}

fn import(api: &str, more: &[&str], password: &str) -> Output {
    let folder = tempfile::tempdir().expect("folder");
    let file = backup(&folder);
    import_of(&file, api, more, password)
}

fn import_of(file: &Path, api: &str, more: &[&str], password: &str) -> Output {
    let mut arguments = vec![
        "sms",
        "import",
        file.to_str().expect("path"),
        "--email",
        EMAIL,
        "--password-stdin",
    ];
    if !more.contains(&"--phone-number") {
        arguments.extend(["--phone-number", "254700000001"]);
    }
    if !api.is_empty() {
        arguments.extend(["--api", api]);
    }
    arguments.extend(more);
    run(bare(&arguments), password)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phones_backup_is_imported_once() {
    let (app, _) = started().await;
    let api = serve_api(&app).await;
    failed(
        &import(&api, &[], "not the password"),
        1,
        "signing in: 401: wrong email or password",
    );
    let first = done(&import(&api, &[], PASSWORD));
    assert!(
        first.contains("recorded:      1\n") && first.contains("not financial: 1\n"),
        "{first}"
    );
    let again = done(&import(&format!("{api}/"), &[], PASSWORD));
    assert!(
        again.contains("recorded:      0\n") && again.contains("duplicates:    1\n"),
        "{again}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_which_nothing_is_read_is_a_finding() {
    let (app, _) = started().await;
    let (api, folder) = (serve_api(&app).await, tempfile::tempdir().expect("folder"));
    let file = backup(&folder);
    let output = import_of(&file, &api, &["--phone-number", "255754000001"], PASSWORD);
    failed(
        &output,
        3,
        "no message was read. They were read as those of a person in TZ",
    );
    assert!(text(&output.stdout).contains("country:       TZ (by the phone number)\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn unread_messages_are_named_by_sender_and_shown_on_demand() {
    let (app, _) = started().await;
    let api = serve_api(&app).await;
    let told = done(&import(&api, &[], PASSWORD));
    assert!(told.contains("unrecognized:  2\n"), "{told}");
    assert!(told.contains("      2  MPESA  (4, 5)\n"), "{told}");
    assert!(!told.contains(UNREAD), "{told}");
    let shown = done(&import(&api, &["--show-unrecognized"], PASSWORD));
    assert!(shown.contains("message 5, 2021-10-08T10:42:00+00:00"), "{shown}");
    assert_eq!(shown.matches(UNREAD).count(), 2, "{shown}");
    assert!(!shown.contains("482910") && !shown.contains("QJ812ABCDE"), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_has_the_reading_of_each_message() {
    let (app, organization) = started().await;
    let (api, folder) = (serve_api(&app).await, tempfile::tempdir().expect("folder"));
    let file = changed_backup(&folder, "Your one-time", "=Your one-time");
    let path = folder.path().join("readings.csv");
    let arguments = ["--readings", path.to_str().expect("path"), "--first-name", "Jane"];
    let told = done(&import_of(&file, &api, &arguments, PASSWORD));
    assert!(told.contains("recorded:      1\n"), "a dry run stores nothing: {told}");
    assert!(told.contains(&format!("readings:      {}\n", path.display())), "{told}");
    let mut reader = csv::Reader::from_path(&path).expect("file");
    let columns = reader.headers().expect("columns").clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("row")).collect();
    let of = |column: &str| -> Vec<&str> {
        let at = columns.iter().position(|each| each == column).expect(column);
        rows.iter().map(|row| &row[at]).collect()
    };
    assert_eq!(of("message"), ["1", "3", "4", "5"]);
    assert_eq!(of("outcome"), ["read", "not_financial", "unrecognized", "unrecognized"]);
    assert_eq!(of("institution_id"), ["mpesa", "", "", ""]);
    assert_eq!(of("impact"), ["DEBIT", "", "", ""]);
    assert_eq!(of("amount"), ["1250.0", "", "", ""]);
    assert_eq!(of("balance"), ["3400.5", "", "", ""]);
    assert_eq!(
        of("text"),
        [SENT, "'=Your one-time password is 482910.", UNREAD, UNREAD]
    );
    assert!(of("reason")[1..].iter().all(|reason| !reason.is_empty()), "{rows:?}");
    let lender = app.lender_of(organization.id, Environment::Production);
    let users = lender.get("/users").await.expect_status(200);
    assert_eq!(users.at("/users/0/first_name"), "Jane");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_line_is_a_command_that_explains_a_message() {
    let (app, _) = started().await;
    let (api, folder) = (serve_api(&app).await, tempfile::tempdir().expect("folder"));
    let file = changed_backup(&folder, "\"MPESA\"", "\"-Jane's $(shop) &amp; bank\"");
    let file = file.to_str().expect("path");
    let command = || {
        let arguments = [
            "sms",
            "import",
            file,
            "--email",
            EMAIL,
            "--phone-number",
            "254700000001",
            "--password-stdin",
            "--api",
            &api,
        ];
        bare(&arguments)
    };
    for more in [&[][..], &["--show-unrecognized"]] {
        let mut import = command();
        import.args(more);
        let told = lines(&run(import, PASSWORD), 3);
        let line = told.last().expect("a line");
        assert!(line.ends_with(" --country=KE"), "{line}");
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", line]);
        let explained = done(&run(shell, UNREAD));
        assert!(explained.starts_with("outcome:    unrecognized"), "{explained}");
    }
    let mut import = command();
    import.env("CARGO_PKG_NAME", "daftari-admin");
    let told = lines(&run(import, PASSWORD), 3);
    let line = told.last().expect("a line");
    let by_cargo = "  cargo run --locked -q --bin daftari-admin -- sms explain --sender=";
    assert!(line.starts_with(by_cargo), "{line}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_example_of_a_backup_is_imported_as_its_page_says() {
    let docs = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/examples"));
    let app = TestApp::start().await;
    // The messages of the file are of 2026, the clock stands in 2021.
    app.clock.advance(5 * 365 * 24 * 60 * 60);
    let organization = app.organization("Kijani").await;
    app.login(EMAIL, &[organization.id]).await;
    let told = done(&import_of(
        &docs.join("sms-backup.xml"),
        &serve_api(&app).await,
        &[],
        PASSWORD,
    ));
    let page = std::fs::read_to_string(docs.join("README.md")).expect("page");
    let (_, shown) = page.split_once("\nrecorded:").expect("the output of an import");
    let (shown, _) = shown.split_once("\n```").expect("the end of the output");
    let (_, told_counts) = told.split_once("\nrecorded:").expect("counts");
    let (told_counts, _) = told_counts.split_once("\nTo see why").expect("the line to paste");
    assert_eq!(told_counts, shown);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sender_that_may_be_misspelt_is_told_once() {
    let (app, _) = started().await;
    let folder = tempfile::tempdir().expect("folder");
    let file = changed_backup(&folder, "\"MPESA\"", "\"MPEZA\"");
    let told = lines(&import_of(&file, &serve_api(&app).await, &[], PASSWORD), 3).join("\n");
    assert!(
        told.contains("      3  MPEZA  (1, 4, 5)  no institution of KE has this sender\n"),
        "{told}"
    );
    let hint = "\nhint: no institution in KE uses the sender `MPEZA`: did you mean `mpesa` (M-PESA)?\n";
    assert_eq!(told.matches(hint).count(), 1, "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_user_is_of_the_named_organization_and_environment() {
    let app = TestApp::start().await;
    let (one, other) = (app.organization("Kijani").await, app.organization("Bahari").await);
    app.login(EMAIL, &[one.id, other.id]).await;
    let api = serve_api(&app).await;
    failed(&import(&api, &[], PASSWORD), 1, "signing in: 400: ");
    let id = other.id.to_string();
    done(&import(
        &api,
        &["--organization", &id, "--environment", "test"],
        PASSWORD,
    ));
    let users = async |id, environment| {
        let listed = app.lender_of(id, environment).get("/users").await.expect_status(200);
        listed.at("/_meta/total_users_count").as_u64()
    };
    assert_eq!(users(other.id, Environment::Test).await, Some(1));
    for (id, environment) in [
        (other.id, Environment::Production),
        (one.id, Environment::Test),
        (one.id, Environment::Production),
    ] {
        assert_eq!(users(id, environment).await, Some(0), "{id} {environment}");
    }
    failed(
        &import(&api, &["--environment", "prod"], PASSWORD),
        2,
        "production, test",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_address_is_named_with_its_cure() {
    failed(
        &import("http://127.0.0.1:1", &[], PASSWORD),
        1,
        "http://127.0.0.1:1 is not reachable",
    );
    failed(
        &import("http://127.0.0.1:1", &[], PASSWORD),
        1,
        "is make dev running? --api",
    );
    failed(&import("127.0.0.1:9000", &[], PASSWORD), 2, "must begin with http://");
    for (answer, fault) in [("hello", "is not JSON"), ("{}", "has no access_token")] {
        let other = serve(Router::new().fallback(async move || answer)).await;
        failed(
            &import(&other, &[], PASSWORD),
            1,
            &format!("signing in: the answer {fault}: is {other}"),
        );
    }
    let nothing = serve(Router::new()).await;
    let words = format!("404 without a reason: is {nothing} the address of Daftari's API?");
    failed(&import(&nothing, &[], PASSWORD), 1, &words);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_without_counts_is_not_taken_for_zero_records() {
    let (app, _) = started().await;
    let unsent = r#"{"recorded":0,"duplicates":0,"not_financial":0,"rejected":[],"unrecognized_messages":[{"index":9,"code":"wording"}]}"#;
    for (answer, fault) in [
        ("<html>", "the answer is not JSON"),
        ("{}", "the answer has no counts of messages"),
        (unsent, "the answer names a message that was not sent"),
    ] {
        let router = Router::new().route(POST_MESSAGES.path, post(async move || answer));
        let api = serve(router.fallback(pass).with_state(app.gateway.clone())).await;
        failed(&import(&api, &[], PASSWORD), 1, &format!("sending messages: {fault}"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_address_it_is_that_of_make_dev() {
    let (app, _) = started().await;
    let api = serve_api(&app).await;
    let (folder, data) = (
        tempfile::tempdir().expect("folder"),
        tempfile::tempdir().expect("folder"),
    );
    let file = backup(&folder);
    let command = |more: &[&str]| {
        let mut arguments = vec!["sms", "import", file.to_str().expect("path"), "--email", EMAIL];
        arguments.extend(["--phone-number", "254700000001", "--password-stdin"]);
        arguments.extend(more);
        bare(&arguments)
    };
    let port = api.rsplit_once(':').expect("port").1;
    for more in [&[][..], &["--local"]] {
        let mut by_port = command(more);
        by_port.env("PORT", port);
        assert!(done(&run(by_port, PASSWORD)).contains("unrecognized:  2\n"));
    }
    std::fs::write(data.path().join("functions.env"), "").expect("written");
    std::fs::write(data.path().join("api-url"), format!("{api}\n")).expect("written");
    let mut by_file = command(&["--local"]);
    by_file.env("DATA_DIR", data.path());
    assert!(done(&run(by_file, PASSWORD)).contains("duplicates:    1\n"));
    let mut wrong = command(&["--local"]);
    wrong.env("PORT", "http");
    failed(&run(wrong, PASSWORD), 2, "PORT must be a port from 1 to 65535");
}
