//! Mistakes of newcomers, and the answers to them.

use daftari_tests::{Answer, Lender, TestApp, records};
use http::Method;
use serde_json::{Value, json};

const AT: &str = "2021-10-08T10:41:25Z";

async fn lender() -> (TestApp, Lender, String) {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    (app, lender, user)
}

/// The pointers and details of the faults of the only rejected element.
fn faults(answer: &Answer) -> Vec<(String, String)> {
    let rejected = answer.at("/rejected");
    assert_eq!(rejected.as_array().map_or(0, Vec::len), 1, "{}", answer.text);
    let errors = &rejected[0]["errors"];
    let text = |fault: &Value, name: &str| fault[name].as_str().expect(name).to_owned();
    let errors = errors.as_array().expect("errors").iter();
    let faults: Vec<_> = errors
        .map(|fault| (text(fault, "pointer"), text(fault, "detail")))
        .collect();
    let first = (text(&rejected[0], "pointer"), text(&rejected[0], "detail"));
    assert_eq!(faults.first(), Some(&first), "{}", answer.text);
    faults
}

#[tokio::test]
async fn a_phone_may_send_times_as_it_has_them() {
    let (_app, lender, user) = lender().await;
    let send = async |received_at: Value| {
        let message = json!({
            "sender": "MPESA", "received_at": received_at,
            "body": "QJ81KX7T2B Confirmed. Ksh1,000.00 sent to JOHN DOE 0712345678 on 8/10/21 at 1:41 PM. \
                     New M-PESA balance is Ksh6,324.13. Transaction cost, Ksh12.00.",
        });
        let body = json!({ "messages": [message] });
        let answer = lender.post(&format!("/users/{user}/messages"), &body).await;
        answer.expect_status(200)
    };
    assert_eq!(send(json!(AT)).await.at("/recorded"), 1);
    // The same message again, whichever way its time is written.
    for received_at in [
        json!(1_633_689_685),
        json!(1_633_689_685_000_u64),
        json!(1_633_689_685_999_u64),
        json!("2021-10-08T13:41:25+03:00"),
    ] {
        assert_eq!(send(received_at.clone()).await.at("/duplicates"), 1, "{received_at}");
    }
    let ledger = lender.ledger(&user).await;
    assert_eq!(ledger.len(), 1);
    assert_eq!(ledger[0]["timestamp"], "2021-10-08T10:41:25+00:00");
    for (received_at, code) in [
        (json!(-1), "timestamp_too_early"),
        // Microseconds.
        (json!(1_633_689_685_000_000_u64), "invalid_message"),
        (json!(99_999_999_999_u64), "timestamp_in_future"),
        (json!(u64::MAX), "invalid_message"),
        (json!(1_633_689_685.5), "invalid_message"),
        (json!("1633689685"), "invalid_message"),
    ] {
        let answer = send(received_at.clone()).await;
        assert_eq!(answer.at("/rejected/0/code"), code, "{received_at}: {}", answer.text);
        assert_eq!(answer.at("/rejected/0/pointer"), "/messages/0/received_at");
    }
}

