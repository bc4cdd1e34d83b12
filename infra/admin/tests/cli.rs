//! Tests the operator's tool as a process, against the embedded engine.

mod support;

use std::io::Write;
use std::process::{Output, Stdio};

use daftari_local::Engine;
use daftari_platform::identity::{PasswordHash, Verdict};
use daftari_platform::store::Store;
use support::{done, failed, run, text, tool};

const TABLE: &str = "admin-test";

/// Runs the tool with a text on standard input.
fn admin(endpoint: &str, arguments: &[&str], input: &str) -> Output {
    run(tool(TABLE, endpoint, arguments), input)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lender_is_set_up_from_scratch() {
    let engine = Engine::start(None, 0).await.expect("engine");
    let endpoint = engine.endpoint();
    let run = |arguments: &[&str], input: &str| admin(&endpoint, arguments, input);
    assert_eq!(done(&run(&["table", "create"], "")), "admin-test created\n");
    assert_eq!(done(&run(&["table", "create"], "")), "admin-test is there already\n");
    let organization = done(&run(
        &["organization", "create", "--name", " Kijani ", "--country", "KE"],
        "",
    ));
    let organization = organization.trim();
    let login = [
        "login",
        "create",
        "--email",
        "Amina@Kijani.example",
        "--organization",
        organization,
        "--password-stdin",
    ];
    assert_eq!(done(&run(&login, "a long enough password\n")), "amina@kijani.example\n");
    let listed = done(&run(&["organization", "list"], ""));
    assert_eq!(listed, format!("{organization}  KE  1  Kijani\n"));
    assert_eq!(
        done(&run(&["login", "list"], "")),
        format!("amina@kijani.example  {organization}\n")
    );
    let limit = ["organization", "limit", organization, "--requests", "600"];
    assert_eq!(
        done(&run(&limit, "")),
        format!("{organization}: (600 requests a minute)\n")
    );
    let both = [&limit[..], &["--write-units", "0"]].concat();
    let told = "(600 requests a minute)  (any number of write units)";
    assert_eq!(done(&run(&both, "")), format!("{organization}: {told}\n"));
    let listed = done(&run(&["organization", "list"], ""));
    assert_eq!(listed, format!("{organization}  KE  1  Kijani  {told}\n"));
    let reset = done(&run(&["organization", "limit", organization], ""));
    assert_eq!(reset, format!("{organization}: limits of the deployment\n"));
    let unknown = run(&["organization", "limit", "00000000-0000-0000-0000-000000000001"], "");
    assert!(!unknown.status.success());
    let invalidated = done(&run(&["tokens", "invalidate", organization], ""));
    assert_eq!(invalidated, "tokens are good from generation 2 on\n");

    let store = Store::new(engine.client().await, TABLE.to_owned());
    let stored = store
        .login("amina@kijani.example")
        .await
        .expect("store")
        .expect("login");
    assert_eq!(
        PasswordHash::verify(Some(&stored.password), "a long enough password"),
        Verdict::Right
    );
    failed(
        &run(&login, "a long enough password\n"),
        1,
        "there is a login amina@kijani.example already",
    );
}

/// Creates a table with an organization and a login. Returns the uuid of the organization.
fn a_login(endpoint: &str, email: &str) -> String {
    done(&admin(endpoint, &["table", "create"], ""));
    let create = ["organization", "create", "--name", "Kijani", "--country", "KE"];
    let organization = done(&admin(endpoint, &create, "")).trim().to_owned();
    let create = [
        "login",
        "create",
        "--email",
        email,
        "--organization",
        &organization,
        "--organization",
        &organization,
        "--password-stdin",
    ];
    done(&admin(endpoint, &create, "a long enough password\n"));
    organization
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_is_changed_disabled_and_deleted() {
    let engine = Engine::start(None, 0).await.expect("engine");
    let endpoint = engine.endpoint();
    let run = |arguments: &[&str], input: &str| admin(&endpoint, arguments, input);
    let email = "amina@kijani.example";
    let organization = a_login(&endpoint, email);
    let store = Store::new(engine.client().await, TABLE.to_owned());
    let before = store.login(email).await.expect("store").expect("login");

    let set = ["login", "set-password", " Amina@Kijani.example", "--password-stdin"];
    assert_eq!(
        done(&run(&set, "a better long password\n")),
        format!("{email}: password set, earlier tokens are invalid\n")
    );
    let after = store.login(email).await.expect("store").expect("login");
    assert_eq!(
        PasswordHash::verify(Some(&after.password), "a better long password"),
        Verdict::Right
    );
    assert_eq!((after.id, after.generation), (before.id, before.generation + 1));
    failed(&run(&set, "too short"), 2, "12 to 128 characters");

    done(&run(&["login", "disable", email], ""));
    assert_eq!(
        done(&run(&["login", "list"], "")),
        format!("{email}  {organization}  (disabled)\n")
    );
    assert_eq!(
        done(&run(&["login", "enable", email], "")),
        format!("{email}: enabled\n")
    );
    assert_eq!(done(&run(&["login", "list"], "")), format!("{email}  {organization}\n"));
    done(&run(&["login", "delete", email], ""));
    assert_eq!(done(&run(&["login", "list"], "")), "");
    for command in ["set-password", "disable", "enable", "delete"] {
        // The command does not prompt for a password before it fails.
        let output = run(&["login", command, email], "");
        failed(&output, 1, "there is no login amina@kijani.example");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organization_is_renamed_and_stays_what_it_is() {
    let engine = Engine::start(None, 0).await.expect("engine");
    let endpoint = engine.endpoint();
    let run = |arguments: &[&str]| admin(&endpoint, arguments, "");
    let organization = a_login(&endpoint, "amina@kijani.example");
    done(&run(&["tokens", "invalidate", &organization]));
    done(&run(&["organization", "limit", &organization, "--requests", "600"]));
    let rename = |organization: &str, name: &str| run(&["organization", "rename", organization, "--name", name]);
    assert_eq!(
        done(&rename(&organization, " Kijani Mikopo ")),
        format!("{organization}: Kijani Mikopo\n")
    );
    assert_eq!(
        done(&run(&["organization", "list"])),
        format!("{organization}  KE  2  Kijani Mikopo  (600 requests a minute)\n")
    );
    assert_eq!(
        done(&run(&["login", "list"])),
        format!("amina@kijani.example  {organization}\n")
    );
    let nobody = "00000000-0000-0000-0000-000000000001";
    failed(&rename(nobody, "Kijani"), 1, "there is no organization");
    failed(&rename("x", "Kijani"), 2, "'<ORGANIZATION>': must be a uuid, such as");
    for name in ["", " ", "a\nb", &"x".repeat(255)] {
        failed(&rename(&organization, name), 2, "--name");
    }
    failed(&run(&["organization", "rename", &organization]), 2, "--name");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organization_is_disabled_and_enabled() {
    let engine = Engine::start(None, 0).await.expect("engine");
    let endpoint = engine.endpoint();
    let run = |arguments: &[&str]| admin(&endpoint, arguments, "");
    let organization = a_login(&endpoint, "amina@kijani.example");
    assert_eq!(
        done(&run(&["organization", "disable", &organization])),
        format!("{organization}: disabled\n")
    );
    assert_eq!(
        done(&run(&["organization", "list"])),
        format!("{organization}  KE  1  Kijani  (disabled)\n")
    );
    done(&run(&["organization", "enable", &organization]));
    assert_eq!(
        done(&run(&["organization", "list"])),
        format!("{organization}  KE  1  Kijani\n")
    );
    let nobody = "00000000-0000-4000-8000-000000000000";
    for command in ["disable", "enable"] {
        failed(&run(&["organization", command, nobody]), 1, "there is no organization");
        failed(&run(&["organization", command, "x"]), 2, "must be a uuid");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_gives_a_one_line_error_and_changes_nothing() {
    let engine = Engine::start(None, 0).await.expect("engine");
    let endpoint = engine.endpoint();
    let run = |arguments: &[&str], input: &str| admin(&endpoint, arguments, input);
    done(&run(&["table", "create"], ""));
    let organization = done(&run(
        &["organization", "create", "--name", "Kijani", "--country", "KE"],
        "",
    ));
    let organization = organization.trim();
    let nobody = "00000000-0000-4000-8000-000000000000";
    let login = |email: &str, organization: &str, password: &str| {
        let arguments = [
            "login",
            "create",
            "--email",
            email,
            "--organization",
            organization,
            "--password-stdin",
        ];
        run(&arguments, password)
    };
    failed(
        &run(&["organization", "create", "--name", " ", "--country", "KE"], ""),
        2,
        "--name",
    );
    failed(&run(&["organization", "create", "--country", "KE"], ""), 2, "--name");
    failed(
        &login("amina@kijani.example", nobody, "a long enough password"),
        1,
        "there is no organization",
    );
    failed(
        &login("amina@kijani.example", organization, "too short"),
        2,
        "12 to 128 characters",
    );
    failed(&login("amina", organization, "a long enough password"), 2, "--email");
    for country in ["ZZ", "Kenya", ""] {
        failed(
            &run(&["organization", "create", "--name", "x", "--country", country], ""),
            2,
            "a country is two letters of ISO 3166-1, such as KE",
        );
    }
    failed(
        &run(&["tokens", "invalidate", nobody], ""),
        1,
        "there is no organization",
    );
    failed(&run(&["tokens", "invalidate", "x"], ""), 2, "must be a uuid");
    failed(
        &login("amina@kijani.example", "x", "a long enough password"),
        2,
        "'--organization <ORGANIZATIONS>': must be a uuid",
    );
    for command in [
        ["users", "check"].as_slice(),
        &["users", "import", "users.csv"],
        &["sandbox", "seed"],
        &["sms", "shapes"],
        &["migrate"],
        &["sms", "import", "sms.xml", "--phone-number", "1", "--email", "a@b"],
    ] {
        let arguments = [command, &["--organization", "x"]].concat();
        failed(
            &run(&arguments, ""),
            2,
            "'--organization <ORGANIZATION>': must be a uuid",
        );
    }
    failed(&run(&["frobnicate"], ""), 2, "frobnicate");
    assert_eq!(done(&run(&["login", "list"], "")), "");
}

#[test]
fn a_missing_environment_variable_is_named() {
    for (lacking, words) in [
        ("AWS_REGION", "AWS_REGION is not set"),
        ("AWS_ACCESS_KEY_ID", "no credentials in the environment"),
    ] {
        let mut command = tool(TABLE, "http://127.0.0.1:1", &["organization", "list"]);
        command.env("AWS_EC2_METADATA_DISABLED", "true").env_remove(lacking);
        let output = command.output().expect("starts");
        failed(&output, 1, words);
    }
}

#[test]
fn wrong_values_are_told_before_the_table_is_looked_for() {
    let nobody = "00000000-0000-4000-8000-000000000000";
    let login = ["login", "create", "--email", "amina", "--organization", nobody];
    failed(&admin("http://127.0.0.1:1", &login, ""), 2, "--email");
    let create = ["organization", "create", "--name", "", "--country", "KE"];
    failed(&admin("http://127.0.0.1:1", &create, ""), 2, "--name");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_country_is_taken_in_lower_case() {
    let engine = Engine::start(None, 0).await.expect("engine");
    let run = |arguments: &[&str]| admin(&engine.endpoint(), arguments, "");
    done(&run(&["table", "create"]));
    done(&run(&["organization", "create", "--name", "Kijani", "--country", "ke"]));
    assert!(done(&run(&["organization", "list"])).ends_with("  KE  1  Kijani\n"));
}

#[test]
fn keys_rotate_in_a_private_file() {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("keys.json");
    let file = file.to_str().expect("path");
    let run = |arguments: &[&str]| admin("", arguments, "");
    let old = done(&run(&["keys", "new", file])).trim().to_owned();
    failed(&run(&["keys", "new", file]), 1, "keys.json");
    let new = done(&run(&["keys", "add", file])).trim().to_owned();
    assert_eq!(done(&run(&["keys", "list", file])), format!("{old} *\n{new}\n"));
    failed(&run(&["keys", "retire", file, &old]), 1, "is active");
    failed(
        &run(&["keys", "activate", file, "nothing"]),
        1,
        "there is no key nothing",
    );
    // One in 64 ids begins with a hyphen.
    for step in ["activate", "retire"] {
        failed(&run(&["keys", step, file, "-nothing"]), 1, "-nothing");
    }
    done(&run(&["keys", "activate", file, &new]));
    let published = done(&run(&["keys", "jwks", file]));
    assert!(published.contains(&old) && published.contains(&new) && !published.contains("private"));
    done(&run(&["keys", "retire", file, &old]));
    assert_eq!(done(&run(&["keys", "list", file])), format!("{new} *\n"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(file).expect("file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

const SENT: &str = "QJ812ABCDE Confirmed. Ksh1,250.00 sent to JANE WAMBUI 0722000111 on 8/10/21 at 1:41 PM. New M-PESA balance is \
                    Ksh3,400.50. Transaction cost, Ksh23.00.";

#[test]
fn a_message_is_explained() {
    let explained = done(&admin(
        "",
        &["sms", "explain", "--sender", "MPESA", "--country", "KE"],
        SENT,
    ));
    for words in [
        "template:   mpesa / ",
        "\"amount\":1250.0",
        "\"impact\":\"DEBIT\"",
        "\"balance\":3400.5",
        "fee:        23\n",
        "reference:  QJ812ABCDE\n",
        "kind:       person\n",
        "name:       JANE WAMBUI\n",
    ] {
        assert!(explained.contains(words), "{words}: {explained}");
    }
    let paid = "KES 750.00 has been sent from your account 145******971 to JANE DOE. Dial *522# to borrow.";
    let explained = done(&admin(
        "",
        &["sms", "explain", "--sender", "KCB", "--country", "KE"],
        paid,
    ));
    let words = "passed:     \"Dial *522# to borrow\" (advertisement or help)";
    assert!(explained.contains(words), "{words}: {explained}");
    let unread = SENT.replace("sent to", "gone to");
    let explained = done(&admin("", &["sms", "explain", "--sender", "MPESA"], &unread));
    for words in ["\nbecause:    ", "nearest:    mpesa / ", "it expects:"] {
        assert!(explained.contains(words), "{words}: {explained}");
    }
}

#[test]
fn an_explanation_begins_with_the_outcome_its_reason_and_a_hint_about_the_sender() {
    let unread = "QJ812ABCDE Confirmed. Ksh1,250.00 gone to JANE WAMBUI 0722000111 on 8/10/21 at 1:41 PM.";
    let nobody = "because:    the sender is not an institution of the country\nhint:       no institution in KE uses the \
                  sender ";
    for (sender, text, words) in [
        ("MPESA", SENT, "outcome:    recorded, read as mpesa by ".to_owned()),
        (
            "MPESA",
            unread,
            "outcome:    unrecognized: it may be about money, and nothing is recorded\nbecause:    ".to_owned(),
        ),
        (
            "MPEZA",
            SENT,
            format!(
                "outcome:    unrecognized: it may be about money, and nothing is recorded\n{nobody}`MPEZA`: did you mean \
                 `mpesa` (M-PESA)?\n"
            ),
        ),
        (
            "OPay",
            SENT,
            format!(
                "outcome:    unrecognized: it may be about money, and nothing is recorded\n{nobody}`OPay`; it is known in \
                 NG (OPay)"
            ),
        ),
    ] {
        let arguments = ["sms", "explain", "--sender", sender, "--country", "KE"];
        let explained = done(&admin("", &arguments, text));
        assert!(explained.starts_with(&words), "{words}: {explained}");
    }
}

#[test]
fn a_message_with_nothing_to_record_is_explained() {
    for (sender, text, because) in [
        (
            "+254722000111",
            SENT,
            "The sender is the telephone number of a person. Messages between people are not read. (personal_sender)",
        ),
        (
            "KCB",
            "Your verification code is 401882. Do not share it with anyone.",
            "It contains a one-time password, a PIN or another secret code. (password)",
        ),
    ] {
        let explained = done(&admin(
            "",
            &["sms", "explain", "--sender", sender, "--country", "KE"],
            text,
        ));
        let words = format!("outcome:    not financial: there is nothing to record\nbecause:    {because}\n");
        assert!(explained.starts_with(&words), "{words}: {explained}");
    }
}

#[test]
fn an_explanation_as_json_is_that_of_a_dry_run() {
    let arguments = [
        "sms",
        "explain",
        "--sender=MPESA",
        "--country=KE",
        "--received-at=2021-10-08T10:41:25Z",
        "--json",
    ];
    let explained = done(&admin("", &arguments, SENT));
    let explained: serde_json::Value = serde_json::from_str(&explained).expect("json");
    let message = daftari_sms::Message {
        sender: "MPESA",
        body: SENT,
        received_at: "2021-10-08T10:41:25Z".parse().expect("timestamp"),
        id: None,
    };
    let wanted = daftari_sms::explain(&message, "KE".parse().ok());
    assert_eq!(explained, serde_json::to_value(wanted).expect("json"));
    assert_eq!(explained["outcome"], "read");
}

#[test]
fn nothing_to_explain_is_an_error() {
    for text in ["", "\n", " \r\n"] {
        let explained = admin("", &["sms", "explain", "--sender", "MPESA"], text);
        failed(&explained, 2, "no text on standard input");
    }
    for sender in ["", " "] {
        let explained = admin("", &["sms", "explain", "--sender", sender], SENT);
        failed(&explained, 2, "--sender is empty");
    }
    failed(&admin("", &["sms", "explain"], SENT), 2, "--sender");
}

#[test]
fn the_line_of_the_guide_is_compared() {
    let folder = tempfile::tempdir().expect("folder");
    let check = |expected: serde_json::Value| {
        let path = folder.path().join("lines.jsonl");
        let line = serde_json::json!({ "institution": "mpesa", "country": "KE", "sender": "MPESA", "body": SENT,
            "expected": expected });
        std::fs::write(&path, line.to_string()).expect("written");
        admin("", &["sms", "check", path.to_str().expect("path")], "")
    };
    let told = done(&check(serde_json::json!({ "amount": "1250", "impact": "DEBIT" })));
    assert!(told.contains("total                         1 "), "{told}");
    for expected in [
        serde_json::json!({ "amount": "1251", "impact": "DEBIT" }),
        serde_json::json!({ "amount": "1250", "impact": "CREDIT" }),
        serde_json::json!({ "currency": "UGX" }),
        serde_json::json!({ "account_type": "loan" }),
        serde_json::json!({ "account_id": "999" }),
    ] {
        let output = check(expected.clone());
        assert_eq!(output.status.code(), Some(3), "{expected}");
        let told = text(&output.stdout);
        assert!(told.contains("wrong: line 1 mpesa: "), "{told}");
    }
    failed(
        &check(serde_json::json!({ "amout": "1250" })),
        1,
        "the nearest known one is \"amount\"",
    );
}

#[test]
fn the_format_of_a_file_is_in_the_help() {
    let help = done(&admin("", &["sms", "check", "--help"], ""));
    for (key, _) in daftari_sms::check::line_keys::EXPECTED {
        assert!(help.contains(key), "{key}: {help}");
    }
}

#[test]
fn a_file_of_messages_is_measured() {
    let folder = tempfile::tempdir().expect("folder");
    let line = |amount: &str| {
        serde_json::json!({ "id": "1", "institution": "MPESA", "country": "KE", "sender": "MPESA", "body": SENT,
            "expected": { "is_transaction": true, "amount": amount, "impact": "DEBIT", "currency": "KES" } })
        .to_string()
    };
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        path.to_str().expect("path").to_owned()
    };
    let right = write("right.jsonl", &line("1250.00"));
    assert!(done(&admin("", &["sms", "check", &right], "")).contains("MPESA"));
    let wrong = write("wrong.jsonl", &line("1.00"));
    assert_eq!(admin("", &["sms", "check", &wrong], "").status.code(), Some(3));
    let broken = write("broken.jsonl", "{");
    failed(&admin("", &["sms", "check", &broken], ""), 1, "broken.jsonl");
    failed(&admin("", &["sms", "check", "/no/such/file"], ""), 1, "/no/such/file");
}

#[test]
fn a_backup_of_calls_is_told_from_other_files() {
    let folder = tempfile::tempdir().expect("folder");
    let import = |text: &str| {
        let path = folder.path().join("backup.xml");
        std::fs::write(&path, text).expect("written");
        let path = path.to_str().expect("path");
        let of = ["--phone-number", "254123456789", "--email", "a@b.example"];
        admin("", &[&["sms", "import", path], &of[..]].concat(), "")
    };
    let calls =
        r#"<?xml version="1.0"?><calls count="1"><call number="078" duration="3" date="1769785800000"/></calls>"#;
    failed(
        &import(calls),
        1,
        "backup.xml: holds calls, not messages: import the file of messages",
    );
    failed(
        &import("<html></html>"),
        1,
        "backup.xml: is not an export of SMS Backup & Restore",
    );
}

#[test]
fn institutions_are_listed_by_country_and_name() {
    let listed = done(&admin("", &["sms", "institutions", "--country", "ke"], ""));
    let lines: Vec<&str> = listed.lines().collect();
    let (count, rows) = lines.split_last().expect("lines");
    assert!(count.starts_with(&format!("{} of ", rows.len())), "{count}");
    assert!(rows.iter().all(|row| row[20..].starts_with("  KE  ")), "{listed}");
    assert!(
        rows.iter()
            .any(|row| row.starts_with("mpesa ") && row.contains("MPESA")),
        "{listed}"
    );
    assert!(rows.iter().any(|row| row.contains("  unseen  ")), "{listed}");
    let named = done(&admin("", &["sms", "institutions", "--name", "EQUITYBANK"], ""));
    assert!(named.starts_with("equitybank "), "{named}");
    let nothing = admin("", &["sms", "institutions", "--name", "no such bank"], "");
    assert_eq!(nothing.status.code(), Some(3));
}

#[test]
fn a_closed_output_pipe_is_ignored() {
    for arguments in [
        &["sms", "institutions"][..],
        &["completions", "bash"],
        &["sms", "explain", "--sender", "MPESA"],
    ] {
        let (reader, writer) = std::io::pipe().expect("pipe");
        drop(reader);
        let mut child = tool(TABLE, "", arguments)
            .stdin(Stdio::piped())
            .stdout(writer)
            .stderr(Stdio::piped())
            .spawn()
            .expect("starts");
        let mut input = child.stdin.take().expect("stdin");
        let _ = input.write_all(b"Confirmed. You have received Ksh100.00");
        drop(input);
        let output = child.wait_with_output().expect("ends");
        done(&output);
        assert_eq!(text(&output.stderr), "", "{arguments:?}");
    }
}

#[test]
fn shells_get_a_script_of_completions() {
    for shell in ["bash", "zsh", "fish"] {
        let script = done(&admin("", &["completions", shell], ""));
        assert!(
            script.contains("daftari-admin") && script.contains("set-password"),
            "{shell}"
        );
    }
    failed(&admin("", &["completions", "sh"], ""), 2, "possible values");
}
