//! `daftari-admin sms shapes`: the wordings that are not read, of one organization or of all.

use std::process::{Command, Output};

use daftari_platform::Clock;
use daftari_platform::store::{NearestRule, Sighting, Wording};
use daftari_tests::{Lender, TestApp};

fn shapes(app: &TestApp, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_daftari-admin"))
        .args(["sms", "shapes"])
        .args(arguments)
        .env_clear()
        .envs([
            ("DAFTARI_TABLE", app.store.table_name()),
            ("AWS_ENDPOINT_URL_DYNAMODB", app.database.endpoint()),
            ("AWS_REGION", daftari_local::engine::REGION),
            ("AWS_ACCESS_KEY_ID", "local"),
            ("AWS_SECRET_ACCESS_KEY", "local"),
        ])
        .output()
        .expect("runs")
}

#[track_caller]
fn printed(output: &Output) -> String {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{errors}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Stored like the function does, with today's date: the command uses the machine's clock.
async fn keep(app: &TestApp, lender: &Lender, id: &str, count: u64) {
    let now = Clock::System.now();
    let sighting = Sighting {
        shape_id: id.to_owned(),
        sender_id: id.to_owned(),
        count,
    };
    let user = lender.user_key("958a5ae8-f3a3-41d5-ae48-177fdc19e3f4");
    app.store.count_shape(user, &sighting, now).await.expect("counted");
    let wording = Wording {
        sender: "mpesa".to_owned(),
        text: format!("<r> confirmed | {id}"),
        reason: "not understood".to_owned(),
        segment: if id == "rare" {
            "w <m>".to_owned()
        } else {
            String::new()
        },
        nearest: Some(NearestRule {
            institution: "mpesa".to_owned(),
            template: "sent".to_owned(),
        }),
        reader: 7,
    };
    let kept = app.store.keep_wording(lender.tenant, id, &wording, now).await;
    kept.expect("kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn wordings_of_all_organizations_are_listed_by_traffic() {
    let app = TestApp::start().await;
    let (one, other) = (app.lender().await, app.lender().await);
    keep(&app, &one, "common", 3).await;
    keep(&app, &one, "rare", 4).await;
    keep(&app, &other, "common", 5).await;
    let all = printed(&shapes(&app, &[]));
    let lines: Vec<&str> = all.lines().collect();
    assert_eq!(
        lines,
        [
            "      8  mpesa  <r> confirmed | common",
            "         stopped by: not understood (reader 7)",
            "         nearest:    mpesa / sent",
            "      4  mpesa  <r> confirmed | rare",
            "         stopped by: not understood: w <m> (reader 7)",
            "         nearest:    mpesa / sent",
            "2 of 2 shapes",
        ]
    );
    let organization = other.tenant.organization().to_string();
    let own = printed(&shapes(&app, &["--organization", &organization]));
    assert!(
        own.starts_with("      5  mpesa") && own.ends_with("1 of 1 shapes\n"),
        "{own}"
    );
    let first = printed(&shapes(&app, &["--limit", "1"]));
    assert!(first.contains("common") && !first.contains("rare"), "{first}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_organization_and_too_many_days_are_errors() {
    let app = TestApp::start().await;
    let unknown = shapes(&app, &["--organization", "0b0e4a52-0000-4000-8000-000000000000"]);
    assert_eq!(unknown.status.code(), Some(1));
    let long = shapes(&app, &["--days", "32"]);
    assert_eq!(long.status.code(), Some(2));
}