#[tokio::test]
async fn all_faults_of_a_record_are_told_at_once() {
    let (_app, lender, user) = lender().await;
    let path = format!("/users/{user}/ledger");
    let post = async |record: Value| {
        let answer = lender.post(&path, &json!({ "records": [record] })).await;
        faults(&answer.expect_status(200))
    };
    let found = post(json!({
        "timestamp": "yesterday", "institution_id": "M-PESA", "account_type": "savings", "amount": "100",
        "currency": "KSH", "colour": "red", "impact": "DEBIT", "fee": -1,
    }))
    .await;
    let mut pointers: Vec<&str> = found.iter().map(|(pointer, _)| pointer.as_str()).collect();
    pointers.sort_unstable();
    let expected = [
        "/account_type",
        "/amount",
        "/colour",
        "/currency",
        "/fee",
        "/id",
        "/institution_id",
        "/timestamp",
    ];
    assert_eq!(
        pointers,
        expected.map(|field| format!("/records/0{field}")),
        "{found:?}"
    );
    assert!(found.contains(&("/records/0/id".to_owned(), "is required".to_owned())));
    // The code is that of a field that cannot be read: the first fault is one of them, and no broken rule.
    assert_eq!(
        found.last(),
        Some(&("/records/0/fee".to_owned(), "must not be negative".to_owned()))
    );

    // Rules between fields, where the types are right.
    let record = records::with(
        records::record("a", AT),
        &json!({ "amount": -1, "fee": -2, "timestamp": "1969-01-01T00:00:00Z", "body": "x" }),
    );
    let found = post(record).await;
    let pointers: Vec<&str> = found.iter().map(|(pointer, _)| pointer.as_str()).collect();
    let expected = ["/amount", "/fee", "/body", "/timestamp"];
    assert_eq!(
        pointers,
        expected.map(|field| format!("/records/0{field}")),
        "{found:?}"
    );

    // A rule that depends on a field at fault is not judged.
    let record = records::with(
        records::record("a", AT),
        &json!({ "labels": ["Nope"], "body": "x", "balance": null, "impact": null }),
    );
    let found = post(record).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, "/records/0/labels/0");
    assert!(lender.ledger(&user).await.is_empty());
}

#[tokio::test]
async fn all_faults_of_a_message_are_told_at_once_and_many_are_limited() {
    let (_app, lender, user) = lender().await;
    let path = format!("/users/{user}/messages");
    let post = async |message: Value| {
        let answer = lender.post(&path, &json!({ "messages": [message] })).await;
        faults(&answer.expect_status(200))
    };
    let found = post(json!({ "sender": 5, "received_at": null, "text": "x", "id": "" })).await;
    let mut pointers: Vec<&str> = found.iter().map(|(pointer, _)| pointer.as_str()).collect();
    pointers.sort_unstable();
    let expected = ["/body", "/id", "/received_at", "/sender", "/text"];
    assert_eq!(
        pointers,
        expected.map(|field| format!("/messages/0{field}")),
        "{found:?}"
    );

    let found = post(json!({ "sender": "x".repeat(65), "received_at": "2999-01-01T00:00:00Z", "body": "x" })).await;
    let pointers: Vec<&str> = found.iter().map(|(pointer, _)| pointer.as_str()).collect();
    assert_eq!(pointers, ["/messages/0/sender", "/messages/0/received_at"]);

    let fields = (0..100).map(|n| (format!("field{n}"), json!(n)));
    let found = post(Value::Object(fields.collect())).await;
    assert_eq!(found.len(), 8, "{found:?}");
    // A number that no type holds: the place of the field is not known.
    let body = r#"{"messages":[{"sender":"x","body":1e999,"received_at":0}]}"#;
    let answer = lender.post_text(&path, body.to_owned()).await.expect_status(200);
    assert_eq!(
        faults(&answer),
        [("/messages/0".to_owned(), "cannot be read".to_owned())]
    );
    // Not an object, a name that is cut, and names with the signs of a pointer.
    assert_eq!(
        post(json!([])).await,
        [("/messages/0".to_owned(), "must be an object".to_owned())]
    );
    assert!(!post(json!({ "x".repeat(500): 1 })).await.is_empty());
    let found = post(json!({ "sender": "x", "body": "x", "received_at": AT, "a/b~c": 1, "colour": 2 })).await;
    let pointers: Vec<&str> = found.iter().map(|(pointer, _)| pointer.as_str()).collect();
    assert_eq!(pointers, ["/messages/0/a~1b~0c", "/messages/0/colour"]);
}

