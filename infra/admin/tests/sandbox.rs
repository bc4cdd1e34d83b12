//! Tests `daftari-admin sandbox seed`: invented people with histories.

mod support;

use std::process::Output;

use daftari_domain::TimeRange;
use daftari_domain::ids::UserId;
use daftari_platform::identity::{Environment, Tenant};
use daftari_tests::{Lender, TestApp};
use support::{lines, text, tool};

fn seed(app: &TestApp, lender: &Lender, arguments: &[&str]) -> Output {
    let organization = lender.tenant.organization().to_string();
    let arguments = [&["sandbox", "seed", "--organization", &organization], arguments].concat();
    let mut command = tool(app.store.table_name(), app.database.endpoint(), &arguments);
    command.output().expect("runs")
}

/// The uuid in a line.
fn user(line: &str) -> UserId {
    let uuid = line.split_whitespace().nth(1).expect("a uuid");
    UserId(uuid.parse().expect("a uuid"))
}

#[tokio::test(flavor = "multi_thread")]
async fn seven_people_with_histories_are_registered_in_test_and_a_second_run_changes_nothing() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let first = lines(&seed(&app, &lender, &[]), 0);
    assert_eq!(first.len(), 8, "{first:#?}");
    assert!(first[7].starts_with("7 people registered, "), "{first:#?}");
    let test = Tenant::of_operator(lender.tenant.organization(), Environment::Test);
    // The examples of the reference name her.
    let mercy = "958a5ae8-f3a3-41d5-ae48-177fdc19e3f4";
    assert!(
        first
            .iter()
            .any(|line| line.starts_with("mercy ") && line.contains(mercy)),
        "{first:#?}"
    );
    for line in &first[..7] {
        let found = app
            .store
            .ledger(test.user(user(line)), TimeRange::ALL)
            .await
            .expect("read");
        let found = found.expect("a user");
        let records = found.records().expect("records").len();
        assert!(line.contains(&format!(" {records} records")), "{line} {records}");
        assert_eq!(records == 0, line.starts_with("empty "), "{line}");
        // Nobody is in the other environment.
        let there = app.store.user(lender.tenant.user(user(line))).await.expect("read");
        assert!(there.is_none(), "{line}");
    }
    let second = lines(&seed(&app, &lender, &["--environment", "test"]), 0);
    // Not on the same day, if midnight was between the runs.
    let unchanged = second[7] == "nothing changed";
    assert!(
        unchanged || second[7].starts_with("0 people registered, "),
        "{second:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn production_takes_a_confirmation_and_nobody_with_the_number_of_a_person_is_touched() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let refused = seed(&app, &lender, &["--environment", "production"]);
    assert_eq!(lines(&refused, 2), [""; 0]);
    assert!(text(&refused.stderr).contains("--yes"), "{}", text(&refused.stderr));

    let real = lender.register("233240000139").await;
    let profile = lender.get(&format!("/users/{real}")).await.json();
    let seeded = lines(&seed(&app, &lender, &["--environment", "production", "--yes"]), 3);
    assert_eq!(
        seeded.iter().filter(|line| line.contains("registered,")).count(),
        7,
        "{seeded:#?}"
    );
    let trader = seeded.iter().find(|line| line.starts_with("trader ")).expect("a line");
    assert!(
        trader.ends_with(&format!("left out: {real} has the phone number")),
        "{trader}"
    );
    assert_eq!(lender.get(&format!("/users/{real}")).await.json(), profile);
    assert_eq!(lender.ledger(&real).await.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_organization_has_no_people() {
    let app = TestApp::start().await;
    let nobody = "00000000-0000-4000-8000-000000000000";
    let mut command = tool(
        app.store.table_name(),
        app.database.endpoint(),
        &["sandbox", "seed", "--organization", nobody],
    );
    let output = command.output().expect("runs");
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text(&output.stderr).contains("there is no organization"),
        "{}",
        text(&output.stderr)
    );
}
