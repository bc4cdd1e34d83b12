//! Frozen credit reports, and the export that contains them.

use daftari_tests::records::{bare, record, with};
use daftari_tests::{Answer, Lender, NOW, TestApp};
use serde_json::{Value, json};

use super::mercy;

#[tokio::test]
async fn a_frozen_report_never_changes() {
    let app = TestApp::start().await;
    let (lender, user) = mercy(&app).await;
    let path = format!("/users/{user}/creditreport");
    let created = lender.post_nothing(&path).await.expect_status(201);
    let id = created.at("/credit_report_id").as_str().expect("id").to_owned();
    assert_eq!(created.json(), json!({"credit_report_id": id}));
    let location = created.header("location").to_owned();
    assert_eq!(location, format!("{path}/{id}"));
    let first = lender.get(&location).await.expect_status(200).text;
    lender.append(&user, &[record("late", "2021-10-19T00:00:00")]).await;
    app.clock.advance(3_600);
    assert_eq!(lender.get(&location).await.expect_status(200).text, first);
    let upper = location.replace(&id, &id.to_uppercase());
    assert_eq!(lender.get(&upper).await.expect_status(200).text, first);
    let current = lender.get(&path).await.expect_status(200);
    assert_eq!(current.at("/depository/total_balances"), json!(100.0));
}

#[tokio::test]
async fn a_report_is_frozen_as_of_an_instant_and_without_a_body() {
    let app = TestApp::start().await;
    let (lender, user) = mercy(&app).await;
    let path = format!("/users/{user}/creditreport");
    let query = format!("{path}?utc_time=2021-10-12T09:15:00&currency=USD");
    let created = lender.post(&query, &json!({})).await.expect_status(201);
    let frozen = lender.get(created.header("location")).await.expect_status(200);
    assert_eq!(
        frozen.at("/credit_report/meta/created_at"),
        json!("2021-10-12T09:15:00+00:00")
    );
    assert_eq!(frozen.at("/credit_report/meta/currency"), json!("USD"));
    let answer = lender.post(&path, &json!({"utc_time": "2021-10-12"})).await;
    let answer = answer.expect_problem(400, "invalid_body");
    assert_eq!(answer.at("/errors/0/pointer"), json!("/utc_time"));
    lender
        .post_text(&path, "{".to_owned())
        .await
        .expect_problem(400, "malformed_json");
    lender
        .post_nothing(&format!("{path}?utc_time=x"))
        .await
        .expect_problem(400, "invalid_request");
}

#[tokio::test]
async fn the_location_respects_the_base_path() {
    let app = TestApp::with(|config| "/beta".clone_into(&mut config.edge.base_path)).await;
    let (lender, user) = mercy(&app).await;
    let path = format!("/users/{user}/creditreport");
    let created = lender.post_nothing(&path).await.expect_status(201);
    let location = created.header("location");
    let path = location.strip_prefix("/beta").expect("prefix");
    let _ = lender.get(path).await.expect_status(200);
}

async fn export(lender: &Lender, user: &str, cursor: &str) -> Answer {
    let path = format!("/users/{user}/export?cursor={cursor}");
    lender.get(&path).await.expect_status(200)
}

#[tokio::test]
async fn the_export_lists_frozen_reports_newest_first_and_erasure_deletes_them() {
    let app = TestApp::start().await;
    let (lender, user) = mercy(&app).await;
    assert_eq!(export(&lender, &user, "").await.at("/credit_reports"), json!([]));
    let path = format!("/users/{user}/creditreport");
    let mut ids = Vec::new();
    // More than one read returns.
    for _ in 0..130 {
        let created = lender.post_nothing(&path).await.expect_status(201);
        ids.insert(0, created.at("/credit_report_id"));
        app.clock.advance(1);
    }
    let answer = export(&lender, &user, "").await;
    assert_eq!(answer.at("/next_cursor"), Value::Null);
    assert_eq!(answer.at("/records").as_array().map(Vec::len), Some(8));
    let exported = answer.at("/credit_reports");
    let exported = exported.as_array().expect("reports");
    let seen: Vec<_> = exported
        .iter()
        .map(|report| report["credit_report_id"].clone())
        .collect();
    assert_eq!(seen, ids);
    assert_eq!(exported[129]["created_at"], json!(NOW));
    assert_eq!(exported[129]["credit_report"]["loan"]["open_balances"], json!(9300.0));
    let frozen = format!("{path}/{}", ids[0].as_str().expect("id"));
    let _ = lender.get(&frozen).await.expect_status(200);
    let erased = lender.delete(&format!("/users/{user}")).await;
    assert_eq!(erased.status.as_u16(), 204);
    lender.get(&frozen).await.expect_problem(404, "not_found");
    let key = lender.user_key(&user);
    let (left, more) = app.store.reports(key, None, 10).await.expect("reports");
    assert!(left.is_empty() && !more);
    lender.post_nothing(&path).await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn a_large_export_shows_every_record_and_report_once() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254700000001").await;
    // Labelled records with long texts, more than fit into one answer.
    let text = "x".repeat(1_600);
    for batch in 0..8 {
        let records: Vec<_> = (0..500)
            .map(|n| {
                let members = json!({"labels": ["LoanRepayment"], "body": text, "account_type": "loan",
                    "impact": "CREDIT", "amount": n});
                with(
                    bare(&format!("lender-{n}"), "2021-10-01T00:00:00", &members),
                    &json!({"id": format!("{batch}-{n}")}),
                )
            })
            .collect();
        lender.append(&user, &records).await;
    }
    let path = format!("/users/{user}/creditreport");
    let mut ids = Vec::new();
    for _ in 0..40 {
        let created = lender.post_nothing(&path).await.expect_status(201);
        ids.insert(0, created.at("/credit_report_id"));
        app.clock.advance(1);
    }
    let (mut records, mut reports, mut answers) = (0, Vec::new(), 0);
    let mut cursor = String::new();
    loop {
        let answer = export(&lender, &user, &cursor).await;
        answers += 1;
        assert!(answer.text.len() < 6_000_000);
        records += answer.at("/records").as_array().expect("records").len();
        let found = answer.at("/credit_reports");
        let found = found.as_array().expect("reports").iter();
        reports.extend(found.map(|report| report["credit_report_id"].clone()));
        match answer.at("/next_cursor").as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => break,
        }
    }
    assert!(answers > 2, "{answers}");
    assert_eq!(records, 4_000);
    assert_eq!(reports, ids);
    // A cursor of the export is only valid for the export of this user.
    let answer = lender.get(&format!("/users/{user}/ledger?cursor={cursor}")).await;
    answer.expect_problem(400, "invalid_request");
}