#[tokio::test]
async fn all_faults_of_a_body_are_told_at_once_in_one_wording() {
    let (_app, lender, user) = lender().await;
    let required = "is required".to_owned();
    let once = "must be given once".to_owned();
    for (path, body, expected) in [
        (
            "/users".to_owned(),
            r#"{"phone":"254711000117","first_name":5,"last_name":"a","last_name":"b","email":"x"}"#,
            vec![
                ("/phone", "is unknown: did you mean `phone_number`?".to_owned()),
                ("/first_name", "must be a string".to_owned()),
                ("/last_name", once.clone()),
                ("/phone_number", required.clone()),
                ("/email", "must be an email address".to_owned()),
            ],
        ),
        (
            "/auth".to_owned(),
            r#"{"environment":"prod","mail":"a"}"#,
            vec![
                ("/environment", "must be one of: production, test".to_owned()),
                ("/mail", "is unknown: did you mean `email`?".to_owned()),
                ("/email", required.clone()),
                ("/password", required.clone()),
            ],
        ),
        (
            "/auth/user-token".to_owned(),
            r#"{"user":"x"}"#,
            vec![
                ("/user", "is unknown: did you mean `user_uuid`?".to_owned()),
                ("/user_uuid", required.clone()),
            ],
        ),
        (
            format!("/users/{user}/messages"),
            r#"{"message":[],"sms":[]}"#,
            vec![
                ("/message", "is unknown: did you mean `messages`?".to_owned()),
                ("/sms", "is unknown: this object takes messages".to_owned()),
                ("/messages", required.clone()),
            ],
        ),
        (
            format!("/users/{user}/affordability"),
            r#"{"principal":1,"principal":2,"term":0,"terms":6}"#,
            vec![
                ("/interest_rate", required.clone()),
                ("/term", "must be a whole number from 1 to 10000".to_owned()),
                ("/principal", once.clone()),
                ("/terms", "is unknown: did you mean `term`?".to_owned()),
            ],
        ),
        (
            format!("/users/{user}/creditreport"),
            r#"{"utc_time":"2021-10-08","currency":"KES"}"#,
            vec![
                (
                    "/utc_time",
                    "is unknown here: it is a query parameter. This object takes no fields".to_owned(),
                ),
                ("/currency", "is unknown here: it is a query parameter.".to_owned()),
            ],
        ),
    ] {
        let answer = lender.post_text(&path, body.to_owned()).await;
        let errors = answer.expect_problem(400, "invalid_body").at("/errors");
        let errors = errors.as_array().expect("errors");
        assert_eq!(errors.len(), expected.len(), "{path}: {errors:?}");
        for (error, (pointer, detail)) in errors.iter().zip(expected) {
            assert_eq!(error["pointer"], pointer, "{path}: {errors:?}");
            let told = error["detail"].as_str().expect("detail");
            assert!(told.starts_with(&detail), "{path}: {errors:?}");
        }
    }
    // Those of the query too.
    let answer = lender.post("/users?page=1", &json!({ "phone": 1 })).await;
    let answer = answer.expect_problem(400, "invalid_request");
    for (at, pointer) in ["page", "/phone", "/phone_number"].into_iter().enumerate() {
        assert_eq!(answer.at(&format!("/errors/{at}/pointer")), pointer, "{}", answer.text);
    }
    // Of an object in a field too.
    let record = records::with(
        records::record("a", AT),
        &json!({ "counterparty": { "token": "JANE", "kind": "friend", "name": "JANE" } }),
    );
    let path = format!("/users/{user}/ledger");
    let answer = lender.post(&path, &json!({ "records": [record] })).await;
    let found = faults(&answer.expect_status(200));
    let mut pointers: Vec<&str> = found.iter().map(|(pointer, _)| pointer.as_str()).collect();
    pointers.sort_unstable();
    let expected = ["kind", "name", "token"].map(|field| format!("/records/0/counterparty/{field}"));
    assert_eq!(pointers, expected, "{found:?}");
}

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

#[tokio::test]
async fn a_message_without_text_is_rejected() {
    let (_app, lender, user) = lender().await;
    let path = format!("/users/{user}/messages");
    let message = |body: &str| json!({ "sender": "MPESA", "body": body, "received_at": AT });
    let batch = json!({ "messages": [message(""), message("Good morning"), message(" \n\u{a0}")] });
    for path in [path.clone(), format!("{path}?dry_run=true")] {
        let answer = lender.post(&path, &batch).await.expect_status(200);
        assert_eq!(answer.at("/not_financial"), 1, "{}", answer.text);
        let rejected = |at: usize, member: &str| answer.at(&format!("/rejected/{at}/{member}"));
        for (at, index) in [(0, 0), (1, 2)] {
            assert_eq!(rejected(at, "index"), index);
            assert_eq!(rejected(at, "code"), "invalid_message");
            assert_eq!(rejected(at, "pointer"), format!("/messages/{index}/body"));
            assert_eq!(rejected(at, "detail"), "must not be empty");
        }
        assert_eq!(answer.at("/rejected/2"), Value::Null);
    }
}

