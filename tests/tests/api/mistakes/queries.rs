//! Queries and paths.

use daftari_tests::{Answer, Lender, records};
use serde_json::{Value, json};

use super::{AT, lender};

#[tokio::test]
async fn all_faults_of_a_query_are_told_at_once() {
    let (_app, lender, user) = lender().await;
    for (path, pointers) in [
        (
            "/users?page=0&serach=x&phone_number=mercy&created_after=x&created_before=y".to_owned(),
            vec!["serach", "page", "created_after", "created_before", "phone_number"],
        ),
        (
            format!("/users/{user}/ledger?limit=0&labels=Nope&impact=UP&cursor=a&cursor=b&utc_starttime=x&zzz=1"),
            vec!["zzz", "utc_starttime", "labels", "impact", "limit", "cursor"],
        ),
        (
            format!("/users/{user}/creditreport?utc_time=x&currency=KSH"),
            vec!["utc_time", "currency"],
        ),
        (
            "/creditreport/alternative?utc_time=x&user=1".to_owned(),
            vec!["user", "user_uuid", "utc_time"],
        ),
        (
            format!("/users/{user}/dti?utc_starttime=x&utc_endtime=y&currency=KSH"),
            vec!["utc_starttime", "utc_endtime", "currency"],
        ),
        (
            format!("/users/{user}/institutions/mpesa/balances?page=x&labels=x&account_types=y&zzz=1"),
            vec!["zzz", "labels", "account_types", "page"],
        ),
        (
            format!("/features?user_uuid={user}&all_time=maybe&features=x&threshold=y&institutions=M"),
            vec!["institutions", "features", "all_time", "threshold"],
        ),
        (
            format!("/users/{user}/cash-flow?utc_time=x&threshold=y"),
            vec!["utc_time", "threshold"],
        ),
        (
            "/messages/unrecognized?days=0&limit=0".to_owned(),
            vec!["days", "limit"],
        ),
    ] {
        let answer = lender.get(&path).await.expect_problem(400, "invalid_request");
        let errors = answer.at("/errors");
        let told: Vec<&str> = errors
            .as_array()
            .expect("errors")
            .iter()
            .filter_map(|error| error["pointer"].as_str())
            .collect();
        assert_eq!(told, pointers, "{path}: {}", answer.text);
    }
    let answer = lender.get("/creditreport/alternative").await;
    assert_eq!(answer.at("/errors/0/detail"), "is required");
    let answer = lender
        .get(&format!("/users/{user}/dti?currency=KES&currency=USD"))
        .await;
    assert_eq!(answer.at("/errors/0/detail"), "must be given once");
}

#[tokio::test]
async fn booleans_of_queries_have_one_set_of_words() {
    let (_app, lender, user) = lender().await;
    let messages = json!({ "messages": [] });
    for (word, value) in [
        ("true", true),
        ("True", true),
        ("yes", true),
        ("1", true),
        ("false", false),
        ("No", false),
        ("0", false),
        ("", false),
    ] {
        let path = format!("/users/{user}/messages?dry_run={word}");
        let answer = lender.post(&path, &messages).await.expect_status(200);
        assert_eq!(answer.at("/readings").is_array(), value, "{word}");
        let path = format!("/users/{user}/features?features=net_cash_flow&all_time={word}");
        let answer = lender.get(&path).await.expect_status(200);
        assert_eq!(answer.text.contains("net_cash_flow_0_365"), value, "{word}");
    }
    for path in ["messages?dry_run=maybe", "features?all_time=maybe"] {
        let path = format!("/users/{user}/{path}");
        let answer = if path.contains("messages") {
            lender.post(&path, &messages).await
        } else {
            lender.get(&path).await
        };
        let answer = answer.expect_problem(400, "invalid_request");
        assert_eq!(answer.at("/errors/0/detail"), "must be true or false", "{path}");
    }
}

/// The answers of every route that takes the id of an institution.
async fn answers_about(lender: &Lender, user: &str, id: &str) -> Vec<Answer> {
    let mut answers = Vec::new();
    for path in [
        format!("institutions/{id}/transactions"),
        format!("institutions/{id}/balances"),
        format!("institutions/{id}/alerts"),
        format!("ledger?institution_id={id}"),
        format!("features?features=net_cash_flow&institutions={id}"),
    ] {
        answers.push(lender.get(&format!("/users/{user}/{path}")).await.expect_status(200));
    }
    answers
}

#[tokio::test]
async fn an_institution_that_nothing_knows_is_answered_with_a_hint_and_others_without() {
    let (_app, lender, user) = lender().await;
    let own = records::with(records::record("a", AT), &json!({ "institution_id": "village-sacco" }));
    for (id, question) in [("mpesaa", ": did you mean `mpesa`?"), ("village-saco", ""), ("xyz", "")] {
        for answer in answers_about(&lender, &user, id).await {
            let warnings = answer.at("/warnings");
            assert_eq!(warnings.as_array().map(Vec::len), Some(1), "{id}: {}", answer.text);
            assert_eq!(warnings[0]["code"], "unknown_institution");
            let pointer = warnings[0]["pointer"].as_str().expect("pointer");
            assert!("institution_id institutions".contains(pointer), "{pointer}");
            let detail = warnings[0]["detail"].as_str().expect("detail");
            assert!(
                detail.starts_with(&format!("`{id}` is not in the directory")),
                "{detail}"
            );
            assert!(detail.ends_with(&format!("has it{question}")), "{detail}");
        }
    }
    // One in the directory without records, and one of the lender's own with records.
    lender.append(&user, &[own]).await;
    for id in ["mpesa", "village-sacco"] {
        for answer in answers_about(&lender, &user, id).await {
            assert_eq!(answer.at("/warnings"), Value::Null, "{id}: {}", answer.text);
        }
    }
    // The ids of the user's records are suggested too.
    for answer in answers_about(&lender, &user, "village-saco").await.iter().take(4) {
        assert!(answer.text.contains("did you mean `village-sacco`?"), "{}", answer.text);
    }
    // In the requested time: the hint does not concern the rest.
    let before = format!("/users/{user}/ledger?institution_id=village-sacco&utc_endtime=2020-01-01");
    let answer = lender.get(&before).await;
    assert!(
        answer.text.contains("no record in the time asked for"),
        "{}",
        answer.text
    );
}
