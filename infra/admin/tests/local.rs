//! Tests `--local` and the messages about the table's address, as a process.

mod support;

use std::path::Path;
use std::process::Output;

use axum::Router;
use axum::http::StatusCode;
use daftari_local::Engine;
use daftari_local::folder::Folder;
use daftari_tests::layer::serve;
use support::{bare, done, failed, run, tool};

/// The tool with the data folder, and with settings of an operator that --local must not use.
fn local(data: &Path, arguments: &[&str]) -> Output {
    let mut command = bare(arguments);
    command.env("DATA_DIR", data).envs([
        ("DAFTARI_TABLE", "daftari-prod"),
        ("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"),
        ("AWS_ACCESS_KEY_ID", "operator"),
    ]);
    run(command, "a long enough password")
}

#[tokio::test(flavor = "multi_thread")]
async fn one_flag_works_on_the_service_of_make_dev() {
    let home = tempfile::tempdir().expect("folder");
    let data = home.path().join("data");
    let folder = Folder::open(&data).expect("folder");
    let active = folder.signing_keys().expect("keys").active().to_owned();
    let engine = Engine::start(None, 0).await.expect("engine");
    folder.write_environment(&engine.endpoint()).expect("written");

    failed(
        &local(&data, &["organization", "list", "--local"]),
        1,
        &format!("there is no table daftari at {}", engine.endpoint()),
    );
    assert_eq!(
        done(&local(&data, &["--local", "table", "create"])),
        "daftari created\n"
    );
    let create = [
        "organization",
        "create",
        "--local",
        "--name",
        "Kijani",
        "--country",
        "KE",
    ];
    let organization = done(&local(&data, &create)).trim().to_owned();
    let login = [
        "login",
        "create",
        "--local",
        "--email",
        "a@b.example",
        "--password-stdin",
    ];
    done(&local(
        &data,
        &[&login[..], &["--organization", &organization]].concat(),
    ));
    for list in ["login", "organization"] {
        assert!(done(&local(&data, &[list, "list", "--local"])).contains(&organization));
    }
    done(&local(&data, &["users", "check", "--local"]));
    // An option of the command comes before that of make dev.
    failed(
        &local(&data, &["organization", "list", "--local", "--table", "other"]),
        1,
        "there is no table other at http://127.0.0.1:",
    );

    let added = done(&local(&data, &["keys", "add", "--local"])).trim().to_owned();
    assert_eq!(
        done(&local(&data, &["keys", "list", "--local"])),
        format!("{active} *\n{added}\n")
    );
    // One in 64 ids begins with a hyphen, and then needs the two hyphens before it.
    done(&local(&data, &["keys", "activate", "--local", "--", &added]));
    done(&local(&data, &["--local", "keys", "retire", "--", &active]));
    assert_eq!(folder.signing_keys().expect("keys").active(), added);
    failed(&local(&data, &["keys", "list"]), 2, "which file of keys?");
    failed(&local(&data, &["keys", "retire", &active]), 2, "which key?");

    let mut by_port = bare(&["organization", "list", "--local"]);
    let endpoint = engine.endpoint();
    by_port.env("TABLE_PORT", endpoint.rsplit_once(':').expect("port").1);
    assert!(done(&run(by_port, "")).contains(&organization));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_does_not_run_is_told() {
    let home = tempfile::tempdir().expect("folder");
    let engine = Engine::start(None, 0).await.expect("engine");
    let endpoint = engine.endpoint();
    let folder = Folder::open(home.path()).expect("folder");
    folder.write_environment(&endpoint).expect("written");
    engine.stop().await.expect("stopped");
    failed(
        &local(home.path(), &["organization", "list", "--local"]),
        1,
        &format!("{endpoint} is not reachable: is make dev running?"),
    );
    failed(
        &local(home.path(), &["table", "create", "--local"]),
        1,
        "is make dev running?",
    );
    let mut wrong = bare(&["organization", "list", "--local"]);
    wrong.env("TABLE_PORT", "0");
    failed(&run(wrong, ""), 2, "TABLE_PORT must be a port from 1 to 65535");
    for command in ["keys", "organization"] {
        let mut nowhere = bare(&[command, "list", "--local"]);
        nowhere.env("DATA_DIR", "/no/such/folder");
        let words = "no data of make dev: there is no /no/such/folder/functions.env";
        failed(&run(nowhere, ""), 1, words);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_address_of_the_table_is_named() {
    let list = ["organization", "list"];
    let at = |endpoint: &str| run(tool("nosuch", endpoint, &list), "");
    let engine = Engine::start(None, 0).await.expect("engine");
    let endpoint = engine.endpoint();
    failed(&at(&endpoint), 1, &format!("there is no table nosuch at {endpoint}"));
    failed(&at("http://127.0.0.1:1"), 1, "http://127.0.0.1:1 is not reachable");
    failed(
        &at("127.0.0.1:8000"),
        2,
        "AWS_ENDPOINT_URL_DYNAMODB: \"127.0.0.1:8000\" is not an address",
    );
    let by_option = [&list[..], &["--endpoint-url", "127.0.0.1:8000"]].concat();
    failed(
        &run(tool("nosuch", &endpoint, &by_option), ""),
        2,
        "--endpoint-url: \"127.0.0.1:8000\" is not an address: it must begin with http://",
    );
    let problem = r#"{"type":"about:blank","code":"not_found","status":404}"#;
    for (status, body) in [
        (StatusCode::NOT_FOUND, problem),
        (StatusCode::OK, "<html></html>"),
        (StatusCode::OK, "{}"),
    ] {
        let other = serve(Router::new().fallback(move || async move { (status, body) })).await;
        for arguments in [&list[..], &["table", "create"]] {
            let output = run(tool("nosuch", &other, arguments), "");
            failed(&output, 1, &format!("{other} is not DynamoDB"));
        }
    }
}