#[tokio::test]
async fn a_detail_does_not_repeat_its_field() {
    let (_app, lender, user) = lender().await;
    let record = records::with(
        records::record("a", AT),
        &json!({ "amount": -1, "fee": -1, "timestamp": "1969-01-01T00:00:00Z", "body": "x" }),
    );
    let path = format!("/users/{user}/ledger");
    let answer = lender.post(&path, &json!({ "records": [record] })).await;
    let found = faults(&answer.expect_status(200));
    assert_eq!(found.len(), 4, "{found:?}");
    for (pointer, detail) in found {
        let field = pointer.rsplit('/').next().expect("a field");
        assert!(!detail.starts_with(field), "{pointer}: {detail}");
    }
}

#[tokio::test]
async fn codes_of_currencies_may_be_in_lower_case() {
    let (_app, lender, user) = lender().await;
    let record = records::with(records::record("a", AT), &json!({ "currency": "kes" }));
    lender.append(&user, &[record]).await;
    assert_eq!(lender.ledger(&user).await[0]["currency"], "KES");
    let same = records::with(records::record("a", AT), &json!({ "currency": "KES" }));
    assert_eq!(lender.append(&user, &[same]).await.at("/duplicates"), 1);
    for path in ["dti", "creditreport", "cash-flow"] {
        let path = format!("/users/{user}/{path}?currency=kes");
        let answer = lender.get(&path).await.expect_status(200);
        assert!(answer.text.contains(r#""currency":"KES""#), "{path}: {}", answer.text);
    }
    let loan = json!({ "principal": 1000, "interest_rate": 0.1, "term": 2, "currency": "kes" });
    let answer = lender.post(&format!("/users/{user}/affordability"), &loan).await;
    assert_eq!(answer.expect_status(200).at("/currency"), "KES");
}

#[expect(clippy::too_many_lines, reason = "a table of mistakes and answers")]
#[tokio::test]
async fn each_mistake_is_answered_with_the_place_and_the_rule() {
    let (_app, lender, user) = lender().await;
    let (get, post) = (Method::GET, Method::POST);
    let user = |path: &str| format!("/users/{user}{path}");
    let nothing = Value::Null;
    for (method, path, body, status, pointer, words) in [
        // Times.
        (
            &get,
            user("/dti?utc_starttime=1633046400000"),
            &nothing,
            400,
            "utc_starttime",
            "or a date such as 2021-10-08",
        ),
        (
            &get,
            user("/dti?utc_starttime=01/10/2021"),
            &nothing,
            400,
            "utc_starttime",
            "2021-10-08T10:41:25Z",
        ),
        (
            &get,
            user("/creditreport?utc_time=now"),
            &nothing,
            400,
            "utc_time",
            "or a date such as 2021-10-08",
        ),
        (
            &get,
            user("/dti?utc_starttime=2021-10-02&utc_endtime=2021-10-01"),
            &nothing,
            400,
            "utc_starttime",
            "must not be after",
        ),
        // Lists and names of parameters.
        (
            &get,
            user("/ledger?labels[]=POS"),
            &nothing,
            400,
            "labels[]",
            "`labels=…&labels=…`",
        ),
        (
            &get,
            user("/ledger?account_types[0]=loan"),
            &nothing,
            400,
            "account_types[0]",
            "`account_types=…&account_types=…`",
        ),
        (
            &get,
            user("/ledger?labels=Pos"),
            &nothing,
            400,
            "labels",
            "must be one of: BettingAndLottery",
        ),
        (&get, user("/ledger?limit=0"), &nothing, 400, "limit", "from 1 to"),
        (
            &get,
            user("/ledger?limit=1&limit=2"),
            &nothing,
            400,
            "limit",
            "must be given once",
        ),
        (
            &get,
            user("/dti?start=2021-10-01"),
            &nothing,
            400,
            "start",
            "did you mean `utc_starttime`",
        ),
        (
            &get,
            user("/transactions-summary?institution_id=mpesa"),
            &nothing,
            400,
            "institution_id",
            "is unknown",
        ),
        (
            &get,
            user("/institutions/MPESA/transactions"),
            &nothing,
            400,
            "institution_id",
            "lower-case",
        ),
        (
            &get,
            user("/dti?currency=ksh"),
            &nothing,
            400,
            "currency",
            "three letters, such as KES",
        ),
        (
            &get,
            "/users?seach=mercy".to_owned(),
            &nothing,
            400,
            "seach",
            "did you mean `search`",
        ),
        (
            &get,
            "/users?phone_number=mercy".to_owned(),
            &nothing,
            400,
            "phone_number",
            "international form",
        ),
        (&get, "/users?page=0".to_owned(), &nothing, 400, "page", "from 1"),
        // Bodies.
        (&post, "/users".to_owned(), &json!([]), 400, "", "must be an object"),
        (
            &post,
            "/users".to_owned(),
            &json!({}),
            400,
            "/phone_number",
            "is required",
        ),
        (
            &post,
            "/users".to_owned(),
            &json!({ "phone_number": 254_123_456_789_u64 }),
            400,
            "/phone_number",
            "must be a string",
        ),
        (
            &post,
            "/users".to_owned(),
            &json!({ "phone_number": "0711000117" }),
            400,
            "/phone_number",
            "international form",
        ),
        (
            &post,
            "/users".to_owned(),
            &json!({ "phone_number": "25470011122" }),
            400,
            "/phone_number",
            "254",
        ),
        (
            &post,
            "/users".to_owned(),
            &json!({ "phone_number": "254711000117", "phone": 1 }),
            400,
            "/phone",
            "did you mean `phone_number`? This object takes",
        ),
        (
            &post,
            user("/ledger"),
            &json!({ "records": {} }),
            400,
            "/records",
            "must be an array",
        ),
        (
            &post,
            user("/messages"),
            &json!({ "message": [] }),
            400,
            "/message",
            "did you mean `messages`? This object takes messages",
        ),
        (
            &post,
            "/auth".to_owned(),
            &json!({ "email": "a@b.example", "password": "x", "environment": "prod" }),
            400,
            "/environment",
            "must be one of: production, test",
        ),
        (
            &post,
            "/auth/user-token".to_owned(),
            &json!({ "user_uuid": 5 }),
            400,
            "/user_uuid",
            "must be a string",
        ),
    ] {
        let answer = if method == get {
            lender.get(&path).await
        } else {
            lender.post(&path, body).await
        };
        assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.text);
        assert_eq!(
            answer.at("/errors/0/pointer"),
            pointer,
            "{path} {body}: {}",
            answer.text
        );
        let detail = answer.at("/errors/0/detail");
        let detail = detail.as_str().expect("detail");
        assert!(detail.contains(words), "{path} {body}: {detail}");
        for of_the_parser in [
            "invalid type",
            "invalid value",
            "expected",
            "unknown variant",
            "unknown field",
            "at line",
        ] {
            assert!(!answer.text.contains(of_the_parser), "{path} {body}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn compressed_bodies_are_refused_with_the_reason() {
    let (_app, lender, user) = lender().await;
    let send = async |coding: &str| {
        let request = lender
            .request(Method::POST, &format!("/users/{user}/ledger"))
            .header("content-type", "application/json")
            .header("content-encoding", coding);
        let body = axum::body::Body::from(r#"{"records":[]}"#);
        lender.send(request.body(body).expect("request")).await
    };
    let refused = send("gzip").await.expect_problem(415, "unsupported_media_type");
    assert!(refused.text.contains("without Content-Encoding"), "{}", refused.text);
    let _ = send("identity").await.expect_status(200);
}
